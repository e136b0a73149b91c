"""What the setting does after its answer: support, actions, review, and the end of it (ALR-17, ALR-18, ALR-19)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert
from alerts.files.enums import EntryKind
from alerts.files.services import file_with
from alerts.response import policies, selectors
from alerts.response.answers import held, save
from alerts.response.enums import ActionKind, ActionState, Outcome, Support
from alerts.response.models import Action, Response
from alerts.response.services import locked
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible


def _open(alert: Alert, by: User) -> tuple[Alert, Response]:
    """The alert and its response for update, as long as the alert counts and the response goes on."""
    alert = locked(alert, by=by)
    policies.check_counts(alert)
    response = held(alert, by)
    policies.check_is_open(response)
    return alert, response


@transaction.atomic
def decide_support(alert: Alert, *, support: Support, note: str, by: User) -> Response:
    """Silent or overt, and how: those who support the child act alike (ALR-18)."""
    alert, response = _open(alert, by)
    response.support, response.support_note = support, note or None
    save(response, "support", "support_note")
    record("alert.support_set", alert, facts={"support": str(support)}, at=alert.setting_id)
    file_with(alert, kind=EntryKind.ANSWER, text=f"Support: {support.label}.\n{note}".strip(), by=by)
    return response


@transaction.atomic
def add_actions(
    alert: Alert, *, kinds: Sequence[ActionKind], owner: User, due_on: dt.date, note: str, by: User
) -> list[Action]:
    """One action for each kind chosen, with one owner and one day (ALR-17)."""
    alert, _ = _open(alert, by)
    policies.check_day_ahead(due_on, "day by which it is due")
    if owner.pk not in {each.pk for each in selectors.owners_for(alert, for_user=by)}:
        raise NotVisible
    actions = Action.objects.bulk_create(
        [
            Action(
                partnership_id=alert.partnership_id, controller_id=alert.setting_id, alert=alert, kind=kind, owner=owner,
                due_on=due_on, note=note or None, set_by=by,
            )
            for kind in kinds
        ]
    )  # fmt: skip
    for action in actions:
        facts = {"action": action.ref, "kind": action.kind, "owner": owner.pk, "due_on": due_on.isoformat()}
        record("alert.action_added", alert, facts=facts, at=alert.setting_id)
    words = [f"{ActionKind(action.kind).label}." for action in actions]
    due = f"To be done by {owner.name} until {due_on.day} {due_on:%B %Y}."
    file_with(alert, kind=EntryKind.ACTION, text="\n".join([*words, due, *([note] if note else [])]), by=by)
    return actions


@transaction.atomic
def end_action(action: Action, *, state: ActionState, result: str, by: User) -> Action:
    """Done, or not needed any more, by who answers the alert or owns the action; told once (ALR-17)."""
    mine = Action.objects.visible_to(by).filter(pk=action.pk).select_related("crypto_key", "owner")
    now = mine.select_for_update(of=("self",), no_key=True).first()
    if now is None:
        raise NotVisible
    policies.check_can_end(now, state)
    now.state, now.result, now.ended_at, now.ended_by = state, result or None, timezone.now(), by
    now.save(update_fields=["state", "result", "ended_at", "ended_by"])
    alert = selectors.alert_of(now)
    record("alert.action_ended", alert, facts={"action": now.ref, "state": str(state)}, at=now.controller_id)
    words = f"{ActionKind(now.kind).label}: {state.label.lower()}.\n{result}".strip()
    file_with(alert, kind=EntryKind.ACTION, text=words, by=by)
    return now


@transaction.atomic
def review(alert: Alert, *, note: str, next_on: dt.date | None, by: User) -> Response:
    """What the actions came to, and when somebody looks again; the first time it only sets the day (ALR-19)."""
    alert, response = _open(alert, by)
    if next_on is not None:
        policies.check_day_ahead(next_on, "day of the review")
    if note:
        response.reviewed_at = timezone.now()
        record("alert.reviewed", alert, at=alert.setting_id)
        file_with(alert, kind=EntryKind.REVIEW, text=note, by=by)
    response.review_on, response.reminded_on = next_on, None
    save(response, "review_on", "reviewed_at", "reminded_on")
    if next_on is not None:
        record("alert.review_set", alert, facts={"on": next_on.isoformat()}, at=alert.setting_id)
    return response


@transaction.atomic
def close(alert: Alert, *, outcome: Outcome, note: str, by: User) -> Response:
    """The setting's response ends with its outcome; the file stays (ALR-19)."""
    alert, response = _open(alert, by)
    policies.check_can_close(alert, response, selectors.open_actions(alert, for_user=by).count())
    now = timezone.now()
    response.outcome, response.outcome_note = outcome, note or None
    response.closed_at, response.closed_by, response.review_on = now, by, None
    save(response, "outcome", "outcome_note", "closed_at", "closed_by", "review_on")
    alert.status, alert.closed_at = AlertStatus.CLOSED, now
    alert.save(update_fields=["status", "closed_at"])
    record("alert.closed", alert, facts={"outcome": str(outcome)}, at=alert.setting_id)
    file_with(alert, kind=EntryKind.OUTCOME, text=f"{outcome.label}.\n{note}".strip(), by=by)
    return response
