"""What happened to a record, for those who may see the record and for nobody else."""

import pytest

from alerts.models import Alert, Notification
from alerts.response.services import open_alert
from alerts.screening import services
from alerts.screening.enums import Decision
from safeguarding.access.selectors import readers_of_alert, readers_of_notification
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.selectors import history_of
from tests.factories import World
from tests.support.db import as_user, fixtures


@pytest.mark.req("AUD-01", "NTK-02")
def test_the_history_of_a_notification_is_the_hubs(world: World, notification: Notification) -> None:
    with as_user(world.officer):
        services.claim(notification=notification, by=world.officer)
        services.release(notification=notification, by=world.officer)
    with as_user(world.manager):
        services.screen(notification, level=1, decision=Decision.NO_ALERT, reason="Seen.", version=1, by=world.manager)
        told = [(line.title, line.by) for line in history_of(notification, for_user=world.manager)]
    assert told == [
        ("Claimed", world.officer.name),
        ("Released", world.officer.name),
        ("Screening decided", world.manager.name),
        ("Closed without an alert", world.manager.name),
    ]
    for person in (world.constable, world.dsl, world.ig_lead, world.tutor):
        with as_user(person):
            assert history_of(notification, for_user=person) == []
            assert readers_of_notification(notification, for_user=person) == []


@pytest.mark.req("AUD-01", "NTK-02", "NTK-08")
def test_the_history_of_an_alert_is_its_readers(world: World) -> None:
    with fixtures():
        alert = world.alert()
    for _ in range(3):
        with as_user(world.dsl):
            open_alert(alert, by=world.dsl, purpose="read")
    for person in (world.dsl, world.officer):
        with as_user(person):
            lines = history_of(alert, for_user=person)
            assert [(line.title, line.by, line.text) for line in lines] == [
                ("Opened", world.dsl.name, "3 times in all")
            ]
    for person in (world.other_dsl, world.head, world.tutor, world.constable):
        with as_user(person):
            assert history_of(alert, for_user=person) == []
            assert readers_of_alert(alert, for_user=person) == []


@pytest.mark.req("NTK-01")
def test_both_walls_agree_on_the_memory(world: World, notification: Notification) -> None:
    with fixtures():
        alert = world.alert()
    with as_user(world.officer):
        services.claim(notification=notification, by=world.officer)
    with as_user(world.dsl):
        open_alert(alert, by=world.dsl, purpose="read")
    people = [each for each in vars(world).values() if each.__class__.__name__ == "User"]
    for person in people:
        with as_user(person):
            seen = set(AuditEntry.objects.values_list("pk", flat=True))
            assert seen == set(AuditEntry.objects.visible_to(person).values_list("pk", flat=True)), person.name
            assert Alert.objects.count() == Alert.objects.visible_to(person).count()
