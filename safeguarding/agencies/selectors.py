"""Which body does what in a partnership; a public register, open to everybody who is signed in (AGR-09)."""

from collections.abc import Iterable

from django.db.models import QuerySet

from safeguarding.agencies.enums import SETTING_KINDS, AgencyKind, Role
from safeguarding.agencies.models import Agency, Partnership

_MOST_FOUND = 20


def members_of(partnership: Partnership) -> QuerySet[Agency]:
    return Agency.objects.filter(
        partnershipagency__partnership=partnership, partnershipagency__left_on=None, is_active=True
    )


def hub_of(partnership: Partnership) -> Agency:
    """The MASH, front door or team that takes the partnership's notifications in (ALR-03)."""
    return members_of(partnership).filter(kind=AgencyKind.MASH).order_by("pk")[0]


def home_education_team_of(partnership: Partnership) -> Agency | None:
    """The council whose Elective Home Education officer is told of children educated at home (ALR-06)."""
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
    """The agencies at which a person holds one of these roles now."""
    held = Agency.objects.filter(
        memberships__user_id=user_id, memberships__role__in=list(roles), memberships__ended_at=None
    )
    return list(held.distinct().order_by("pk"))
