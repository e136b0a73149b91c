"""Wall 2 alone: what the database gives when a filter was forgotten."""

import pytest
from django.db import DatabaseError, connection, transaction

from alerts.models import Alert, Notification
from safeguarding.access.principal import NOBODY, acting_as
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record
from safeguarding.children.models import Child
from tests.factories import World
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with fixtures():
        world = World()
        world.first = world.alert()
        world.second = world.alert(setting=world.other_school)
    return world


@pytest.mark.req("NTK-02")
def test_a_forgotten_filter_returns_no_row_of_another_school(world: World) -> None:
    with as_user(world.other_dsl):
        assert set(Alert.objects.all()) == {world.second}
    with as_user(world.dsl):
        assert set(Alert.objects.all()) == {world.first}


@pytest.mark.req("NTK-01")
def test_rank_and_colleagues_see_nothing(world: World) -> None:
    for person in (world.tutor, world.head, world.deputy, world.constable, world.ig_lead, world.admin):
        with as_user(person):
            assert not Alert.objects.all().exists()


@pytest.mark.req("NTK-01")
def test_without_a_principal_the_database_raises(world: World) -> None:
    with as_user(world.dsl):
        record("alert.opened", world.first)
    for model in (Alert, Notification, Child, AuditEntry):
        with acting_as(NOBODY), pytest.raises(DatabaseError, match="no principal"), transaction.atomic():
            list(model.objects.all())


@pytest.mark.req("NTK-01")
def test_an_unknown_service_sees_nothing(world: World) -> None:
    with as_service("somebody"):
        assert not Alert.objects.all().exists()


def test_both_walls_agree(world: World) -> None:
    people = [v for v in vars(world).values() if v.__class__.__name__ == "User"]
    for model in (Alert, Notification, Child):
        for person in people:
            with as_user(person):
                assert set(model.objects.all()) == set(model.objects.visible_to(person)), (model, person)


@pytest.mark.req("AUD-02")
def test_the_app_can_neither_change_nor_delete_an_entry(world: World) -> None:
    with as_user(world.dsl):
        entry = record("alert.opened", world.first, purpose="test")
        assert AuditEntry.objects.get(pk=entry.pk).alert_id == world.first.pk
        for statement in ("UPDATE audit_auditentry SET event = 'x'", "DELETE FROM audit_auditentry"):
            with (
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as c,
            ):
                c.execute(statement)


def test_sealed_values_are_not_in_the_row_and_come_back(world: World) -> None:
    with connection.cursor() as cursor, fixtures():
        cursor.execute("SELECT child_given_name, adults FROM alerts_alert WHERE id = %s", [world.first.pk])
        name, adults = (bytes(value) for value in cursor.fetchone())
    assert b"Ottilie" not in name
    assert b"Quillfeather" not in adults
    with as_user(world.dsl):
        alert = Alert.objects.select_related("crypto_key").get()
        assert alert.child_given_name == "Ottilie"
        assert alert.adults == ["Ferelith Quillfeather", "Osric Vane"]
