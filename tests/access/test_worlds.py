"""Worlds nobody thought of: people come and go, alerts are sent and grants given in any order, and after every step both
walls and the oracle say the same."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from alerts.models import AlertGrant, Exclusion
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Membership
from tests.access.oracle import Oracle
from tests.access.oracle_words import EVERYTHING
from tests.access.plan import House
from tests.factories import AgencyFactory, MembershipFactory, UserFactory, World
from tests.support.db import as_user, fixtures

LABELS = ("agencies.Membership", "alerts.Notification", "children.Child", "alerts.Alert", "alerts.AlertGrant")
PEOPLE = range(4)
ROLES = [Role.DSL, Role.DEPUTY_DSL, Role.HEAD, Role.HOLIDAY_CONTACT, Role.EHE_OFFICER, Role.SETTING_STAFF]
ROLES += [Role.MASH_OFFICER, Role.MASH_MANAGER, Role.POLICE_OFFICER, Role.AGENCY_ADMIN, Role.IG_LEAD]
HOUR = dt.timedelta(hours=1)
which = st.integers(0, 11)


class AnyWorld(RuleBasedStateMachine):
    world: World
    hubs: list[Any]
    settings_: list[Any]

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        with fixtures():
            self.house = House(people={f"person {n}": UserFactory() for n in PEOPLE})
        for label in EVERYTHING:
            self.house.rows[label] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    def _person(self, number: int) -> Any:
        return self.house.people[f"person {number % len(PEOPLE)}"]

    def _agencies(self) -> list[Any]:
        return [*self.hubs, *self.settings_, self.world.police]

    def _row(self, label: str, number: int) -> Any:
        rows = self.house.rows[label]
        return rows[number % len(rows)] if rows else None

    def _set(self, row: Any, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(row, name, value)
        with fixtures():
            type(row)._base_manager.filter(pk=row.pk).update(**fields)

    @initialize(roles=st.lists(st.tuples(st.sampled_from(ROLES), which), min_size=3, max_size=5))
    def some_work_here(self, roles: list[tuple[Role, int]]) -> None:
        for number, (role, at) in enumerate(roles):
            self.somebody_joins(number, role, at)
        for at in range(len(self.settings_)):
            self.an_alert_is_sent(at, at, sum(AUDIENCE_BITS.values()))

    @rule(who=which, role=st.sampled_from(ROLES), at=which)
    def somebody_joins(self, who: int, role: Role, at: int) -> None:
        person, agency = self._person(who), self._agencies()[at % len(self._agencies())]
        with fixtures():
            if not Membership._base_manager.filter(user=person, agency=agency, role=role, ended_at=None).exists():
                self.house.keep(MembershipFactory(user=person, agency=agency, role=role))

    @rule(number=which)
    def somebody_leaves(self, number: int) -> None:
        if (row := self._row("agencies.Membership", number)) and row.ended_at is None:
            self._set(row, ended_at=timezone.now() + HOUR / 60)

    @rule(who=which, number=which)
    def somebody_is_shut_out(self, who: int, number: int) -> None:
        alert = self._row("alerts.Alert", number)
        oracle = Oracle(self.house)
        readers = [each for each in self.house.people.values() if alert.pk in oracle.visible(each, "alerts.Alert")]
        if not readers:
            return
        person = readers[who % len(readers)]
        with fixtures():
            self.house.keep(
                Exclusion.objects.create(
                    user=person, agency=self.world.school, made_by=self.world.dsl, because="family", note="-",
                    partnership=alert.partnership, controller=alert.controller, alert=alert,
                    review_on=timezone.localdate(),
                )
            )  # fmt: skip

    @rule(number=which)
    def somebody_is_let_in_again(self, number: int) -> None:
        if row := self._row("alerts.Exclusion", number):
            self._set(row, lifted_at=timezone.now())

    @rule(who=which, active=st.booleans())
    def an_account_is_closed_or_opened(self, who: int, active: bool) -> None:
        self._set(self._person(who), is_active=active)

    @rule(hub=which, at=which, bits=st.integers(1, sum(AUDIENCE_BITS.values())))
    def an_alert_is_sent(self, hub: int, at: int, bits: int) -> None:
        part = {"controller": self.hubs[hub % len(self.hubs)], "partnership": self.world.partnership}
        with fixtures():
            child = apps.get_model("children.Child").objects.create(
                given_name="Ottilie", family_name="Quillfeather", **part
            )
            notification = self.world.notification(status="sent")
            type(notification)._base_manager.filter(pk=notification.pk).update(controller=part["controller"])
            notification.controller_id = part["controller"].pk
            alert = self.world.alert(
                setting=self.settings_[at % len(self.settings_)], notification=notification, child=child, audience=bits
            )
            type(alert)._base_manager.filter(pk=alert.pk).update(controller=part["controller"])
            alert.controller_id = part["controller"].pk
        for row in (child, notification, alert):
            self.house.keep(row)

    @rule(number=which, bits=st.integers(1, sum(AUDIENCE_BITS.values())))
    def an_alert_goes_to_others(self, number: int, bits: int) -> None:
        if row := self._row("alerts.Alert", number):
            self._set(row, audience=bits)

    @rule(who=which, number=which, hours=st.sampled_from([-1, 1]))
    def access_is_given(self, who: int, number: int, hours: int) -> None:
        person, alert = self._person(who), self._row("alerts.Alert", number)
        known = {(g.user_id, g.content_object_id) for g in self.house.rows["alerts.AlertGrant"]}
        if alert is None or (person.pk, alert.pk) in known:
            return
        with fixtures():
            permission = Permission.objects.get(codename="view_alert")
            self.house.keep(
                AlertGrant.objects.create(
                    user=person, permission=permission, content_object=alert, agency=alert.setting, reason="key worker",
                    granted_by=self.world.dsl, granted_at=timezone.now() - 2 * HOUR, expires_at=timezone.now() + hours * HOUR,
                )
            )  # fmt: skip

    @rule(number=which)
    def access_is_withdrawn(self, number: int) -> None:
        if row := self._row("alerts.AlertGrant", number):
            self._set(row, withdrawn_at=timezone.now())

    @rule(number=which)
    def access_runs_out(self, number: int) -> None:
        if row := self._row("alerts.AlertGrant", number):
            self._set(row, expires_at=timezone.now() - HOUR)

    @invariant()
    def the_walls_and_the_oracle_agree(self) -> None:
        oracle = Oracle(self.house)
        models = {label: apps.get_model(label) for label in LABELS}
        ours = {label: {row.pk for row in self.house.rows[label]} for label in LABELS}
        for name, person in self.house.people.items():
            with as_user(person):
                for label, model in models.items():
                    second = set(model._base_manager.filter(pk__in=ours[label]).values_list("pk", flat=True))
                    assert second == oracle.visible(person, label), (name, label, "the database")
        with fixtures():
            for name, person in self.house.people.items():
                for label, model in models.items():
                    seen = VisibleQuerySet(model).visible_to(person).filter(pk__in=ours[label])
                    first = set(seen.values_list("pk", flat=True))
                    assert first == oracle.visible(person, label), (name, label, "the query")


@pytest.mark.req("NTK-01", "NTK-02", "NTK-03", "NTK-07")
@pytest.mark.django_db
@pytest.mark.parametrize(("examples", "steps"), [(10, 12), pytest.param(60, 40, marks=pytest.mark.prove)])
def test_in_any_world_both_walls_and_the_oracle_agree(examples: int, steps: int) -> None:
    with fixtures():
        AnyWorld.world = World()
        AnyWorld.hubs = [
            AnyWorld.world.mash,
            AgencyFactory(kind=AgencyKind.MASH, partnership=AnyWorld.world.partnership),
        ]
        AnyWorld.settings_ = [AnyWorld.world.school, AnyWorld.world.other_school, AnyWorld.world.council]
    assert connection.in_atomic_block
    run_state_machine_as_test(
        AnyWorld,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
