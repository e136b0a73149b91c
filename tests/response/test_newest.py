"""The quick form of the inbox gives exactly what the walls allow, in worlds that nobody thought of."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alerts.delivery.enums import AT_THE_SETTING
from alerts.models import Alert, AlertGrant
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import Role
from tests.factories import MembershipFactory, UserFactory, World
from tests.support.db import as_user, fixtures

EVENING = dt.datetime(2026, 11, 20, 18, 0, tzinfo=dt.UTC)
ROLES = [*AUDIENCE_BITS, Role.SETTING_STAFF, Role.IG_LEAD]

an_alert = st.fixed_dictionaries(
    {
        "at": st.integers(0, 2),
        "audience": st.integers(1, sum(AUDIENCE_BITS.values())),
        "status": st.sampled_from(["queued", "withheld", *AT_THE_SETTING]),
        "kind": st.sampled_from(["domestic_abuse", "missing_episode"]),
        "hour": st.integers(0, 3),
        "due": st.integers(-2, 2),
        "grant": st.sampled_from(["", "", "live", "expired", "withdrawn"]),
    }
)
a_membership = st.tuples(st.integers(0, 2), st.sampled_from(ROLES), st.booleans())


def make(world: World, user: Any, wanted: dict[str, Any]) -> Alert:
    setting = (world.school, world.other_school, world.council)[wanted["at"]]
    left = wanted["status"] in AT_THE_SETTING
    alert = world.alert(
        setting=setting,
        child=world.only_child,
        status=wanted["status"],
        kind=wanted["kind"],
        audience=wanted["audience"] if left else 0,
        sent_at=EVENING + dt.timedelta(hours=wanted["hour"]) if left else None,
        due_at=EVENING + dt.timedelta(hours=wanted["due"]),
        withheld_reason="never_signed" if wanted["status"] == "withheld" else "",
    )
    if wanted["grant"]:
        AlertGrant.objects.create(
            content_object=alert,
            user=user,
            agency=world.school,
            permission=Permission.objects.get(codename="view_alert"),
            reason="Key worker",
            granted_by=world.dsl,
            expires_at=timezone.now() + dt.timedelta(days=-1 if wanted["grant"] == "expired" else 1),
            withdrawn_at=timezone.now() if wanted["grant"] == "withdrawn" else None,
        )
    return alert


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        world = World()
        world.only_child = world.child()
    return world


@pytest.mark.req("NTK-01", "NTK-02", "ALR-04")
@settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    memberships=st.lists(a_membership, min_size=1, max_size=5, unique_by=lambda each: each[:2]),
    alerts=st.lists(an_alert, min_size=3, max_size=8),
    limit=st.sampled_from([1, 3, 9]),
    status=st.sampled_from([None, None, "sent", "opened"]),
    kind=st.sampled_from([None, None, "domestic_abuse"]),
    overdue=st.booleans(),
    after=st.sampled_from([0, 2, 8, 8]),
)
def test_newest_is_what_is_visible(
    world: World,
    memberships: list[tuple[int, str, bool]],
    alerts: list[dict[str, Any]],
    limit: int,
    status: str | None,
    kind: str | None,
    overdue: bool,
    after: int,
) -> None:
    with transaction.atomic():
        with fixtures():
            user = UserFactory()
            for at, role, ended in memberships:
                agency = (world.school, world.other_school, world.council)[at]
                over = timezone.now() + dt.timedelta(seconds=1) if ended else None
                MembershipFactory(user=user, agency=agency, role=role, ended_at=over)
            for wanted in alerts:
                make(world, user, wanted)
        with as_user(user):
            everything = Alert.objects.visible_to(user).filter(status__in=AT_THE_SETTING)
            visible = list(everything.order_by("-sent_at", "-pk"))
            assert list(Alert.objects.addressed_to(user).order_by("-sent_at", "-pk")) == visible
            before = visible[after] if after < len(visible) else None
            expected = [
                alert
                for alert in visible
                if (status is None or alert.status == status)
                and (kind is None or alert.kind == kind)
                and (not overdue or (alert.status == "sent" and alert.due_at <= EVENING))
                and (before is None or (alert.sent_at, alert.pk) < (before.sent_at, before.pk))
            ]
            newest = Alert.objects.newest_addressed(
                user,
                limit=limit,
                before=before,
                status=status,
                kind=kind,
                overdue_at=EVENING if overdue else None,
            )
            assert list(newest) == expected[:limit]
            assert newest.count() == len(expected[:limit])
        with fixtures():  # without the second wall, the query alone gives the same
            assert list(newest.all()) == expected[:limit]
        transaction.set_rollback(True)


@pytest.mark.req("NTK-01", "NTK-02", "ALR-07")
def test_the_query_alone_keeps_to_the_role_the_setting_and_the_filter(world: World) -> None:
    now = timezone.now()
    with fixtures():
        mine = world.alert(child=world.only_child, sent_at=now - dt.timedelta(hours=1))
        for fields in (
            {"audience": AUDIENCE_BITS["head"]},
            {"setting": world.other_school},
            {"status": "queued", "audience": 0, "sent_at": None},
        ):
            world.alert(child=world.only_child, **fields)
        assert list(Alert.objects.newest_addressed(world.dsl, limit=9)) == [mine]
        assert not Alert.objects.newest_addressed(world.dsl, limit=9, before=mine).exists()
        assert not Alert.objects.newest_addressed(world.dsl, limit=9, status="opened").exists()
        assert not Alert.objects.newest_addressed(world.dsl, limit=9, kind="missing_episode").exists()
        assert not Alert.objects.newest_addressed(world.dsl, limit=9, overdue_at=now).exists()
        assert not Alert.objects.newest_addressed(world.tutor, limit=9).exists()
        world.dsl.memberships.update(ended_at=now + dt.timedelta(seconds=1))
        assert not Alert.objects.newest_addressed(world.dsl, limit=9).exists()
