"""Reads of the setting: its inbox, and one alert (ALR-04, NTK-02)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert, AlertGrant
from alerts.delivery.querysets import AlertQuerySet
from alerts.files.selectors import told_to
from alerts.readers.sharing import told_about
from alerts.response.enums import ActionState, InboxView
from alerts.response.models import Action, Response
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.access.posts import agencies_holding, agencies_where, names_of, posts_of
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.access.selectors import readers_of_alert
from safeguarding.agencies.models import User
from safeguarding.audit.enums import WayIn
from safeguarding.audit.record import Shown, record_listing
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref

PAGE = 25
# Counting further costs more than the page itself, and says no more (design §3).
COUNTED_TO = 1000
MOST_AT_ONCE = 50
# Of either kind, the longest due first; a longer list is no list of what to do next.
MOST_WAITING = 25
# A list fetches what its rows show: a page of whole alerts takes half as long again.
SHOWN_IN_THE_INBOX = (
    "ref", "status", "kind", "child_given_name", "child_family_name", "incident_on", "sent_at", "due_at",
    "corrected_at", "recalled_at", "opened_at", "sent_back_at",
    "controller_id", "setting_id", "crypto_key__kek_id", "crypto_key__wrapped",
)  # fmt: skip
SHOWN_TO_REVIEW = (
    "controller_id", "review_on", "alert__ref", "alert__child_given_name", "alert__child_family_name",
    "alert__crypto_key__kek_id", "alert__crypto_key__wrapped",
)  # fmt: skip
SHOWN_TO_DO = ("ref", "controller_id", "kind", "state", "due_on")


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
        to_answer=filters.view == InboxView.TO_ANSWER,
        kind=filters.kind or None,
        overdue_at=timezone.now() if filters.view == InboxView.OVERDUE else None,
    )
    found = list(newest.select_related("crypto_key", "setting", "controller") if whole else shown_in_the_inbox(newest))
    page = found[:limit]
    return InboxPage(page, page[-1].ref if len(found) > limit else "", is_first=before is None)


def shown_in_the_inbox(alerts: AlertQuerySet) -> AlertQuerySet:
    """The name of the setting alone, as `setting_name`: an agency for each row costs more than the walls do."""
    narrow = alerts.select_related("crypto_key").only(*SHOWN_IN_THE_INBOX)
    return narrow.annotate(setting_name=F("setting__name"), opened_by_name=F("opened_by__name"))


def inbox_counts(*, for_user: User) -> dict[InboxView, int]:
    """Alerts to answer, new and overdue, counted up to one more than a thousand; one query while there are no more."""
    now, most = timezone.now(), COUNTED_TO + 1
    new = Q(status=AlertStatus.SENT)
    found = Alert.objects.newest_addressed(for_user, limit=most, to_answer=True).aggregate(
        to_answer=Count("pk"), new=Count("pk", filter=new), overdue=Count("pk", filter=new & Q(due_at__lte=now))
    )
    if found["to_answer"] == most:  # what is new or overdue may lie beyond the newest thousand
        found["new"] = Alert.objects.newest_addressed(for_user, limit=most, status=AlertStatus.SENT).count()
        found["overdue"] = Alert.objects.newest_addressed(for_user, limit=most, overdue_at=now).count()
    return {InboxView.TO_ANSWER: found["to_answer"], InboxView.NEW: found["new"], InboxView.OVERDUE: found["overdue"]}


def first_bell(*, for_user: User) -> dt.datetime | None:
    """The next bell that rings over an alert that nobody here has opened (ALR-23)."""
    new = Alert.objects.newest_addressed(for_user, limit=COUNTED_TO + 1, status=AlertStatus.SENT)
    return new.aggregate(first=Min("due_at", filter=Q(due_at__gt=timezone.now())))["first"]


def settings_read_for(user: User) -> list[str]:
    """The names of the settings whose alerts may be addressed to this person (ALR-07)."""
    return list(names_of(posts_of(user).holding(AUDIENCE_BITS)).values())


def check_has_inbox(user: User) -> None:
    """Somebody to whom alerts are addressed at these settings, or who was let see one (ALR-07, NTK-03)."""
    if not settings_read_for(user) and not Alert.objects.newest_addressed(user, limit=1).exists():
        raise NotVisible


def _alert(ref: str, user: User) -> Alert:
    """The alert with this reference; absent and another's are the same (NTK-01)."""
    alert = (
        Alert.objects.addressed_to(user)
        .select_related(
            "crypto_key", "setting", "controller", "partnership", "opened_by", "acknowledged_by", "sent_back_by"
        )
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


def several(refs: Sequence[str], *, for_user: User) -> list[Alert]:
    """The alerts chosen in the inbox that still reach this person, in one query; what does not is left out."""
    wanted = {ref for text in refs[:MOST_AT_ONCE] if (ref := normalise_ref(text))}
    mine = Alert.objects.addressed_to(for_user).filter(ref__in=wanted)
    found = mine.select_related("crypto_key", "setting", "acknowledged_by").order_by("-sent_at", "-pk")
    return list(found)


# -- the response


def response_to(alert: Alert, *, for_user: User) -> Response | None:
    """What the setting has done so far; only for who answers the alert (NTK-03)."""
    mine = Response.objects.visible_to(for_user).filter(alert=alert)
    return mine.select_related("crypto_key", "answered_by", "closed_by").first()


def version_of(alert: Alert, *, for_user: User) -> int:
    response = response_to(alert, for_user=for_user)
    return response.version if response else 0


def actions_on(alert: Alert, *, for_user: User) -> list[Action]:
    """To do first, the soonest on top; then what was ended."""
    mine = Action.objects.visible_to(for_user).filter(alert=alert).select_related("crypto_key", "owner", "ended_by")
    return sorted(mine.order_by("due_on", "pk"), key=lambda action: action.state != ActionState.OPEN)


def open_actions(alert: Alert, *, for_user: User) -> QuerySet[Any, Any]:
    return Action.objects.visible_to(for_user).filter(alert=alert, state=ActionState.OPEN)


def get_action(ref: str, *, for_user: User) -> Action:
    """By who answers the alert, or owns the action; to everybody else it is not there."""
    mine = Action.objects.visible_to(for_user).filter(ref=normalise_ref(ref) or "")
    found = mine.select_related("crypto_key", "owner", "controller", "partnership", "ended_by").first()
    if found is None:
        raise NotVisible
    return found


def my_actions_on(alert_id: int | None, *, for_user: User) -> list[Action]:
    """What a colleague who was told is to do about it (ALR-17)."""
    mine = Action.objects.visible_to(for_user).filter(alert_id=alert_id or 0, owner=for_user)
    return list(mine.select_related("crypto_key").order_by("due_on", "pk"))


def shows_note(action: Action, *, for_user: User) -> bool:
    """Once its alert is recalled only who answers that still reads what exactly was to be done (ALR-16)."""
    by_role = Alert.objects.addressed_by_role(for_user).filter(pk=action.alert_id)
    return action.recalled_at is None or by_role.exists()


def place_of(action: Action, *, for_user: User) -> str:
    """Where this person reads what the action is about: the alert, or what they were told of it; empty when nowhere now."""
    alert = Alert.objects.addressed_to(for_user).filter(pk=action.alert_id).first()
    if alert is not None:
        return reverse("response:alert", args=[alert.ref])
    told = [each for each in told_to(for_user) if each.entry.alert_id == action.alert_id]
    return reverse("response:told", args=[told[0].entry.ref]) if told else ""


def remember_action(action: Action) -> None:
    record_listing("alert.listed", [Shown(action.ref, action.controller_id, action.controller_id)])


def alert_of(action: Action) -> Alert:
    """The alert that an action is about, for its history: an owner need not see it, dispatch does (NTK-02)."""
    with acting_as(as_dispatch("file an action")):
        whole = Alert.objects.select_related("crypto_key", "setting", "controller", "partnership")
        return whole.get(pk=action.alert_id)


def owners_for(alert: Alert, *, for_user: User) -> list[User]:
    """Who can do something about it: those whom it reaches at the setting, and colleagues who were told (ALR-16, ALR-17)."""
    readers = readers_of_alert(alert, for_user=for_user)
    here = {reader.user_id for reader in readers if reader.agency == alert.setting.name}
    here |= {grant.user_id for grant in told_about(alert, for_user=for_user)}
    return list(User.objects.filter(pk__in=here, is_active=True).order_by("name", "pk"))


# -- what waits


def _reviews_due(user: User) -> QuerySet[Any, Any]:
    """From the alerts of the reader's own settings, whose the responses are: of all areas together there are always many due."""
    at = agencies_holding(user, AUDIENCE_BITS)
    due = Response.objects.visible_to(user).filter(closed_at=None, recalled_at=None, controller_id__in=at)
    return due.filter(review_on__lte=timezone.localdate())


def reviews_due(*, for_user: User) -> tuple[int, dt.date | None]:
    row = _reviews_due(for_user).aggregate(count=Count("pk"), first=Min("review_on"))
    return row["count"], row["first"]


def _actions_due(user: User) -> QuerySet[Any, Any]:
    due = Action.objects.visible_to(user).filter(ended_at=None, recalled_at=None)
    return due.filter(due_on__lte=timezone.localdate())


def actions_due(*, for_user: User) -> tuple[int, dt.date | None]:
    """One's own actions that are due today or late."""
    row = _actions_due(for_user).filter(owner=for_user).aggregate(count=Count("pk"), first=Min("due_on"))
    return row["count"], row["first"]


@dataclass(frozen=True)
class Waiting:
    """The longest due of either kind, and whether there are more of it."""

    reviews: Sequence[Response]
    actions: Sequence[Action]
    more_reviews: bool
    more_actions: bool


def waiting(*, for_user: User) -> Waiting:
    """Reviews that are due, and actions that are due or late: one's own, and those on alerts that one answers."""
    at = agencies_holding(for_user, AUDIENCE_BITS)
    elsewhere = [agency for agency in agencies_where(for_user, "member") if agency not in at]
    actions = _actions_due(for_user).filter(Q(controller_id__in=at) | Q(controller_id__in=elsewhere, owner=for_user))
    named = actions.only(*SHOWN_TO_DO).annotate(owner_name=F("owner__name"))
    reviews = _reviews_due(for_user).select_related("alert__crypto_key").only(*SHOWN_TO_REVIEW)
    first_reviews = list(reviews.order_by("review_on", "pk")[: MOST_WAITING + 1])
    first_actions = list(named.order_by("due_on", "pk")[: MOST_WAITING + 1])
    return Waiting(
        first_reviews[:MOST_WAITING],
        first_actions[:MOST_WAITING],
        more_reviews=len(first_reviews) > MOST_WAITING,
        more_actions=len(first_actions) > MOST_WAITING,
    )


def remember_waiting(found: Waiting) -> None:
    shown = [Shown(each.alert.ref, each.controller_id, each.controller_id) for each in found.reviews]
    shown += [Shown(each.ref, each.controller_id, each.controller_id) for each in found.actions]
    record_listing("alert.listed", shown)
