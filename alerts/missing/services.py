"""Writes of missing episodes: opened with the notification, closed with the return interview (ALR-02, rules.md)."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from alerts.intake.content import PoliceNotification
from alerts.intake.enums import ChildState
from alerts.intake.models import Notification
from alerts.missing import policies, selectors
from alerts.missing.enums import EpisodeState, InterviewOutcome, ToldBy
from alerts.missing.models import MissingEpisode
from alerts.readers.selectors import as_dispatch
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.principal import acting_as
from safeguarding.access.told import not_to_be_told, people_at
from safeguarding.agencies.models import User
from safeguarding.agencies.selectors import council_of
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.notifications.services import queue_email

_BACK = "A child who was missing is back. Please offer the return interview in the time that the Hub says."
_SAID = {
    "returned": ("A return interview is to be offered", _BACK),
    "late": ("A return interview is late", _BACK),
    "dropped": (
        "A return interview is not needed",
        "The police have taken back that this child was missing. What you recorded is kept. "
        "Do not offer the interview; if the family was asked already, tell them.",
    ),
}


@transaction.atomic
def note_episodes(notification: Notification) -> list[MissingEpisode]:
    """One episode for each child who is known now; asked again it adds what is new, and follows a correction (ALR-02).

    By matching, or who settled it.
    """
    there = {episode.child_id: episode for episode in _for_update(notification)}
    known = notification.children.exclude(child=None).exclude(state=ChildState.DROPPED)
    rows = list(known.select_related("child__crypto_key").order_by("position"))
    returned_at = PoliceNotification.from_json(notification.content).returned_at if notification.content else None
    named = {row.child_id for row in rows}
    for child_id, episode in there.items():
        if child_id in named:
            _put_right(episode, notification, returned_at)
        else:
            _drop(episode, notification)
    new = [row for row in rows if row.child_id not in there]
    if not new:
        return []
    council = council_of(notification.partnership)
    episodes = [
        MissingEpisode(
            partnership_id=notification.partnership_id,
            controller_id=notification.controller_id,
            notification=notification,
            source_id=notification.source_id,
            council=council,
            setting_id=row.setting_id,
            child=row.child,
            given_name=row.child.given_name,
            family_name=row.child.family_name,
            date_of_birth=row.child.date_of_birth,
            missing_since=notification.occurred_at,
            **_back(notification, returned_at, told_at=notification.received_at),
        )
        for row in new
        if row.child is not None
    ]
    MissingEpisode.objects.bulk_create(episodes)
    for episode in episodes:
        record("episode.noted", episode, facts={"returned": episode.returned_at is not None})
        if episode.returned_at is not None:
            _tell_authority(episode, "returned", generation=notification.generation)
    return episodes


@transaction.atomic
def drop_episodes(notification: Notification) -> None:
    """The police take the whole report back: no child of it is missing, and nobody is interviewed (ALR-02). By matching."""
    for episode in _for_update(notification):
        _drop(episode, notification)


def _for_update(notification: Notification) -> list[MissingEpisode]:
    episodes = MissingEpisode.objects.select_for_update(of=("self",), no_key=True).filter(notification=notification)
    return list(episodes.select_related("partnership").order_by("pk"))


def _put_right(episode: MissingEpisode, notification: Notification, returned_at: dt.datetime | None) -> None:
    """What the police say now counts, but for a return that a person has recorded."""
    was = (episode.state, episode.missing_since, episode.returned_at)
    episode.missing_since = notification.occurred_at
    if episode.return_recorded_by_id is None and returned_at not in (None, episode.returned_at):
        for name, value in _back(notification, returned_at, told_at=timezone.now()).items():
            setattr(episode, name, value)
    episode.state = policies.reached(episode)
    if was == (episode.state, episode.missing_since, episode.returned_at):
        return
    episode.save(
        update_fields=[
            *("state", "missing_since", "returned_at", "returned_told_by", "return_recorded_at", "interview_due_at")
        ]
    )
    record("episode.corrected", episode, facts={"was": was[0], "state": episode.state})
    if episode.state == EpisodeState.RETURNED and was[0] in (EpisodeState.MISSING, EpisodeState.DROPPED):
        _tell_authority(episode, "returned", generation=notification.generation)


def _drop(episode: MissingEpisode, notification: Notification) -> None:
    """What was recorded of the interview stays; who was asked for one and has not held it is told."""
    was = episode.state
    if was == EpisodeState.DROPPED:
        return
    episode.state = EpisodeState.DROPPED
    episode.save(update_fields=["state"])
    record("episode.dropped", episode, facts={"was": was})
    if was in (EpisodeState.RETURNED, EpisodeState.OFFERED):
        _tell_authority(episode, "dropped", generation=notification.generation)


def _back(notification: Notification, returned_at: dt.datetime | None, *, told_at: dt.datetime) -> dict[str, object]:
    if returned_at is None:
        return {}
    return {
        "state": EpisodeState.RETURNED,
        "returned_at": returned_at,
        "returned_told_by": ToldBy.POLICE,
        "return_recorded_at": told_at,
        "interview_due_at": policies.interview_due_at(notification.partnership, returned_at),
    }


def _held(episode: MissingEpisode, by: User) -> MissingEpisode:
    visible = MissingEpisode.objects.visible_to(by).select_related("partnership", "crypto_key", "council")
    held = visible.select_for_update(of=("self",)).filter(pk=episode.pk).first()
    if held is None:
        raise NotVisible
    return held


@transaction.atomic
def record_return(episode: MissingEpisode, *, returned_at: dt.datetime, told_by: ToldBy, by: User) -> MissingEpisode:
    """The child is back: said by the police who reported it, the hub or the authority; the 72 hours begin (rules.md)."""
    held = _held(episode, by)
    policies.check_can_return(held, returned_at)
    held.state, held.returned_at, held.returned_told_by = EpisodeState.RETURNED, returned_at, told_by
    held.return_recorded_at, held.return_recorded_by = timezone.now(), by
    held.interview_due_at = policies.interview_due_at(held.partnership, returned_at)
    held.save(
        update_fields=[
            *("state", "returned_at", "returned_told_by", "return_recorded_at", "return_recorded_by"),
            "interview_due_at",
        ]
    )
    record("episode.returned", held, facts={"told_by": told_by})
    _tell_authority(held, "returned")
    return held


@transaction.atomic
def offer_interview(episode: MissingEpisode, *, by: User) -> None:
    """The authority has offered the return interview."""
    held = _held(episode, by)
    _check_interviews(held, by)
    policies.check_can_offer(held)
    held.state, held.interview_offered_at, held.interview_by = EpisodeState.OFFERED, timezone.now(), by
    held.save(update_fields=["state", "interview_offered_at", "interview_by"])
    record("episode.interview_offered", held)


@transaction.atomic
def close(episode: MissingEpisode, *, outcome: InterviewOutcome, held_at: dt.datetime | None, by: User) -> None:
    """What came of the return interview, and when it was; what the child said stays with the authority."""
    held = _held(episode, by)
    _check_interviews(held, by)
    policies.check_can_close(held, outcome, held_at)
    held.state, held.interview_outcome, held.interview_at, held.interview_by = (
        EpisodeState.CLOSED, outcome, held_at, by,
    )  # fmt: skip
    held.save(update_fields=["state", "interview_outcome", "interview_at", "interview_by"])
    late = policies.interview_is_late(held, timezone.now())
    record("episode.closed", held, facts={"outcome": outcome, "late": late})


def _check_interviews(episode: MissingEpisode, by: User) -> None:
    if not selectors.interviews_for(episode, by):
        raise NotVisible


def _tell_authority(episode: MissingEpisode, occasion: str, *, generation: int = 0) -> int:
    """The authority's people are asked to offer the return interview in time, or told that it is not needed.

    `generation`: after which correction, for what the police say twice is told twice.
    """
    headline, sentence = _SAID[occasion]
    told = f"{occasion}-{generation}" if generation else occasion
    with acting_as(as_dispatch("ask for a return interview")):
        people = _interviewers(episode)
        for person in people:
            queue_email(
                to=person.email,
                template="step",
                context={
                    "headline": headline,
                    "sentence": sentence,
                    "ref": episode.ref,
                    "link": f"{settings.SITE_URL}/missing/{episode.ref}/",
                    "marking": episode.partnership.marking,
                },
                dedupe_key=f"episode:{episode.pk}:{told}:{person.pk}",
                recipient=person,
                about=episode,
            )  # fmt: skip
    return len(people)


def _interviewers(episode: MissingEpisode) -> list[User]:
    if episode.council_id is None:
        return []
    shut = not_to_be_told(child_id=episode.child_id, notification_id=episode.notification_id)
    return people_at([episode.council_id], HANDLERS["missing"], shut=shut).get(episode.council_id, [])


def chase_interviews() -> int:
    """Interviews whose 72 hours have run out: the authority is asked once more."""
    now = timezone.now()
    with acting_as(as_dispatch("chase return interviews")), transaction.atomic():
        late = list(
            MissingEpisode.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .select_related("partnership")
            .filter(state__in=(EpisodeState.RETURNED, EpisodeState.OFFERED), interview_due_at__lte=now, chased_at=None)
            .order_by("interview_due_at")[:100]
        )
        for episode in late:
            episode.chased_at = now
            episode.save(update_fields=["chased_at"])
            record("episode.chased", episode, facts={"people": _tell_authority(episode, "late")})
    return len(late)
