"""A file was sent by mistake, and the transfer cancelled: nobody acts on as if the child had left (ALR-28, MSH-09)."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from alerts.delivery.chasing import chase_overdue
from alerts.delivery.enums import BoardView, SentBack
from alerts.delivery.selectors import board_page
from alerts.models import Alert, ChildMove, Transfer
from alerts.moves import authority, selectors, services
from alerts.response import answers
from alerts.response.services import acknowledge
from safeguarding.agencies.models import Agency
from safeguarding.audit.models import AuditEntry
from safeguarding.notifications.models import Email
from tests.factories import World
from tests.moves.support import filled_file, sent
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db


def cancelled(transfer: Transfer, world: World) -> None:
    with as_user(world.dsl):
        services.cancel(transfer, by=world.dsl)


def again(alert: Alert) -> Alert:
    with fixtures():
        return Alert.objects.select_related("crypto_key").get(pk=alert.pk)


def sent_back(world: World) -> set[str]:
    with as_user(world.officer):
        return {row.alert.ref for row in board_page(BoardView.SENT_BACK, cursor="", for_user=world.officer).rows}


@pytest.mark.req("ALR-28", "ALR-23")
def test_the_alerts_are_with_the_setting_again_and_chased(world: World) -> None:
    file = filled_file(world)
    with fixtures():
        part = {"child": file.child, "sent_at": timezone.now() - dt.timedelta(hours=1)}
        new = Alert.objects.get(ref=file.opened_for)
        read = world.alert(status="acknowledged", acknowledged_at=timezone.now(), **part)
        recalled = world.alert(**part)
    transfer = sent(world, file)
    with fixtures():  # after the file has left another comes and is sent back by a person, and one is recalled
        by_hand = world.alert(**part)
        Alert.objects.filter(pk=recalled.pk).update(recalled_at=timezone.now(), recalled_because="withdrawn")
    with as_user(world.dsl):
        answers.send_back(again(by_hand), because=SentBack.LEFT, note="Has left, says the tutor.", by=world.dsl)
    assert sent_back(world) == {new.ref, read.ref, by_hand.ref}

    cancelled(transfer, world)
    assert sent_back(world) == {by_hand.ref}
    for alert in (again(new), again(read)):
        assert (alert.sent_back_at, alert.sent_back_by, alert.sent_back_because) == (None, None, "")
        assert alert.sent_back_note is None
    assert again(recalled).sent_back_at is not None
    assert again(new).next_chase_at is not None
    assert again(read).next_chase_at is None
    with as_service("setup"):
        kept = AuditEntry.objects.filter(event="alert.taken_back")
        assert set(kept.values_list("alert_id", flat=True)) == {new.pk, read.pk}
    with time_machine.travel(again(new).next_chase_at):
        assert chase_overdue() == 1
    with as_user(world.dsl):
        assert acknowledge(new, by=world.dsl).status == "acknowledged"


@pytest.fixture
def there(world: World) -> World:
    """Another partnership, with its hub and its schools."""
    with fixtures():
        Agency.objects.update(urn=None)
        return World()


def mails_to(person: object) -> list[str]:
    with fixtures():
        mails = Email.objects.filter(dedupe_key__startswith="childmove:", recipient=person).order_by("pk")
        return [mail.context["sentence"] for mail in mails]


@pytest.mark.req("MSH-09")
def test_the_hub_passes_nobody_on_who_has_not_moved(world: World, there: World) -> None:
    transfer = sent(world, filled_file(world), there.school)
    cancelled(transfer, world)
    with as_user(world.manager):
        assert selectors.moves_waiting(for_user=world.manager) == {"away": 0, "here": 0}
        move = ChildMove.objects.get()
        assert (move.state, move.note) == ("kept", f"First School has cancelled transfer {transfer.ref}.")
    assert mails_to(world.manager)[1:] == [
        "The setting has cancelled the transfer of which you were told: the child has not moved by it. "
        "Nothing was passed on, and there is nothing to decide."
    ]


@pytest.mark.req("MSH-09")
def test_the_hub_that_has_passed_it_on_is_told_to_phone_the_other(world: World, there: World) -> None:
    transfer = sent(world, filled_file(world), there.school)
    with as_user(world.officer):
        move = authority.flag(ChildMove.objects.get(), to=there.partnership, note="", by=world.officer)
    cancelled(transfer, world)
    assert mails_to(world.manager)[-1].endswith("It was passed on already. Please phone the hub of the other area.")
    with as_user(world.manager):
        assert ChildMove.objects.get(pk=move.pk).state == "flagged"
