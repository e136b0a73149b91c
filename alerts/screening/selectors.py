"""Reads of screening: the queue, and one notification with all that a decision needs (MSH-01)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Prefetch, Q, QuerySet
from django.utils import timezone

from alerts.delivery.models import Alert
from alerts.intake.content import Person, PoliceNotification
from alerts.intake.enums import Match, NotificationStatus, PersonRole, WaitingFor
from alerts.intake.models import Notification, NotificationChild
from alerts.intake.policies import can_change_settings, can_decide_match
from alerts.intake.selectors import left_by
from alerts.screening import policies
from alerts.screening.enums import QueueView, Rag
from alerts.screening.models import Screening
from alerts.screening.querysets import QueueQuerySet, queue
from alerts.screening.words import age_words, due_words, passed_over_words, relationship_words, warning_words
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.record import Shown, record_listing
from safeguarding.children.selectors import records_of_same, settings_attended, settings_left
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref

PAGE = 25
COUNTED_TO = 1000
_PREVIOUS = 20


@dataclass(frozen=True)
class Filters:
    view: QueueView = QueueView.TO_SCREEN
    kind: str = ""
    risk: str = ""
    cursor: str = ""


@dataclass(frozen=True)
class QueueRow:
    notification: Notification
    rag: Rag
    due: str
    overdue: bool
    ages: tuple[str, ...]
    waits_for: tuple[str, ...]


@dataclass(frozen=True)
class QueuePage:
    """What the pager wants to know, with the last reference shown as its cursor: no database id leaves."""

    rows: Sequence[QueueRow]
    older: str
    is_first: bool


def works_on_queue(user: User) -> bool:
    """A member of a hub whose role screens (MSH-01)."""
    return bool(agencies_where(user, "notification"))


def teams_of(user: User) -> QuerySet[Agency]:
    return Agency.objects.filter(pk__in=agencies_where(user, "notification")).order_by("pk")


def _of_view(view: QueueView, user: User) -> QueueQuerySet:
    rows = queue().handled_by(user)
    match view:
        case QueueView.TO_SCREEN:
            return rows.to_screen()
        case QueueView.MINE:
            return rows.claimed_by(user)
        case QueueView.WAITING:
            return rows.waiting()
    return rows.open()


def queue_page(filters: Filters, *, for_user: User, limit: int = PAGE) -> QueuePage:
    """One page of the work, what is due first on top; costs the same number of queries however long it is."""
    rows = _of_view(filters.view, for_user)
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.risk:
        rows = rows.filter(risk="" if filters.risk == "none" else filters.risk)
    if filters.cursor:
        last = queue().handled_by(for_user).filter(ref=normalise_ref(filters.cursor) or "").first()
        if last is None:
            raise NotVisible
        rows = rows.filter(Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk))
    children = Prefetch("children", NotificationChild.objects.visible_to(for_user))
    shown = rows.select_related("crypto_key", "partnership", "claimed_by", "source").prefetch_related(children)
    found = list(shown.order_by("due_at", "pk")[: limit + 1])
    now = timezone.now()
    page = [_row(notification, now) for notification in found[:limit]]
    older = page[-1].notification.ref if len(found) > limit else ""
    return QueuePage(page, older, is_first=not filters.cursor)


def _row(notification: Notification, now: dt.datetime) -> QueueRow:
    today = timezone.localdate(now)
    content = PoliceNotification.from_json(notification.content) if notification.content else None
    waits = {child.waiting_for for child in notification.children.all() if child.waiting_for}
    return QueueRow(
        notification=notification,
        rag=policies.rag_of(notification.risk),
        due=due_words(notification.due_at, now),
        overdue=notification.due_at <= now,
        ages=tuple(_age(child, today) for _, child in content.children) if content else (),
        waits_for=tuple(_WAITS[WaitingFor(each)] for each in sorted(waits)),
    )


def _age(person: Person, today: dt.date) -> str:
    return "not born yet" if person.expected_on else age_words(person.date_of_birth, today)


_WAITS = {WaitingFor.MATCH: "A match", WaitingFor.SETTING: "A setting"}


def queue_counts(*, for_user: User) -> dict[QueueView, int]:
    """How much there is of each, counted up to a thousand; every list is a part of all that is open, so one look counts them."""
    most = COUNTED_TO + 1
    mine = Count("pk", filter=Q(holder=for_user.pk))
    open_now = queue().handled_by(for_user).open().with_reasons().order_by()[:most]
    found = open_now.aggregate(**_COUNTED, **{QueueView.MINE.name: mine})
    if found[QueueView.ALL.name] < most:
        return {view: found[view.name] for view in QueueView}
    return {view: _of_view(view, for_user).order_by()[:most].count() for view in QueueView}


_COUNTED = {
    QueueView.ALL.name: Count("pk"),
    QueueView.TO_SCREEN.name: Count("pk", filter=Q(now=NotificationStatus.RECEIVED, screens=True)),
    QueueView.WAITING.name: Count("pk", filter=Q(waits=True)),
}


def work_waiting(*, for_user: User) -> dict[str, Any]:
    """What needs a person of the hub: late, not claimed, mine; and the clocks that run out first; one query (MSH-01)."""
    now = timezone.now()
    open_now = queue().handled_by(for_user).open().with_reasons().order_by()[: COUNTED_TO + 1]
    late = Q(due_at__lte=now)
    return open_now.aggregate(
        late=Count("pk", filter=late),
        first=Min("due_at", filter=late),
        unclaimed=Count("pk", filter=Q(holder=None) & ~late),
        next=Min("due_at", filter=Q(holder=None) & ~late),
        mine=Count("pk", filter=Q(holder=for_user.pk) & ~late),
    )


def remember_listing(page: QueuePage) -> None:
    """A page of the queue is one entry with the references that it showed (AUD-01)."""
    shown = [row.notification for row in page.rows]
    record_listing("notification.listed", [Shown(each.ref, each.controller_id, each.controller_id) for each in shown])


def get_notification(ref: str, *, for_user: User) -> Notification:
    """The notification with this reference; absent and another's are the same (NTK-01)."""
    found = (
        queue()
        .handled_by(for_user)
        .select_related("crypto_key", "partnership", "controller", "source", "claimed_by")
        .filter(ref=normalise_ref(ref) or "")
        .first()
    )
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class PersonOnRecord:
    person: Person
    role: str
    age: str
    relationships: tuple[str, ...]


@dataclass(frozen=True)
class ChildOnRecord(PersonOnRecord):
    row: NotificationChild
    match: str
    waits_for: str
    can_be_decided: bool
    settings_can_change: bool
    elsewhere: tuple[str, ...]
    left: str
    passed_over: str


@dataclass(frozen=True)
class Record:
    """One notification on one page; without `content` only the tombstone is left (ALR-09)."""

    notification: Notification
    content: PoliceNotification | None
    rag: Rag
    due: str
    overdue: bool
    adults: tuple[PersonOnRecord, ...]
    children: tuple[ChildOnRecord, ...]
    warnings: tuple[str, ...]
    screenings: Sequence[Screening]
    previous: Sequence[dict[str, Any]]
    rows: Sequence[NotificationChild]


def record_of(notification: Notification, *, for_user: User) -> Record:
    """All that the hub holds on one notification now, in a fixed number of queries (MSH-01, ALR-03)."""
    now = timezone.now()
    today = timezone.localdate(now)
    content = PoliceNotification.from_json(notification.content) if notification.content else None
    rows = list(
        NotificationChild.objects.visible_to(for_user)
        .filter(notification=notification, generation=notification.generation)
        .select_related("setting", "second_setting", "child", "decided_by")
    )
    for row in rows:
        row.notification = notification
    screenings = Screening.objects.visible_to(for_user).filter(notification=notification)
    return Record(
        notification=notification,
        content=content,
        rag=policies.rag_of(notification.risk),
        due=due_words(notification.due_at, now),
        overdue=notification.due_at <= now,
        adults=_adults(content, today) if content else (),
        children=_children(content, rows, today) if content else (),
        warnings=tuple(warning_words(each, content.people) for each in notification.warnings) if content else (),
        screenings=list(screenings.select_related("crypto_key", "decided_by")),
        previous=_previous(notification, rows, for_user) if content else (),
        rows=rows,
    )


def _adults(content: PoliceNotification, today: dt.date) -> tuple[PersonOnRecord, ...]:
    return tuple(PersonOnRecord(**_person(person, content, today)) for person in content.people if not person.is_child)


def _children(
    content: PoliceNotification, rows: Sequence[NotificationChild], today: dt.date
) -> tuple[ChildOnRecord, ...]:
    attended = settings_attended(row.child_id for row in rows if row.child_id)
    gone = settings_left(row.child_id for row in rows if row.child_id)
    by_position = {row.position: row for row in rows}
    return tuple(
        ChildOnRecord(
            **_person(person, content, today),
            row=row,
            match=_match(row),
            waits_for=WaitingFor(row.waiting_for).label if row.waiting_for else "",
            can_be_decided=can_decide_match(row),
            settings_can_change=can_change_settings(row),
            elsewhere=_elsewhere(row, attended.get(row.child_id or 0, [])),
            left=_left(row, person, gone.get(row.child_id or 0, [])),
            passed_over=passed_over_words(row),
        )
        for position, person in content.children
        if (row := by_position.get(position)) is not None
    )


def _elsewhere(row: NotificationChild, attended: Sequence[Agency]) -> tuple[str, ...]:
    """Settings that our record names and this notification does not: has the child moved, or does it go to both? (ALR-03)"""
    told = (row.setting_id, row.second_setting_id)
    return tuple(setting.name for setting in attended if setting.pk not in told)


def _left(row: NotificationChild, person: Person, left: Sequence[Agency]) -> str:
    """The setting that the police name and the child has left, while nobody has said where the child is now (ALR-03)."""
    named = left_by(person, left)
    return named.name if named and row.setting_id is None else ""


def _match(row: NotificationChild) -> str:
    if row.decided_by is not None:
        return f"Decided by {row.decided_by.name}"
    return Match(row.match).label


def _person(person: Person, content: PoliceNotification, today: dt.date) -> dict[str, Any]:
    return {
        "person": person,
        "role": PersonRole(person.role).label,
        "age": _age(person, today),
        "relationships": tuple(relationship_words(person, content.people)),
    }


def _previous(notification: Notification, rows: Sequence[NotificationChild], user: User) -> Sequence[dict[str, Any]]:
    """Earlier notifications about the same children: references and dates only, their content is gone (ALR-09)."""
    same = NotificationChild.objects.visible_to(user).filter(
        child_id__in=records_of_same(row.child_id for row in rows if row.child_id)
    )
    earlier = queue().handled_by(user).filter(pk__in=same.values("notification_id")).exclude(pk=notification.pk)
    return list(earlier.order_by("-occurred_at", "-pk").values("ref", "occurred_at", "kind")[:_PREVIOUS])


def sent_from(notification: Notification, *, for_user: User) -> list[Alert]:
    """The alerts of a notification: to which setting, when, opened when; what stays after the deletion (ALR-09)."""
    alerts = Alert.objects.visible_to(for_user).filter(notification=notification).defer(*_SEALED)
    return list(alerts.select_related("setting").order_by("setting__name", "pk"))


# Not even fetched: the page of a notification shows nothing of an alert's content.
_SEALED = ("child_given_name", "child_family_name", "child_date_of_birth", "adults")
