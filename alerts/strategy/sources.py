"""What a strategy discussion can be asked for from: each room says how a reference of its own is resolved (STR-01, ALR-11)."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from alerts.intake.enums import ChildState
from alerts.intake.models import Notification, NotificationChild
from alerts.models import Alert
from alerts.screening.models import Screening
from alerts.screening.policies import level_of
from alerts.strategy.enums import Origin
from safeguarding.access.posts import agencies_where
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.children.models import Child
from safeguarding.errors import NotVisible, Refused
from safeguarding.refs import normalise_ref


@dataclass(frozen=True)
class Source:
    """Where the request comes from: who asks (`asked_at`), whom it is about, and since when it is known to the authority."""

    origin: Origin
    partnership: Partnership
    asked_at: Agency
    children: Sequence[Child]
    referred_on: dt.date
    ref: str = ""
    notification: Notification | None = None
    href: str = ""


Resolver = Callable[[str, User], Source]
_resolvers: dict[str, Resolver] = {}


def register(prefix: str, resolver: Resolver) -> None:
    """Called when a room's app is ready. The resolver raises NotVisible where the reader may not ask about the record."""
    _resolvers[prefix] = resolver


def source(ref: str, *, for_user: User) -> Source:
    """The record with this reference, for who may ask for a discussion about it (NTK-01)."""
    wanted = normalise_ref(ref) or ""
    resolver = _resolvers.get(wanted[:1])
    if resolver is None:
        raise NotVisible
    return resolver(wanted, for_user)


def check_children_are_known(rows: VisibleQuerySet) -> None:
    """It is asked for about every child of the record, and none is left out because nobody has said who it is (STR-01, ALR-03)."""
    if rows.filter(state=ChildState.WAITING, child=None).exists():
        raise Refused("Settle who every child is first. Nothing was asked for. If it cannot wait, ask by telephone.")


def from_notification(ref: str, user: User) -> Source:
    """A notification screened at a level of need at which social care contacts the setting (ALR-11, STR-01)."""
    visible = Notification.objects.visible_to(user).filter(controller__in=agencies_where(user, "notification"))
    found = visible.select_related("partnership", "controller").filter(ref=ref).first()
    if found is None:
        raise NotVisible
    screening = Screening.objects.visible_to(user).filter(notification=found).last()
    if screening is None or not level_of(found.partnership, screening.level)["contact"]:
        raise Refused(
            "A strategy discussion follows a screening at a level at which social care contacts the setting. "
            "Nothing was asked for. If the level is higher than was screened, screen it again or ask by telephone."
        )
    rows = NotificationChild.objects.visible_to(user).filter(notification=found).exclude(state=ChildState.DROPPED)
    check_children_are_known(rows)
    rows = rows.exclude(child=None)
    return Source(
        origin=Origin.NOTIFICATION,
        partnership=found.partnership,
        asked_at=found.controller,
        children=[row.child for row in rows.select_related("child__crypto_key").order_by("position") if row.child],
        referred_on=timezone.localdate(screening.decided_at, LONDON),
        ref=found.ref,
        notification=found,
        href=f"/queue/{found.ref}/",
    )


def from_alert(ref: str, user: User) -> Source:
    """The hub asks from what it sent: it is the same as asking from the notification."""
    handled = agencies_where(user, "sent_alert")
    found = (
        Alert.objects.visible_to(user).filter(ref=ref, controller__in=handled).select_related("notification").first()
    )
    if found is None:
        raise NotVisible
    return from_notification(found.notification.ref, user)
