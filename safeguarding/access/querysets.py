"""Wall 1, the query: `visible_to` says in one word what a person may see; `has_perm` asks the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import BooleanField, Exists, Func, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from safeguarding.access.handlers import AUDIENCE_BITS, HANDLERS, WITHOUT_CONTENT
from safeguarding.access.rules import WALLS
from safeguarding.access.vocabulary import (
    AboutMe,
    Addressed,
    AnswersAlert,
    Bar,
    Clause,
    Colleague,
    Granted,
    Handles,
    Invited,
    Mine,
    MineAt,
    SeesAlert,
    SeesDiscussion,
    Shut,
    ShutSubject,
    Told,
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


@dataclass(frozen=True)
class Posts:
    """Where somebody works now, as numbers: a list that asks by them goes down its own index, however many ways in there are."""

    held: tuple[tuple[int, str, bool], ...]

    def where(self, kind: str) -> list[int]:
        """Ids of the agencies that `agencies_where` gives, too."""
        return self.holding(HANDLERS[kind], for_content=kind not in WITHOUT_CONTENT)

    def holding(self, roles: Iterable[str], *, for_content: bool = True) -> list[int]:
        wanted = set(roles)
        return sorted({at for at, role, cleared in self.held if role in wanted and (cleared or not for_content)})


def posts_of(user: "User") -> Posts:
    """One query; to an inactive account no post is left (NTK-07)."""
    if not user.is_active:
        return Posts(())
    now, memberships = timezone.now(), apps.get_model("agencies", "Membership")._base_manager
    mine = memberships.filter(user_id=user.pk, ended_at=None).values_list("agency_id", "role", "cleared_until")
    return Posts(tuple((at, role, until is not None and until > now) for at, role, until in mine))


def audience_clause(user: "User", clause: Addressed) -> Q:
    """Alerts addressed to a role that `user` holds now at the setting, and is cleared for (ALR-04, ALR-07, NTK-06)."""
    mine = Q(pk__in=[])
    for role, bit in AUDIENCE_BITS.items():
        bits = [value for value in _ALL_AUDIENCES if value & bit]
        settings = held(user, [role]).values("agency_id")
        mine |= Q(**{f"{clause.column}__in": Subquery(settings), f"{clause.audience}__in": bits})
    return mine


def granted_to(user: "User", label: str = "alerts.AlertGrant") -> QuerySet[Any, Any]:
    """Ids of the records that a live grant opens to `user`, while they work where it found them (NTK-03, NTK-07)."""
    live = apps.get_model(label)._base_manager.filter(withdrawn_at=None, expires_at__gt=timezone.now())
    return live.filter(user_id=user.pk, agency_id__in=agencies_where(user, "member")).values("content_object_id")


def invitations_of(user: "User", *, to_record: bool = False) -> QuerySet[Any, Any]:
    """Live invitations to strategy discussions that name `user`, or those with which the record was sent (STR-01, STR-02)."""
    live = apps.get_model("alerts", "DiscussionInvitation")._base_manager.filter(
        user_id=user.pk, withdrawn_at=None, expires_at__gt=timezone.now(), agency_id__in=agencies_where(user, "member")
    )
    return live.filter(record_sent_at__isnull=False) if to_record else live


def _invited(clause: Invited, user: "User") -> Q:
    mine = invitations_of(user, to_record=clause.to_record).filter(content_object_id=OuterRef(clause.column))
    if clause.agency:
        mine = mine.filter(agency_id=OuterRef(clause.agency))
    return Q(Exists(mine), **({clause.by: user.pk} if clause.by else {}))


class _Bar(Func):
    """One of the bars of access/rules.py; the exclusions themselves are asked of the database's definer, as wall 2 does."""

    output_field = BooleanField()

    def __init__(self, user_id: int, *columns: Any, sql: str):
        super().__init__(*columns)
        self.user_id, self.sql = user_id, sql

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # the stubs name arguments that it does not use
        columns = [compiler.compile(each)[0] for each in self.source_expressions]
        return f"({self.sql.format(*columns)})", [self.user_id]


def _bar(bar: Bar, user: "User") -> _Bar:
    match bar:
        case Shut(what=what, column=column):
            return _Bar(user.pk, column, sql=f"{{0}} IS NULL OR {{0}} <> ALL (ARRAY(SELECT app.shut_{what}(%s)))")
        case AboutMe(column=column):
            return _Bar(user.pk, column, sql="{0} IS DISTINCT FROM %s")
        case ShutSubject(kind=kind, column=column):
            shut = "{1} IS NULL OR ({0}, {1}) NOT IN (SELECT s.kind, s.id FROM app.shut_subjects(%s) s)"
            return _Bar(user.pk, kind, column, sql=shut)
    raise TypeError(f"{bar} is no bar")


def _as_q(clause: Clause, user: "User") -> Q:
    match clause:
        case Handles(kind=kind, column=column):
            return Q(**{f"{column}__in": agencies_where(user, kind)})
        case Addressed():
            return audience_clause(user, clause)
        case Granted(model=label, column=column):
            return Q(**{f"{column}__in": granted_to(user, label)})
        case Mine(column=column):
            return Q(**{column: user.pk})
        case MineAt(kind=kind, user=column, column=agency):
            return Q(**{column: user.pk, f"{agency}__in": agencies_where(user, kind)})
        case Colleague(kind=kind, column=column):
            people = apps.get_model("agencies", "Membership")._base_manager.filter(
                agency_id__in=agencies_where(user, kind), ended_at=None
            )
            return Q(**{f"{column}__in": people.values("user_id")})
        case SeesAlert(column=column):
            seen: VisibleQuerySet = VisibleQuerySet(apps.get_model("alerts", "Alert")).visible_to(user)
            return Q(Exists(seen.filter(pk=OuterRef(column))))
        case AnswersAlert(column=column):
            alerts = apps.get_model("alerts", "Alert")._base_manager.filter(audience_clause(user, Addressed()))
            return Q(Exists(alerts.filter(pk=OuterRef(column))))
        case Told():
            return Q(
                user_id=user.pk,
                withdrawn_at=None,
                expires_at__gt=timezone.now(),
                agency_id__in=agencies_where(user, "member"),
            )
        case SeesDiscussion(column=column):
            discussions: VisibleQuerySet = VisibleQuerySet(apps.get_model("alerts", "StrategyDiscussion"))
            return Q(Exists(discussions.visible_to(user).filter(pk=OuterRef(column))))
        case Invited():
            return _invited(clause, user)
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
        return self.filter(ways_in).not_shut_to(user)

    def not_shut_to(self, user: "User") -> Self:
        """Without what `user` is shut out from: that beats every way in (NTK-04, MRC-18)."""
        rule = WALLS[self.model._meta.label]
        assert isinstance(rule, Walled)
        open_to = Q()
        for bar in rule.shut:
            open_to &= Q(_bar(bar, user))
        return self.filter(Q(**{rule.own: user.pk}) | open_to if rule.own else open_to)
