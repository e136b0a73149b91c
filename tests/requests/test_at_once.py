"""The hub and an agency at once, on two real connections (MSH-02, MSH-03)."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from alerts.models import Ask, InformationRequest, Package
from alerts.requests import answering, selectors, services
from safeguarding.agencies.models import User
from safeguarding.errors import HubError
from tests.delivery.support import emails
from tests.requests.conftest import ITEM, Place, a_place
from tests.requests.test_packages import decided, item_of, package_of
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db: None) -> Place:
    with transaction.atomic(), fixtures():
        return a_place()


def while_it_arrives(first: User, does: Callable[[], object], second: User, then: Callable[[], object]) -> list[str]:
    """`first` has done it and not committed when `second` begins; it commits once `second` waits or is through."""
    refused: list[str] = []
    through = threading.Event()

    def follow() -> None:
        try:
            with as_user(second), transaction.atomic():
                then()
        except HubError as error:
            refused.append(error.sentence)
        finally:
            through.set()
            connections.close_all()

    following = threading.Thread(target=follow)
    with as_user(first), transaction.atomic():
        does()
        following.start()
        until = time.monotonic() + 20
        while not through.is_set() and not _somebody_waits() and time.monotonic() < until:
            through.wait(0.05)
    following.join(30)
    return refused


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE NOT granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.req("MSH-03")
def test_limits_that_are_being_set_while_a_package_is_sent_stop_it(place: Place) -> None:
    manager = place.world.manager
    with transaction.atomic():
        item = item_of(place, onward=True)
        package = package_of(place, item)
        with as_user(manager):
            services.settle(package, by=manager)
        decided(place, package)
    refused = while_it_arrives(
        place.desk,
        lambda: answering.say_onward(item, permitted=True, limits="Not to be told to the family", by=place.desk),
        manager,
        lambda: services.send(package, to=place.health, by=manager),
    )
    assert [sentence[:33] for sentence in refused] == ["Council has changed the limits of"]
    with as_user(manager), transaction.atomic():
        assert Package.objects.get().state == "settled"


@pytest.mark.req("MSH-02")
def test_an_answer_that_arrives_while_the_request_is_closed_is_kept(place: Place) -> None:
    with transaction.atomic():
        ask = place.asked()
        with as_user(place.desk):
            answering.add_item(ask, by=place.desk, **ITEM)
    officer = place.world.officer
    refused = while_it_arrives(
        place.desk,
        lambda: answering.finish(ask, by=place.desk),
        officer,
        lambda: services.close(ask.request, by=officer),
    )
    assert refused == []
    with as_user(officer), transaction.atomic():
        assert Ask.objects.get().state == "answered"
        assert len(selectors.items_of(ask.request, for_user=officer)) == 1
        assert InformationRequest.objects.get().state == "closed"
    with as_service("dispatch"), transaction.atomic():
        assert [each.template for each in emails() if each.template == "request_withdrawn"] == []
