"""The clocks and the way of a missing episode (ALR-02, rules.md)."""

import datetime as dt

from django.utils import timezone

from alerts.missing.enums import EpisodeState, InterviewOutcome
from alerts.missing.models import MissingEpisode
from alerts.states import EPISODE
from safeguarding.agencies.models import Partnership
from safeguarding.errors import Conflict, Refused

# A return interview is held within 72 hours of the return (DfE), unless the partnership says otherwise.
INTERVIEW_HOURS = 72
# So many days back an episode counts towards a child's pattern.
PATTERN_DAYS = 90


def interview_due_at(partnership: Partnership, returned_at: dt.datetime) -> dt.datetime:
    """So many hours as they pass, whatever the clocks on the wall do in March and October."""
    hours = int(partnership.strategy.get("interview_hours", INTERVIEW_HOURS))
    return returned_at.astimezone(dt.UTC) + dt.timedelta(hours=hours)


def interview_is_late(episode: MissingEpisode, now: dt.datetime) -> bool:
    """Not held by then, or held after it."""
    due = episode.interview_due_at
    if due is None or episode.state == EpisodeState.DROPPED:
        return False
    if episode.state == EpisodeState.CLOSED:
        return episode.interview_at is not None and episode.interview_at > due
    return now > due


def reached(episode: MissingEpisode) -> EpisodeState:
    """How far it has come by what was recorded of it, whatever the police said of the report meanwhile."""
    if episode.interview_outcome:
        return EpisodeState.CLOSED
    if episode.interview_offered_at is not None:
        return EpisodeState.OFFERED
    return EpisodeState.MISSING if episode.returned_at is None else EpisodeState.RETURNED


def _check_can_become(episode: MissingEpisode, state: EpisodeState) -> None:
    if state not in EPISODE[EpisodeState(episode.state)]:
        raise Conflict(f"This episode is “{EpisodeState(episode.state).label}” already. Nothing was changed.")


def check_can_return(episode: MissingEpisode, returned_at: dt.datetime) -> None:
    """Once, not before the child went missing, and not in the time to come."""
    _check_can_become(episode, EpisodeState.RETURNED)
    if returned_at < episode.missing_since:
        raise Refused("The return cannot be before the child went missing. Nothing was saved. Check the time.")
    if returned_at > timezone.now():
        raise Refused("That time is still to come. Nothing was saved. Check the time.")


def check_can_offer(episode: MissingEpisode) -> None:
    _check_can_become(episode, EpisodeState.OFFERED)


def check_can_close(episode: MissingEpisode, outcome: InterviewOutcome, held_at: dt.datetime | None) -> None:
    """With an outcome, and where the interview was held with when: after the return, not in the time to come."""
    _check_can_become(episode, EpisodeState.CLOSED)
    if outcome in (InterviewOutcome.NO_CONCERN, InterviewOutcome.CONCERN):
        if held_at is None:
            raise Refused("Enter when the interview was held. Nothing was saved.")
        if held_at > timezone.now() or (episode.returned_at is not None and held_at < episode.returned_at):
            raise Refused("The interview is held after the return, and before now. Nothing was saved. Check the time.")
