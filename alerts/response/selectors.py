"""Reads of the setting: its inbox, and one alert (ALR-04, NTK-02)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Min, Q
from django.utils import timezone

from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert, AlertGrant
from alerts.delivery.querysets import AlertQuerySet
from alerts.response.enums import InboxView
from safeguarding.access.rules import AUDIENCE_BITS
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, User
from safeguarding.agencies.selectors import agencies_of
from safeguarding.audit.enums import WayIn
from safeguarding.audit.record import Shown, record_listing
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref

PAGE = 25
# Counting further costs more than the page itself, and says no more (design §3).
COUNTED_TO = 1000
# A list fetches what its rows show: a page of whole alerts takes half as long again.
SHOWN_IN_THE_INBOX = (
    "ref", "status", "kind", "child_given_name", "child_family_name", "incident_on", "sent_at", "due_at",
    "corrected_at", "recalled_at",
    "controller_id", "setting_id", "crypto_key__kek_id", "crypto_key__wrapped",
)  # fmt: skip


@dataclass(frozen=True)
class InboxPage:
    """What the pager wants to know, with the last reference shown as its cursor: no database id leaves."""

    rows: Sequence[Alert]
    older: str
    is_first: bool


@dataclass(frozen=True)
class Filters:
    view: InboxView = InboxView.ALL
    status: str = ""
    kind: str = ""
    cursor: str = ""


def inbox_page(filters: Filters, *, for_user: User, limit: int = PAGE, whole: bool = False) -> InboxPage:
    """One page of the inbox, the names on it included; costs the same however many alerts there are.

    `whole`: every field of each alert, as the API answers.
    """
    before = _alert(filters.cursor, for_user) if filters.cursor else None
    newest = Alert.objects.newest_addressed(
        for_user,
        limit=limit + 1,
        before=before,
        status=AlertStatus.SENT if filters.view == InboxView.NEW else filters.status or None,
        kind=filters.kind or None,
        overdue_at=timezone.now() if filters.view == InboxView.OVERDUE else None,
    )
    found = list(newest.select_related("crypto_key", "setting", "controller") if whole else shown_in_the_inbox(newest))
    page = found[:limit]
    return InboxPage(page, page[-1].ref if len(found) > limit else "", is_first=before is None)


def shown_in_the_inbox(alerts: AlertQuerySet) -> AlertQuerySet:
    """The name of the setting alone, as `setting_name`: an agency for each row costs more than the walls do."""
    narrow = alerts.select_related("crypto_key").only(*SHOWN_IN_THE_INBOX)
    return narrow.annotate(setting_name=F("setting__name"))


def inbox_counts(*, for_user: User) -> dict[InboxView, int]:
    """New and overdue alerts, counted up to one more than a thousand."""
    now, most = timezone.now(), COUNTED_TO + 1
    new = Alert.objects.newest_addressed(for_user, limit=most, status=AlertStatus.SENT)
    found = new.aggregate(new=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=now)))
    if found["new"] == most:  # what is overdue may lie beyond the newest thousand
        found["overdue"] = Alert.objects.newest_addressed(for_user, limit=most, overdue_at=now).count()
    return {InboxView.NEW: found["new"], InboxView.OVERDUE: found["overdue"]}


def first_bell(*, for_user: User) -> dt.datetime | None:
    """The next bell that rings over an alert that nobody here has opened (ALR-23)."""
    new = Alert.objects.newest_addressed(for_user, limit=COUNTED_TO + 1, status=AlertStatus.SENT)
    return new.aggregate(first=Min("due_at", filter=Q(due_at__gt=timezone.now())))["first"]


def settings_read_for(user: User) -> list[Agency]:
    """The settings whose alerts may be addressed to this person."""
    return agencies_of(user.pk, [Role(role) for role in AUDIENCE_BITS])


def check_has_inbox(user: User, settings: Sequence[Agency]) -> None:
    """Somebody to whom alerts are addressed at these settings, or who was let see one (ALR-07, NTK-03)."""
    if not settings and not Alert.objects.newest_addressed(user, limit=1).exists():
        raise NotVisible


def _alert(ref: str, user: User) -> Alert:
    """The alert with this reference; absent and another's are the same (NTK-01)."""
    alert = (
        Alert.objects.addressed_to(user)
        .select_related("crypto_key", "setting", "controller", "partnership", "opened_by", "acknowledged_by")
        .filter(ref=normalise_ref(ref) or "")
        .first()
    )
    if alert is None:
        raise NotVisible
    return alert


def get_alert(ref: str, *, for_user: User) -> Alert:
    return _alert(ref, for_user)


def may_answer(alert: Alert, *, for_user: User) -> bool:
    """Addressed by role: a grant lets read, not answer (NTK-03)."""
    return Alert.objects.addressed_by_role(for_user).filter(pk=alert.pk).exists()


def way_in(alert: Alert, *, for_user: User) -> WayIn | str:
    """By an emergency, where nothing else let this person in; else the log knows by itself (NTK-05, AUD-01)."""
    mine = AlertGrant.objects.live_for(for_user).filter(content_object=alert)
    ways = set(mine.values_list("break_glass_id", flat=True))
    return WayIn.BREAK_GLASS if ways and None not in ways and not may_answer(alert, for_user=for_user) else ""


def remember_listing(alerts: Iterable[Alert], *, for_user: User) -> None:
    """A page of the inbox is one entry with the references that it showed (AUD-01)."""
    record_listing("alert.listed", [Shown(alert.ref, alert.controller_id, alert.setting_id) for alert in alerts])
