"""What the setting answers: what else it knows, where that leads, or that the child is not its own (ALR-12, ALR-14)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from alerts.delivery.enums import AlertStatus, SentBack
from alerts.delivery.models import Alert
from alerts.files.enums import EntryKind
from alerts.files.services import file_with
from alerts.response import policies, selectors
from alerts.response.enums import Concerns
from alerts.response.models import Response
from alerts.response.services import acknowledge, open_alert
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, HubError, NotVisible, Refused


@dataclass(frozen=True)
class Answer:
    """What somebody says on the form; an empty `concerns` says that they come back to it."""

    concerns: Concerns | str = ""
    known: str = ""
    worker: str = ""
    adult_works: bool | None = None


class Overtaken(Conflict):
    """Somebody else has answered since the page was drawn: the page shows what, and keeps what was typed."""


def held(alert: Alert, by: User) -> Response:
    """The response for update, begun where there is none; only for who answers (NTK-03). The alert is locked before."""
    if not selectors.may_answer(alert, for_user=by):
        raise NotVisible
    mine = Response.objects.visible_to(by).filter(alert=alert).select_related("crypto_key")
    found = mine.select_for_update(of=("self",), no_key=True).first()
    return found or Response.objects.create(
        alert=alert, partnership_id=alert.partnership_id, controller_id=alert.setting_id
    )


def save(response: Response, *fields: str) -> None:
    response.version += 1
    response.save(update_fields=[*fields, "version"])


@transaction.atomic
def answer(alert: Alert, said: Answer, *, version: int, by: User) -> Response:
    """Acknowledged, if nobody has yet, and what else is known: no other concerns, a worker to liaise with, or more (ALR-12).

    `version`: what the writer saw. Where somebody else was faster nothing of theirs is written over unseen.
    """
    alert = acknowledge(alert, by=by)
    response = held(alert, by)
    if not said.concerns:
        return response
    reopened = _reopen_if_changed(alert, response)
    policies.check_is_open(response)
    if response.version != version:
        raise Overtaken("Somebody else has answered while you were writing. Nothing was lost.")
    response.concerns = said.concerns
    response.known, response.worker = said.known or None, said.worker or None
    response.adult_works = said.adult_works
    response.answered_at, response.answered_by = timezone.now(), by
    save(response, "concerns", "known", "worker", "adult_works", "answered_at", "answered_by", *reopened)
    facts = {"concerns": str(said.concerns), "adult_works": said.adult_works, "allocated": bool(said.worker)}
    record("alert.answered", alert, facts=facts, at=alert.setting_id)
    file_with(alert, kind=EntryKind.ANSWER, text=words_of(said), by=by)
    return response


def _reopen_if_changed(alert: Alert, response: Response) -> tuple[str, ...]:
    """The police corrected it after the setting had closed: what was acknowledged anew is answered anew (ALR-12).

    The fields to save with the answer: saved by itself, it would count as an answer that the writer has not seen.
    """
    if response.closed_at is None or alert.status != AlertStatus.ACKNOWLEDGED:
        return ()
    response.closed_at, response.closed_by = None, None
    return ("closed_at", "closed_by")


def words_of(said: Answer) -> str:
    """As it stands in the child's file, for who reads it in ten years."""
    lines = [f"{Concerns(said.concerns).label}."]
    if said.worker:
        lines.append(f"Allocated worker: {said.worker}")
    if said.known:
        lines.append(f"What else is known: {said.known}")
    if said.adult_works:
        lines.append(
            "An adult named in the alert works with children or vulnerable adults. This is for the MASH alone."
        )
    return "\n".join(lines)


@transaction.atomic
def send_back(alert: Alert, *, because: SentBack, note: str, by: User) -> Alert:
    """Not on our roll: it goes back to the hub's board with the reason, and stays open there (ALR-28)."""
    alert = open_alert(alert, by=by, purpose="send back")
    if not selectors.may_answer(alert, for_user=by):
        raise NotVisible
    policies.check_can_send_back(alert, Response.objects.visible_to(by).filter(alert=alert).first())
    alert.sent_back_at, alert.sent_back_by = timezone.now(), by
    alert.sent_back_because, alert.sent_back_note = because, note or None
    alert.next_chase_at = None
    alert.save(update_fields=["sent_back_at", "sent_back_by", "sent_back_because", "sent_back_note", "next_chase_at"])
    record("alert.sent_back", alert, facts={"because": str(because)}, at=alert.setting_id)
    file_with(
        alert,
        kind=EntryKind.OTHER,
        text=f"Sent back to {alert.controller.name}: {because.label}.\n{note}".strip(),
        by=by,
    )
    return alert


@dataclass(frozen=True)
class Settled:
    """What became of one alert of several: `words` say it, `done` whether this person's answer counts."""

    alert: Alert
    done: bool
    words: str


def answer_several(alerts: Sequence[Alert], said: Answer, *, by: User) -> list[Settled]:
    """On a bad Monday: each is opened, acknowledged and recorded by itself; where somebody was faster, that is told (ALR-12)."""
    return [_answer_one(alert, said, by) for alert in alerts]


def _answer_one(alert: Alert, said: Answer, by: User) -> Settled:
    try:
        with transaction.atomic():
            now = selectors.get_alert(alert.ref, for_user=by)
            if now.status in policies.ANSWERED:
                return Settled(now, False, _by_another(now, by))
            if not selectors.may_answer(now, for_user=by):
                raise Refused("It is not addressed to you.")
            now = open_alert(now, by=by, purpose="acknowledge several")
            answer(now, said, version=selectors.version_of(now, for_user=by), by=by)
            return Settled(now, True, "Acknowledged.")
    except NotVisible:
        return Settled(alert, False, "It cannot be opened any more. Nothing was changed.")
    except HubError as error:
        return Settled(alert, False, error.sentence)


def _by_another(alert: Alert, by: User) -> str:
    who = alert.acknowledged_by.name if alert.acknowledged_by else "Somebody"
    who = "You" if alert.acknowledged_by_id == by.pk else who
    return f"{who} had acknowledged it already. Your answer was not written over it: open the alert to add to it."
