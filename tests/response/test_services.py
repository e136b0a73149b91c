"""Opening and acknowledging, against the walls."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from alerts.models import Alert, AlertGrant
from alerts.response import selectors, services
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership, User
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import NotVisible, Refused
from tests.factories import World, member
from tests.support.db import as_service, as_user, fixtures


def again(alert: Alert) -> Alert:
    with as_service("dispatch"):
        return Alert.objects.get(pk=alert.pk)


def grant(alert: Alert, user: User, by: User, **fields: object) -> None:
    AlertGrant.objects.create(
        content_object=alert,
        user=user,
        agency=Membership.objects.filter(user=user)[0].agency,
        permission=Permission.objects.get(codename="view_alert"),
        reason="Key worker",
        granted_by=by,
        **{"expires_at": timezone.now() + dt.timedelta(days=1), **fields},
    )


@pytest.mark.req("AUD-01", "ALR-23")
def test_the_first_opener_is_kept_and_every_opening_is_remembered(world: World) -> None:
    with fixtures():
        alert = world.alert(audience=AUDIENCE_BITS["dsl"] + AUDIENCE_BITS["head"], next_chase_at=timezone.now())
    with as_user(world.dsl):
        services.open_alert(alert, by=world.dsl, purpose="read the alert")
    first = again(alert)
    with as_user(world.head):
        services.open_alert(alert, by=world.head, purpose="read the alert")
    with as_user(world.dsl):
        services.open_alert(alert, by=world.dsl, purpose="read the alert")
    kept = again(alert)
    assert (kept.status, kept.opened_by, kept.opened_at) == ("opened", world.dsl, first.opened_at)
    assert kept.next_chase_at is None
    with as_service("dispatch"):
        entries = AuditEntry.objects.filter(event="alert.opened", alert=alert).order_by("pk")
        assert [(e.actor, e.purpose, e.additional_data["first"]) for e in entries] == [
            (world.dsl, "read the alert", True),
            (world.head, "read the alert", False),
            (world.dsl, "read the alert", False),
        ]


def test_acknowledging_twice_is_the_same_answer(world: World) -> None:
    with fixtures():
        alert = world.alert()
    with as_user(world.dsl):
        services.open_alert(alert, by=world.dsl, purpose="read the alert")
        first = services.acknowledge(alert, by=world.dsl)
        second = services.acknowledge(alert, by=world.dsl)
    assert first.status == second.status == "acknowledged"
    assert (first.acknowledged_at, first.acknowledged_by) == (second.acknowledged_at, second.acknowledged_by)
    with as_service("dispatch"):
        assert AuditEntry.objects.filter(event="alert.acknowledged").count() == 1


def test_acknowledging_an_unopened_alert_opens_it(world: World) -> None:
    with fixtures():
        alert = world.alert()
    with as_user(world.dsl):
        answered = services.acknowledge(alert, by=world.dsl)
    assert answered.opened_at is not None
    assert answered.opened_by == answered.acknowledged_by == world.dsl
    assert again(alert).status == "acknowledged"


def test_a_closed_alert_stays_closed(world: World) -> None:
    with fixtures():
        alert = world.alert(status="closed", opened_at=timezone.now() + dt.timedelta(minutes=1))
    with as_user(world.dsl):
        assert services.acknowledge(alert, by=world.dsl).status == "closed"


@pytest.mark.req("NTK-01", "NTK-02")
def test_only_those_addressed_open_or_acknowledge(world: World) -> None:
    with fixtures():
        alert = world.alert()
        former = member(world.school, Role.DSL)
        former.memberships.update(ended_at=timezone.now())
        gone = member(world.school, Role.DSL, is_active=False)
    nobody = (world.officer, world.manager, world.head, world.deputy, world.tutor, world.other_dsl)
    for person in (*nobody, world.constable, world.ig_lead, world.admin, world.ehe, former, gone):
        with as_user(person):
            with pytest.raises(NotVisible):
                selectors.get_alert(alert.ref, for_user=person)
            with pytest.raises(NotVisible):
                services.open_alert(alert, by=person, purpose="curiosity")
            with pytest.raises(NotVisible):
                services.acknowledge(alert, by=person)
    assert again(alert).status == "sent"


@pytest.mark.req("ALR-08")
@pytest.mark.parametrize("status", ["queued", "withheld"])
def test_what_was_not_sent_does_not_exist_for_the_setting(world: World, status: str) -> None:
    reason = {"withheld_reason": "never_signed"} if status == "withheld" else {}
    with fixtures():
        alert = world.alert(status=status, audience=0, sent_at=None, **reason)
    with as_user(world.dsl):
        assert selectors.inbox_page(selectors.Filters(), for_user=world.dsl).rows == []
        with pytest.raises(NotVisible):
            selectors.get_alert(alert.ref, for_user=world.dsl)


@pytest.mark.req("NTK-03")
def test_a_grant_lets_read_but_not_answer(world: World) -> None:
    with fixtures():
        alert = world.alert()
        grant(alert, world.tutor, world.dsl)
        grant(alert, world.head, world.dsl, withdrawn_at=timezone.now())
        grant(alert, world.deputy, world.dsl, expires_at=timezone.now() - dt.timedelta(minutes=1))
    with as_user(world.tutor):
        opened = services.open_alert(alert, by=world.tutor, purpose="read the alert")
        assert opened.status == "sent"
        with pytest.raises(Refused, match="acknowledge it"):
            services.acknowledge(alert, by=world.tutor)
    for person in (world.head, world.deputy):
        with as_user(person), pytest.raises(NotVisible):
            services.open_alert(alert, by=person, purpose="read the alert")
    assert again(alert).opened_at is None


@pytest.mark.req("ALR-07")
def test_every_role_addressed_reads_and_no_other(world: World) -> None:
    with fixtures():
        holiday = member(world.school, Role.HOLIDAY_CONTACT)
        people = {
            "dsl": world.dsl,
            "deputy_dsl": world.deputy,
            "head": world.head,
            "holiday_contact": holiday,
        }
        alerts = {role: world.alert(audience=AUDIENCE_BITS[role]) for role in people}
        everybody = world.alert(audience=sum(AUDIENCE_BITS[role] for role in people))
    for role, person in people.items():
        with as_user(person):
            assert set(selectors.inbox_page(selectors.Filters(), for_user=person).rows) == {alerts[role], everybody}


@pytest.mark.req("ALR-06")
def test_a_child_educated_at_home_is_read_of_by_the_councils_officer(world: World) -> None:
    with fixtures():
        alert = world.alert(setting=world.council, audience=AUDIENCE_BITS["ehe_officer"])
    with as_user(world.ehe):
        assert services.acknowledge(alert, by=world.ehe).acknowledged_by == world.ehe
    with as_user(world.ig_lead), pytest.raises(NotVisible):
        selectors.get_alert(alert.ref, for_user=world.ig_lead)
