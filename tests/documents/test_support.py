"""Where families find help: the partnership's own list, looked after by the hub (ALR-27)."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.documents import selectors, services
from alerts.documents.enums import ForWhom
from alerts.documents.models import SupportService
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import User
from safeguarding.errors import NotVisible, Refused
from tests.factories import AgencyFactory, PartnershipFactory, World, member
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db

HARBOUR = {
    "for_whom": ForWhom.ADULTS,
    "name": "Safe Harbour",
    "words": "Advice and refuge",
    "phone": "01632 960603",
    "website": "",
    "hours": "Day and night",
}


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


@pytest.fixture
def manager(world: World) -> User:
    return world.manager


@pytest.mark.req("ALR-27")
def test_everybody_with_work_in_the_partnership_reads_the_list_and_nobody_elses(world: World, manager: User) -> None:
    with as_user(manager):
        services.list_service(world.partnership, by=manager, **HARBOUR)
    for reader in (world.dsl, world.tutor, world.officer):
        assert "01632 960603" in signed_in(reader).get("/support/").content.decode()
    with fixtures():
        stranger = member(AgencyFactory(partnership=PartnershipFactory()), Role.DSL)
    answer = signed_in(stranger).get("/support/").content.decode()
    assert "Safe Harbour" not in answer
    assert "has not listed any service yet" in answer


@pytest.mark.req("ALR-27")
def test_a_service_is_listed_once_checked_again_and_taken_off(world: World, manager: User) -> None:
    with as_user(manager):
        listed = services.list_service(world.partnership, by=manager, **HARBOUR)
        with pytest.raises(Refused, match="listed there already"):
            services.list_service(world.partnership, by=manager, **HARBOUR)
    with fixtures():
        SupportService.objects.filter(pk=listed.pk).update(checked_on=timezone.localdate() - dt.timedelta(days=366))
    assert selectors.stale(world.partnership) == 1
    client = signed_in(manager)
    assert "Check again" in client.get("/support/list/").content.decode()
    named = {"for_whom": ForWhom.ADULTS, "name": "Safe Harbour"}
    assert client.post("/support/list/checked/", named).status_code == 302
    assert selectors.stale(world.partnership) == 0
    assert client.post("/support/list/gone/", named).status_code == 302
    assert "01632 960603" not in client.get("/support/").content.decode()
    assert client.post("/support/list/gone/", named).status_code == 404


def test_only_a_manager_of_the_hub_changes_the_list(world: World) -> None:
    for other in (world.dsl, world.officer):
        assert signed_in(other).get("/support/list/").status_code == 404
        with as_user(other), pytest.raises(NotVisible):
            services.list_service(world.partnership, by=other, **HARBOUR)
