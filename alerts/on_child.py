"""What the rooms of alerts have to say on a child's page: references, dates and states, never content (NTK-02)."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse

from alerts.delivery.models import Alert
from alerts.intake.enums import ChildState
from alerts.intake.models import NotificationChild
from alerts.missing.models import MissingEpisode
from alerts.moves import selectors as moves
from alerts.referrals.selectors import referrals_about
from alerts.requests import selectors as requests
from alerts.strategy.models import ConcernedChild, StrategyDiscussion
from safeguarding.agencies.models import User
from safeguarding.children.chapters import Chapter, Line, register

_MOST = 50


def notifications_about(record_ids: Collection[int], user: User) -> Chapter:
    rows = NotificationChild.objects.visible_to(user).filter(child__in=record_ids)
    rows = rows.exclude(state=ChildState.DROPPED).select_related("notification")
    newest = rows.defer("notification__content").order_by("-notification__received_at", "-pk")[:_MOST]
    lines = [
        Line(
            ref=row.notification.ref,
            href=reverse("screening:notification", args=[row.notification.ref]),
            what=row.notification.get_kind_display(),
            when=row.notification.received_at,
            state=row.notification.get_status_display(),
        )
        for row in newest
    ]
    return Chapter("Notifications", lines, "The police have sent nothing about this child.")


def alerts_about(record_ids: Collection[int], user: User) -> Chapter:
    rows = Alert.objects.visible_to(user).filter(child__in=record_ids).select_related("setting")
    newest = rows.defer("child_given_name", "child_family_name", "child_date_of_birth", "adults")
    lines = [
        Line(
            ref=alert.ref,
            href=reverse("delivery:sent_alert", args=[alert.ref]),
            what=f"To {alert.setting.name}",
            when=alert.created_at,
            state=alert.get_status_display(),
        )
        for alert in newest.order_by("-created_at", "-pk")[:_MOST]
    ]
    return Chapter("Alerts", lines, "No alert about this child has been prepared.")


def requests_about(record_ids: Collection[int], user: User) -> Chapter:
    lines = [
        Line(
            ref=asked.ref,
            href=reverse("requests:request", args=[asked.ref]),
            what="Request to partners",
            when=asked.created_at,
            state=asked.get_state_display(),
        )
        for asked in requests.requests_about(record_ids, for_user=user)
    ]
    nothing = "No partner has been asked about this child."
    return Chapter("Requests to partners", lines, nothing, "Ask partners what they hold", "requests:new")


def episodes_about(record_ids: Collection[int], user: User) -> Chapter:
    rows = MissingEpisode.objects.visible_to(user).filter(child__in=record_ids)
    lines = [
        Line(
            ref=episode.ref,
            href=reverse("missing:episode", args=[episode.ref]),
            what="Missing episode",
            when=episode.missing_since,
            state=episode.get_state_display(),
        )
        for episode in rows.defer("given_name", "family_name", "date_of_birth").order_by("-missing_since", "-pk")[
            :_MOST
        ]
    ]
    return Chapter("Missing episodes", lines, "The child has not been reported missing.")


def discussions_about(record_ids: Collection[int], user: User) -> Chapter:
    """Those that the hub asked for; others are none of its business (STR-01)."""
    about = ConcernedChild.objects.visible_to(user).filter(child__in=record_ids)
    rows = StrategyDiscussion.objects.visible_to(user).filter(pk__in=about.values("discussion_id"))
    lines = [
        Line(
            ref=discussion.ref,
            href=reverse("strategy:discussion", args=[discussion.ref]),
            what=f"At {discussion.controller.name}",
            when=discussion.requested_at,
            state=discussion.get_state_display(),
        )
        for discussion in rows.select_related("controller").order_by("-requested_at", "-pk")[:_MOST]
    ]
    return Chapter("Strategy discussions", lines, "Your team has not asked for a strategy discussion.")


def moves_about(record_ids: Collection[int], user: User) -> Chapter:
    """From this hub to another, and to this one from another (MSH-09)."""
    about = Q(child__in=record_ids) | Q(taken_as__in=record_ids)
    lines = [
        Line(
            ref=move.ref,
            href=reverse("moves:move", args=[move.ref]),
            what=f"From {move.controller.name}",
            when=move.told_at,
            state=move.get_state_display(),
        )
        for move in moves.moves(for_user=user).filter(about).order_by("-told_at", "-pk")[:_MOST]
    ]
    nothing = "The child has not moved between areas."
    return Chapter("Moves between areas", lines, nothing, "The child has moved to another area", "moves:moved")


def register_chapters() -> None:
    register("1 notifications", notifications_about)
    register("2 alerts", alerts_about)
    register("3 referrals", referrals_about)
    register("6 requests", requests_about)
    register("4 missing episodes", episodes_about)
    register("5 strategy discussions", discussions_about)
    register("7 moves", moves_about)
