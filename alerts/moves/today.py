"""What of files on their way, and of children who move, needs somebody now (ALR-28, MSH-09)."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from alerts.moves import ends, selectors
from safeguarding.access.handlers import HANDLERS
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import User
from safeguarding.web import needs
from safeguarding.web.needs import Need


def register() -> None:
    needs.register("transfers", transfers, roles=HANDLERS["file"])
    needs.register("children who move", moved, roles=HANDLERS["child"])
    needs.register("settings that end", endings, roles=("mash_manager", "agency_admin"))
    needs.register("settings without a lead", leaderless, roles=("head", "mash_officer", "mash_manager"))


def _end_of(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(23, 59), tzinfo=LONDON) if day else None


def transfers(user: User) -> Iterator[Need]:
    """Files to send, files that come, and whatever is late."""
    where, today = reverse("moves:transfers"), timezone.localdate()
    away, coming = selectors.sent_away(for_user=user), selectors.coming(for_user=user)
    late = bool(away["first"] and away["first"] < today)
    yield Need("safeguarding files to send on", where, away["begun"], _end_of(away["first"]), urgent=late)
    yield Need("files that you sent, and nobody has given receipt in time", where, away["unanswered"], urgent=True)
    late = bool(coming["first"] and coming["first"] < today)
    words = "safeguarding files that come to you"
    yield Need(words, where, coming["count"], _end_of(coming["first"]), urgent=late)


def moved(user: User) -> Iterator[Need]:
    """Children who left the area and nobody has decided about, and those who came."""
    where, waiting = reverse("moves:moves"), selectors.moves_waiting(for_user=user)
    yield Need("children who moved to another area, to decide about", where, waiting["away"])
    yield Need("children who moved to your area, to take up", where, waiting["here"], urgent=bool(waiting["here"]))


def endings(user: User) -> Iterator[Need]:
    """A setting's last day has come, and its files are still there."""
    waiting = ends.to_hand_over(for_user=user)
    yield Need("settings that have ended, to hand over", reverse("moves:ends"), waiting, urgent=bool(waiting))


def leaderless(user: User) -> Iterator[Need]:
    """The last lead has left: alerts go to others meanwhile, and head and hub know why (ALR-23, ALR-28)."""
    where = f"{reverse('moves:ends')}#without"
    words = "settings with no Designated Safeguarding Lead on record"
    yield Need(words, where, len(ends.without_lead(for_user=user)), urgent=True)
