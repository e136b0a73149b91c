"""Joining and leaving an agency (NTK-07)."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from safeguarding.agencies import selectors, services, tokens
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Invitation, Membership, User
from safeguarding.agencies.policies import roles_for
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import MembershipFactory, World, member
from tests.support.db import as_user, fixtures
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db(databases=["default", "outside"])
Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _without_second_factor(settings) -> None:
    settings.DEMO = True


def invited(
    world: World, email: str = "new@school.example", roles: tuple[str, ...] = (Role.DSL,)
) -> tuple[Invitation, str]:
    """An invitation and the path in its e-mail."""
    with as_user(world.admin):
        invitation = services.invite(agency=world.school, email=email, roles=roles, by=world.admin)
    with fixtures():
        link = Email.objects.get(dedupe_key=f"invitation {invitation.pk}").context["link"]
    return invitation, re.sub(r"^https?://[^/]+", "", link)


def events(name: str) -> list[AuditEntry]:
    with fixtures():
        return list(AuditEntry.objects.filter(event=name))


# ---------------------------------------------------------------- inviting


@pytest.mark.req("NTK-07")
def test_an_administrator_invites_and_only_a_hash_is_kept(world: World, browser_of: Browser) -> None:
    path = f"/members/{world.school.slug}/invite/"
    answer = browser_of(world.admin).post(path, {"email": "New@School.Example", "roles": ["dsl", "head"]}, follow=True)
    assert "Invitation sent to new@school.example." in answer.content.decode()
    with fixtures():
        invitation = Invitation.objects.get()
        context = Email.objects.get().context
    secret = context["link"].rsplit("/", 2)[1]
    assert (invitation.email, invitation.roles) == ("new@school.example", ["dsl", "head"])
    assert bytes(invitation.digest) == tokens.digest_of(secret)
    assert invitation.expires_at - invitation.created_at == dt.timedelta(days=7)
    assert events("member.invited")[0].actor_id == world.admin.pk


@pytest.mark.req("NTK-07")
def test_nobody_is_invited_twice_at_once(world: World) -> None:
    invited(world)
    with as_user(world.admin), pytest.raises(Conflict, match="has an invitation already"):
        services.invite(agency=world.school, email="new@school.example", roles=["dsl"], by=world.admin)
    with as_user(world.admin), pytest.raises(Refused, match="already a member"):
        services.invite(agency=world.school, email=world.dsl.email, roles=["head"], by=world.admin)


@pytest.mark.req("NTK-02")
def test_an_agency_gives_only_the_roles_of_its_kind(world: World, browser_of: Browser) -> None:
    with as_user(world.admin), pytest.raises(Refused, match="cannot give"):
        services.invite(agency=world.school, email="new@school.example", roles=["mash_officer"], by=world.admin)
    answer = browser_of(world.admin).post(
        f"/members/{world.school.slug}/invite/", {"email": "x@y.example", "roles": ["mash_officer"]}
    )
    assert "Choose roles from the list" in answer.content.decode()
    assert all(Role.INTEGRATION not in roles_for(kind) for kind in AgencyKind)
    assert all(Role.AGENCY_ADMIN in roles_for(kind) for kind in AgencyKind)


@pytest.mark.req("NTK-02", "NTK-07")
@pytest.mark.parametrize("who", ["dsl", "tutor", "other_dsl", "manager", "ig_lead"])
def test_only_an_administrator_of_this_agency_finds_its_members(world: World, browser_of: Browser, who: str) -> None:
    person = getattr(world, who)
    base = f"/members/{world.school.slug}/"
    browser = browser_of(person)
    paths = [
        base,
        f"{base}invite/",
        f"{base}people/{world.dsl.code}/",
        f"{base}people/{world.dsl.code}/end/",
        "/members/",
    ]
    assert [browser.get(path).status_code for path in paths] == [404] * len(paths)
    assert browser.post(f"{base}people/{world.dsl.code}/end/").status_code == 404
    with as_user(person):
        with pytest.raises(NotVisible):
            services.invite(agency=world.school, email="a@b.example", roles=["dsl"], by=person)
        with pytest.raises(NotVisible):
            services.end_membership(agency=world.school, user=world.tutor, by=person)


@pytest.mark.req("NTK-02")
def test_an_administrator_sees_nobody_of_another_agency(world: World, browser_of: Browser) -> None:
    page = browser_of(world.admin).get(f"/members/{world.school.slug}/").content.decode()
    assert world.dsl.email in page
    assert world.other_dsl.email not in page
    assert (
        browser_of(world.admin).get(f"/members/{world.school.slug}/people/{world.other_dsl.code}/").status_code == 404
    )


def test_the_list_asks_as_often_for_many_members_as_for_few(
    world: World, browser_of: Browser, django_assert_max_num_queries
) -> None:
    with as_user(world.admin), django_assert_max_num_queries(2):  # where the reader works, and the list
        assert len(selectors.colleagues(world.school, for_user=world.admin)) == 5
    with fixtures():
        for _ in range(20):
            member(world.school, Role.SETTING_STAFF)
    with as_user(world.admin), django_assert_max_num_queries(2):
        assert len(selectors.colleagues(world.school, for_user=world.admin)) == 25


# ---------------------------------------------------------------- accepting


@pytest.mark.req("NTK-07")
def test_an_invited_person_joins_and_the_link_works_once(world: World) -> None:
    _, path = invited(world, roles=(Role.DSL, Role.HEAD))
    client = Client(REMOTE_ADDR="192.0.2.8")
    assert "Join First School" in client.get(path).content.decode()
    answer = client.post(path, {"name": "Wren Achterberg", "password": PASSWORD})
    assert answer["Location"] == "/"
    with fixtures():
        user = User.objects.get(email="new@school.example")
        roles = set(Membership.objects.filter(user=user, agency=world.school).values_list("role", flat=True))
    assert roles == {"dsl", "head"}
    assert user.check_password(PASSWORD)
    assert [entry.actor_id for entry in events("member.joined")] == [user.pk]
    again = Client().get(path)
    assert again.status_code == 404
    assert "does not open anything" in again.content.decode()


@pytest.mark.req("NTK-07")
def test_a_joined_person_needs_a_second_factor_before_anything_else(world: World, settings) -> None:
    _, path = invited(world)
    settings.DEMO = False
    client = Client(REMOTE_ADDR="192.0.2.8")
    client.post(path, {"name": "Wren Achterberg", "password": PASSWORD})
    assert client.get("/")["Location"] == "/accounts/2fa/"


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize("fate", ["expired", "withdrawn", "accepted", "unknown"])
def test_a_link_that_is_over_opens_nothing(world: World, fate: str) -> None:
    invitation, path = invited(world)
    with fixtures():
        now = timezone.now()
        if fate == "expired":
            Invitation.objects.update(created_at=now - dt.timedelta(days=8), expires_at=now - dt.timedelta(seconds=1))
        elif fate == "withdrawn":
            Invitation.objects.update(withdrawn_at=now)
        elif fate == "accepted":
            Invitation.objects.update(accepted_at=now)
    path = "/join/never-sent/" if fate == "unknown" else path
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"name": "Wren", "password": PASSWORD}).status_code == 404
    with fixtures():
        assert not User.objects.filter(email=invitation.email).exists()


@pytest.mark.req("NTK-07")
def test_somebody_else_cannot_use_the_link(world: World, browser_of: Browser) -> None:
    _, path = invited(world)
    browser = browser_of(world.other_dsl)
    assert "for somebody else than you" in browser.get(path).content.decode()
    assert browser.post(path, {"name": "Wren", "password": PASSWORD}).status_code == 403
    with fixtures():
        assert not Membership.objects.filter(user=world.other_dsl, agency=world.school).exists()
        assert Invitation.objects.get().accepted_at is None


@pytest.mark.req("NTK-07")
def test_a_known_person_signs_in_first_and_joins_with_the_same_account(world: World, browser_of: Browser) -> None:
    _, path = invited(world, email=world.other_dsl.email)
    stranger = Client()
    assert f"/accounts/login/?next={path}" in stranger.get(path).content.decode()
    assert stranger.post(path, {"name": "Mallory", "password": PASSWORD}).status_code == 403
    browser_of(world.other_dsl).post(path)
    with fixtures():
        assert set(Membership.objects.filter(user=world.other_dsl).values_list("agency__name", flat=True)) == {
            "First School",
            "Second School",
        }


@pytest.mark.parametrize(
    ("name", "password", "sentence"),
    [
        ("", PASSWORD, "Enter your full name"),
        ("Wren", "", "Enter a password"),
        ("Wren", "short", "too short"),
        ("Wren", "stratocaster", "too common"),
        ("x" * 121, PASSWORD, "at most 120 characters"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(world: World, name: str, password: str, sentence: str) -> None:
    _, path = invited(world)
    page = Client().post(path, {"name": name, "password": password}).content.decode()
    assert sentence in page
    assert "Error: Join" in page
    with fixtures():
        assert not User.objects.filter(email="new@school.example").exists()


# ---------------------------------------------------------------- changing and leaving


@pytest.mark.req("NTK-02")
def test_roles_change_at_once_and_are_remembered(world: World, browser_of: Browser) -> None:
    path = f"/members/{world.school.slug}/people/{world.tutor.code}/"
    browser_of(world.admin).post(path, {"roles": ["deputy_dsl"]})
    with fixtures():
        active = Membership.objects.filter(user=world.tutor, ended_at=None)
        assert [each.role for each in active] == ["deputy_dsl"]
    entry = events("member.roles_changed")[0]
    assert entry.additional_data == {"user": world.tutor.pk, "given": ["deputy_dsl"], "taken": ["setting_staff"]}


@pytest.mark.req("NTK-07")
def test_a_leaver_is_shut_out_at_once(world: World, browser_of: Browser) -> None:
    with fixtures():
        Authenticator.objects.create(user=world.dsl, type="totp", data={})
    with as_user(world.dsl):
        secret = tokens.issue_to_person(user=world.dsl)
    leaver = browser_of(world.dsl)
    assert leaver.get("/account/").status_code == 200
    browser_of(world.admin).post(f"/members/{world.school.slug}/people/{world.dsl.code}/end/")
    answer = leaver.get("/account/")
    assert answer["Location"].startswith("/accounts/login/")
    assert tokens.find(secret) is None
    with fixtures():
        user = User.objects.get(pk=world.dsl.pk)
        assert not user.is_active
        assert not user.has_usable_password()
        assert not Membership.objects.filter(user=user, ended_at=None).exists()
        assert Membership.objects.get(user=user).ended_by_id == world.admin.pk
        assert not Authenticator.objects.filter(user=user).exists()
    assert events("member.ended")[0].additional_data == {"user": world.dsl.pk, "roles": ["dsl"]}
    assert len(events("token.revoked")) == 1


@pytest.mark.req("NTK-07")
def test_who_belongs_elsewhere_too_keeps_the_account_and_loses_the_sessions(world: World, browser_of: Browser) -> None:
    with fixtures():
        MembershipFactory(user=world.dsl, agency=world.other_school, role=Role.DEPUTY_DSL)
    leaver = browser_of(world.dsl)
    with as_user(world.admin):
        services.end_membership(agency=world.school, user=world.dsl, by=world.admin)
    assert leaver.get("/account/")["Location"].startswith("/accounts/login/")
    with fixtures():
        assert User.objects.get(pk=world.dsl.pk).is_active
        left = Membership.objects.filter(user=world.dsl, ended_at=None)
        assert [each.agency_id for each in left] == [world.other_school.pk]


@pytest.mark.req("NTK-07")
def test_a_leaver_who_is_invited_again_starts_with_nothing_of_the_old_sign_in(world: World) -> None:
    with as_user(world.admin):
        services.end_membership(agency=world.school, user=world.dsl, by=world.admin)
    _, path = invited(world, email=world.dsl.email)
    Client(REMOTE_ADDR="192.0.2.8").post(path, {"name": "Back Again", "password": PASSWORD})
    with fixtures():
        user = User.objects.get(pk=world.dsl.pk)
        assert (user.is_active, user.name) == (True, "Back Again")
        assert Membership.objects.filter(user=user, ended_at=None).count() == 1


@pytest.mark.req("NTK-07")
def test_the_last_administrator_stays(world: World, browser_of: Browser) -> None:
    base = f"/members/{world.school.slug}/people/{world.admin.code}/"
    browser = browser_of(world.admin)
    for path, data in ((f"{base}end/", {}), (base, {"roles": ["head"]})):
        answer = browser.post(path, data)
        assert answer.status_code == 409
        assert "Make somebody else an administrator first." in answer.content.decode()
    with fixtures():
        assert Membership.objects.get(user=world.admin).ended_at is None
        member(world.school, Role.AGENCY_ADMIN)
    assert browser.post(f"{base}end/")["Location"] == "/accounts/login/"
    assert browser.get("/account/")["Location"].startswith("/accounts/login/")


@pytest.mark.req("NTK-07")
def test_a_withdrawn_invitation_is_remembered(world: World, browser_of: Browser) -> None:
    invitation, path = invited(world)
    url = f"/members/{world.school.slug}/invitations/{invitation.code}/withdraw/"
    browser = browser_of(world.admin)
    browser.post(url)
    assert Client().get(path).status_code == 404
    assert browser.post(url).status_code == 409
    assert len(events("member.invitation_withdrawn")) == 1


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize("way", ["left", "role taken"])
def test_what_an_administrator_invited_ends_with_the_role(world: World, way: str) -> None:
    _, path = invited(world)
    with fixtures():
        second = member(world.school, Role.AGENCY_ADMIN)
    with as_user(second):
        services.invite(agency=world.school, email="another@school.example", roles=["dsl"], by=second)
        if way == "left":
            services.end_membership(agency=world.school, user=world.admin, by=second)
        else:
            services.change_roles(agency=world.school, user=world.admin, roles=["head"], by=second)
    assert Client().get(path).status_code == 404
    assert len(events("member.invitation_withdrawn")) == 1
    with fixtures():
        assert [each.email for each in selectors.open_invitations(world.school)] == ["another@school.example"]


@pytest.mark.req("NTK-07")
def test_an_administrator_who_takes_the_role_from_herself_leaves_no_invitation_open(world: World) -> None:
    _, path = invited(world)
    with fixtures():
        member(world.school, Role.AGENCY_ADMIN)
    with as_user(world.admin):
        services.change_roles(agency=world.school, user=world.admin, roles=["head"], by=world.admin)
    assert Client().get(path).status_code == 404
