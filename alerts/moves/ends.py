"""Reads about settings that end, and settings that have no safeguarding lead on record (ALR-23, ALR-28)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert
from alerts.files.models import FileEntry, SafeguardingFile
from alerts.moves.enums import OPEN
from alerts.moves.models import SettingEnd, Transfer
from safeguarding.access.posts import agencies_holding
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.enums import SETTING_KINDS, Role
from safeguarding.agencies.models import Agency, Membership, PartnershipAgency, User
from safeguarding.agencies.selectors import administered
from safeguarding.errors import NotVisible

_MOST = 100


def _of_hubs(user: User, roles: tuple[Role, ...]) -> QuerySet[Any, Any]:
    """The settings of the partnerships of a hub at which the person has one of these roles."""
    hubs = agencies_holding(user, roles)
    joined = PartnershipAgency.objects.filter(left_on=None)
    partnerships = joined.filter(agency__in=hubs).values("partnership")
    return joined.filter(partnership__in=partnerships, agency__kind__in=SETTING_KINDS).values("agency_id")


def may_end(user: User) -> QuerySet[Agency]:
    """Which settings a person may say of that they end: their own as administrator, or as a manager of their hub."""
    if not user.is_active:
        return Agency.objects.none()
    own = administered(user).order_by().values("pk")
    theirs = Q(pk__in=own) | Q(pk__in=_of_hubs(user, (Role.MASH_MANAGER,)))
    return Agency.objects.filter(theirs, kind__in=SETTING_KINDS).order_by("name", "pk")


def check_may_end(agency: Agency, *, for_user: User) -> None:
    if not may_end(for_user).filter(pk=agency.pk).exists():
        raise NotVisible


def check_looks_after_settings(user: User) -> None:
    """The hub's people, heads, and administrators; what each of them sees there is their own."""
    leads = agencies_holding(user, (Role.MASH_OFFICER, Role.MASH_MANAGER, Role.HEAD))
    if not user.is_active or not (leads or administered(user).exists()):
        raise NotVisible


def setting(slug: str, *, for_user: User) -> Agency:
    found = may_end(for_user).filter(slug=slug).first()
    if found is None:
        raise NotVisible
    return found


def end_of(agency: Agency) -> SettingEnd | None:
    whole = SettingEnd.objects.select_related("agency", "successor", "recorded_by", "handed_over_by")
    return whole.filter(agency=agency).first()


def find(text: str, *, for_user: User) -> list[Agency]:
    found = may_end(for_user).filter(is_active=True)
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(urn=word))
    return list(found[:_MOST]) if text.strip() else []


def recorded(*, for_user: User) -> list[SettingEnd]:
    mine = SettingEnd.objects.filter(agency__in=may_end(for_user).order_by().values("pk"))
    return list(mine.select_related("agency", "successor").order_by("-ends_on", "pk")[:_MOST])


def own_settings(*, for_user: User) -> list[Agency]:
    return list(administered(for_user).filter(kind__in=SETTING_KINDS))


def files_left(agency_ids: Collection[int]) -> QuerySet[Any, Any]:
    """Files with something in them that have not gone elsewhere and are not on their way; runs as dispatch."""
    on_their_way = Transfer.objects.filter(controller__in=agency_ids, state__in=OPEN).values("file")
    here = SafeguardingFile.objects.filter(controller__in=agency_ids, moved_on=None).exclude(pk__in=on_their_way)
    return here.filter(Exists(FileEntry.objects.filter(file=OuterRef("pk"))))


@dataclass(frozen=True)
class Left:
    """What is still at a setting that ends: numbers alone, for an administrator reads no file."""

    files: int
    on_their_way: int
    alerts: int


def left_at(agency: Agency) -> Left:
    with acting_as(as_dispatch("count what a setting hands over")):
        unclosed = Alert.objects.filter(
            setting=agency,
            status__in=(AlertStatus.SENT, AlertStatus.OPENED, AlertStatus.ACKNOWLEDGED),
            recalled_at=None,
            sent_back_at=None,
        )
        return Left(
            files=files_left([agency.pk]).count(),
            on_their_way=Transfer.objects.filter(controller=agency, state__in=OPEN).count(),
            alerts=unclosed.count(),
        )


def to_hand_over(*, for_user: User) -> int:
    """Settings whose day has come and whose files are still there, or have come back (ALR-28)."""
    mine = SettingEnd.objects.filter(agency__in=may_end(for_user).order_by().values("pk"))
    come = mine.filter(ends_on__lte=timezone.localdate())
    waiting = come.filter(handed_over_at=None)[:_MOST].count()
    handed_over = list(come.exclude(handed_over_at=None).values_list("agency_id", flat=True))
    if not handed_over:
        return waiting
    with acting_as(as_dispatch("count what a setting hands over")):
        return waiting + files_left(handed_over).order_by().values("controller").distinct()[:_MOST].count()


def without_lead(*, for_user: User) -> list[Agency]:
    """Settings with no Designated Safeguarding Lead on record: of one's hub, or one's own as its head (ALR-23, ALR-28)."""
    if not for_user.is_active:
        return []
    hubs = _of_hubs(for_user, (Role.MASH_OFFICER, Role.MASH_MANAGER))
    own = agencies_holding(for_user, (Role.HEAD,))
    mine = Agency.objects.filter(Q(pk__in=hubs) | Q(pk__in=own), kind__in=SETTING_KINDS, is_active=True)
    candidates = list(mine.order_by("name", "pk"))
    with acting_as(as_dispatch("who leads safeguarding at each setting")):
        leads = Membership.objects.filter(role=Role.DSL, ended_at=None, agency__in=[each.pk for each in candidates])
        led = set(leads.values_list("agency_id", flat=True))
    return [each for each in candidates if each.pk not in led][:_MOST]
