"""The police correct or withdraw what they sent: before anything left, and after (ALR-01, ALR-03, ALR-09, ALR-10, ALR-23)."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from alerts.delivery.enums import AlertStatus, RecalledBecause
from alerts.intake.corrections import correct, look_again, withdraw
from alerts.intake.enums import Channel, DecisionReason, NotificationStatus, WithdrawnBecause
from alerts.intake.models import Amendment, Notification
from alerts.intake.parsing import parse
from alerts.intake.selectors import to_look_at
from alerts.intake.services import AlreadyReceived, Receipt, decide_match, receive
from alerts.models import Alert
from alerts.response.services import acknowledge, open_alert
from alerts.screening.enums import Decision
from alerts.screening.services import screen
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from safeguarding.web.api.strict_json import canonical
from tests.delivery.support import drain
from tests.factories import AgencyFactory, SignatureFactory, World, member
from tests.intake.bodies import EXAMPLE, example, put, with_child
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db


def sent_in(world: World, body: dict[str, Any]) -> Receipt:
    with as_user(world.constable):
        return receive(
            content=parse(body, now=timezone.localtime()),
            body=canonical(body),
            source=world.police,
            partnership=world.partnership,
            channel=Channel.API,
            by=world.constable,
        )


def corrected(world: World, notification: Notification, body: dict[str, Any], by: User | None = None) -> Amendment:
    by = by or world.constable
    with as_user(by):
        amendment = correct(
            notification,
            content=parse(body, now=timezone.localtime()),
            body=canonical(body),
            channel=Channel.FORM,
            by=by,
        )
    drain()
    return amendment


def withdrawn(world: World, notification: Notification) -> Amendment:
    with as_user(world.constable):
        amendment = withdraw(
            notification, because=WithdrawnBecause.WRONG_PEOPLE, channel=Channel.FORM, by=world.constable
        )
    drain()
    return amendment


def screened(world: World, notification: Notification, decision: Decision = Decision.SEND) -> Notification:
    with as_user(world.officer):
        now = Notification.objects.get(pk=notification.pk)
        screen(now, level=2, decision=decision, reason="Known.", version=now.version, by=world.officer)
    drain()
    return again(notification)


def again(notification: Notification) -> Notification:
    with as_service("dispatch"):
        return Notification.objects.select_related("crypto_key").get(pk=notification.pk)


def alerts(world: World) -> list[Alert]:
    with as_service("dispatch"):
        return list(Alert.objects.select_related("crypto_key", "setting").order_by("pk"))


def told(world: World) -> list[str]:
    with as_service("dispatch"):
        return list(Email.objects.filter(template="alert_changed").values_list("to", flat=True))


def test_before_screening_the_new_words_count_and_a_stale_decision_is_kept_back(world: World) -> None:
    notification = sent_in(world, example()).notification
    corrected(world, notification, with_child(family_name="Quillfether") | {"risk": "high", "narrative": "CANARY-NEW"})
    now = again(notification)
    assert (now.status, now.risk, now.version) == ("received", "high", 2)
    assert now.content is not None
    assert now.content["narrative"] == "CANARY-NEW"
    with as_user(world.officer), pytest.raises(Conflict):
        screen(now, level=2, decision=Decision.SEND, reason="Stale", version=1, by=world.officer)
    screened(world, notification)
    [alert] = alerts(world)
    assert alert.child_family_name == "Quillfether"
    assert alert.corrected_at is None
    assert told(world) == []


@pytest.mark.req("ALR-09", "ALR-23", "SHR-14")
def test_after_sending_the_setting_is_told_and_acknowledges_again(world: World) -> None:
    notification = screened(world, sent_in(world, example()).notification)
    [alert] = alerts(world)
    with as_user(world.dsl):
        open_alert(alert, by=world.dsl, purpose="test")
        acknowledge(alert, by=world.dsl)
    assert notification.purged_at is not None

    amendment = corrected(world, notification, with_child(date_of_birth="2016-05-14"))
    [alert] = alerts(world)
    assert alert.child_date_of_birth == dt.date(2016, 5, 14)
    assert (alert.status, alert.opened_at, alert.acknowledged_at) == (AlertStatus.SENT, None, None)
    assert alert.corrected == ["child_date_of_birth"]
    assert alert.due_at > timezone.now()
    assert told(world) == [world.dsl.email]
    assert amendment.settings_told == 1
    # purged as ever, under a key of its own, and the first key stays destroyed
    now = again(notification)
    assert (now.status, now.content) == (NotificationStatus.SENT, None)
    assert now.purged_at is not None
    assert now.crypto_key_id != notification.crypto_key_id
    assert now.crypto_key.destroyed_at is not None
    with as_user(world.dsl):
        assert acknowledge(alert, by=world.dsl).status == AlertStatus.ACKNOWLEDGED
    with as_service("setup"):
        events = list(AuditEntry.objects.filter(alert_id=alert.pk).order_by("pk").values_list("event", flat=True))
    assert events.count("alert.acknowledged") == 2
    assert "alert.corrected" in events


def test_a_setting_whose_alert_says_the_same_is_left_in_peace(world: World) -> None:
    notification = screened(world, sent_in(world, example()).notification)
    amendment = corrected(world, notification, example(risk="high", narrative="Another word"))
    assert told(world) == []
    assert amendment.settings_told == 0
    with as_user(world.officer):
        assert list(to_look_at(for_user=world.officer)) == [amendment]
        look_again(amendment, by=world.officer)
        assert not to_look_at(for_user=world.officer).exists()


def test_the_same_correction_again_changes_nothing(world: World) -> None:
    notification = screened(world, sent_in(world, example()).notification)
    body = with_child(date_of_birth="2016-05-14")
    first = corrected(world, notification, body)
    assert corrected(world, notification, body).pk == first.pk
    assert len(told(world)) == 1


@pytest.mark.req("ALR-03")
def test_another_child_than_was_meant(world: World) -> None:
    """The alert about the wrong one counts as not sent, and the right one's setting is told."""
    notification = screened(world, sent_in(world, example()).notification)
    body = with_child(given_name="Hedwig", family_name="Ormskirk", date_of_birth="2013-01-09")
    body["people"][2]["setting"] = {"urn": "999002", "name": None}
    corrected(world, notification, body)
    wrong, right = alerts(world)
    assert wrong.recalled_because == RecalledBecause.NOT_NAMED
    assert (wrong.status, wrong.child_given_name) == (AlertStatus.SENT, "Ottilie")
    assert (right.setting, right.child_given_name, right.status) == (
        world.other_school,
        "Hedwig",
        AlertStatus.SENT,
    )
    assert told(world) == [world.dsl.email]
    # and back: the first was meant after all
    corrected(world, notification, example())
    first, second = alerts(world)
    assert (first.recalled_at, second.recalled_because) == (None, RecalledBecause.NOT_NAMED)


def test_another_school_than_was_said(world: World) -> None:
    notification = screened(world, sent_in(world, example()).notification)
    corrected(world, notification, put(example(), "/people/2/setting/urn", "999002"))
    wrong, right = alerts(world)
    assert wrong.recalled_because == RecalledBecause.WRONG_SETTING
    assert (wrong.child_given_name, wrong.child_family_name, wrong.adults) == ("", "", [])
    assert wrong.child_date_of_birth is None
    assert (right.setting, right.child_given_name) == (world.other_school, "Ottilie")


@pytest.mark.req("ALR-09")
def test_withdrawn_after_sending(world: World) -> None:
    notification = screened(world, sent_in(world, example()).notification)
    amendment = withdrawn(world, notification)
    [alert] = alerts(world)
    assert (alert.status, alert.recalled_because) == (AlertStatus.SENT, RecalledBecause.WITHDRAWN)
    assert told(world) == [world.dsl.email]
    assert again(notification).status == NotificationStatus.CLOSED
    assert withdrawn(world, notification).pk == amendment.pk
    assert len(told(world)) == 1
    with pytest.raises(Conflict, match="withdrawn"):
        corrected(world, notification, with_child(date_of_birth="2016-05-14"))


def test_withdrawn_before_anything_left(world: World) -> None:
    notification = sent_in(world, example()).notification
    with as_user(world.officer):
        now = Notification.objects.get(pk=notification.pk)
        screen(now, level=2, decision=Decision.SEND, reason="Known.", version=1, by=world.officer)
    withdrawn(world, notification)
    [alert] = alerts(world)
    assert alert.status == AlertStatus.CANCELLED
    assert told(world) == []
    with as_service("dispatch"):
        assert not Email.objects.exists()
    now = again(notification)
    assert (now.status, now.content) == (NotificationStatus.CLOSED, None)


def test_what_was_closed_without_an_alert_is_screened_again(world: World) -> None:
    notification = screened(world, sent_in(world, example()).notification, Decision.NO_ALERT)
    assert notification.content is None
    corrected(world, notification, example(risk="high"))
    now = again(notification)
    assert (now.status, now.claimed_by_id, now.closed_at) == (NotificationStatus.RECEIVED, None, None)
    screened(world, notification)
    assert [alert.status for alert in alerts(world)] == [AlertStatus.SENT]


@pytest.mark.req("ALR-01")
def test_the_contract_stays_as_it_is(world: World) -> None:
    """The same reference with another body is refused; the first body again has the first answer."""
    first = sent_in(world, example())
    answer = [(child.position, child.match, child.answered_setting_id) for child in first.children]
    with pytest.raises(AlreadyReceived):
        sent_in(world, example(risk="high"))
    body = example()
    body["people"] = [body["people"][0], body["people"][2] | {"relationships": []}]
    corrected(world, first.notification, body)
    replay = sent_in(world, EXAMPLE)
    assert not replay.is_new
    assert [(child.position, child.match, child.answered_setting_id) for child in replay.children] == answer
    with pytest.raises(AlreadyReceived):
        sent_in(world, body)


def test_a_correction_speaks_of_the_same_incident(world: World) -> None:
    notification = sent_in(world, example()).notification
    with pytest.raises(Refused, match="keeps the police reference"):
        corrected(world, notification, example(reference="55/2026/9999999"))


@pytest.mark.req("NTK-02")
def test_nobody_else_amends(world: World) -> None:
    notification = sent_in(world, example()).notification
    for stranger in (world.dsl, world.ig_lead, world.tutor):
        with pytest.raises(NotVisible):
            corrected(world, notification, example(risk="high"), by=stranger)
    corrected(world, notification, example(risk="high"), by=world.officer)
    with as_service("dispatch"):
        assert Amendment.objects.get().parts == ["risk"]


@pytest.mark.req("AGR-01", "ALR-04")
def test_what_the_agreement_did_not_let_leave_does_not_leave_with_a_correction(world: World) -> None:
    with fixtures():
        world.agreement.items.filter(key="adults_names").delete()
    notification = screened(world, sent_in(world, example()).notification)
    corrected(world, notification, put(with_child(date_of_birth="2016-05-14"), "/people/1/given_name", "CANARY-Other"))
    [alert] = alerts(world)
    assert (alert.adults, alert.corrected) == ([], ["child_date_of_birth"])


@pytest.mark.req("ALR-04")
def test_siblings_at_three_schools_and_one_corrected(world: World) -> None:
    with fixtures():
        third = AgencyFactory(partnership=world.partnership, urn="999003", name="Third School")
        SignatureFactory(agreement=world.agreement, agency=third)
        member(third, Role.DSL)
    body = example()
    child = body["people"][2]
    for name, born, urn in (("Hedwig", "2013-01-09", "999002"), ("Barnaby", "2010-07-30", "999003")):
        body["people"].append(
            {**child, "given_name": name, "date_of_birth": born, "setting": {"urn": urn, "name": None}}
        )
    notification = screened(world, sent_in(world, body).notification)
    assert [(each.child_given_name, each.setting) for each in alerts(world)] == [
        ("Ottilie", world.school),
        ("Hedwig", world.other_school),
        ("Barnaby", third),
    ]
    corrected(world, notification, put(body, "/people/3/date_of_birth", "2013-01-19"))
    assert told(world) == [world.other_dsl.email]
    assert [each.corrected for each in alerts(world)] == [[], ["child_date_of_birth"], []]


@pytest.mark.req("ALR-03", "ALR-09")
def test_where_nobody_screens_an_unborn_child_waits_for_a_person_and_then_for_nobody(db: None) -> None:
    with fixtures():
        world = World(screens=False)
    body = with_child(given_name=None, date_of_birth=None, expected_on="2027-03-03", setting=None)
    receipt = sent_in(world, body)
    [row] = receipt.children
    assert (row.state, row.waiting_for) == ("waiting", "setting")
    assert again(receipt.notification).content is not None
    with as_user(world.officer):
        decide_match(
            child=row,
            same_as=None,
            setting=None,
            nowhere=True,
            reason=DecisionReason.DETAILS_AGREE,
            by=world.officer,
        )
    drain()
    now = again(receipt.notification)
    assert (now.status, now.content) == (NotificationStatus.CLOSED, None)
    assert alerts(world) == []


@pytest.mark.req("ALR-03", "ALR-04")
def test_an_unborn_child_known_to_a_childrens_centre(world: World) -> None:
    body = with_child(given_name=None, date_of_birth=None, expected_on="2027-03-03")
    screened(world, sent_in(world, body).notification)
    [alert] = alerts(world)
    assert (alert.child_given_name, alert.child_date_of_birth) == ("Unborn baby", None)
    assert alert.child_expected_on == dt.date(2027, 3, 3)
