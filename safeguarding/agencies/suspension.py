"""Shutting a person out at once while something is looked into, and letting them in again (IGV-03, NTK-07)."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.access.rules import DISPATCH
from safeguarding.agencies import selectors
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Agency, Membership, Suspension, User
from safeguarding.agencies.services import end_sessions, withdraw_invitations_by
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.services import queue_email


@transaction.atomic
def suspend(*, agency: Agency, user: User, reason: str, by: User) -> Suspension:
    """Sessions, tokens and what they invited end, both walls shut with the next statement; only the IG lead is told (IGV-03)."""
    agency = _watched(agency, by=by)
    _check_member(agency, user)
    if user == by:
        raise Refused("You cannot suspend yourself. Nothing was changed. Ask another administrator or the IG lead.")
    user = User.objects.select_for_update().get(pk=user.pk)
    if Suspension.objects.filter(user=user, lifted_at=None).exists() or not user.is_active:
        raise Conflict("This person is suspended already, or the account is closed. Nothing was changed.")
    suspension = Suspension.objects.create(user=user, agency=agency, reason=reason, suspended_by=by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    withdraw_invitations_by(user, at=agency)
    record("member.suspended", suspension, facts={"user": user.pk})
    _tell_ig_leads(agency, suspension, "suspended", but=user)
    return suspension


@transaction.atomic
def lift(suspension: Suspension, *, reason: str, by: User) -> None:
    """With a reason, by a second person where the agency has one; never by who was suspended (IGV-03)."""
    agency = _watched(suspension.agency, by=by)
    held = Suspension.objects.select_for_update(of=("self",)).filter(pk=suspension.pk, lifted_at=None).first()
    if held is None:
        raise Conflict("This suspension has been lifted already. Nothing was changed.")
    if by.pk == held.user_id:
        raise Refused("You cannot lift your own suspension. Nothing was changed.")
    if by.pk == held.suspended_by_id and _others(agency, but=(by.pk, held.user_id)):
        raise Refused(
            "You suspended this person yourself: another administrator or the IG lead lifts it. Nothing was changed."
        )
    held.lifted_at, held.lifted_by, held.lift_reason = timezone.now(), by, reason
    held.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    if _belongs_somewhere(held.user):
        held.user.is_active = True
        held.user.save(update_fields=["is_active"])
    record("member.suspension_lifted", held, facts={"user": held.user_id})
    _tell_ig_leads(agency, held, "lifted", but=held.user)


@transaction.atomic
def reset_second_factor(*, agency: Agency, user: User, by: User) -> None:
    """A lost telephone: the factor goes, every session ends, the person is told and sets up a new one (NTK-07)."""
    if not selectors.administered(by).filter(pk=agency.pk).exists():
        raise NotVisible
    _check_member(agency, user)
    if user == by:
        raise Refused("Change your own second factor on the page Your sign-in. Nothing was changed.")
    removed, _ = Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    entry = record("member.second_factor_reset", agency, facts={"user": user.pk, "removed": removed})
    queue_email(
        to=user.email,
        template="sign_in_changed",
        context={
            "what": f"An administrator of {agency.name} removed your second factor. You set up a new one when you next sign in."
        },
        dedupe_key=f"second factor {entry.pk}",
        by=by,
        recipient=user,
    )


def _watched(agency: Agency, *, by: User) -> Agency:
    if not selectors.watched(by).filter(pk=agency.pk).exists():
        raise NotVisible
    return Agency.objects.select_for_update().get(pk=agency.pk)


def _check_member(agency: Agency, user: User) -> None:
    """Somebody who works here now; another system of the agency is none."""
    here = Membership.objects.filter(agency=agency, user=user, ended_at=None, user__is_integration=False)
    if not here.exists():
        raise NotVisible


def _others(agency: Agency, *, but: tuple[int, ...]) -> bool:
    able = Membership.objects.filter(
        agency=agency, role__in=(Role.AGENCY_ADMIN, Role.IG_LEAD), ended_at=None, user__is_active=True
    )
    return able.exclude(user__in=but).exists()


def _service(purpose: str) -> Principal:
    asker = current()
    return Principal(service=DISPATCH, purpose=purpose, remote_addr=asker.remote_addr, request_id=asker.request_id)


def _belongs_somewhere(user: User) -> bool:
    """Memberships elsewhere are behind the wall for who lifts it."""
    with acting_as(_service("lift a suspension")):
        return Membership.objects.filter(user=user, ended_at=None).exists()


def ig_leads_of(agency: Agency) -> list[User]:
    """The agency's own, or where it has none those of its partnerships' councils and hubs; read as a service (IGV-03)."""
    leads = User.objects.filter(is_active=True, memberships__role=Role.IG_LEAD, memberships__ended_at=None)
    own = leads.filter(memberships__agency=agency)
    if own.exists():
        return list(own.distinct().order_by("pk"))
    partnerships = agency.partnerships.filter(partnershipagency__left_on=None)
    bodies = Agency.objects.filter(partnerships__in=partnerships, kind__in=(AgencyKind.COUNCIL, AgencyKind.MASH))
    return list(leads.filter(memberships__agency__in=bodies).distinct().order_by("pk"))


def _tell_ig_leads(agency: Agency, suspension: Suspension, what: str, *, but: User) -> None:
    """What happened and at which agency; whom it is about stands behind the sign-in."""
    with acting_as(_service("tell the IG lead")):
        for lead in ig_leads_of(agency):
            if lead != but:
                queue_email(
                    to=lead.email,
                    template="suspension",
                    context={"what": what, "agency": agency.name, "link": f"{settings.SITE_URL}/people/{agency.slug}/"},
                    dedupe_key=f"suspension {suspension.pk} {what} {lead.pk}",
                    recipient=lead,
                )
