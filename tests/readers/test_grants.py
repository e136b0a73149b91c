"""Letting a colleague in by name, and taking it back."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from alerts.models import AlertGrant, Notification
from alerts.readers import selectors
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership, Partnership
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from tests.delivery.support import emails
from tests.factories import UserFactory, member
from tests.readers.conftest import Place
from tests.readers.support import TOMORROW, let_in, opens, readers, shut_out, withdraw
from tests.support.db import as_service, as_user, fixtures


@pytest.mark.req("NTK-03")
def test_a_grant_names_who_gave_it_why_and_until_when_and_opens_the_alert(place: Place) -> None:
    world = place.world
    assert not opens(place.alert, world.tutor)
    grant = let_in(place.alert, world.tutor, world.school, by=world.dsl)
    assert (grant.granted_by, grant.reason, grant.agency) == (world.dsl, "Key worker of the child", world.school)
    assert timezone.localtime(grant.expires_at).date() == timezone.localdate() + 2 * TOMORROW  # the end of tomorrow
    assert opens(place.alert, world.tutor)
    assert world.tutor.pk in readers(place.alert, for_user=world.dsl)
    with as_service("dispatch"):
        entry = AuditEntry.objects.get(event="grant.given", alert=place.alert)
    assert (entry.actor, entry.additional_data["to"]) == (world.dsl, world.tutor.pk)


@pytest.mark.req("NTK-03")
def test_who_was_let_in_is_told_without_a_name(place: Place) -> None:
    let_in(place.alert, place.world.tutor, place.world.school, by=place.world.dsl)
    [email] = emails()
    assert (email.recipient, email.template) == (place.world.tutor, "access_given")
    assert email.context["link"].endswith(f"/alerts/{place.alert.ref}/")
    assert "Ottilie" not in str(email.context)
    assert "Key worker" not in str(email.context)


@pytest.mark.req("NTK-03")
def test_it_is_withdrawn_by_a_button_and_ends_by_itself(place: Place) -> None:
    world = place.world
    first = let_in(place.alert, world.tutor, world.school, by=world.dsl)
    withdraw(place.alert, first, by=world.dsl)
    assert not opens(place.alert, world.tutor)
    assert world.tutor.pk not in readers(place.alert, for_user=world.dsl)
    with pytest.raises(Conflict):
        withdraw(place.alert, first, by=world.dsl)
    # and given again: what is over is history, not in the way
    second = let_in(place.alert, world.tutor, world.school, by=world.dsl)
    with fixtures():
        AlertGrant.objects.filter(pk=second.pk).update(expires_at=timezone.now() - dt.timedelta(hours=1))
    assert not opens(place.alert, world.tutor)
    assert world.tutor.pk not in readers(place.alert, for_user=world.dsl)


@pytest.mark.req("NTK-03", "NTK-02")
def test_a_lead_lets_in_within_the_setting_and_the_hub_within_the_partnership(place: Place) -> None:
    world = place.world
    with pytest.raises(Refused):
        let_in(place.alert, world.other_dsl, world.other_school, by=world.dsl)
    let_in(place.alert, world.other_dsl, world.other_school, by=world.officer)
    assert opens(place.alert, world.other_dsl)
    with fixtures():
        stranger = member(
            world.school.__class__.objects.create(slug="elsewhere", name="Elsewhere", kind="school"), Role.DSL
        )
        elsewhere = Membership.objects.get(user=stranger).agency
    with pytest.raises(NotVisible):  # to a body of no partnership of ours nothing can be decided to be shared either
        let_in(place.alert, stranger, elsewhere, by=world.officer)


@pytest.mark.req("NTK-03", "NTK-01")
def test_who_was_only_let_in_cannot_let_in_others(place: Place) -> None:
    world = place.world
    let_in(place.alert, world.tutor, world.school, by=world.dsl)
    let_in(place.alert, world.deputy, world.school, by=world.dsl)
    for person in (world.tutor, world.deputy, world.head, world.ig_lead, world.admin, world.constable):
        with pytest.raises(NotVisible):
            let_in(place.alert, world.admin, world.school, by=person)


@pytest.mark.req("NTK-03")
def test_the_givers_own_access_must_hold_at_that_moment(place: Place) -> None:
    world = place.world
    with as_user(world.dsl):
        subject = selectors.get_subject(place.alert.ref, for_user=world.dsl)
        with fixtures():
            Membership.objects.filter(user=world.dsl).update(ended_at=timezone.now())
        with pytest.raises(NotVisible):
            from alerts.readers import services

            services.let_in(
                subject, person=world.tutor, agency=world.school, reason="x", until=timezone.localdate(), by=world.dsl
            )


@pytest.mark.req("NTK-03", "NTK-07")
def test_only_an_active_member_is_let_in_and_a_leaver_loses_it_at_once(place: Place) -> None:
    world = place.world
    with fixtures():
        nobody = UserFactory()
    with pytest.raises(Refused):
        let_in(place.alert, nobody, world.school, by=world.dsl)
    let_in(place.alert, world.tutor, world.school, by=world.dsl)
    with fixtures():
        Membership.objects.filter(user=world.tutor).update(ended_at=timezone.now())
        member(world.other_school, Role.SETTING_STAFF)
        Membership.objects.create(user=world.tutor, agency=world.other_school, role=Role.SETTING_STAFF)
    assert not opens(place.alert, world.tutor)


@pytest.mark.req("NTK-03")
def test_the_partnership_says_for_how_long_at_most(place: Place) -> None:
    world = place.world
    with fixtures():
        Partnership.objects.filter(pk=world.partnership.pk).update(grant_days=2)
    with pytest.raises(Refused, match="at the latest"):
        let_in(place.alert, world.tutor, world.school, by=world.dsl, until=timezone.localdate() + 2 * TOMORROW)
    with pytest.raises(Refused):
        let_in(place.alert, world.tutor, world.school, by=world.dsl, until=timezone.localdate() - TOMORROW)
    let_in(place.alert, world.tutor, world.school, by=world.dsl, until=timezone.localdate() + TOMORROW)


@pytest.mark.req("NTK-03")
def test_the_second_wall_takes_no_grant_in_anothers_name_nor_longer_nor_for_oneself(place: Place) -> None:
    world = place.world
    grant = let_in(place.alert, world.deputy, world.school, by=world.dsl)

    def made(**fields: object) -> AlertGrant:
        values = {
            "user": world.tutor, "agency": world.school, "content_object": place.alert, "permission": grant.permission,
            "granted_by": world.dsl, "expires_at": timezone.now() + TOMORROW, "reason": "x",
        }  # fmt: skip
        return AlertGrant(**{**values, **fields})

    for fields in (
        {"granted_by": world.officer},
        {"user": world.dsl},
        {"expires_at": timezone.now() + 400 * TOMORROW},
        {"user": world.other_dsl, "agency": world.other_school},
        {"agency": world.other_school},
    ):
        with as_user(world.dsl), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            AlertGrant.objects.bulk_create([made(**fields)])
    with as_user(world.dsl), transaction.atomic():
        AlertGrant.objects.bulk_create([made()])
    # what was given is history: only its end is written later
    for column in ("expires_at", "user_id", "reason"):
        with as_user(world.dsl), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            AlertGrant.objects.filter(pk=grant.pk).update(**{column: getattr(grant, column)})


@pytest.mark.req("NTK-03", "NTK-08")
def test_a_notification_is_shared_by_the_hub_alone(place: Place) -> None:
    world, notification = place.world, place.alert.notification
    for person in (world.dsl, world.constable):
        with pytest.raises(NotVisible):
            let_in(notification, world.tutor, world.school, by=person)
    let_in(notification, world.ehe, world.council, by=world.officer)
    with as_user(world.ehe):
        found = selectors.get_shared_notification(notification.ref, for_user=world.ehe)
        assert found.content is not None
        assert found.content.narrative == "CANARY narrative"
        assert set(Notification.objects.all()) == {notification}
        assert [shared.record for shared in selectors.shared_with(world.ehe)] == [notification]
    with as_user(world.tutor), pytest.raises(NotVisible):
        selectors.get_shared_notification(notification.ref, for_user=world.tutor)
    with as_user(world.officer):
        subject = selectors.get_subject(notification.ref, for_user=world.officer)
        assert world.ehe.pk in {reader.user_id for reader in subject.readers}


@pytest.mark.req("NTK-03", "MRC-18")
def test_who_is_shut_out_cannot_be_let_in(place: Place) -> None:
    world = place.world
    shut_out(place.alert, world.tutor, by=world.manager)
    with pytest.raises(Refused, match="cannot be given"):
        let_in(place.alert, world.tutor, world.school, by=world.dsl)
    assert not [email for email in emails() if email.recipient == world.tutor]


def test_people_are_found_by_words_of_their_name_within_what_the_giver_may_share(place: Place) -> None:
    world = place.world
    with fixtures():
        for agency in (world.school, world.other_school):
            member(agency, Role.SETTING_STAFF, name="Wilhelmina Oakapple")
    with as_user(world.dsl):
        subject = selectors.get_subject(place.alert.ref, for_user=world.dsl)
        [found] = selectors.find_people(subject, "oakapple wil")
        assert (found.agency, found.roles) == (world.school, [Role.SETTING_STAFF])
        assert selectors.get_person(subject, world.school.slug, found.user.code).user == found.user
        with pytest.raises(NotVisible):
            selectors.get_person(subject, world.other_school.slug, found.user.code)
    with as_user(world.officer):
        subject = selectors.get_subject(place.alert.ref, for_user=world.officer)
        assert len(selectors.find_people(subject, "Oakapple")) == 2


def test_a_list_of_grants_costs_the_same_however_many(place: Place, django_assert_max_num_queries: object) -> None:
    world = place.world
    with fixtures():
        people = [member(world.school, Role.SETTING_STAFF) for _ in range(6)]
        others = [world.alert() for _ in range(6)]
    for person, other in zip(people, others, strict=True):
        let_in(place.alert, person, world.school, by=world.dsl)
        let_in(other, world.tutor, world.school, by=world.dsl)
    with as_user(world.tutor), django_assert_max_num_queries(6):  # type: ignore[operator]  # a fixture that the stubs call an object
        assert len(selectors.shared_with(world.tutor)) == 6
    with as_user(world.dsl):
        subject = selectors.get_subject(place.alert.ref, for_user=world.dsl)
        with django_assert_max_num_queries(6):  # type: ignore[operator]  # a fixture that the stubs call an object
            assert len(selectors.grants_of(subject)) == 6
