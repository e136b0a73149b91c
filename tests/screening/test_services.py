"""Claiming and deciding, against the walls."""

import pytest

from alerts.models import Alert, Notification, Screening
from alerts.screening import services
from alerts.screening.enums import Decision
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import OutboxMessage
from tests.factories import AgencyFactory, PartnershipFactory, World, member
from tests.screening.conftest import with_child, with_waiting_child
from tests.support.db import as_service, as_user, fixtures

SAFE = {"level": 2, "decision": Decision.SEND, "reason": "Known to early help.", "version": 1}


def events(notification: Notification) -> list[str]:
    with as_service("dispatch"):
        entries = AuditEntry.objects.filter(notification=notification).order_by("pk")
        return list(entries.values_list("event", flat=True))


def again(notification: Notification) -> Notification:
    with as_service("dispatch"):
        return Notification.objects.select_related("claimed_by").get(pk=notification.pk)


@pytest.mark.req("MSH-01", "AUD-02")
def test_a_decision_is_kept_with_who_when_and_why_and_the_alert_is_promised(
    world: World, notification: Notification
) -> None:
    with as_user(world.officer):
        services.screen(notification, **SAFE, by=world.officer)
        screening = Screening.objects.visible_to(world.officer).select_related("crypto_key").get()
        alert = Alert.objects.visible_to(world.officer).get()
        promised = OutboxMessage.objects.get(topic="alert.send")
    assert (screening.level, screening.level_name, screening.decision) == (2, "Early help", "send")
    assert (screening.reason, screening.decided_by) == ("Known to early help.", world.officer)
    assert (alert.setting, alert.status, promised.payload) == (world.school, "queued", {"alert": alert.pk})
    kept = again(notification)
    assert (kept.status, kept.version, kept.screened_at) == ("screened", 2, screening.decided_at)
    assert kept.claimed_by == world.officer
    assert events(notification) == ["screening.decided", "alert.prepared"]
    with as_service("dispatch"):
        decided = AuditEntry.objects.get(event="screening.decided")
    assert decided.additional_data == {"level": 2, "decision": "send"}


def test_the_reason_is_sealed(world: World, notification: Notification) -> None:
    with as_user(world.officer):
        services.screen(notification, **SAFE, by=world.officer)
    with fixtures():
        row = Screening.objects.extra(select={"raw": "encode(alerts_screening.reason, 'escape')"}).get()
    assert "early help" not in row.raw


@pytest.mark.req("MSH-01")
def test_no_alert_closes_and_promises_the_deletion(world: World, notification: Notification) -> None:
    with as_user(world.officer):
        services.screen(notification, **{**SAFE, "decision": Decision.NO_ALERT}, by=world.officer)
        assert not Alert.objects.visible_to(world.officer).exists()
        assert OutboxMessage.objects.get().topic == "notification.settle"
    kept = again(notification)
    assert kept.status == "closed"
    assert kept.closed_at == kept.screened_at
    with as_user(world.officer), pytest.raises(Conflict):
        services.screen(notification, **SAFE, by=world.officer)


@pytest.mark.req("ALR-11")
def test_a_level_with_contact_never_sends_an_alert_alone(world: World, notification: Notification) -> None:
    with as_user(world.officer):
        with pytest.raises(Refused, match="Nothing was saved"):
            services.screen(notification, **{**SAFE, "level": 4}, by=world.officer)
        services.screen(notification, **{**SAFE, "level": 4, "decision": Decision.SEND_AND_CONTACT}, by=world.officer)
        assert Alert.objects.visible_to(world.officer).count() == 1


@pytest.mark.req("MSH-01")
def test_a_second_decision_overwrites_nothing(world: World, notification: Notification) -> None:
    with fixtures():
        colleague = member(world.mash, Role.MASH_OFFICER, name="Tamsin Okafor")
    with as_user(world.officer):
        services.screen(notification, **SAFE, by=world.officer)
    with as_user(colleague), pytest.raises(Conflict):
        services.screen(notification, **{**SAFE, "level": 4, "decision": Decision.SEND_AND_CONTACT}, by=colleague)
    with as_user(colleague):
        assert Screening.objects.visible_to(colleague).get().decided_by == world.officer


def test_a_decision_on_a_record_that_changed_is_not_saved(world: World, notification: Notification) -> None:
    with fixtures():
        Notification.objects.filter(pk=notification.pk).update(version=2)
    with as_user(world.officer), pytest.raises(Conflict, match="changed after you opened it"):
        services.screen(notification, **SAFE, by=world.officer)
    assert again(notification).status == "received"


@pytest.mark.req("NTK-01", "NTK-02")
def test_nobody_else_claims_or_decides(world: World, notification: Notification) -> None:
    with fixtures():
        elsewhere = AgencyFactory(kind=AgencyKind.MASH, partnership=PartnershipFactory())
        stranger = member(elsewhere, Role.MASH_OFFICER)
        administrator = member(world.mash, Role.AGENCY_ADMIN)
    for person in (stranger, administrator, world.constable, world.dsl, world.head, world.tutor, world.ig_lead):
        with as_user(person):
            with pytest.raises(NotVisible):
                services.claim(notification=notification, by=person)
            with pytest.raises(NotVisible):
                services.release(notification=notification, by=person)
            with pytest.raises(NotVisible):
                services.screen(notification, **SAFE, by=person)
    assert events(notification) == []


@pytest.mark.req("MSH-01", "AUD-02")
def test_claim_take_over_and_release(world: World, notification: Notification) -> None:
    with as_user(world.officer):
        services.claim(notification=notification, by=world.officer)
        services.claim(notification=notification, by=world.officer)
    held = again(notification)
    with as_user(world.manager):
        with pytest.raises(Conflict, match="has claimed this notification"):
            services.claim(notification=notification, by=world.manager)
        with pytest.raises(Conflict):
            services.screen(notification, **SAFE, by=world.manager)
        with pytest.raises(Conflict):
            services.release(notification=notification, by=world.manager)
        services.claim(notification=notification, by=world.manager, held_since=held.claimed_at)
    with as_user(world.officer), pytest.raises(Conflict):
        services.screen(notification, **SAFE, by=world.officer)
    with as_user(world.manager):
        services.release(notification=notification, by=world.manager)
        with pytest.raises(Refused, match="Nobody has claimed"):
            services.release(notification=notification, by=world.manager)
    assert again(notification).claimed_by is None
    assert events(notification) == ["notification.claimed", "notification.claimed", "notification.released"]
    with as_service("dispatch"):
        took = AuditEntry.objects.filter(event="notification.claimed").order_by("-pk")[0]
    assert took.additional_data == {"taken_over_from": world.officer.pk}


@pytest.mark.req("ALR-03")
def test_a_notification_is_screened_while_a_child_waits(world: World) -> None:
    with fixtures():
        notification = with_waiting_child(world)
    with as_user(world.officer):
        services.screen(notification, **SAFE, by=world.officer)
        assert not Alert.objects.visible_to(world.officer).exists()
    assert again(notification).status == "screened"


@pytest.mark.req("ALR-02")
def test_without_screening_the_alert_is_prepared_by_the_dispatcher_once(db: None) -> None:
    with fixtures():
        world = World(screens=False)
        notification = with_child(world, kind="missing_episode")
    with as_service("matching"):
        services.send_unscreened(notification)
        with pytest.raises(Conflict):
            services.send_unscreened(notification)
    with as_service("dispatch"):
        assert Alert.objects.get().setting == world.school
        assert not Screening.objects.exists()
    assert again(notification).status == "screened"


def test_a_partnership_that_screens_sends_nothing_unscreened(world: World, notification: Notification) -> None:
    with as_service("matching"), pytest.raises(Refused):
        services.send_unscreened(notification)
