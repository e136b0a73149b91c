"""Joining and leaving an agency: invited by its administrator, shut out at once when it ends (NTK-07)."""

import datetime as dt
import secrets
from collections.abc import Collection, Sequence

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.access.rules import SETUP
from safeguarding.agencies import policies, selectors, tokens
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, ApiToken, Invitation, Membership, Suspension, User
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.addresses import check_works
from safeguarding.notifications.services import queue_email

INVITATION_LIFETIME = dt.timedelta(days=7)


@transaction.atomic
def invite(*, agency: Agency, email: str, roles: Sequence[str], by: User) -> Invitation:
    """A link by e-mail that works once, for seven days, and is kept only as a hash (NTK-07)."""
    agency = _own_agency(agency, by=by)
    policies.check_can_give(agency, roles)
    email = email.strip().lower()
    check_works(email)
    if Membership.objects.filter(agency=agency, user__email=email, ended_at=None).exists():
        raise Refused(f"{email} is already a member of {agency.name}. Change this person's roles instead.")
    if selectors.open_invitations(agency).filter(email=email).exists():
        raise Conflict(f"{email} has an invitation already. Withdraw that one first if it got lost.")
    secret = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation = Invitation.objects.create(
        agency=agency,
        email=email,
        roles=sorted(roles),
        digest=tokens.digest_of(secret),
        invited_by=by,
        created_at=now,
        expires_at=now + INVITATION_LIFETIME,
    )
    queue_email(
        to=email,
        template="invitation",
        context={
            "agency": agency.name,
            "roles": ", ".join(Role(role).label for role in invitation.roles),
            "days": INVITATION_LIFETIME.days,
            "link": f"{settings.SITE_URL}/join/{secret}/",
        },
        dedupe_key=f"invitation {invitation.pk}",
        by=by,
        about=invitation,
    )
    record("member.invited", invitation, facts={"roles": invitation.roles})
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """From now on the link opens nothing (NTK-07)."""
    _own_agency(invitation.agency, by=by)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not policies.is_open(invitation):
        raise Conflict("This invitation has been used, was withdrawn or has run out. Nothing was changed.")
    _withdraw(invitation)


def withdraw_invitations_by(user: User, *, at: Agency) -> None:
    """Who is shut out, or no administrator any more, leaves no link behind by which to come in again (NTK-07, IGV-03)."""
    for invitation in selectors.open_invitations(at).filter(invited_by=user).select_for_update():
        _withdraw(invitation)


def _withdraw(invitation: Invitation) -> None:
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record("member.invitation_withdrawn", invitation)


@transaction.atomic
def accept(invitation: Invitation, *, by: User | None = None, name: str = "", password: str = "") -> User:
    """The invited person joins: with the account that has this address, or with a new one (NTK-07)."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not policies.is_open(invitation):
        raise Conflict("This invitation has been used, was withdrawn or has run out.")
    if by is not None and by.email != invitation.email:
        raise NotVisible
    who = current()
    joining = Principal(service=SETUP, purpose="join", remote_addr=who.remote_addr, request_id=who.request_id)
    with acting_as(joining):
        _check_still_given(invitation)
        user = by or _account(invitation.email, name=name, password=password)
        held = set(_active(user, invitation.agency).values_list("role", flat=True))
        Membership.objects.bulk_create(
            Membership(user=user, agency=invitation.agency, role=role) for role in invitation.roles if role not in held
        )
    himself = Principal(user_id=user.pk, purpose="join", remote_addr=who.remote_addr, request_id=who.request_id)
    with acting_as(himself):
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        record("member.joined", invitation, facts={"roles": invitation.roles})
    return user


@transaction.atomic
def change_roles(*, agency: Agency, user: User, roles: Sequence[str], by: User) -> list[Role]:
    """What a colleague may see follows the roles from the next request on; those that ended for good are returned (NTK-02)."""
    agency = _own_agency(agency, by=by)
    held = set(_active_or_nobody(user, agency))
    policies.check_can_give(agency, roles, held=held)
    taken, given = held - set(roles), set(roles) - held
    _check_administrator_remains(agency, user, taken)
    # Given first: an administrator who takes her own role away may add nothing after that.
    Membership.objects.bulk_create(Membership(user=user, agency=agency, role=role) for role in sorted(given))
    facts = {"user": user.pk, "given": sorted(given), "taken": sorted(taken)}
    if taken or given:
        record("member.roles_changed", agency, facts=facts)
    if Role.AGENCY_ADMIN in taken:
        withdraw_invitations_by(user, at=agency)
    _active(user, agency).filter(role__in=taken).update(ended_at=timezone.now(), ended_by=by)
    return policies.not_given_here(agency, taken)


@transaction.atomic
def end_membership(*, agency: Agency, user: User, by: User) -> None:
    """A leaver is shut out at once: roles, sessions, tokens and open invitations end together (NTK-07)."""
    agency = _own_agency(agency, by=by)
    held = set(_active_or_nobody(user, agency))
    _check_administrator_remains(agency, user, held)
    end_access(agency=agency, user=user, roles=held, by=by)


def end_access(*, agency: Agency, user: User, roles: Collection[str], by: User | None) -> None:
    """These roles end here, by hand or in a review: always with sessions, personal tokens and invitations (NTK-07, AUD-02)."""
    record("member.ended", agency, facts={"user": user.pk, "roles": sorted(roles)})
    if Role.AGENCY_ADMIN in roles:
        withdraw_invitations_by(user, at=agency)
    if not _active(user, agency).exclude(role__in=roles).exists():
        selectors.open_invitations(agency).filter(email=user.email).update(withdrawn_at=timezone.now())
    _revoke(ApiToken.objects.filter(user=user, agency=None))
    _active(user, agency).filter(role__in=roles).update(ended_at=timezone.now(), ended_by=by)
    end_sessions(user)
    _close_account_without_membership(user)


def _revoke(tokens_of_person: QuerySet[ApiToken]) -> None:
    for token in tokens_of_person.filter(revoked_at=None):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record("token.revoked", token, facts={"user": token.user_id})


def end_sessions(user: User) -> None:
    """Signed out everywhere: the next request meets the sign-in page (NTK-07)."""
    sessions = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()


def _own_agency(agency: Agency, *, by: User) -> Agency:
    """The agency, held until the transaction ends, so that two administrators cannot remove each other at once."""
    if not selectors.administered(by).filter(pk=agency.pk).exists():
        raise NotVisible
    return Agency.objects.select_for_update().get(pk=agency.pk)


def _active(user: User, agency: Agency):  # type: ignore[no-untyped-def]  # a queryset of a manager that mypy cannot name
    return Membership.objects.filter(user=user, agency=agency, ended_at=None)


def _active_or_nobody(user: User, agency: Agency) -> list[str]:
    roles = list(_active(user, agency).exclude(role=Role.INTEGRATION).values_list("role", flat=True))
    if not roles:
        raise NotVisible
    return roles


def _check_administrator_remains(agency: Agency, user: User, taken: set[str]) -> None:
    if Role.AGENCY_ADMIN in taken:
        others = Membership.objects.filter(
            agency=agency, role=Role.AGENCY_ADMIN, ended_at=None, user__is_active=True
        ).exclude(user=user)
        policies.check_can_lose_administrator(agency, others=others.count())


def _check_still_given(invitation: Invitation) -> None:
    """An invitation is worth what its maker may still give: nothing once they are shut out or no administrator (NTK-07)."""
    inviter = Membership.objects.filter(
        user_id=invitation.invited_by_id,
        agency_id=invitation.agency_id,
        role=Role.AGENCY_ADMIN,
        ended_at=None,
        user__is_active=True,
    )
    if not inviter.exists():
        raise Refused(
            f"Who sent this invitation is no administrator of {invitation.agency.name} any more. Nothing was changed. "
            "Ask the agency for a new one."
        )


def _account(email: str, *, name: str, password: str) -> User:
    """A new account; or a closed one of the same person's, opened again with nothing left of its old sign-in."""
    user = User.objects.filter(email=email).first()
    if user is not None and Suspension.objects.filter(user=user, lifted_at=None).exists():
        raise Refused("This account is suspended. Nothing was changed. Ask the agency that invited you.")
    if user is not None and user.is_active:
        raise Refused("There is an account with this e-mail address already. Sign in, then open the link again.")
    user = user or User(email=email)
    user.name, user.is_active = name, True
    user.set_password(password)
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True, "verified": True})
    return user


def _close_account_without_membership(user: User) -> None:
    """Somebody who belongs nowhere any more has no account: every way to sign in is thrown away (NTK-07)."""
    who = current()
    leaving = Principal(service=SETUP, purpose="leave", remote_addr=who.remote_addr, request_id=who.request_id)
    # Memberships elsewhere are behind the wall for an administrator; and one who leaves is nobody from here on.
    with acting_as(leaving):
        if Membership.objects.filter(user=user, ended_at=None).exists():
            return
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        Authenticator.objects.filter(user=user).delete()
        SocialAccount.objects.filter(user=user).delete()
        _revoke(ApiToken.objects.filter(user=user))
