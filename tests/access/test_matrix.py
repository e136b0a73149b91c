"""Every walled table, every kind of person and service, every way of reading: the database against the oracle."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Max, Model, Prefetch

from safeguarding.access.principal import NOBODY, Principal, acting_as
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.rules import WALLS
from safeguarding.access.vocabulary import Walled
from safeguarding.agencies.models import User
from tests.access.oracle import Oracle
from tests.access.oracle_words import EVERYTHING, guest_of
from tests.access.plan import SERVICES, House
from tests.support.db import fixtures

WALLED = sorted(label for label, rule in WALLS.items() if isinstance(rule, Walled))


def _rows(model: type[Model], sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql.format(table=model._meta.db_table))
        return cursor.fetchall()


# Every way of reading a table; a new one is one line. Each gives a set of ids, or a number that is compared.
IDS: dict[str, Callable[[type[Model]], set[int]]] = {
    "all": lambda m: {row.pk for row in m._base_manager.all()},
    "values": lambda m: set(m._base_manager.values_list("pk", flat=True)),
    "iterator": lambda m: {row.pk for row in m._base_manager.order_by("pk").iterator(chunk_size=2)},
    "in_bulk": lambda m: set(m._base_manager.in_bulk()),
    "raw": lambda m: {row.pk for row in m._base_manager.raw(f"SELECT * FROM {m._meta.db_table}")},
    "sql": lambda m: {pk for (pk,) in _rows(m, "SELECT id FROM {table}")},
    "union": lambda m: {
        pk for (pk,) in m._base_manager.values_list("pk").union(m._base_manager.values_list("pk"), all=True)
    },
    "subselect": lambda m: set(
        m._base_manager.filter(pk__in=m._base_manager.values("pk")).values_list("pk", flat=True)
    ),
    "cte": lambda m: {pk for (pk,) in _rows(m, "WITH everything AS (SELECT * FROM {table}) SELECT id FROM everything")},
}
NUMBERS: dict[str, tuple[Callable[[type[Model]], Any], Callable[[set[int]], Any]]] = {
    "count": (lambda m: m._base_manager.count(), len),
    "aggregate": (lambda m: m._base_manager.aggregate(n=Count("*"), top=Max("pk")), lambda s: {"n": len(s), "top": max(s, default=None)}),
    "exists": (lambda m: m._base_manager.exists(), bool),
    "latest": (lambda m: getattr(m._base_manager.order_by("-pk").first(), "pk", None), lambda s: max(s, default=None)),
}  # fmt: skip


def acting(who: User | str) -> AbstractContextManager:
    if not isinstance(who, str):
        return acting_as(Principal(user_id=who.pk))
    guest = guest_of(who)
    return acting_as(Principal(service=who) if guest is None else Principal(service="guest", guest_id=guest))


def everybody(house: House) -> Iterator[tuple[str, User | str]]:
    yield from house.people.items()
    yield from ((service, service) for service in (*SERVICES, *house.guests))


def test_the_oracle_speaks_of_every_walled_table() -> None:
    assert set(WALLED) == EVERYTHING


def judge_by_sql(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """Everybody, in the plainest way of reading: the second wall against the oracle."""
    table = apps.get_model(label)._meta.db_table
    for name, who in everybody(house):
        with acting(who), connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {table}")
            ids = {pk for (pk,) in cursor.fetchall()}
        if ids != (expected := oracle.visible(who, label)):
            yield label, name, ids ^ expected


def judge_first_wall(label: str, house: House, oracle: Oracle) -> list[Any]:
    """Every person: `visible_to` alone, the second wall down, for behind it a hole in the first would not show."""
    seen = VisibleQuerySet(apps.get_model(label))
    with fixtures():
        return [
            (label, name, "visible_to alone", ids ^ expected)
            for name, person in house.people.items()
            if (ids := set(seen.visible_to(person).values_list("pk", flat=True)))
            != (expected := oracle.visible(person, label))
        ]


def judge_every_way(label: str, name: str, who: User | str, expected: set[int]) -> list[Any]:
    """One person or service in every way of reading."""
    model = apps.get_model(label)
    wrong = []
    with acting(who):
        wrong += [
            (label, name, reader, ids ^ expected) for reader, read in IDS.items() if (ids := read(model)) != expected
        ]
        wrong += [
            (label, name, reader, number)
            for reader, (read, of) in NUMBERS.items()
            if (number := read(model)) != of(expected)
        ]
        if isinstance(who, User):
            # the first wall says the same as the second, and its count the same as its list
            seen = VisibleQuerySet(model).visible_to(who)
            got = (set(seen.values_list("pk", flat=True)), seen.count())
            if got != (expected, len(expected)):
                wrong.append((label, name, "visible_to", got))
    return wrong


def different_views(house: House, oracle: Oracle, label: str) -> list[tuple[str, User | str]]:
    """The first person and the first service of each different view of the table; whoever sees the same is alike."""
    first: dict[tuple[bool, frozenset[int]], tuple[str, User | str]] = {}
    for name, who in everybody(house):
        first.setdefault((isinstance(who, str), frozenset(oracle.visible(who, label))), (name, who))
    return list(first.values())


@pytest.mark.req("NTK-01", "NTK-02", "NTK-07")
@pytest.mark.parametrize("label", WALLED)
def test_matrix(label: str, house: House, oracle: Oracle) -> None:
    """Everybody reads in one way; one of each different view reads in every way."""
    wrong = [*judge_by_sql(label, house, oracle), *judge_first_wall(label, house, oracle)]
    for name, who in different_views(house, oracle, label):
        wrong += judge_every_way(label, name, who, oracle.visible(who, label))
    assert not wrong


@pytest.mark.prove
@pytest.mark.req("NTK-01", "NTK-02", "NTK-07")
@pytest.mark.parametrize("label", WALLED)
def test_the_whole_matrix(label: str, house: House, oracle: Oracle) -> None:
    wrong = [
        each for name, who in everybody(house) for each in judge_every_way(label, name, who, oracle.visible(who, label))
    ]
    assert not wrong


def _reverse(model: type[Model]) -> list[tuple[str, type[Model]]]:
    return [
        (relation.get_accessor_name(), relation.related_model)
        for relation in model._meta.related_objects
        if relation.get_accessor_name() and not relation.hidden and relation.one_to_many
    ]


@pytest.mark.prove
@pytest.mark.req("NTK-02")
def test_what_comes_along_through_a_relation_is_no_more_than_what_a_list_would_show(
    house: House, oracle: Oracle
) -> None:
    followed, wrong = set(), []
    parents = [model for model in apps.get_models() if model._meta.label in WALLS]
    for name, who in everybody(house):
        for parent in parents:
            for accessor, model in _reverse(parent):
                if model._meta.label not in WALLED:
                    continue
                with acting(who):
                    fetched = parent._base_manager.prefetch_related(Prefetch(accessor, model._base_manager.all()))
                    along = {row.pk for each in fetched for row in getattr(each, accessor).all()}
                followed.add((parent._meta.label, accessor))
                if not along <= oracle.visible(who, model._meta.label):
                    wrong.append((name, parent._meta.label, accessor))
    assert not wrong
    assert {("alerts.Notification", "alerts"), ("agencies.Agency", "memberships")} <= followed


UPWARDS = [
    *(("alerts.NotificationChild", "notification"), ("children.ChildToken", "child"), ("alerts.Alert", "child")),
    *(("alerts.AlertGrant", "content_object"), ("audit.AuditEntry", "alert")),
]
DOWNWARDS = [("alerts.Notification", "alerts"), ("agencies.User", "memberships"), ("children.Child", "placements")]


@pytest.mark.req("NTK-02")
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.prove)])
def test_a_join_shows_no_row_that_its_own_table_would_hide(house: House, oracle: Oracle, whole: bool) -> None:
    few = ("officer_here", "dsl_here", "tutor_here")
    people = [who for name, who in everybody(house) if whole or name in few]
    assert len(people) >= len(few)
    for label, path in UPWARDS:
        model = apps.get_model(label)
        for who in people:
            with acting(who):
                for row in model._base_manager.select_related(path).filter(**{f"{path}__isnull": False}):
                    far = row._state.fields_cache.get(path)
                    assert row.pk in oracle.visible(who, label)
                    assert far is None or far.pk in oracle.visible(who, far._meta.label)
    for label, path in DOWNWARDS:
        model = apps.get_model(label)
        far_label = model._meta.get_field(path).related_model._meta.label
        for who in people:
            with acting(who):
                assert set(model._base_manager.exclude(**{path: None}).values_list(f"{path}__pk", flat=True)) <= (
                    oracle.visible(who, far_label)
                )


EVERY_READER = [*IDS.values(), *(read for read, _ in NUMBERS.values())]


@pytest.mark.req("NTK-01")
def test_without_a_principal_every_way_of_reading_is_refused(house: House) -> None:
    for label in WALLED:
        for read in EVERY_READER:
            with acting_as(NOBODY), pytest.raises(DatabaseError, match="no principal"), transaction.atomic():
                read(apps.get_model(label))


@pytest.mark.req("NTK-01")
@pytest.mark.django_db
def test_without_a_principal_an_empty_table_is_refused_too() -> None:
    """A silent zero is a missed child."""
    for label in WALLED:
        for read in EVERY_READER:
            with acting_as(NOBODY), pytest.raises(DatabaseError, match="no principal"), transaction.atomic():
                read(apps.get_model(label))
