"""Wall 1, the query: `visible_to` says in one word what a person may see; `has_perm` asks the same."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from safeguarding.access.rules import (
    AUDIENCE_BITS,
    HANDLERS,
    WALLS,
    WITHOUT_CONTENT,
    Addressed,
    Clause,
    Colleague,
    Granted,
    Handles,
    Mine,
    SeesAlert,
    Walled,
    WorksOn,
)

if TYPE_CHECKING:
    from safeguarding.agencies.models import User

_ALL_AUDIENCES = range(1, sum(AUDIENCE_BITS.values()) + 1)


def held(user: "User", roles: Iterable[str], *, for_content: bool = True) -> QuerySet[Any, Any]:
    """Memberships of `user` in one of `roles` now; for content only where training and terms are current (NTK-06)."""
    mine = apps.get_model("agencies", "Membership")._base_manager.filter(
        user_id=user.pk, role__in=list(roles), ended_at=None
    )
    return mine.filter(cleared_until__gt=timezone.now()) if for_content else mine


def agencies_where(user: "User", kind: str) -> QuerySet[Any, Any]:
    """Ids of the agencies at which an active role of `user` handles `kind` of record (NTK-02, NTK-06)."""
    return held(user, HANDLERS[kind], for_content=kind not in WITHOUT_CONTENT).values("agency_id")


def audience_clause(user: "User", clause: Addressed) -> Q:
    """Alerts addressed to a role that `user` holds now at the setting, and is cleared for (ALR-04, ALR-07, NTK-06)."""
    mine = Q(pk__in=[])
    for role, bit in AUDIENCE_BITS.items():
        bits = [value for value in _ALL_AUDIENCES if value & bit]
        settings = held(user, [role]).values("agency_id")
        mine |= Q(**{f"{clause.column}__in": Subquery(settings), f"{clause.audience}__in": bits})
    return mine


class ClearedUntil(Func):
    """Until when a person lacks nothing in a partnership; for those whom no role, but a name lets in (NTK-06)."""

    function = "app.cleared_until"
    output_field = models.DateTimeField()


def granted(user: "User") -> Q:
    """Alerts that a live grant lets `user` see, in partnerships where nothing is lacking (NTK-03, NTK-06)."""
    grant, now = apps.get_model("alerts", "AlertGrant"), timezone.now()
    live = grant._base_manager.filter(user_id=user.pk, withdrawn_at=None, expires_at__gt=now)
    person = Value(user.pk, output_field=models.BigIntegerField())
    until = ClearedUntil(
        Cast(person, models.BigIntegerField()), F("partnership_id"), Cast(Value(""), models.TextField())
    )
    return Q(pk__in=live.values("content_object_id")) & Q(GreaterThan(until, now))


def _as_q(clause: Clause, user: "User") -> Q:
    match clause:
        case Handles(kind=kind, column=column):
            return Q(**{f"{column}__in": agencies_where(user, kind)})
        case Addressed():
            return audience_clause(user, clause)
        case Granted():
            return granted(user)
        case Mine(column=column):
            return Q(**{column: user.pk})
        case Colleague(kind=kind, column=column):
            people = apps.get_model("agencies", "Membership")._base_manager.filter(
                agency_id__in=agencies_where(user, kind), ended_at=None
            )
            return Q(**{f"{column}__in": people.values("user_id")})
        case SeesAlert(column=column):
            seen: VisibleQuerySet = (
                VisibleQuerySet(apps.get_model("alerts", "Alert")).visible_to(user).filter(pk=OuterRef(column))
            )
            return Q(Exists(seen))
        case WorksOn(column=column):
            notification = apps.get_model("alerts", "Notification")
            worked_on = notification._base_manager.filter(
                pk=OuterRef(column), controller_id__in=agencies_where(user, "notification")
            )
            return Q(Exists(worked_on))
        case _:
            return Q(pk__in=[])


class VisibleQuerySet(models.QuerySet):
    """Every manager of a walled table offers `visible_to`."""

    def visible_to(self, user: "User") -> Self:
        """What `user` may see now and why is in access/rules.py; an inactive account sees nothing (NTK-01, NTK-07)."""
        rule = WALLS[self.model._meta.label]
        assert isinstance(rule, Walled), f"{self.model._meta.label} has no wall: ask it directly"
        if not user.is_active:
            return self.none()
        ways_in = Q(pk__in=[])
        for clause in rule.read:
            ways_in |= _as_q(clause, user)
        return self.filter(ways_in)
