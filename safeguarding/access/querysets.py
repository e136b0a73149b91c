"""Wall 1, the query: `visible_to` says in one word what a person may see; `has_perm` asks the same."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import BooleanField, Exists, Func, OuterRef, Q, QuerySet
from django.utils import timezone

from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.access.posts import agencies_where, audiences_of, posts_of
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


def audience_clause(user: "User", clause: Addressed) -> Q:
    """Alerts addressed to a role that `user` holds now at the setting, and is cleared for (ALR-04, ALR-07, NTK-06)."""
    bits, mine = audiences_of(user), Q(pk__in=[])
    for held in sorted(set(bits.values())):
        settings = [setting for setting in bits if bits[setting] == held]
        audiences = [value for value in _ALL_AUDIENCES if value & held]
        mine |= Q(**{f"{clause.column}__in": settings, f"{clause.audience}__in": audiences})
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
            shut = "{1} IS NULL OR ({0}, {1}) NOT IN (SELECT s.kind, s.id FROM app.shut_from_log(%s) s)"
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
        # to whom nobody has shut anything these bars give nothing, and are dear to plan
        shut_out = posts_of(user).shut_out
        bars = [bar for bar in rule.shut if shut_out or not isinstance(bar, Shut)]
        if not bars:
            return self.all()
        open_to = Q(*(_bar(bar, user) for bar in bars))
        return self.filter(Q(**{rule.own: user.pk}) | open_to if rule.own else open_to)
