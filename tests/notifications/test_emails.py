"""E-mails against a real mail server: plain, once, with a lasting name, and never silently lost (design §6, ALR-23)."""

import datetime as dt
import socket
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import default

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings
from django.utils import timezone

from alerts.models import Alert
from safeguarding.agencies.enums import Role
from safeguarding.audit.models import AuditEntry
from safeguarding.notifications.emails import message_id
from safeguarding.notifications.models import Email, OutboxMessage
from safeguarding.notifications.outbox import work_off
from safeguarding.notifications.services import queue_email
from tests.factories import World, member
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db

CONTEXT = {
    "title": "Domestic Abuse Notification",
    "ref": "A-7K3M-Q9XD",
    "link": "http://testserver/alerts/A-7K3M-Q9XD/",
    "due": "8:45am on Friday 20 November 2026",
    "contact": {"name": "O'Hub & Co <hub>", "phone": "01632 960100", "email": "hub@example.example"},
    "marking": "OFFICIAL-SENSITIVE",
    "role": Role.DSL,
}


class Mailbox:
    """Takes everything, but refuses some addresses for good and some for now."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: list) -> str:
        if to.startswith("gone@"):
            return "550 No such mailbox"
        if to.startswith("full@"):
            return "452 Try later"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.messages.append(BytesParser(policy=default).parsebytes(envelope.content))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=controller.port,
    ):
        yield box
    controller.stop()


def promise(to: str, about: Alert | None = None, key: str = "test:1", **fields: object) -> int:
    with as_service("dispatch"):
        email = queue_email(to=to, template="alert_sent", context=CONTEXT, dedupe_key=key, about=about, **fields)
    assert email is not None
    return email.pk


def waiting() -> list[int]:
    with as_service("relay"):
        return list(OutboxMessage.objects.filter(done_at=None, given_up_at=None).values_list("pk", flat=True))


def stored(number: int) -> Email:
    with as_service("dispatch"):
        return Email.objects.get(pk=number)


@pytest.mark.req("ALR-04")
def test_it_is_plain_text_with_a_lasting_id_and_nothing_is_escaped(mailbox: Mailbox) -> None:
    number = promise("dsl@school.example")
    assert work_off(*waiting())
    [message] = mailbox.messages
    assert message["Subject"] == "Domestic Abuse Notification A-7K3M-Q9XD"
    assert message["Message-ID"] == message_id("test:1")
    assert message["Message-ID"].endswith("@hub.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert "O'Hub & Co <hub>, 01632 960100, hub@example.example" in message.get_content()
    assert stored(number).sent_at is not None
    assert stored(number).context == {}


def test_the_same_occasion_is_promised_once(mailbox: Mailbox) -> None:
    promise("dsl@school.example")
    with as_service("dispatch"):
        again = queue_email(to="dsl@school.example", template="alert_sent", context=CONTEXT, dedupe_key="test:1")
    assert again is None
    assert len(waiting()) == 1


def test_a_second_try_of_a_sent_email_sends_nothing(mailbox: Mailbox) -> None:
    promise("dsl@school.example")
    [number] = waiting()
    work_off(number)
    with fixtures():
        OutboxMessage.objects.update(done_at=None)
    assert work_off(number)
    assert len(mailbox.messages) == 1


@pytest.mark.req("ALR-23", "AUD-01")
@pytest.mark.parametrize(
    ("to", "failure"),
    [("gone@school.example", "refused"), ("not an address", "address"), ("dsl@schule-ä@x", "address")],
)
def test_an_address_that_is_none_is_not_tried_again_and_the_hub_sees_it(
    mailbox: Mailbox, to: str, failure: str
) -> None:
    with fixtures():
        world = World()
        alert = world.alert()
    number = promise(to, about=alert)
    assert work_off(*waiting())
    assert (stored(number).failure, stored(number).sent_at, stored(number).context) == (failure, None, {})
    with as_user(world.officer):
        entry = AuditEntry.objects.get(event="email.failed")
    assert (entry.alert_id, entry.outcome, entry.additional_data["failure"]) == (alert.pk, "failed", failure)
    assert to not in str(entry.additional_data)


@pytest.mark.req("ALR-23")
def test_a_mailbox_that_is_full_is_tried_again(mailbox: Mailbox) -> None:
    number = promise("full@school.example")
    [message] = waiting()
    assert not work_off(message)
    assert waiting() == [message]
    assert (stored(number).sent_at, stored(number).failed_at) == (None, None)


@pytest.mark.req("ALR-23")
def test_a_mail_server_that_is_away_is_tried_through_the_night_and_then_told(mailbox: Mailbox) -> None:
    with fixtures():
        alert = World().alert()
    number = promise("dsl@school.example", about=alert)
    [message] = waiting()
    began = timezone.now()
    with override_settings(EMAIL_PORT=free_port()), time_machine.travel(began, tick=False) as clock:
        while not work_off(message) and waiting():
            with as_service("relay"):
                clock.move_to(OutboxMessage.objects.get(pk=message).available_at)
        assert timezone.now() - began > dt.timedelta(hours=9)
    assert stored(number).failure == "gave_up"
    with as_service("dispatch"):
        assert AuditEntry.objects.get(event="email.failed").alert_id == alert.pk


@pytest.mark.req("NTK-07")
def test_who_has_left_is_not_written_to(mailbox: Mailbox) -> None:
    with fixtures():
        world = World()
        person = member(world.school, Role.DSL, is_active=False)
    number = promise(person.email, recipient=person)
    assert work_off(*waiting())
    assert stored(number).failure == "left"
    assert mailbox.messages == []


def test_a_title_cannot_add_a_header(mailbox: Mailbox) -> None:
    with as_service("dispatch"):
        queue_email(
            to="dsl@school.example",
            template="alert_sent",
            context={**CONTEXT, "title": "Notification\r\nBcc: thief@elsewhere.example"},
            dedupe_key="test:header",
        )
    assert work_off(*waiting())
    [message] = mailbox.messages
    assert message["Bcc"] is None
    assert message["To"] == "dsl@school.example"
