from typing import Any

import pytest
from django.test import Client

from safeguarding.agencies.enums import Role
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record
from tests.factories import World, member
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in


@pytest.fixture
def world(db: None) -> World:
    """The hub and a school each with an IG lead; the school's lead has opened one alert, the other school's another."""
    with fixtures():
        world = World()
        world.child_on_record = world.child()
        world.one = world.alert(child=world.child_on_record)
        world.two = world.alert(setting=world.other_school)
        world.hub_lead = member(world.mash, Role.IG_LEAD, name="Hub Lead")
        world.school_lead = member(world.school, Role.IG_LEAD, name="School Lead")
        AuditEntry.objects.all().delete()
    with as_user(world.dsl, purpose="web"):
        record("alert.listed", shown=[world.one.ref], at=world.school.pk)
        record("alert.opened", world.one, purpose="To support the child")
    with as_user(world.other_dsl, purpose="web"):
        record("alert.opened", world.two, purpose="=1+1")
        record(
            "access.denied", outcome="denied", facts={"status": 404, "route": "alerts/<str:ref>/", "ref": world.one.ref}
        )
    with as_user(world.officer, purpose="web"):
        record("alert.checked", world.one)
        record("notification.opened", world.one.notification, shown=[world.child_on_record.ref])
    return world


@pytest.fixture
def hub_lead(world: World) -> Client:
    return signed_in(world.hub_lead)


@pytest.fixture
def school_lead(world: World) -> Client:
    return signed_in(world.school_lead)


def entries(**fields: Any) -> list[AuditEntry]:
    with fixtures():
        return list(AuditEntry.objects.filter(**fields).order_by("pk"))
