"""One clause, one piece of SQL: how wall 2 says what access/rules.py says."""

from collections.abc import Collection

from safeguarding.access.vocabulary import (
    AboutMe,
    Addressed,
    AnswersAlert,
    AsksForDiscussion,
    Bar,
    BreaksGlass,
    Clause,
    Colleague,
    Granted,
    Handles,
    Invited,
    LetsIn,
    MayLetIn,
    Mine,
    MineAt,
    OfGuest,
    Reviews,
    SeesAlert,
    SeesDiscussion,
    Service,
    Shut,
    ShutsOut,
    ShutSubject,
    Told,
    Walled,
    WorksOn,
)

GRANT_FUNCTIONS = {
    "alerts.AlertGrant": "my_alert_grants",
    "alerts.NotificationGrant": "my_notification_grants",
    "alerts.FileGrant": "my_file_grants",
    "alerts.EntryGrant": "my_entry_grants",
}


def clause_sql(clause: Clause) -> str:
    match clause:
        case Handles(kind=kind, column=column):
            return f"{column} IN (SELECT app.my_agencies('{kind}'))"
        case Addressed(column=column, audience=audience):
            return f"({column}, {audience}) IN (SELECT a.agency_id, a.audience FROM app.my_alert_audiences() a)"
        case Granted(model=model, column=column):
            return f"{column} IN (SELECT app.{GRANT_FUNCTIONS[model]}())"
        case Mine(column=column):
            return f"{column} = (SELECT app.me())"
        case MineAt(kind=kind, user=user, column=column):
            return f"({user} = (SELECT app.me()) AND {column} IN (SELECT app.my_agencies('{kind}')))"
        case OfGuest(column=column):
            return f"{column} = (SELECT app.guest())"
        case Colleague(kind=kind, column=column):
            return f"{column} IN (SELECT app.my_people('{kind}'))"
        case Service(names=names):
            listed = ", ".join(f"'{name}'" for name in names)
            return f"(SELECT app.is_service({listed}))"
        case SeesAlert(column=column):
            return f"EXISTS (SELECT FROM public.alerts_alert seen WHERE seen.id = {column})"
        case AnswersAlert(column=column):
            return (
                f"EXISTS (SELECT FROM public.alerts_alert told WHERE told.id = {column} AND (told.setting_id, told.audience)"
                " IN (SELECT a.agency_id, a.audience FROM app.my_alert_audiences() a))"
            )
        case Told():
            return (
                "(user_id = (SELECT app.me()) AND withdrawn_at IS NULL AND expires_at > now()"
                " AND agency_id IN (SELECT app.my_agencies('member')))"
            )
        case WorksOn(column=column):
            return (
                f"EXISTS (SELECT FROM public.alerts_notification worked WHERE worked.id = {column}"
                " AND worked.controller_id IN (SELECT app.my_agencies('notification')))"
            )
        case SeesDiscussion(column=column):
            return f"EXISTS (SELECT FROM public.alerts_strategydiscussion seen WHERE seen.id = {column})"
        case Invited():
            return _invited_sql(clause)
    return _way_in_sql(clause)


def _invited_sql(clause: Invited) -> str:
    function = "my_discussion_records" if clause.to_record else "my_discussions"
    sql = f"{clause.column} IN (SELECT i.discussion_id FROM app.{function}() i)"
    if clause.agency:
        sql = f"({clause.column}, {clause.agency}) IN (SELECT i.discussion_id, i.agency_id FROM app.{function}() i)"
    return f"({clause.by} = (SELECT app.me()) AND {sql})" if clause.by else sql


def _way_in_sql(clause: Clause) -> str:
    """Who may open a way in, or close one."""
    match clause:
        case LetsIn(record=record):
            return (
                "(granted_by_id = (SELECT app.me())"
                f" AND app.lets_in_{record}(content_object_id, user_id, agency_id, break_glass_id, expires_at))"
            )
        case MayLetIn(record=record):
            return f"app.may_share_{record}(content_object_id, agency_id)"
        case ShutsOut():
            return (
                "(made_by_id = (SELECT app.me())"
                " AND app.may_shut_out(user_id, controller_id, agency_id, child_id, alert_id, notification_id))"
            )
        case BreaksGlass():
            return (
                "(user_id = (SELECT app.me())"
                " AND app.may_break_glass(alert_id, notification_id, agency_id, role, expires_at, review_agency_id))"
            )
        case AsksForDiscussion():
            return "app.may_ask_for_discussion(partnership_id, controller_id, asked_at_id, requested_by_id)"
        case Reviews(kind=kind, column=column):
            return f"({column} IN (SELECT app.my_agencies('{kind}')) AND user_id <> (SELECT app.me()))"
    raise TypeError(f"{clause} has no SQL")


def any_of(clauses: tuple[Clause, ...]) -> str:
    return " OR ".join(clause_sql(clause) for clause in clauses)


def bar_sql(bar: Bar, always: Collection[str] = ()) -> str:
    """Written as an array that is asked for once a query: with nobody shut out, as for nearly everybody, it costs nothing.

    `always`: columns that are never empty.
    """
    match bar:
        case Shut(what=what, column=column):
            barred = f"{column} <> ALL (ARRAY(SELECT app.shut_{what}(app.uid())))"
            return barred if column in always else f"({column} IS NULL OR {barred})"
        case AboutMe(column=column):
            return f"{column} IS DISTINCT FROM (SELECT app.uid())"
        case ShutSubject(kind=kind, column=column):
            return f"({column} IS NULL OR ({kind}, {column}) NOT IN (SELECT s.kind, s.id FROM app.shut_from_log(app.uid()) s))"
    raise TypeError(f"{bar} has no SQL")


def not_shut_sql(rule: Walled, always: Collection[str] = ()) -> str:
    """What every row passes, whatever lets the reader in (NTK-04)."""
    barred = " AND ".join(bar_sql(bar, always) for bar in rule.shut)
    return f"({rule.own} = (SELECT app.me()) OR ({barred}))" if rule.own else barred
