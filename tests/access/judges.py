"""What the walls give, against what the oracle says: each judge yields what is wrong, so that it can be asked again
with a wall weakened on purpose, and stop at the first (test_mutants.py)."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import DatabaseError, connection, transaction

from safeguarding.access.principal import NOBODY, acting_as
from safeguarding.access.rules import WALLS
from safeguarding.access.vocabulary import Walled
from tests.access.mutants import ask
from tests.access.oracle import Oracle
from tests.access.plan import House
from tests.access.statements import REFUSED, TAKEN, as_told, execute, insert, outcome, samples, table_of
from tests.access.test_matrix import acting, everybody, judge_by_sql
from tests.access.variants import judge_variants
from tests.support.db import fixtures

# A column of each table that can be set to one value everywhere without reading a row or breaking a rule of the table.
HARMLESS = {
    "agreements.Consent": "withdrawn_at = now()",
    "agreements.Correction": "answer = NULL",
    "agreements.Decision": "told_at = now()",
    "agreements.Draft": "begun_at = now()",
    "agencies.Membership": "started_at = '2020-01-01'",
    "agencies.ReviewItem": "decided_at = '2026-01-01'",
    "agencies.Suspension": "reason = 'none'",
    "agencies.TrainingRecord": "evidence = 'none'",
    "alerts.Action": "reminded_on = '2026-01-01'",
    "alerts.Alert": "chased = 9",
    "alerts.AlertGrant": "withdrawn_at = now()",
    "alerts.AdultConcern": "judged_at = now()",
    "alerts.Amendment": "settings_told = 9",
    "alerts.Ask": "chased_at = now()",
    "alerts.BreakGlass": "ended_at = now()",
    "alerts.ChildMove": "decided_at = now()",
    "alerts.EntryGrant": "withdrawn_at = now()",
    "alerts.Exclusion": "lifted_at = now()",
    "alerts.FileGrant": "withdrawn_at = now()",
    "alerts.FileLink": "kind = 'household'",
    "alerts.FilePerson": "ended_at = now()",
    "alerts.HeldItem": "onward_limits = 'x'",
    "alerts.InformationRequest": "closed_at = now()",
    "alerts.StrategyDiscussion": "version = 9",
    "alerts.DiscussionInvitation": "withdrawn_at = now()",
    "alerts.DiscussionRecord": "investigation = true",
    "alerts.DiscussionAction": "state = 'done'",
    "alerts.Dissent": "state = 'answered'",
    "alerts.MissingEpisode": "chased_at = now()",
    "alerts.Notification": "version = 9",
    "alerts.NotificationChild": "home_educated = true",
    "alerts.NotificationGrant": "withdrawn_at = now()",
    "alerts.Package": "settled_at = now()",
    "alerts.PackageItem": "left_out = true",
    "alerts.Response": "reminded_on = '2026-01-01'",
    "alerts.SafeguardingFile": "changed_at = now()",
    "alerts.Conversation": "changed_at = now()",
    "alerts.Disclosure": "withdrawn_at = now()",
    "alerts.LadoReferral": "answer = NULL",
    "alerts.TalkEntry": "recalled_because = ''",
    "alerts.Referral": "version = 9",
    "alerts.ReferralChild": "decided_because = 'details'",
    "alerts.ReferralDraft": "started_at = now()",
    "alerts.Transfer": "chased_on = '2026-01-01'",
    "alerts.Upload": "rows_total = 9",
    "children.Child": "home_educated = true",
    "children.Placement": "source = 'person'",
    "children.PossibleDuplicate": "score = 1",
    "governance.UnusualAccess": "times = 9",
    "governance.Sample": "population = 9",
    "governance.SampleItem": "position = position + 10",
    "notifications.Email": "to = 'nobody@school.example'",
    "notifications.OutboxMessage": "topic = 'nothing'",
}


def judge_updates(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """UPDATE without a WHERE: it reaches what its writer may change, and no other row."""
    if label not in HARMLESS:
        yield from [
            (label, name, "UPDATE")
            for name, who in everybody(house)
            if as_told(who, f"UPDATE {table_of(label)} SET id = 0") != REFUSED
        ]
        return
    column, _, rest = HARMLESS[label].partition(" ")
    for name, who in everybody(house):
        with acting(who):
            try:
                with transaction.atomic():
                    changed = execute(f'UPDATE {table_of(label)} SET "{column}" {rest}')
                    transaction.set_rollback(True)
            except DatabaseError as error:
                changed = str(error)
        if changed != len(expected := oracle.changes(who, label)):
            yield (label, name, "UPDATE", changed, len(expected))


def judge_deletes(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    yield from (
        (label, name, verb)
        for verb in ("DELETE FROM {}", "TRUNCATE {} CASCADE")
        for name, who in everybody(house)
        if as_told(who, verb.format(table_of(label))) != REFUSED
    )


def judge_inserts(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """Every row there is, sent in again by everybody: the wall answers before the key that is taken."""
    for row, columns in samples(label, house):
        statement, values = insert(label, columns)
        for name, who in everybody(house):
            answer = as_told(who, statement, values)
            if answer != (TAKEN if oracle.adds(who, label, row) else REFUSED):
                yield (label, name, "INSERT", row.pk, answer or "let in")


def judge_no_principal(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """With nobody on the transaction, and with a principal set but empty, the database refuses: it never answers "none"."""
    statements = [f"SELECT 1 FROM {table_of(label)}"]
    if label in HARMLESS:
        statements.append(f"UPDATE {table_of(label)} SET id = id")
    for statement in statements:
        yield from _without_principal(label, statement)


def _without_principal(label: str, statement: str) -> list[Any]:
    with acting_as(NOBODY):
        plain = outcome(statement)
    with (
        fixtures(),
        connection.cursor() as cursor,
    ):  # the role of the app, but no stamp: a connection got past the engine
        cursor.execute("SET LOCAL ROLE safeguarding_app")
        cursor.execute("SELECT set_config('app.user_id', '', true), set_config('app.service', '', true)")
        unstamped = outcome(statement)
        cursor.execute("RESET ROLE")
    return [(label, which, statement) for which, answer in (("nobody", plain), ("app", unstamped)) if answer != REFUSED]


ASKERS = (
    "officer_here",
    "dsl_here",
    "officer_there",
    "constable_here",
    "tutor_here",
    "granted",
    "shut_officer",
    "shut_dsl",
    "invited",
    "outsider",
)


def judge_readers(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """ "Who can see this": to who may see the record the very people whom the walls let in, to all others an empty list."""
    function = {
        "alerts.Alert": "alert_readers",
        "alerts.Notification": "notification_readers",
        "alerts.SafeguardingFile": "file_readers",
        "children.Child": "child_readers",
        "alerts.StrategyDiscussion": "discussion_readers",
    }.get(label)
    if function is None:
        return
    known = {person.pk for person in house.people.values()}
    # one of each owner and setting, the first few, and the files of those about whom no alert came
    kinds = {(row.controller_id, getattr(row, "setting_id", None)): row for row in reversed(house.rows[label])}
    rows = [*house.rows[label][:7], *kinds.values(), *house.rows[label][-2:]]
    if label == "children.Child":
        again = {each.child_id for each in house.rows["alerts.Exclusion"] if each.lifted_at}
        rows += [row for row in house.rows[label] if row.pk in again]
    for row in dict.fromkeys(rows):
        expected = {person.pk for person in house.people.values() if oracle.sees(person, label, row)}
        one_of_them = [name for name, person in house.people.items() if person.pk in expected][:1]
        for name in dict.fromkeys([*ASKERS, *one_of_them]):
            who = house.people[name]
            # who sent a notification sees how far it has got, and not who works on it
            may_ask = label != "alerts.Notification" or not name.startswith("constable")
            with acting(who), connection.cursor() as cursor:
                cursor.execute(f"SELECT user_id FROM app.{function}(%s)", [row.pk])
                told = {user for (user,) in cursor.fetchall()} & known
            if told != (expected if may_ask and oracle.sees(who, label, row) else set()):
                yield (label, name, function, row.pk, told ^ expected)


def judge_purge(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """Police content goes by dispatch alone, not before the last alert has left, and no other's with it (ALR-09)."""
    if label != "alerts.Notification":
        return
    waiting = {alert.notification_id for alert in house.rows["alerts.Alert"] if alert.status == "queued"}
    unsettled = {each.notification_id for each in house.rows["alerts.NotificationChild"] if each.state == "waiting"}
    waiting |= {row.pk for row in house.rows[label] if row.pk in unsettled and row.status != "closed"}
    yield from ((label, row.pk) for row in house.rows[label] if row.pk not in waiting and _purges_more(row))
    for row in house.rows[label]:
        for name, who in everybody(house):
            answer = as_told(who, "SELECT app.purge_notification(%s)", [row.pk])
            if answer != (REFUSED if name != "dispatch" else "55000" if row.pk in waiting else ""):
                yield (label, name, "purge", row.pk, answer)


POLICE_CONTENT = (
    "SELECT 'content', id FROM alerts_notification WHERE content IS NOT NULL AND id <> %s UNION"
    " SELECT 'alike', m.id FROM alerts_matchcandidate m JOIN alerts_notificationchild c ON c.id = m.notification_child_id"
    " WHERE c.notification_id <> %s"
)


def _purges_more(notification: Any) -> bool:
    """Or less: its content and whom its children resemble, and nothing of another notification."""
    with transaction.atomic():
        with fixtures():
            others = set(ask(POLICE_CONTENT, notification.pk, notification.pk))
        with acting("dispatch"):
            execute("SELECT app.purge_notification(%s)", [notification.pk])
        with fixtures():
            left = set(ask(POLICE_CONTENT, 0, 0))
        transaction.set_rollback(True)
    return left != others


def judge_shown(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """Which entries showed a record: told to the information-governance leads of the agencies that the entries are of (AUD-04)."""
    if label != "audit.AuditEntry":
        return
    with fixtures(), connection.cursor() as cursor:
        cursor.execute("SELECT id, agency_id, actor_agency_id, objects_shown FROM audit_auditentry")
        entries = cursor.fetchall()
    entries = [(*row, json.loads(refs) if isinstance(refs, str) else refs) for *row, refs in entries]
    shown = {ref for *_, refs in entries for ref in refs}
    for name, person in house.people.items():
        mine = {a for a in {each for _, *pair, _ in entries for each in pair if each} if oracle.leads_at(person, a)}
        with acting(person), connection.cursor() as cursor:
            cursor.execute("SELECT ref, app.entries_showing(ARRAY[ref]) FROM unnest(%s::text[]) AS ref", [list(shown)])
            told: dict[str, set[int]] = {}
            for ref, pk in cursor.fetchall():
                told.setdefault(ref, set()).add(pk)
        for ref in shown:
            expected = {pk for pk, *agencies, refs in entries if ref in refs and mine & set(agencies)}
            if told.get(ref, set()) != (set() if oracle.ref_shut(person, ref) else expected):
                yield label, name, ref


def judge_records_of_child(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """What is about a child, under whatever number: told to who looks after the log of its hub (AUD-04)."""
    if label != "children.Child":
        return
    notable = [row for row in house.rows[label] if row.merged_into_id]
    originals = [row for row in house.rows[label] if row.pk in {each.merged_into_id for each in notable}]
    named = {each.child_id for each in house.rows["alerts.NotificationChild"] if each.child_id}
    settled = [row for row in house.rows[label] if row.pk in named]
    for child in (*notable, *originals, *settled):
        for name, person in house.people.items():
            with acting(person), connection.cursor() as cursor:
                cursor.execute("SELECT kind, id FROM app.records_of_child(%s)", [child.ref])
                told = set(cursor.fetchall())
            if told != oracle.records_of_child(person, child):
                yield label, name, child.pk, told


def judge_glass(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """Who finds a record by its reference to open it in an emergency, and as what (NTK-05)."""
    if label not in {"alerts.Alert", "alerts.Notification"}:
        return
    for row in house.rows[label]:
        for name, person in house.people.items():
            with acting(person), connection.cursor() as cursor:
                cursor.execute("SELECT agency_id, role FROM app.glass_target(%s)", [row.ref])
                told = set(cursor.fetchall())
            expected = oracle.glass_reach(person, label, row)
            if not told <= expected or bool(told) != bool(expected):
                yield label, name, row.pk, told, expected


def judge_sees(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """What other walls ask of a record, whether somebody sees it, is what its own wall says, of services, too."""
    function = {"alerts.Alert": "sees_alert", "alerts.SafeguardingFile": "sees_file"}.get(label)
    if function is None:
        return
    numbers = [row.pk for row in house.rows[label]]
    for name, who in everybody(house):
        with acting(who):
            seen = {pk for (pk,) in ask(f"SELECT id FROM unnest(%s::bigint[]) id WHERE app.{function}(id)", numbers)}
        if seen != (expected := oracle.visible(who, label)):
            yield label, name, function, seen ^ expected


def judge_not_told(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """Whom not to tell of a record is asked by dispatch alone (NTK-04)."""
    function = _NOT_TOLD.get(label)
    if function is None:
        return
    known = {person.pk for person in house.people.values()}
    for row in house.rows[label]:
        with acting("dispatch"), connection.cursor() as cursor:
            cursor.execute(f"SELECT app.{function}", [row.pk])
            told = {pk for (pk,) in cursor.fetchall()} & known
        if told != oracle.not_to_be_told(label, row):
            yield label, row.pk, told
    for name in ("officer_here", "dsl_here", "matching"):
        who = house.people.get(name, name)
        if as_told(who, f"SELECT app.{function}", [house.rows[label][0].pk]) != REFUSED:
            yield label, name, function


_NOT_TOLD = {
    "alerts.Alert": "not_to_be_told(%s)",
    "alerts.StrategyDiscussion": "not_to_be_told_of_discussion(%s)",
    "children.Child": "not_to_be_told_of(%s, NULL, NULL)",
    "alerts.Notification": "not_to_be_told_of(NULL, %s, NULL)",
    "alerts.Referral": "not_to_be_told_of(NULL, NULL, %s)",
}


def judge_clearance(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """Until when a role opens content, reckoned anew for everybody: by newest terms and each course that the role needs (NTK-06)."""
    if label != "agencies.Membership":
        return
    with fixtures(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agencies_membership SET cleared_until = cleared_until RETURNING id, coalesce(cleared_until > now(), false)"
        )
        cleared = dict(cursor.fetchall())
    for row in house.rows[label]:
        if cleared[row.pk] != oracle.cleared(row):
            yield label, row.user_id, row.role, cleared[row.pk]


def judge_waiting(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """How many alerts wait at a setting is told to whoever they are addressed to, training lapsed or not (NTK-06)."""
    if label != "alerts.Alert":
        return
    opened = next(alert for alert in house.rows[label] if alert.status == "sent")
    with fixtures(), connection.cursor() as cursor:
        cursor.execute("UPDATE alerts_alert SET status = 'opened' WHERE id = %s", [opened.pk])
    for name, person in house.people.items():
        expected: dict[int, int] = {}
        for alert in house.rows[label]:
            if alert.pk != opened.pk and oracle.waits_for(person, alert):
                expected[alert.setting_id] = expected.get(alert.setting_id, 0) + 1
        with acting(person), connection.cursor() as cursor:
            cursor.execute("SELECT agency_id, waiting FROM app.alerts_waiting()")
            told = {agency: waiting for agency, waiting in cursor.fetchall() if waiting}
        if told != expected:
            yield label, name, told, expected


Judge = Callable[[str, House, Oracle], Iterator[tuple]]

JUDGES: dict[str, Judge] = {
    "reads": judge_by_sql,
    "updates": judge_updates,
    "inserts": judge_inserts,
    "variants": judge_variants,
    "deletes": judge_deletes,
    "no principal": judge_no_principal,
    "who can see": judge_readers,
    "purge": judge_purge,
    "shown": judge_shown,
    "waiting": judge_waiting,
    "clearance": judge_clearance,
    "records of a child": judge_records_of_child,
    "glass": judge_glass,
    "not told": judge_not_told,
    "sees": judge_sees,
}

UNCHANGING = {label for label, rule in WALLS.items() if isinstance(rule, Walled)} - set(HARMLESS)
