"""Reads of missing episodes: the list, one episode, how often a child went missing lately (ALR-02)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from alerts.delivery.models import Alert
from alerts.intake.enums import NotificationKind
from alerts.missing import policies
from alerts.missing.enums import EpisodeState
from alerts.missing.models import MissingEpisode
from alerts.readers.selectors import as_dispatch
from safeguarding.access.posts import agencies_where
from safeguarding.access.principal import acting_as
from safeguarding.agencies.models import User
from safeguarding.audit.record import Shown, record_listing
from safeguarding.children.models import Child
from safeguarding.children.selectors import records_of, survivors_of
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page

_KINDS = ("notification", "own_notification", "missing")


def works_on_episodes(user: User) -> bool:
    """The hub, the police who send them, and the authority that offers the interview."""
    return any(agencies_where(user, kind) for kind in _KINDS)


@dataclass(frozen=True)
class Line:
    episode: MissingEpisode
    lately: int
    late: bool


@dataclass(frozen=True)
class Page:
    rows: Sequence[Line]
    older: str | None
    is_first: bool


def page_of(*, state: str, cursor: str, for_user: User) -> Page:
    """Newest first, each with how often that child was missing within 90 days; the look is remembered (AUD-01)."""
    if not works_on_episodes(for_user):
        raise NotVisible
    visible = MissingEpisode.objects.visible_to(for_user).select_related("crypto_key", "source", "setting")
    if state in EpisodeState.values:
        visible = visible.filter(state=state)
    rows: KeysetPage = keyset_page(visible, field="missing_since", cursor=cursor)
    counts = pattern_of(rows)
    now = timezone.now()
    record_listing("episode.listed", [Shown(each.ref, each.controller_id) for each in rows])
    lines = [Line(each, counts[each.pk], policies.interview_is_late(each, now)) for each in rows]
    return Page(lines, rows.older, rows.is_first)


def pattern_of(episodes: Iterable[MissingEpisode]) -> Counter[int]:
    """For each episode: how many of the same child began in the 90 days up to it, itself among them; a number and no more.

    Records that were joined are one child; what the police took back counts for nothing. A service counts: the police see
    their own episodes, a pattern is made of all.
    """
    episodes = list(episodes)
    if not episodes:
        return Counter()
    with acting_as(as_dispatch("count missing episodes")):
        named = Child.objects.filter(pk__in={each.child_id for each in episodes}).only("pk", "merged_into")
        standing = survivors_of(named)
        owners = records_of(set(standing.values()))
        since = min(each.missing_since for each in episodes) - dt.timedelta(days=policies.PATTERN_DAYS)
        rows = MissingEpisode.objects.filter(child_id__in=list(owners), missing_since__gte=since)
        rows = rows.exclude(state=EpisodeState.DROPPED)
        began = [(owners[child], when) for child, when in rows.values_list("child_id", "missing_since")]
    found: Counter[int] = Counter()
    for each in episodes:
        first = each.missing_since - dt.timedelta(days=policies.PATTERN_DAYS)
        child = standing[each.child_id]
        found[each.pk] = sum(owner == child and first < when <= each.missing_since for owner, when in began)
    return found


def get_episode(ref: str, *, for_user: User) -> MissingEpisode:
    """Absent and forbidden are the same (NTK-01)."""
    visible = MissingEpisode.objects.visible_to(for_user).select_related(
        "crypto_key", "partnership", "source", "council", "setting", "controller"
    )
    found = visible.select_related("return_recorded_by", "interview_by").filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


def query_contact(episode: MissingEpisode) -> dict[str, str]:
    """Whom to ask about a missing episode: of its kind, as the partnership says (ALR-21)."""
    contacts = episode.partnership.query_contacts
    return contacts.get(NotificationKind.MISSING_EPISODE) or contacts.get("*") or {}


def interviews_for(episode: MissingEpisode, user: User) -> bool:
    """Works for the authority that offers the return interview."""
    return episode.council_id in agencies_where(user, "missing")


@dataclass(frozen=True)
class Told:
    """What a setting is told about an episode beside its alert: that the child is back, and how often it was missing."""

    returned: bool
    lately: int
    days: int = policies.PATTERN_DAYS


def told_with(alert: Alert) -> Told | None:
    """For who has the alert on its page: two facts, and nothing of where, why or what the child said (ALR-02, ALR-04)."""
    with acting_as(as_dispatch("tell a setting of a pattern")):
        counting = MissingEpisode.objects.exclude(state=EpisodeState.DROPPED)
        episode = counting.filter(notification=alert.notification_id, child=alert.child_id).first()
    if episode is None:
        return None
    return Told(episode.state != EpisodeState.MISSING, pattern_of([episode])[episode.pk])
