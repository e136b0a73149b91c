"""Shutting somebody out: it beats roles, grants and emergencies, and leaves no trace for them."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from alerts.delivery.services import address_anew
from alerts.models import Alert, AlertGrant, Exclusion, MatchCandidate, Notification, NotificationChild
from alerts.readers import selectors, services
from alerts.readers.enums import Scope
from alerts.screening.querysets import queue
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.access.selectors import readers_of_child, readers_of_notification
from safeguarding.agencies.enums import Role
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record
from safeguarding.children.models import Child
from safeguarding.errors import Conflict, NotVisible, Refused
from tests.delivery.support import again, alert_of, drain, emails, prepared
from tests.factories import member
from tests.readers.conftest import Place
from tests.readers.support import TOMORROW, break_glass, let_in, opens, readers, shut_out
from tests.support.db import as_service, as_user, fixtures


@pytest.mark.req("NTK-04", "MRC-18")
def test_an_exclusion_beats_the_role_and_everything_about_the_child_is_gone(place: Place) -> None:
    world = place.world
    with fixtures():
        candidate_of = world.notification()
        row = NotificationChild.objects.create(
            notification=candidate_of, position=0, match="possible", state="waiting", waiting_for="match",
            partnership=world.partnership, controller=world.mash,
        )  # fmt: skip
        MatchCandidate.objects.create(
            notification_child=row,
            child=place.alert.child,
            score=70,
            partnership=world.partnership,
            controller=world.mash,
        )
    with as_user(world.officer):
        record("alert.checked", place.alert)
    shut_out(place.alert.notification, world.officer, by=world.manager)
    with as_user(world.officer):
        assert not Child.objects.filter(pk=place.alert.child_id).exists()
        assert not Alert.objects.filter(pk=place.alert.pk).exists()
        assert not Notification.objects.filter(pk__in=[place.alert.notification_id, candidate_of.pk]).exists()
        assert not queue().handled_by(world.officer).exists()
        assert not MatchCandidate.objects.exists()
        assert not NotificationChild.objects.exists()
        # what somebody did is known to them; what others did about it is not
        assert {entry.actor_id for entry in AuditEntry.objects.filter(alert=place.alert)} == {world.officer.pk}
        # and nothing says why: no list of exclusions, no entry about this one
        assert not Exclusion.objects.exists()
        assert not AuditEntry.objects.filter(event="exclusion.made").exists()
    with as_user(world.manager):
        assert Alert.objects.filter(pk=place.alert.pk).exists()
        shown = readers_of_notification(place.alert.notification, for_user=world.manager)
        shown += readers_of_child(place.alert.child, for_user=world.manager)
        assert world.officer.pk not in {reader.user_id for reader in shown}
        assert world.manager.pk in {reader.user_id for reader in shown}
    assert world.officer.pk not in readers(place.alert, for_user=world.dsl)


@pytest.mark.req("NTK-04")
def test_an_exclusion_beats_a_grant_and_an_emergency(place: Place) -> None:
    world = place.world
    let_in(place.alert, world.head, world.school, by=world.dsl)
    assert opens(place.alert, world.head)
    shut_out(place.alert, world.head, by=world.manager, scope=Scope.RECORD)
    assert not opens(place.alert, world.head)
    with as_user(world.head):
        assert not AlertGrant.objects.exists()
        assert selectors.shared_with(world.head) == []
    assert break_glass(place.alert.ref, by=world.head) is None


@pytest.mark.req("MRC-18")
def test_a_lead_shuts_out_own_staff_and_nobody_elses(place: Place) -> None:
    world = place.world
    exclusion = shut_out(place.alert, world.deputy, by=world.dsl)
    assert (exclusion.agency, exclusion.child_id) == (world.school, place.alert.child_id)
    with as_user(world.dsl):
        subject = selectors.get_subject(place.alert.ref, for_user=world.dsl)
        assert [each.user for each in selectors.exclusions_of(subject)] == [world.deputy]
    # the hub's exclusion of a colleague is the hub's: the school is not told of it
    shut_out(place.alert, world.tutor, by=world.manager)
    with as_user(world.dsl):
        assert [each.user for each in selectors.exclusions_of(subject)] == [world.deputy]
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        shut_out(place.alert, world.other_dsl, by=world.dsl)
    for person in (world.deputy, world.tutor, world.constable, world.ig_lead, world.other_dsl):
        with pytest.raises(NotVisible):
            shut_out(place.alert, world.admin, by=person)
    with pytest.raises(NotVisible):  # an officer shares, a manager shuts out
        shut_out(place.alert, world.admin, by=world.officer)
    with pytest.raises(Refused, match="yourself"):
        shut_out(place.alert, world.dsl, by=world.dsl)


@pytest.mark.req("MRC-18")
def test_it_is_lifted_with_a_reason_once_and_reviewed_within_a_year(place: Place) -> None:
    world = place.world
    with pytest.raises(Refused, match="within a year"):
        shut_out(place.alert, world.deputy, by=world.dsl, review_on=timezone.localdate() + 400 * TOMORROW)
    exclusion = shut_out(place.alert, world.officer, by=world.manager)
    with as_user(world.manager):
        subject = selectors.get_subject(place.alert.ref, for_user=world.manager)
        services.lift(subject, exclusion=exclusion, because="Not related after all", by=world.manager)
        with pytest.raises(Conflict):
            services.lift(subject, exclusion=exclusion, because="Again", by=world.manager)
    with as_user(world.officer):
        assert Alert.objects.filter(pk=place.alert.pk).exists()
        assert not AuditEntry.objects.filter(event__startswith="exclusion.").exists()
    with as_user(place.ig):
        events = set(AuditEntry.objects.filter(event__startswith="exclusion.").values_list("event", flat=True))
        assert events == {"exclusion.made", "exclusion.lifted"}


@pytest.mark.req("MRC-18", "ALR-23")
def test_a_dsl_who_is_shut_out_is_not_told_and_the_next_role_is(place: Place) -> None:
    world = place.world
    shut_out(place.alert, world.dsl, by=world.manager)
    with fixtures():
        before = {email.pk for email in emails()}
    notification = prepared(world, world.school)
    with fixtures():
        Alert.objects.filter(notification=notification).update(child=place.alert.child)
    drain()
    alert = alert_of(notification)
    assert alert.audience == AUDIENCE_BITS["dsl"] + AUDIENCE_BITS["deputy_dsl"]
    told = {email.recipient for email in emails() if email.pk not in before}
    assert told == {world.deputy}
    assert not opens(alert, world.dsl)
    assert opens(alert, world.deputy)
    assert again(notification).status == "sent"


@pytest.mark.req("MRC-18", "ALR-23")
def test_an_alert_that_has_left_already_goes_to_who_stands_in(place: Place) -> None:
    world = place.world
    shut_out(place.alert, world.dsl, by=world.manager)
    with as_service("dispatch"):
        alert = Alert.objects.get(pk=place.alert.pk)
    assert alert.audience & AUDIENCE_BITS["deputy_dsl"]
    assert {(email.recipient, email.template) for email in emails()} == {(world.deputy, "alert_passed_on")}
    with as_service("dispatch"), transaction.atomic():
        address_anew(alert, occasion="again")
    assert len(emails()) == 1


@pytest.mark.req("MRC-18", "ALR-23")
def test_when_nobody_is_left_at_the_setting_the_hub_is_told(place: Place) -> None:
    from alerts.delivery.selectors import nobody_reads

    world = place.world
    for person in (world.dsl, world.deputy, world.head):
        shut_out(place.alert, person, by=world.manager)
    with as_user(world.officer):
        assert nobody_reads([place.alert]) == {place.alert.pk}


@pytest.mark.req("MRC-18", "NTK-04")
def test_nobody_asks_for_the_exclusions_of_another(place: Place) -> None:
    from django.db import connection

    shut_out(place.alert, place.world.deputy, by=place.world.dsl)
    for statement in (
        "SELECT app.shut_alerts(%s)",
        "SELECT app.people_shut_from_alert(%s)",
        "SELECT app.not_to_be_told(%s)",
        "SELECT app.not_to_be_told_of(%s, NULL, NULL)",
    ):
        with (
            as_user(place.world.tutor),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [place.world.deputy.pk])


@pytest.mark.req("NTK-04")
def test_an_information_governance_lead_who_is_shut_out_reads_no_line_about_it(place: Place) -> None:
    world = place.world
    with as_user(world.dsl):
        record("alert.opened", place.alert)
    with fixtures():
        ig = member(world.mash, Role.IG_LEAD)
    with as_user(ig):
        assert AuditEntry.objects.filter(alert=place.alert).exists()
    shut_out(place.alert, ig, by=world.manager)
    with as_user(ig):
        assert not AuditEntry.objects.filter(alert=place.alert).exists()
        assert not AuditEntry.objects.visible_to(ig).filter(event="exclusion.made").exists()
