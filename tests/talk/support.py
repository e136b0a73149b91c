"""People talking about an alert, as the pages let them."""

import datetime as dt
from typing import Any

from django.utils import timezone

from agreements.decisions.enums import Basis, Currency, Duty, Nature
from alerts.conversations import disclosing, selectors, services
from alerts.conversations.models import Disclosure, TalkEntry
from alerts.conversations.selectors import Talk
from alerts.models import Alert
from safeguarding.agencies.models import User
from safeguarding.notifications.models import Email
from tests.decisions.support import decide, sharing
from tests.support.db import as_user, fixtures

DAY = dt.timedelta(days=1)
MARKED = {
    "nature": Nature.FACT,
    "currency": Currency.CURRENT,
    "originator": "The force",
    "originated_on": dt.date(2026, 11, 20),
}
ANSWERS = {"worries": "CANARY worry", "works_well": "CANARY gran", "must_happen": "CANARY plan"}


def write(alert: Alert, text: str = "CANARY message", *, by: User) -> TalkEntry:
    with as_user(by):
        return services.write(selectors.place(alert.ref, for_user=by), text=text, by=by)


def hold(alert: Alert, text: str = "CANARY item", *, by: User, **marked: Any) -> TalkEntry:
    with as_user(by):
        return services.hold(selectors.place(alert.ref, for_user=by), text=text, by=by, **{**MARKED, **marked})


def phone(alert: Alert, *, by: User, own: bool = False, **fields: Any) -> TalkEntry:
    said = {
        "caller": "CANARY me",
        "called": "CANARY them",
        "text": "CANARY said",
        "phoned_at": timezone.now(),
        **fields,
    }
    with as_user(by):
        return services.note_call(selectors.place(alert.ref, for_user=by), own=own, by=by, **said)


def answer(alert: Alert, worry: int, *, by: User) -> None:
    with as_user(by):
        services.answer_questions(selectors.place(alert.ref, for_user=by), worry=worry, by=by, **ANSWERS)


def talk(alert: Alert, *, for_user: User) -> Talk:
    with as_user(for_user):
        where, found = selectors.talk_at(alert.ref, for_user=for_user)
        return selectors.talk_of(where, found)


def texts(alert: Alert, *, for_user: User) -> list[str]:
    with as_user(for_user):
        return [line.entry.text for line in talk(alert, for_user=for_user).lines]


def decided(alert: Alert, *, by: User) -> Any:
    """A decision to share what happened with the setting of the alert."""
    with as_user(by):
        where, found = selectors.talk_at(alert.ref, for_user=by)
        to = where.alert.setting.slug
    return decide(found.ref, sharing(to, items=("incident_content",), basis=Basis.DUTY, duty=Duty.WELFARE), by=by)


def disclose(alert: Alert, *people: User, by: User, until: dt.date | None = None) -> list[Disclosure]:
    with as_user(by):
        where = selectors.place(alert.ref, for_user=by)
        chosen = [person.code for person in people]
        last = until or timezone.localdate() + DAY
        made = disclosing.disclose(where, content="CANARY content", people=chosen, until=last, by=by, **MARKED)
        return list(made)


def disclosed(alert: Alert, *, to: User) -> list[str]:
    with as_user(to):
        return [each.content for each in selectors.disclosed_to(alert, for_user=to)]


def mail_to(template: str) -> set[str]:
    with fixtures():
        return set(Email.objects.filter(template=template).values_list("to", flat=True))
