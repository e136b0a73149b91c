"""From a screened notification to alerts that have left, and the police content gone (ALR-04 to ALR-10)."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.db import connection

from agreements.models import Signature
from alerts.delivery.models import Alert
from alerts.delivery.services import prepare_alerts, retry_withheld, send, settle
from alerts.models import MatchCandidate, Notification
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Membership
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import OutboxMessage
from tests.delivery.support import (
    ADULTS,
    again,
    alert_of,
    alerts_of,
    child,
    drain,
    emails,
    events,
    facts,
    prepared,
    screened,
    sent,
)
from tests.factories import AgencyFactory, SignatureFactory, World, member, police_content
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db

TERM_TIME = "2026-11-19 21:40 +0000"  # a Thursday
NAMES = ("Ottilie", "Child0", "Quillfeather", "Ferelith", "Osric", "Vane")


@pytest.mark.req("ALR-04", "ALR-05", "ALR-10")
def test_an_alert_has_the_names_that_it_happened_and_the_partnerships_words_and_nothing_else(world: World) -> None:
    content = police_content(
        people=(*ADULTS, child("Ottilie")), occurred_at=dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    )
    alert = alert_of(prepared(world, world.school, content=content))
    assert (alert.child_given_name, alert.child_family_name) == ("Ottilie", "Quillfeather")
    assert alert.child_date_of_birth == dt.date(2016, 5, 4)
    assert alert.adults == ["Ferelith Quillfeather", "Osric Vane"]
    assert alert.incident_on == dt.date(2026, 7, 2)  # the day in London
    assert alert.disclaimer == world.partnership.disclaimer
    assert alert.query_contact == world.partnership.query_contacts["*"]
    assert alert.origin == world.police.name
    assert (alert.status, alert.audience, alert.sent_at) == ("queued", 0, None)
    said = " ".join(
        str(getattr(alert, field.attname)) for field in Alert._meta.fields if field.attname != "notification"
    )
    assert "CANARY" not in said
    assert "perpetrator" not in said


@pytest.mark.req("ALR-04")
def test_other_adults_are_left_out_and_nobody_is_called_victim(world: World) -> None:
    other = child("Peregrine", role="other_adult", date_of_birth=None)
    alert = alert_of(prepared(world, world.school, content=police_content(people=(other, *ADULTS, child()))))
    assert alert.adults == ["Ferelith Quillfeather", "Osric Vane"]


@pytest.mark.req("ALR-10")
def test_a_report_that_the_hub_typed_in_is_the_polices_all_the_same(world: World) -> None:
    with fixtures():
        notification = screened(world, world.school)
        Notification.objects.filter(pk=notification.pk).update(source=world.mash)
    with as_user(world.officer):
        [alert] = prepare_alerts(notification, by=world.officer)
    assert alert.origin == world.police.name


@pytest.mark.req("ALR-21")
def test_each_type_has_its_own_query_contact(world: World) -> None:
    contact = {"name": "Early Help", "phone": "01632 960111", "email": "help@hub.example"}
    with fixtures():
        world.partnership.query_contacts = {**world.partnership.query_contacts, "missing_episode": contact}
        world.partnership.save()
    assert alert_of(prepared(world, world.school, kind="missing_episode")).query_contact == contact
    assert alert_of(prepared(world, world.school)).query_contact != contact


@pytest.mark.req("ALR-04")
def test_one_alert_for_each_child_however_often_it_is_asked(world: World) -> None:
    notification = prepared(world, world.school, world.school, world.other_school)
    assert [alert.setting for alert in alerts_of(notification)] == [world.school, world.school, world.other_school]
    with as_user(world.officer):
        assert prepare_alerts(notification, by=world.officer) == []
    drain()
    assert len(alerts_of(notification)) == 3
    assert len(emails()) == 3


@pytest.mark.req("ALR-04")
def test_two_notifications_on_one_day_are_two_alerts(world: World) -> None:
    with fixtures():
        first, second = screened(world, world.school), screened(world, world.school)
        same = first.children.get().child
        second.children.update(child=same)
    with as_user(world.officer):
        for notification in (first, second):
            prepare_alerts(notification, by=world.officer)
    drain()
    assert {alert.child_id for each in (first, second) for alert in alerts_of(each)} == {same.pk}
    assert alert_of(first).ref != alert_of(second).ref


@pytest.mark.req("ALR-04", "NTK-02")
def test_sent_to_the_dsl_by_the_agreement(world: World) -> None:
    with time_machine.travel(TERM_TIME):
        notification = sent(world, world.school)
    alert = alert_of(notification)
    assert (alert.status, alert.gateway, alert.agreement) == ("sent", "agreement", world.agreement)
    assert alert.audience == AUDIENCE_BITS["dsl"]
    assert [email.to for email in emails()] == [world.dsl.email]
    with as_user(world.dsl):
        assert Alert.objects.visible_to(world.dsl).get() == alert
    for person in (world.head, world.deputy, world.tutor, world.other_dsl, world.constable):
        with as_user(person):
            assert not Alert.objects.exists()


@pytest.mark.req("ALR-04", "ALR-02")
def test_the_email_carries_type_reference_link_and_hour_and_no_name(world: World) -> None:
    with time_machine.travel(TERM_TIME):
        alert = alert_of(sent(world, world.school, kind="missing_episode"))
    [message] = mail.outbox
    assert message.to == [world.dsl.email]
    assert message.subject == f"Missing Persons Notification {alert.ref}"
    assert f"http://testserver/alerts/{alert.ref}/" in message.body
    assert "8:45am on Friday 20 November 2026" in message.body
    assert "01632 960100" in message.body
    whole = message.message().as_string()
    for name in (*NAMES, "CANARY", "Example Road", world.dsl.name, world.school.name):
        assert name not in whole
    assert message.message().get_content_type() == "text/plain"


@pytest.mark.req("ALR-07")
@pytest.mark.parametrize(
    ("recipients", "kind", "roles"),
    [
        ({"*": ["dsl"]}, "school", {"dsl"}),
        ({"*": ["dsl", "head"]}, "school", {"dsl", "head"}),
        ({"nursery": ["head"], "*": ["dsl"]}, "nursery", {"head"}),
        ({"nursery": ["head"], "*": ["dsl", "deputy_dsl"]}, "school", {"dsl", "deputy_dsl"}),
        ({}, "childminder", {"dsl"}),
    ],
)
def test_the_partnership_says_who_receives_at_each_kind_of_setting(
    world: World, recipients: dict, kind: str, roles: set[str]
) -> None:
    with fixtures():
        world.partnership.recipients = recipients
        world.partnership.save()
        setting = AgencyFactory(partnership=world.partnership, kind=kind)
        SignatureFactory(agreement=world.agreement, agency=setting)
        people = {
            role: member(setting, role) for role in ("dsl", "deputy_dsl", "head", "holiday_contact", "setting_staff")
        }
    with time_machine.travel(TERM_TIME):
        alert = alert_of(sent(world, setting))
    assert alert.audience == sum(AUDIENCE_BITS[role] for role in roles)
    assert {email.to for email in emails()} == {people[role].email for role in roles}


@pytest.mark.req("ALR-06")
def test_a_child_educated_at_home_is_told_of_to_the_councils_officer_alone(world: World) -> None:
    with fixtures():
        world.partnership.recipients = {"*": ["dsl", "head"]}
        world.partnership.save()
        member(world.council, Role.HEAD)
    with time_machine.travel("2026-08-05 10:00 +0000"):
        alert = alert_of(sent(world, world.council))
    assert (alert.setting, alert.audience) == (world.council, AUDIENCE_BITS["ehe_officer"])
    assert [email.to for email in emails()] == [world.ehe.email]


@pytest.mark.req("ALR-07")
def test_one_person_with_two_roles_gets_one_email_and_each_person_gets_one(world: World) -> None:
    with fixtures():
        world.partnership.recipients = {"*": ["dsl", "head"]}
        world.partnership.save()
        Membership.objects.create(user=world.dsl, agency=world.school, role=Role.HEAD)
        second = member(world.school, Role.DSL)
    with time_machine.travel(TERM_TIME):
        sent(world, world.school)
    assert sorted(email.to for email in emails()) == sorted([world.dsl.email, world.head.email, second.email])
    assert len(mail.outbox) == 3


@pytest.mark.req("ALR-23")
@pytest.mark.parametrize(
    ("gone", "roles"),
    [
        ((), ("dsl",)),
        (("dsl",), ("dsl", "deputy_dsl")),
        (("dsl", "deputy"), ("dsl", "deputy_dsl", "head")),
        (("dsl", "deputy", "head"), ("dsl", "deputy_dsl", "head")),
    ],
)
def test_where_nobody_can_read_the_deputy_and_then_the_head_are_addressed(
    world: World, gone: tuple[str, ...], roles: tuple[str, ...]
) -> None:
    with fixtures():
        for name in gone:
            person = getattr(world, name)
            person.is_active = False
            person.save()
    with time_machine.travel(TERM_TIME):
        alert = alert_of(sent(world, world.school))
    assert alert.status == "sent"
    assert alert.audience == sum(AUDIENCE_BITS[role] for role in roles)
    assert facts(alert, "alert.sent")["people"] == (0 if len(gone) == 3 else 1)


@pytest.mark.req("NTK-07")
def test_a_leaver_is_neither_addressed_nor_written_to(world: World) -> None:
    with fixtures():
        Membership.objects.filter(user=world.dsl).update(ended_at="2026-11-01T00:00Z", started_at="2026-01-01T00:00Z")
    with time_machine.travel(TERM_TIME):
        sent(world, world.school)
    assert [email.to for email in emails()] == [world.head.email]


@pytest.mark.req("NTK-07")
def test_who_leaves_between_promise_and_sending_gets_no_email(world: World) -> None:
    alert = alert_of(prepared(world, world.school))
    with as_service("dispatch"):
        send(alert.pk)
    with fixtures():
        world.dsl.is_active = False
        world.dsl.save()
    drain()
    assert mail.outbox == []
    assert facts(alert, "email.failed")["failure"] == "left"


@pytest.mark.req("ALR-08", "AGR-03")
def test_withheld_where_the_setting_signed_only_to_send_and_the_board_says_so(world: World) -> None:
    with fixtures():
        Signature.objects.filter(agency=world.school).update(role="source")
    notification = sent(world, world.school, world.other_school)
    withheld, other = alerts_of(notification)
    assert (withheld.status, withheld.withheld_reason, withheld.audience) == ("withheld", "not_recipient", 0)
    assert other.status == "sent"
    assert [email.to for email in emails()] == [world.other_dsl.email]
    board = signed_in(world.officer).get("/sent/?view=withheld").content.decode()
    assert "The setting is not a party to the agreement that may be told under it." in board


@pytest.mark.req("ALR-08")
def test_withheld_with_the_reason_and_nobody_at_the_setting_learns_of_it(world: World) -> None:
    with fixtures():
        Signature.objects.filter(agency=world.school).update(state="invited", signed_on=None)
    notification = sent(world, world.school, world.other_school)
    withheld, other = alerts_of(notification)
    assert (withheld.status, withheld.withheld_reason, withheld.audience) == ("withheld", "never_signed", 0)
    assert other.status == "sent"
    assert [email.to for email in emails()] == [world.other_dsl.email]
    assert again(notification).status == "sent"
    with as_user(world.dsl):
        assert not Alert.objects.exists()
    with as_user(world.officer):
        assert Alert.objects.filter(status="withheld").count() == 1


@pytest.mark.req("ALR-08")
def test_the_gate_is_asked_at_the_moment_of_sending_not_of_deciding(world: World) -> None:
    with time_machine.travel("2026-11-19 12:00 +0000", tick=False) as clock:
        notification = prepared(world, world.school)
        with fixtures():
            Signature.objects.filter(agency=world.school).update(state="withdrawn", leaves_on="2026-11-19")
        clock.move_to("2026-11-20 00:00 +0000")
        drain()
    assert alert_of(notification).withheld_reason == "withdrew"


@pytest.mark.req("ALR-08")
def test_trying_again_asks_the_gate_again(world: World) -> None:
    with fixtures():
        Signature.objects.filter(agency=world.school).update(state="refused", signed_on=None)
    notification = sent(world, world.school)
    alert = alert_of(notification)
    assert again(notification).status == "withheld"
    with as_user(world.officer):
        assert retry_withheld(alert, by=world.officer).status == "withheld"
    with fixtures():
        Signature.objects.filter(agency=world.school).update(state="signed", signed_on="2026-01-01")
    with as_user(world.officer):
        assert retry_withheld(alert, by=world.officer).status == "sent"
    drain()
    assert alert_of(notification).withheld_reason == ""
    assert again(notification).status == "sent"
    assert [email.to for email in emails()] == [world.dsl.email]
    assert events(alert) == [
        *("alert.prepared", "alert.withheld", "alert.retried", "alert.withheld", "alert.retried"),
        *("alert.sent", "alert.filed", "email.sent"),
    ]
    with as_user(world.officer), pytest.raises(Refused):
        retry_withheld(alert, by=world.officer)


@pytest.mark.req("NTK-02")
def test_only_the_hub_that_sent_it_may_try_again(world: World) -> None:
    with fixtures():
        Signature.objects.filter(agency=world.school).update(state="refused", signed_on=None)
        stranger = member(AgencyFactory(kind=AgencyKind.MASH), Role.MASH_OFFICER)
    alert = alert_of(sent(world, world.school))
    for person in (stranger, world.dsl, world.constable, world.ig_lead):
        with as_user(person), pytest.raises(NotVisible):
            retry_withheld(alert, by=person)
    assert events(alert)[-1] == "alert.withheld"


@pytest.mark.req("ALR-08")
def test_sending_twice_sends_once(world: World) -> None:
    alert = alert_of(prepared(world, world.school))
    with as_service("dispatch"):
        for _ in range(3):
            send(alert.pk)
    drain()
    assert len(emails()) == len(mail.outbox) == 1
    assert events(alert).count("alert.sent") == 1


@pytest.mark.req("ALR-09")
def test_once_sent_the_police_content_is_gone_and_the_tombstone_stays(world: World) -> None:
    notification = prepared(world, world.school)
    with fixtures():
        MatchCandidate.objects.create(
            partnership=world.partnership,
            controller=world.mash,
            notification_child=notification.children.get(),
            child=world.child(),
            score=90,
        )
    assert again(notification).content["narrative"] == "CANARY narrative"
    drain()
    with fixtures(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.content, k.wrapped, n.purged_at IS NOT NULL, n.status, n.sent_at IS NOT NULL"
            " FROM alerts_notification n JOIN crypto_datakey k ON k.id = n.crypto_key_id WHERE n.id = %s",
            [notification.pk],
        )
        assert cursor.fetchone() == (None, None, True, "sent", True)
        assert not MatchCandidate.objects.exists()
    assert events(notification) == ["notification.purged"]
    alert = alert_of(notification)
    assert (alert.setting, alert.status, alert.sent_at is not None) == (world.school, "sent", True)


@pytest.mark.req("ALR-09")
def test_while_a_child_waits_for_a_person_the_content_stays(world: World) -> None:
    notification = sent(world, world.school, waiting=1)
    assert alert_of(notification).status == "sent"
    held = again(notification)
    assert (held.status, held.purged_at) == ("screened", None)
    assert held.content["narrative"] == "CANARY narrative"
    with fixtures():
        notification.children.filter(state="waiting").update(
            state="settled", waiting_for="", child=world.child(), setting=world.other_school
        )
    with as_user(world.officer):
        prepare_alerts(notification, by=world.officer)
    drain()
    assert [alert.setting for alert in alerts_of(notification)] == [world.school, world.other_school]
    assert again(notification).purged_at is not None


@pytest.mark.req("ALR-09")
def test_a_notification_closed_without_an_alert_is_purged_also_when_a_child_waits(world: World) -> None:
    with fixtures():
        notification = screened(world, waiting=1, status="closed")
    with as_service("dispatch"):
        settle(notification)
    held = again(notification)
    assert (held.status, held.content) == ("closed", None)


@pytest.mark.req("ALR-09")
def test_nothing_is_purged_before_screening(world: World) -> None:
    with fixtures():
        notification = screened(world, world.school, status="received")
    with as_service("dispatch"):
        settle(notification)
    assert again(notification).content is not None


@pytest.mark.req("ALR-09")
def test_nothing_more_is_made_of_a_purged_notification(world: World) -> None:
    notification = sent(world, world.school)
    with as_user(world.officer), pytest.raises(Conflict):
        prepare_alerts(notification, by=world.officer)


@pytest.mark.req("ALR-02")
def test_where_nobody_screens_a_service_prepares(world: World) -> None:
    """Intake goes on as the matching service in the request of a constable, who may not see alerts."""
    with fixtures():
        notification = screened(world, world.school)
    with as_service("matching"):
        [alert] = prepare_alerts(notification, by=world.constable)
    assert facts(alert, "alert.prepared") == {"notification": notification.ref}
    drain()
    assert alert_of(notification).status == "sent"


@pytest.mark.req("AUD-01", "AUD-02")
def test_the_audit_says_what_happened_and_no_name(world: World) -> None:
    notification = sent(world, world.school)
    alert = alert_of(notification)
    assert events(alert) == ["alert.prepared", "alert.sent", "alert.filed", "email.sent"]
    told = facts(alert, "alert.sent")
    assert told["gateway"] == "agreement"
    assert told["roles"] == ["dsl"]
    with fixtures(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(e::text, ' '), '') FROM audit_auditentry e")
        entries = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(m::text, ' ') FROM notifications_outboxmessage m")
        messages = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(m::text, ' ') FROM notifications_email m")
        mails = cursor.fetchone()[0]
    for name in (*NAMES, "CANARY"):
        assert name not in entries + messages + mails


def test_a_message_is_promised_for_each_alert_in_the_same_transaction(world: World) -> None:
    notification = prepared(world, world.school, world.school)
    with as_service("dispatch"):
        payloads = list(OutboxMessage.objects.filter(topic="alert.send").values_list("payload", flat=True))
    assert payloads == [{"alert": alert.pk} for alert in alerts_of(notification)]
