"""Suspended at once, lifted by a second person; a lost second factor (IGV-03, NTK-07)."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from alerts.models import Alert
from safeguarding.agencies import services, suspension, tokens
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership, Suspension, User
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import MembershipFactory, World, member
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db


def suspended(world: World, by: User | None = None) -> Suspension:
    by = by or world.admin
    with as_user(by):
        return suspension.suspend(agency=world.school, user=world.dsl, reason="Under investigation", by=by)


@pytest.mark.req("IGV-03")
def test_an_administrator_suspends_and_session_token_and_both_walls_shut_in_the_next_statement(world: World) -> None:
    with fixtures(), as_user(world.dsl):
        secret = tokens.issue_to_person(user=world.dsl)
    client = signed_in(world.dsl)
    path = f"/alerts/{world.first.ref}/"
    assert client.get(path).status_code == 200
    page = signed_in(world.admin).post(
        f"/people/{world.school.slug}/{world.dsl.code}/suspend/", {"reason": "Under investigation"}, follow=True
    )
    assert "is suspended, and was signed out everywhere" in page.content.decode()
    assert "Under investigation" in page.content.decode()
    assert client.get(path).headers["Location"].startswith("/accounts/login/")
    assert Client().get("/api/v1/alerts/", headers={"authorization": f"Bearer {secret}"}).status_code == 401
    world.dsl.refresh_from_db()
    with as_user(world.dsl):
        assert not Alert.objects.exists()
        assert not Alert.objects.visible_to(world.dsl).exists()
    with fixtures():
        entry = AuditEntry.objects.get(event="member.suspended")
        assert (entry.actor, entry.agency) == (world.admin, world.school)
        assert "investigation" not in str(entry.additional_data)
        assert set(Email.objects.values_list("to", flat=True)) == {world.ig_lead.email}, (
            "nobody but the IG lead is told"
        )


@pytest.mark.req("IGV-03")
def test_nobody_suspends_elsewhere_or_themselves_and_a_reason_is_asked_for(world: World) -> None:
    for person in (world.officer, world.dsl, world.ig_lead):
        with as_user(person), pytest.raises(NotVisible):
            suspension.suspend(agency=world.school, user=world.head, reason="No", by=person)
    with as_user(world.admin):
        with pytest.raises(Refused, match="cannot suspend yourself"):
            suspension.suspend(agency=world.school, user=world.admin, reason="No", by=world.admin)
        with pytest.raises(NotVisible):
            suspension.suspend(agency=world.school, user=world.officer, reason="No", by=world.admin)
    page = signed_in(world.admin).post(f"/people/{world.school.slug}/{world.dsl.code}/suspend/", {"reason": " "})
    assert "Enter the reason" in page.content.decode()
    with fixtures():
        assert not Suspension.objects.exists()


@pytest.mark.req("IGV-03")
def test_an_ig_lead_suspends_the_only_administrator_of_their_agency(world: World) -> None:
    with fixtures():
        lead, admin = member(world.school, Role.IG_LEAD), world.admin
    with as_user(lead):
        suspension.suspend(agency=world.school, user=admin, reason="Under investigation", by=lead)
        with pytest.raises(Conflict, match="suspended already"):
            suspension.suspend(agency=world.school, user=admin, reason="Again", by=lead)
    assert not User.objects.get(pk=admin.pk).is_active


@pytest.mark.req("IGV-03")
def test_lifting_takes_a_second_person_where_there_is_one(world: World) -> None:
    held = suspended(world)
    with fixtures():
        second = member(world.school, Role.AGENCY_ADMIN)
    with as_user(world.admin), pytest.raises(Refused, match="You suspended this person yourself"):
        suspension.lift(held, reason="Cleared", by=world.admin)
    page = signed_in(second).post(
        f"/people/{world.school.slug}/{world.dsl.code}/lift/", {"reason": "Nothing was found"}, follow=True
    )
    assert "is lifted" in page.content.decode()
    world.dsl.refresh_from_db()
    with as_user(world.dsl):
        assert Alert.objects.visible_to(world.dsl).exists()
    with as_user(second), pytest.raises(Conflict, match="lifted already"):
        suspension.lift(held, reason="Again", by=second)


@pytest.mark.req("IGV-03")
def test_where_there_is_no_second_person_the_only_administrator_lifts_it(world: World) -> None:
    held = suspended(world)
    with as_user(world.admin):
        suspension.lift(held, reason="Cleared", by=world.admin)
    assert User.objects.get(pk=world.dsl.pk).is_active


@pytest.mark.req("IGV-03")
def test_a_suspended_person_does_not_come_in_again_by_an_invitation_or_after_having_left(world: World) -> None:
    held = suspended(world)
    with fixtures():
        lead = member(world.school, Role.IG_LEAD)
    with as_user(world.admin):
        services.end_membership(agency=world.school, user=world.dsl, by=world.admin)
        invitation = services.invite(agency=world.school, email=world.dsl.email, roles=["dsl"], by=world.admin)
    with pytest.raises(Refused, match="suspended"):
        services.accept(invitation, name="Again", password="seven-lanterns-on-the-quay")
    with as_user(lead):
        suspension.lift(held, reason="Cleared", by=lead)
    assert not User.objects.get(pk=world.dsl.pk).is_active, "lifted, and belongs nowhere any more"


@pytest.mark.req("NTK-07", "IGV-03")
def test_a_suspended_administrator_does_not_come_back_by_an_invitation_made_before(world: World) -> None:
    with fixtures():
        second = member(world.school, Role.AGENCY_ADMIN)
    with as_user(world.admin):
        invitation = services.invite(
            agency=world.school, email="private@mail.example", roles=["agency_admin", "ig_lead"], by=world.admin
        )
    with as_user(second):
        suspension.suspend(agency=world.school, user=world.admin, reason="Under investigation", by=second)
    with pytest.raises(Conflict, match="was withdrawn"):
        services.accept(invitation, name="Somebody new", password="seven-lanterns-on-the-quay")
    with fixtures():
        assert not User.objects.filter(email="private@mail.example").exists()
        assert AuditEntry.objects.get(event="member.invitation_withdrawn").actor == second


@pytest.mark.req("NTK-07", "IGV-03")
@pytest.mark.parametrize("lost", ["account", "role"])
def test_an_invitation_opens_nothing_once_who_made_it_is_no_administrator_there(world: World, lost: str) -> None:
    with as_user(world.admin):
        invitation = services.invite(agency=world.school, email="new@mail.example", roles=["dsl"], by=world.admin)
    with fixtures():
        if lost == "account":  # another agency of theirs has suspended them
            User.objects.filter(pk=world.admin.pk).update(is_active=False)
        else:
            Membership.objects.filter(user=world.admin).update(role=Role.HEAD)
    with pytest.raises(Refused, match="no administrator of First School any more"):
        services.accept(invitation, name="Somebody new", password="seven-lanterns-on-the-quay")
    with fixtures():
        assert not User.objects.filter(email="new@mail.example").exists()


@pytest.mark.req("NTK-07")
def test_an_administrator_takes_a_lost_second_factor_away_and_the_person_is_told(world: World) -> None:
    client = signed_in(world.dsl)
    UserSession.objects.create(
        user=world.dsl, session_key=client.session.session_key, ip="192.0.2.7", user_agent="A browser"
    )
    assert client.get("/alerts/").status_code == 200
    path = f"/members/{world.school.slug}/people/{world.dsl.code}/second-factor/"
    assert "Be sure that it is really your colleague" in signed_in(world.admin).get(path).content.decode()
    assert "was removed" in signed_in(world.admin).post(path, follow=True).content.decode()
    assert client.get("/alerts/").headers["Location"].startswith("/accounts/login/")
    with fixtures():
        assert not Authenticator.objects.filter(user=world.dsl).exists()
        assert Email.objects.get(template="sign_in_changed").to == world.dsl.email
        assert AuditEntry.objects.filter(event="member.second_factor_reset").count() == 1
    with as_user(world.admin), pytest.raises(Refused, match="your own second factor"):
        suspension.reset_second_factor(agency=world.school, user=world.admin, by=world.admin)
    with as_user(world.ig_lead), pytest.raises(NotVisible):
        suspension.reset_second_factor(agency=world.school, user=world.dsl, by=world.ig_lead)


@pytest.mark.req("NTK-02")
def test_a_role_that_the_agency_cannot_give_back_is_named_before_it_ends_and_stays_when_ticked(world: World) -> None:
    with fixtures():
        MembershipFactory(user=world.tutor, agency=world.school, role=Role.COORDINATOR)
    client, path = signed_in(world.admin), f"/members/{world.school.slug}/people/{world.tutor.code}/"
    assert "cannot give this role back once it has ended" in client.get(path).content.decode()
    client.post(path, {"roles": ["dsl", "coordinator"]})
    with fixtures():
        held = Membership.objects.filter(user=world.tutor, ended_at=None)
        assert set(held.values_list("role", flat=True)) == {"dsl", "coordinator"}
    page = client.post(path, {"roles": ["dsl"]}, follow=True).content.decode()
    assert "Meeting coordinator ended and cannot be given back here." in page
