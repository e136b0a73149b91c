"""Where somebody works is read once in a transaction, and anew after whatever could have changed it (NTK-06, NTK-07)."""

import datetime as dt

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import Alert
from safeguarding.access.posts import agencies_where, posts_of
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership
from tests.factories import World, clear, member, require_clearance
from tests.readers.support import shut_out
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


def test_it_is_asked_once_however_many_lists_ask(world: World) -> None:
    with as_user(world.officer), CaptureQueriesContext(connection) as asked:
        assert agencies_where(world.officer, "notification") == [world.mash.pk]
        assert agencies_where(world.officer, "audit") == []
        list(Alert.objects.visible_to(world.officer))
    assert len([each for each in asked if "FROM agencies_membership" in each["sql"]]) == 1


@pytest.mark.req("NTK-07")
def test_who_leaves_in_the_same_transaction_has_left(world: World) -> None:
    with as_user(world.admin), transaction.atomic():
        assert agencies_where(world.admin, "members") == [world.school.pk]
        Membership.objects.filter(user=world.admin).update(ended_at=timezone.now())
        assert agencies_where(world.admin, "members") == []


def test_what_is_taken_back_is_asked_anew(world: World) -> None:
    with as_user(world.admin):
        with transaction.atomic():
            Membership.objects.filter(user=world.admin).update(ended_at=timezone.now())
            assert agencies_where(world.admin, "members") == []
            transaction.set_rollback(True)
        assert agencies_where(world.admin, "members") == [world.school.pk]


@pytest.mark.req("NTK-06")
def test_training_that_runs_out_meanwhile_shuts_meanwhile(world: World) -> None:
    with fixtures():
        require_clearance(world.partnership)
        clear(world.dsl, world.partnership)
    with as_user(world.dsl):
        assert agencies_where(world.dsl, "file") == [world.school.pk]
        with time_machine.travel(timezone.now() + dt.timedelta(days=366)):
            assert agencies_where(world.dsl, "file") == []


@pytest.mark.req("NTK-04")
def test_who_is_shut_out_meanwhile_is_shut_out(world: World) -> None:
    with fixtures():
        colleague, alert = member(world.school, Role.DSL), world.alert()
    with as_user(colleague):
        assert not posts_of(colleague).shut_out
        assert [each.pk for each in Alert.objects.visible_to(colleague)] == [alert.pk]
    shut_out(alert, colleague, by=world.dsl)
    with as_user(colleague):
        assert posts_of(colleague).shut_out
        assert not Alert.objects.visible_to(colleague)


def test_as_whom_it_was_asked_makes_a_difference(world: World) -> None:
    """A service sees memberships that a colleague does not, and what it saw stays with it."""
    with as_user(world.dsl):
        assert agencies_where(world.head, "file") == []
    with as_service("dispatch"):
        assert agencies_where(world.head, "file") == [world.school.pk]
    with as_user(world.dsl):
        assert agencies_where(world.head, "file") == []


def test_a_closed_account_works_nowhere(world: World) -> None:
    world.dsl.is_active = False
    with as_user(world.dsl):
        assert agencies_where(world.dsl, "file") == []
