"""Which body does what in a partnership; a public register, open to everybody who is signed in (AGR-09)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone

from safeguarding.access.handlers import CONTENT_ROLES, HANDLERS
from safeguarding.agencies.enums import SETTING_KINDS, AgencyKind, Role
from safeguarding.agencies.models import Agency, Course, Invitation, Membership, Partnership, Suspension, User

_MOST_FOUND = 20


def members_of(partnership: Partnership) -> QuerySet[Agency]:
    return Agency.objects.filter(
        partnershipagency__partnership=partnership, partnershipagency__left_on=None, is_active=True
    )


def hub_of(partnership: Partnership) -> Agency:
    """The MASH, front door or team that takes the partnership's notifications in (ALR-03)."""
    return members_of(partnership).filter(kind=AgencyKind.MASH).order_by("pk")[0]


def council_of(partnership: Partnership) -> Agency | None:
    """The local authority: its home-education officer, its safeguarding contact and its LADO work there (ALR-06, ALR-14, MRC-18)."""
    return members_of(partnership).filter(kind=AgencyKind.COUNCIL).order_by("pk").first()


def settings_of(partnership: Partnership) -> QuerySet[Agency]:
    return members_of(partnership).filter(kind__in=SETTING_KINDS)


def settings_by_urn(partnership: Partnership, urns: Iterable[str]) -> dict[str, Agency]:
    """The partnership's settings with these numbers, in one query (ALR-03)."""
    found = settings_of(partnership).filter(urn__in=set(urns))
    return {setting.urn: setting for setting in found if setting.urn}


def find_settings(partnership: Partnership, text: str) -> list[Agency]:
    """Settings by URN or by a part of their name, for a person to choose from (ALR-03)."""
    text = text.strip()
    if not text:
        return []
    settings = settings_of(partnership)
    if text.isdigit():
        return list(settings.filter(urn=text))
    for word in text.split():
        settings = settings.filter(name__icontains=word)
    return list(settings.order_by("name", "pk")[:_MOST_FOUND])


def partnerships_of(agency: Agency) -> list[Partnership]:
    return list(agency.partnerships.filter(partnershipagency__left_on=None).order_by("slug").distinct())


def agencies_of(user_id: int, roles: Iterable[Role]) -> list[Agency]:
    """The agencies at which one of these roles of a person's opens content now (NTK-06)."""
    held = Agency.objects.filter(
        memberships__user_id=user_id,
        memberships__role__in=list(roles),
        memberships__ended_at=None,
        memberships__cleared_until__gt=timezone.now(),
    )
    return list(held.distinct().order_by("pk"))


def courses_of(agency: Agency) -> list[Course]:
    """What the agency's partnerships require of its people (NTK-06)."""
    courses = Course.objects.filter(
        partnership__partnershipagency__agency=agency, partnership__partnershipagency__left_on=None
    )
    return list(courses.select_related("partnership").order_by("partnership__name", "name", "pk"))


MOST_MEMBERS = 200


@dataclass(frozen=True)
class Member:
    """A colleague with every role held here now."""

    user: User
    roles: list[Role] = field(default_factory=list)
    cleared_until: list[dt.datetime] = field(default_factory=list)

    @property
    def lacks(self) -> bool:
        """A role of theirs opens nothing, for want of training or acknowledgement (NTK-06)."""
        return any(until <= timezone.now() for until in self.cleared_until)

    @property
    def first_end(self) -> dt.datetime | None:
        """When the first of their roles shuts, unless something is renewed."""
        return min(self.cleared_until, default=None)


def administered(user: User) -> QuerySet[Agency]:
    """The agencies whose members this person may look after: her own, where she is an administrator (NTK-02)."""
    return Agency.objects.filter(
        memberships__in=Membership.objects.filter(user=user, role__in=HANDLERS["members"], ended_at=None),
    ).order_by("name", "pk")


def watched(user: User) -> QuerySet[Agency]:
    """The agencies whose people this person may suspend and review: as administrator or as IG lead (IGV-03, NTK-07)."""
    return (
        Agency.objects.filter(
            memberships__in=Membership.objects.filter(user=user, role__in=HANDLERS["colleagues"], ended_at=None)
        )
        .distinct()
        .order_by("name", "pk")
    )


def open_suspensions(agency: Agency) -> dict[int, Suspension]:
    """By person; the walls show them to the agency's administrators and IG lead alone (IGV-03)."""
    rows = Suspension.objects.filter(agency=agency, lifted_at=None).select_related("user", "suspended_by", "agency")
    return {each.user_id: each for each in rows}


def colleagues(agency: Agency, *, for_user: User, text: str = "") -> list[Member]:
    """People with a role at the agency now, by name; other systems of the agency are none (NTK-07)."""
    active = Membership.objects.visible_to(for_user).filter(agency=agency, ended_at=None, user__is_integration=False)
    if text:
        active = active.filter(Q(user__name__icontains=text) | Q(user__email__icontains=text))
    members: dict[int, Member] = {}
    for membership in active.select_related("user").order_by("user__name", "user_id", "pk"):
        if membership.user_id not in members and len(members) > MOST_MEMBERS:
            break
        member = members.setdefault(membership.user_id, Member(membership.user))
        member.roles.append(Role(membership.role))
        if membership.role in CONTENT_ROLES:
            member.cleared_until.append(membership.cleared_until)
    return list(members.values())


def colleague(agency: Agency, code: str, *, for_user: User) -> Member | None:
    active = Membership.objects.visible_to(for_user).filter(agency=agency, ended_at=None, user__is_integration=False)
    found = [each for each in active.select_related("user").order_by("pk") if each.user.code == code]
    return Member(found[0].user, [Role(each.role) for each in found]) if found else None


def open_invitations(agency: Agency) -> QuerySet[Invitation]:
    """Sent, and neither used nor withdrawn nor run out."""
    return Invitation.objects.filter(
        agency=agency, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).order_by("-created_at", "-pk")


def invitation(agency: Agency, code: str) -> Invitation | None:
    """Open or not: what is over says so itself."""
    return next((each for each in Invitation.objects.filter(agency=agency) if each.code == code), None)
