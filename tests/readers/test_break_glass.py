"""Opening a record in an emergency: at once, for a short time, with an alarm and a review."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from alerts.models import AlertGrant, BreakGlass
from alerts.readers import selectors, services
from alerts.readers.enums import Finding
from alerts.response import services as response
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership, Partnership
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from tests.delivery.support import emails
from tests.factories import member
from tests.readers.conftest import Place
from tests.readers.support import break_glass, opens, readers, shut_out
from tests.support.db import as_service, as_user, fixtures


def glass_of(place: Place) -> BreakGlass:
    with as_service("dispatch"):
        return BreakGlass.objects.get()


@pytest.mark.req("NTK-05", "NTK-08")
def test_it_opens_at_once_for_an_hour_and_everybody_who_can_see_it_sees_that(place: Place) -> None:
    world = place.world
    assert not opens(place.alert, world.head)
    assert break_glass(place.alert.ref, by=world.head) == place.alert
    assert opens(place.alert, world.head)
    assert world.head.pk in readers(place.alert, for_user=world.dsl)
    glass = glass_of(place)
    assert glass.expires_at - glass.opened_at == dt.timedelta(minutes=60)
    with as_user(world.dsl):
        events = AuditEntry.objects.filter(alert=place.alert, event="glass.broken")
        assert [(entry.actor, entry.way_in) for entry in events] == [(world.head, "break_glass")]
    with as_user(world.head):
        response.open_alert(place.alert, by=world.head, purpose="read")
        assert AuditEntry.objects.get(event="alert.opened").way_in == "break_glass"
    with fixtures():
        AlertGrant.objects.update(expires_at=timezone.now() - dt.timedelta(hours=1))
    assert not opens(place.alert, world.head)


@pytest.mark.req("NTK-05")
def test_the_information_governance_lead_is_told_at_once_without_a_name(place: Place) -> None:
    break_glass(place.alert.ref, by=place.world.head)
    [email] = emails()
    assert (email.recipient, email.template) == (place.ig, "glass_broken")
    assert email.context["link"].endswith(f"/emergency/reviews/{glass_of(place).ref}/")
    assert "CANARY" not in str(email.context)
    assert "Ottilie" not in str(email.context)


@pytest.mark.req("NTK-05")
@pytest.mark.parametrize(("left", "told"), [("hub_ig", "council"), ("all_ig", "managers")])
def test_without_a_lead_at_the_hub_the_councils_is_told_and_without_any_the_managers(
    place: Place, left: str, told: str
) -> None:
    world = place.world
    gone = [place.ig.pk] + ([world.ig_lead.pk] if left == "all_ig" else [])
    with fixtures():
        Membership.objects.filter(user__in=gone).update(ended_at=timezone.now())
    break_glass(place.alert.ref, by=world.head)
    assert [email.recipient for email in emails()] == [world.ig_lead if told == "council" else world.manager]


@pytest.mark.req("NTK-05", "NTK-01")
def test_absent_out_of_reach_and_shut_out_are_the_same_nothing_and_are_remembered(place: Place) -> None:
    world = place.world
    with fixtures():
        elsewhere = world.alert(setting=world.other_school)
        unsent = world.alert(status="queued", audience=0, sent_at=None)
    shut_out(place.alert, world.head, by=world.manager)
    for ref in ("A-0000-0000", "nonsense", elsewhere.ref, unsent.ref, place.alert.ref):
        assert break_glass(ref, by=world.head) is None
    assert [email for email in emails() if email.template == "glass_broken"] == []
    with as_user(world.head):
        assert not BreakGlass.objects.exists()
        tried = AuditEntry.objects.filter(event="glass.refused", outcome="denied")
        assert tried.count() == 5
    # and a sixth in the same hour finds nothing, whatever it names
    with as_user(world.manager):
        subject = selectors.get_subject(place.alert.ref, for_user=world.manager)
        services.lift(subject, exclusion=selectors.exclusions_of(subject)[0], because="x", by=world.manager)
    assert break_glass(place.alert.ref, by=world.head) is None


@pytest.mark.req("NTK-05")
def test_the_partnership_says_who_and_for_how_long(place: Place) -> None:
    world = place.world
    for person in (world.tutor, world.constable, world.ehe, world.ig_lead, world.admin):
        with pytest.raises(NotVisible):
            break_glass(place.alert.ref, by=person)
    with fixtures():
        Partnership.objects.update(break_glass_roles=["head"], break_glass_minutes=15)
    with pytest.raises(NotVisible):
        break_glass(place.alert.ref, by=world.deputy)
    break_glass(place.alert.ref, by=world.head)
    glass = glass_of(place)
    assert glass.expires_at - glass.opened_at == dt.timedelta(minutes=15)


@pytest.mark.req("NTK-05")
def test_the_hub_reads_the_names_in_an_emergency_and_who_can_read_anyway_needs_none(place: Place) -> None:
    world = place.world
    assert not opens(place.alert, world.officer)  # it sent the alert, and sees on its board that, not what
    break_glass(place.alert.ref, by=world.officer)
    assert opens(place.alert, world.officer)
    for person, ref in ((world.dsl, place.alert.ref), (world.officer, place.alert.notification.ref)):
        with pytest.raises(Refused, match="without an emergency"):
            break_glass(ref, by=person)


@pytest.mark.req("NTK-05")
def test_it_is_reviewed_with_a_finding_by_somebody_else_once(place: Place) -> None:
    world = place.world
    with fixtures():
        both = member(world.school, Role.HEAD)
        Membership.objects.create(user=both, agency=world.mash, role=Role.IG_LEAD)
    break_glass(place.alert.ref, by=both)
    glass = glass_of(place)
    with as_user(both), pytest.raises(Refused, match="somebody else"):
        services.review(glass, finding=Finding.JUSTIFIED, note="I was right", by=both)
    with as_user(both), transaction.atomic():
        assert BreakGlass.objects.filter(pk=glass.pk).update(finding="justified") == 0  # and the wall says so too
    for person in (world.dsl, world.manager, world.ig_lead):
        with as_user(person), pytest.raises(NotVisible):
            services.review(glass, finding=Finding.JUSTIFIED, note="x", by=person)
    with as_user(place.ig):
        assert [each.pk for each in selectors.reviews(for_user=place.ig).open] == [glass.pk]
        services.review(glass, finding=Finding.AVOIDABLE, note="The deputy was there", by=place.ig)
        assert selectors.reviews(for_user=place.ig).open == []
        with pytest.raises(Conflict):
            services.review(glass, finding=Finding.WRONG, note="x", by=place.ig)


@pytest.mark.req("NTK-05")
def test_who_reviews_can_end_it_at_once(place: Place) -> None:
    world = place.world
    break_glass(place.alert.ref, by=world.head)
    glass = glass_of(place)
    with as_user(place.ig):
        services.end_glass(glass, by=place.ig)
        with pytest.raises(Conflict):
            services.end_glass(glass, by=place.ig)
    assert not opens(place.alert, world.head)


@pytest.mark.req("NTK-05")
def test_the_second_wall_opens_nothing_without_a_glass_of_ones_own(place: Place) -> None:
    world = place.world
    break_glass(place.alert.ref, by=world.head)
    glass = glass_of(place)
    with as_service("dispatch"):
        grant = AlertGrant.objects.get()
    with fixtures():
        other = world.alert()

    def made(**fields: object) -> AlertGrant:
        values = {
            "user": world.head, "agency": world.school, "content_object": place.alert, "permission": grant.permission,
            "granted_by": world.head, "expires_at": glass.expires_at, "break_glass": glass,
        }  # fmt: skip
        return AlertGrant(**{**values, **fields})

    later = glass.expires_at + dt.timedelta(days=1)
    for person, fields in (
        (world.head, {"break_glass": None}),
        (world.head, {"content_object": other}),
        (world.head, {"expires_at": later}),
        (world.deputy, {"user": world.deputy, "granted_by": world.deputy}),
    ):
        with as_user(person), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            AlertGrant.objects.bulk_create([made(**fields)])
    with as_user(world.head), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        BreakGlass.objects.create(
            partnership=world.partnership, controller=world.mash, user=world.head, agency=world.school, role="head",
            alert=other, because="danger", reason="x", expires_at=later, review_agency=world.mash, review_due_at=later,
        )  # fmt: skip
