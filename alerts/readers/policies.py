"""What the rules of a partnership, and the state of a way in, allow."""

import datetime as dt

from django.utils import timezone

from alerts.readers.models import BreakGlass, Exclusion
from safeguarding.access.grants import Grant
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import Partnership, User
from safeguarding.errors import Conflict, HubError, Refused

# A way out is looked at again at least once a year; nobody stays shut out because it was forgotten.
LONGEST_WITHOUT_REVIEW = dt.timedelta(days=366)
# More wrong references in an hour than a person mistypes.
MOST_ATTEMPTS = 5


def last_day(partnership: Partnership) -> dt.date:
    """The last day that a grant may name today: the partnership says for how long at most (NTK-03)."""
    return timezone.localdate() + dt.timedelta(days=partnership.grant_days - 1)


def end_of(day: dt.date) -> dt.datetime:
    """Until the end of that day, by the clock on the wall."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=LONDON)


def check_can_last(partnership: Partnership, until: dt.date) -> None:
    """A grant ends by itself, within the time that the partnership allows (NTK-03)."""
    if not timezone.localdate() <= until <= last_day(partnership):
        latest = last_day(partnership)
        raise Refused(
            f"Access can be given until {latest.day} {latest:%B %Y} at the latest. Nothing was changed. Choose an earlier day."
        )


def is_live(grant: Grant) -> bool:
    return grant.withdrawn_at is None and grant.expires_at > timezone.now()


def check_can_withdraw(grant: Grant) -> None:
    """What is over cannot be taken back; broken glass is ended by who reviews it (NTK-03, NTK-05)."""
    if not is_live(grant):
        raise Conflict("This access is over already. Nothing was changed.")
    if grant.break_glass_id:
        raise Refused("This access was taken in an emergency. Nothing was changed. Who reviews it can end it.")


def can_withdraw(grant: Grant) -> bool:
    try:
        check_can_withdraw(grant)
    except HubError:
        return False
    return True


def check_can_review_on(day: dt.date) -> None:
    """An exclusion is looked at again within a year (MRC-18)."""
    if not timezone.localdate() < day <= timezone.localdate() + LONGEST_WITHOUT_REVIEW:
        raise Refused("The review must be on a day after today, within a year. Nothing was saved. Choose another day.")


def check_can_shut_out(person: User, *, by: User) -> None:
    """Nobody shuts herself out: she could not see any more what she did (MRC-18)."""
    if person.pk == by.pk:
        raise Refused("You cannot shut yourself out. Nothing was saved. Ask a colleague to do it, and tell them why.")


def check_can_lift(exclusion: Exclusion) -> None:
    if exclusion.lifted_at is not None:
        raise Conflict("This exclusion was lifted already. Nothing was changed.")


def is_running(glass: BreakGlass) -> bool:
    return glass.ended_at is None and glass.expires_at > timezone.now()


def check_can_end(glass: BreakGlass, *, by: User) -> None:
    """The alarm is worth something only if access can be stopped at once (NTK-05)."""
    _check_not_own(glass, by)
    if not is_running(glass):
        raise Conflict("This access is over already. Nothing was changed.")


def check_can_review(glass: BreakGlass, *, by: User) -> None:
    """Once, and never by the person who broke the glass (NTK-05)."""
    _check_not_own(glass, by)
    if glass.reviewed_at is not None:
        raise Conflict("Somebody has reviewed this already. Your finding was not saved.")


def can_review(glass: BreakGlass, *, by: User) -> bool:
    try:
        check_can_review(glass, by=by)
    except HubError:
        return False
    return True


def _check_not_own(glass: BreakGlass, by: User) -> None:
    if glass.user_id == by.pk:
        raise Refused("You opened this record yourself: somebody else has to review it. Nothing was saved.")


def is_overdue(glass: BreakGlass) -> bool:
    return glass.reviewed_at is None and glass.review_due_at <= timezone.now()
