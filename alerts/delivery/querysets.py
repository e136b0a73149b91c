"""Alerts as a setting may see them: by the clauses of access/rules.py, and in a form that stays flat at a million rows."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from alerts.delivery.enums import AT_THE_SETTING, AlertStatus
from safeguarding.access.posts import agencies_where, audiences_of, posts_of
from safeguarding.access.querysets import VisibleQuerySet, audience_clause, granted_to
from safeguarding.access.rules import WALLS
from safeguarding.access.vocabulary import Addressed, Walled
from safeguarding.crypto.fields import SealedQuerySet

if TYPE_CHECKING:
    from alerts.delivery.models import Alert
    from safeguarding.agencies.models import User

_OPEN = "a.id <> ALL (ARRAY(SELECT app.shut_alerts(%s)))"
# The newest of each setting by that setting's own index, then of all of them, and granted alerts beside. Written as
# "addressed or granted", the planner expects most of the table to pass, and reads all of it (design §3). OFFSET 0 keeps
# each granted alert a look by its key: left to choose, the planner once merged twenty grants with all of a million alerts.
_NEWEST = """
(SELECT newest.id FROM unnest(%s::bigint[], %s::int[]) AS mine(agency_id, bits)
 CROSS JOIN LATERAL (
   SELECT a.id, a.sent_at FROM alerts_alert a
   WHERE a.setting_id = mine.agency_id AND a.audience & mine.bits <> 0 AND {where} AND {open}
   ORDER BY a.sent_at DESC, a.id DESC LIMIT %s) newest
 ORDER BY newest.sent_at DESC, newest.id DESC LIMIT %s)
UNION
(SELECT granted.id FROM (
   SELECT g.content_object_id FROM alerts_alertgrant g
   WHERE g.user_id = %s AND g.withdrawn_at IS NULL AND g.expires_at > %s AND g.agency_id = ANY(%s::bigint[])
   OFFSET 0) mine
 CROSS JOIN LATERAL (
   SELECT a.id, a.sent_at FROM alerts_alert a WHERE a.id = mine.content_object_id AND {where} AND {open} OFFSET 0) granted
 ORDER BY granted.sent_at DESC, granted.id DESC LIMIT %s)
"""


class AlertQuerySet(VisibleQuerySet, SealedQuerySet):
    def at_the_setting(self) -> Self:
        """Alerts that have left: queued and withheld ones do not exist for a setting (ALR-08)."""
        return self.filter(status__in=AT_THE_SETTING)

    def addressed_by_role(self, user: "User") -> Self:
        """What is addressed to a role that this person holds at the setting; who was only let see it is not meant (ALR-07)."""
        if not user.is_active:
            return self.none()
        return self.at_the_setting().filter(_by_role(user)).not_shut_to(user)

    def addressed_to(self, user: "User") -> Self:
        """What reached this person at a setting, by role or by a grant; the hub's own view is not meant (ALR-04, NTK-02)."""
        if not user.is_active:
            return self.none()
        return self.at_the_setting().filter(_by_role(user) | Q(pk__in=granted_to(user))).not_shut_to(user)

    def newest_addressed(
        self,
        user: "User",
        *,
        limit: int,
        before: "Alert | None" = None,
        status: str | None = None,
        kind: str | None = None,
        overdue_at: dt.datetime | None = None,
        to_answer: bool = False,
    ) -> Self:
        """`addressed_to`, filtered, newest first and cut at `limit`: as quick with a million alerts as with ten.

        Measured with 250,000 alerts it also beats one merged scan for a reader of 300 settings, by eleven times.
        """
        wanted = list(_conditions(before, status, kind, overdue_at, to_answer))
        newest = self.order_by("-sent_at", "-pk")
        if not user.is_active:
            return self.none()
        where = " AND ".join(sql for sql, _ in wanted)
        bound = [value for _, values in wanted for value in values]
        bars = [user.pk] if posts_of(user).shut_out else []
        mine, works_at = audiences_of(user), agencies_where(user, "member")
        addressed = [list(mine), list(mine.values()), *bound, *bars, limit, limit]
        ids = RawSQL(  # noqa: S611  # made of the fragments in this file; every value is bound
            _NEWEST.format(where=where, open=_OPEN if bars else "true"),
            [*addressed, user.pk, timezone.now(), works_at, *bound, *bars, limit],
        )
        return newest.filter(pk__in=ids)[:limit]


def _by_role(user: "User") -> Q:
    rule = WALLS["alerts.Alert"]
    assert isinstance(rule, Walled)
    ways_in = Q(pk__in=[])
    for clause in rule.read:
        if isinstance(clause, Addressed):
            ways_in |= audience_clause(user, clause)
    return ways_in


def _conditions(
    before: "Alert | None", status: str | None, kind: str | None, overdue_at: dt.datetime | None, to_answer: bool
) -> Iterator[tuple[str, list[Any]]]:
    """Each condition with what is bound in it."""
    left = ", ".join(f"'{value}'" for value in AT_THE_SETTING)
    yield f"a.status IN ({left}) AND a.sent_at IS NOT NULL", []
    if before is not None:
        yield "(a.sent_at, a.id) < (%s, %s)", [before.sent_at, before.pk]
    if status is not None:
        yield "a.status = %s", [status]
    if kind is not None:
        yield "a.kind = %s", [kind]
    if overdue_at is not None:
        yield f"a.status = '{AlertStatus.SENT}' AND a.due_at <= %s", [overdue_at]
    if to_answer:  # as the index alert_to_answer says it
        yield f"a.status IN ('{AlertStatus.SENT}', '{AlertStatus.OPENED}') AND a.sent_back_at IS NULL", []
