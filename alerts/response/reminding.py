"""Reviews and actions whose day has come are told by e-mail, without a name, and again each week until done (ALR-17, ALR-19)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from alerts.delivery import messages
from alerts.delivery.models import Alert
from alerts.delivery.policies import roles_of
from alerts.response.models import Action, Response
from alerts.response.policies import REMIND_AGAIN
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.models import Membership
from safeguarding.audit.record import record
from safeguarding.notifications.services import queue_email

BATCH = 100


def remind() -> int:
    """Doing it again on the same day changes nothing; in batches, so that no lock is held for long.

    Nobody is asked to act on an alert that counts no longer.
    """
    today, total = timezone.localdate(), 0
    with acting_as(as_dispatch("remind")):
        for batch in (_reviews, _actions):
            while reminded := batch(today):
                total += reminded
    return total


def _not_lately(today: dt.date) -> Q:
    return Q(reminded_on=None) | Q(reminded_on__lte=today - REMIND_AGAIN)


@transaction.atomic
def _reviews(today: dt.date) -> int:
    """To whom the alert is addressed and may read it; who is shut out hears nothing (MRC-18)."""
    due = Response.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    due = due.filter(_not_lately(today), closed_at=None, recalled_at=None, review_on__lte=today)
    found = list(due.select_related("alert__partnership", "alert__setting").order_by("review_on", "pk")[:BATCH])
    for response in found:
        alert = response.alert
        holders = messages.holders_for(alert)
        people = {user.pk: user for role in roles_of(alert.audience) for user in holders.get(role, [])}
        for user in people.values():
            _tell(
                user,
                alert,
                f"/alerts/{alert.ref}/review/",
                "review_of_alert_due",
                f"review:{response.pk}:{today}",
                alert.ref,
            )
        record("alert.reminded", alert, facts={"of": "review", "people": len(people)})
        response.reminded_on = today
        response.save(update_fields=["reminded_on"])
    return len(found)


@transaction.atomic
def _actions(today: dt.date) -> int:
    """To its owner, while they still work there."""
    due = Action.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    due = due.filter(_not_lately(today), ended_at=None, recalled_at=None, due_on__lte=today)
    found = list(due.select_related("alert__partnership", "alert__setting", "owner").order_by("due_on", "pk")[:BATCH])
    for action in found:
        works = Membership.objects.filter(user=action.owner, agency_id=action.controller_id, ended_at=None)
        if action.owner.is_active and works.exists():
            _tell(
                action.owner,
                action.alert,
                f"/actions/{action.ref}/",
                "action_due",
                f"action:{action.pk}:{today}",
                action.ref,
            )
        record("alert.reminded", action.alert, facts={"of": "action", "action": action.ref})
        action.reminded_on = today
        action.save(update_fields=["reminded_on"])
    return len(found)


def _tell(user: Any, alert: Alert, path: str, template: str, once: str, ref: str) -> None:
    queue_email(
        to=user.email,
        template=template,
        context={"ref": ref, "link": f"{settings.SITE_URL}{path}", "marking": alert.partnership.marking},
        dedupe_key=f"{once}:{user.pk}",
        recipient=user,
        about=alert,
    )
