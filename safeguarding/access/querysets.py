"""Wall 1, the query: `visible_to` says in one word what a person may see; `has_perm` asks the same."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from safeguarding.access.rules import (
    AUDIENCE_BITS,
    HANDLERS,
    WALLS,
    Addressed,
    Clause,
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


def agencies_where(user: "User", kind: str) -> QuerySet[Any, Any]:
    """Ids of the agencies at which an active role of `user` handles `kind` of record (NTK-02)."""
    membership = apps.get_model("agencies", "Membership")
    return membership._base_manager.filter(user_id=user.pk, role__in=HANDLERS[kind], ended_at=None).values("agency_id")


def audience_clause(user: "User", clause: Addressed) -> Q:
    """Alerts addressed to a role that `user` holds now at the setting (ALR-04, ALR-07)."""
    membership = apps.get_model("agencies", "Membership")
    mine = Q(pk__in=[])
    for role, bit in AUDIENCE_BITS.items():
        held = membership._base_manager.filter(user_id=user.pk, role=role, ended_at=None).values("agency_id")
        bits = [value for value in _ALL_AUDIENCES if value & bit]
        mine |= Q(**{f"{clause.column}__in": Subquery(held), f"{clause.audience}__in": bits})
    return mine


def _as_q(clause: Clause, user: "User") -> Q:
    match clause:
        case Handles(kind=kind, column=column):
            return Q(**{f"{column}__in": agencies_where(user, kind)})
        case Addressed():
            return audience_clause(user, clause)
        case Granted():
            grant = apps.get_model("alerts", "AlertGrant")
            live = grant._base_manager.filter(user_id=user.pk, withdrawn_at=None, expires_at__gt=timezone.now())
            return Q(pk__in=live.values("content_object_id"))
        case Mine(column=column):
            return Q(**{column: user.pk})
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
