"""Two workers send the alerts of two siblings at once, on two real connections."""

import threading

import pytest
from django.db import connection, transaction

from alerts.delivery.services import send
from alerts.models import Alert, FileLink, SafeguardingFile
from tests.delivery.support import prepared
from tests.factories import World
from tests.files.test_file import file_at
from tests.support.db import as_service, fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.req("ALR-15")
def test_siblings_whose_alerts_are_sent_at_once_have_linked_files(transactional_db: None) -> None:
    with transaction.atomic(), fixtures():
        world = World()
    with transaction.atomic():
        file_at(world)  # the first of a setting's files waits for the key that all have in common
    with transaction.atomic():
        notification = prepared(world, world.school, world.school)
    with as_service("dispatch"), transaction.atomic():
        first, second = Alert.objects.filter(notification=notification).order_by("pk").values_list("pk", flat=True)
    filed, other_done = threading.Event(), threading.Event()

    def send_first() -> None:
        try:
            with as_service("dispatch"), transaction.atomic():
                send(first)
                filed.set()
                other_done.wait(2)  # it waits for this one's end, or has not seen its entry
        finally:
            connection.close()

    def send_second() -> None:
        try:
            filed.wait(10)
            with as_service("dispatch"), transaction.atomic():
                send(second)
            other_done.set()
        finally:
            connection.close()

    threads = [threading.Thread(target=send_first), threading.Thread(target=send_second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with as_service("dispatch"), transaction.atomic():
        one, two = SafeguardingFile.objects.filter(entries__alert__notification=notification).order_by("pk")
        assert FileLink.objects.get(first=one, second=two).kind == "incident"
