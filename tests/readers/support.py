"""People doing what the pages let them do."""

import datetime as dt
from typing import Any

from django.utils import timezone

from agreements.decisions import services as decisions
from agreements.decisions import subjects as decided
from agreements.decisions.enums import Basis, Duty
from agreements.register.enums import Item
from alerts.models import Alert, Exclusion
from alerts.readers import selectors, services
from alerts.readers.enums import EmergencyBecause, Scope, ShutBecause
from safeguarding.access.grants import Grant
from safeguarding.agencies.models import Agency, User
from tests.decisions.support import sharing
from tests.support.db import as_user

TOMORROW = dt.timedelta(days=1)


def let_in(record: Any, person: User, at: Agency, *, by: User, **fields: Any) -> Grant:
    with as_user(by):
        subject = selectors.get_subject(record.ref, for_user=by)
        if items := selectors.disclosed(subject, at):
            by_duty = {"basis": Basis.DUTY, "duty": Duty.WELFARE, "article_6": "6_1_c"}
            answers = sharing(at.slug, items=tuple(Item(item) for item in items), **by_duty)
            decisions.decide(decided.subject(record.ref, for_user=by), answers=answers, by=by)
        wanted = {"reason": "Key worker of the child", "until": timezone.localdate() + TOMORROW, **fields}
        return services.let_in(subject, person=person, agency=at, by=by, **wanted)


def withdraw(record: Any, grant: Grant, *, by: User) -> None:
    with as_user(by):
        subject = selectors.get_subject(record.ref, for_user=by)
        services.withdraw(subject, grant=grant, by=by)


def shut_out(record: Any, person: User, *, by: User, scope: Scope = Scope.CHILD, **fields: Any) -> Exclusion:
    with as_user(by):
        subject = selectors.get_subject(record.ref, for_user=by)
        wanted = {
            "because": ShutBecause.FAMILY,
            "note": "CANARY: a parent",
            "review_on": timezone.localdate() + 90 * TOMORROW,
            **fields,
        }
        children = selectors.children_of(subject)
        child = children[0] if scope == Scope.CHILD and children else None
        return services.shut_out(subject, person=person, scope=scope, child=child, by=by, **wanted)


def break_glass(ref: str, *, by: User) -> Any:
    with as_user(by):
        return services.break_glass(ref, because=EmergencyBecause.DANGER, reason="CANARY: the DSL is away", by=by)


def opens(alert: Alert, person: User) -> bool:
    """Whether the person has it in their list and on its page, which is the same."""
    with as_user(person):
        listed = alert in list(Alert.objects.newest_addressed(person, limit=50))
        found = Alert.objects.addressed_to(person).filter(pk=alert.pk).exists()
        assert listed == found
        return found


def readers(alert: Alert, *, for_user: User) -> set[int]:
    from safeguarding.access.selectors import readers_of_alert

    with as_user(for_user):
        return {reader.user_id for reader in readers_of_alert(alert, for_user=for_user)}
