"""The newest 50 through both walls against SQL by hand without any, at three scales; the forgotten filter; capped counts."""

from collections.abc import Callable
from typing import Any

import psycopg

from alerts.delivery import selectors as delivery
from alerts.delivery.enums import BoardView
from alerts.models import Alert
from alerts.response import selectors as response
from bench import world
from bench.measure import Result, compare, medians, show
from safeguarding.agencies.models import User
from safeguarding.web.paging import capped_count

NEWEST = 50
# What a good hand writes who may see everything: the newest of each setting by its index, and the granted ones.
INBOX = """
WITH mine AS MATERIALIZED (SELECT DISTINCT agency_id FROM agencies_membership
                           WHERE user_id = %(user)s AND role = 'dsl' AND ended_at IS NULL),
candidates AS (
 (SELECT x.id FROM mine CROSS JOIN LATERAL
   (SELECT id, sent_at FROM alerts_alert a WHERE a.setting_id = mine.agency_id
    AND a.status IN ('sent', 'opened', 'acknowledged', 'closed') ORDER BY sent_at DESC, id DESC LIMIT 50) x
  ORDER BY x.sent_at DESC, x.id DESC LIMIT 50)
 UNION
 (SELECT a.id FROM alerts_alertgrant g JOIN alerts_alert a ON a.id = g.content_object_id
  WHERE g.user_id = %(user)s AND g.withdrawn_at IS NULL AND g.expires_at > now() ORDER BY a.sent_at DESC, a.id DESC LIMIT 50))
SELECT a.id, a.ref, a.status, a.kind, a.child_given_name, a.child_family_name, a.incident_on, a.sent_at, a.due_at,
       a.controller_id, a.setting_id, s.name, k.id, k.kek_id, k.wrapped FROM candidates JOIN alerts_alert a USING (id)
JOIN crypto_datakey k ON k.id = a.crypto_key_id JOIN agencies_agency s ON s.id = a.setting_id
ORDER BY a.sent_at DESC, a.id DESC LIMIT 50
"""
BOARD = """
SELECT a.id, a.ref, a.kind, a.status, a.created_at, a.sent_at, a.due_at, a.opened_at, a.failed_at, a.chased, a.withheld_reason,
       a.controller_id, a.setting_id, a.partnership_id, s.name FROM alerts_alert a
JOIN agencies_agency s ON s.id = a.setting_id
WHERE a.controller_id = (SELECT agency_id FROM agencies_membership
                         WHERE user_id = %(user)s AND role LIKE 'mash%%' AND ended_at IS NULL)
ORDER BY a.created_at DESC, a.id DESC LIMIT 50
"""
READERS: dict[str, tuple[Callable[[], User], str, float]] = {
    "DSL with 200": (lambda: world.lead_with(200), INBOX, 2.5),
    "MASH officer with a tenth": (lambda: world.officer_of(0), BOARD, 3.0),
    "DSL with none": (lambda: world.lead_with(0), INBOX, 3.0),
    f"lead of {world.TRUST} settings": (lambda: User.objects.get(name="Lead of a trust"), INBOX, None),
}
GROWTH = 1.5


def newest(user: User) -> list[Alert]:
    """As the pages of the two rooms read it."""
    if user.name.startswith("Person"):
        page = delivery.shown_on_the_board(delivery.board(BoardView.ALL, for_user=user))
        return list(page.order_by("-created_at", "-pk")[:NEWEST])
    return list(response.shown_in_the_inbox(Alert.objects.newest_addressed(user, limit=NEWEST)))


def forgotten(user: User) -> list[Alert]:
    """What a view shows that forgot to ask `visible_to`: wall 2 alone."""
    field = "-created_at" if user.name.startswith("Person") else "-sent_at"
    return list(delivery.shown_on_the_board(Alert.objects.order_by(field, "-pk"))[:NEWEST])


def by_hand(connection: psycopg.Connection, statement: str, user: User) -> list[Any]:
    return connection.execute(statement, {"user": user.pk}, prepare=False).fetchall()


def plan_of(read: Callable[[User], list[Alert]], user: User) -> list[str]:
    """EXPLAIN (ANALYZE, BUFFERS) of the statement that the selector sends, behind the walls."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with world.as_person(user), CaptureQueriesContext(connection) as asked:
        read(user)
    statement = asked.captured_queries[-1]["sql"]
    with world.as_person(user), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS) " + statement.replace("%", "%%"))
        return [row[0] for row in cursor.fetchall()]


def _at(scale: str, user: User, read: Callable[[User], Any]) -> Callable[[], Any]:
    def do() -> Any:
        world.use(scale)
        with world.as_person(user):
            return read(user)

    return do


def newest_lists() -> list[Result]:
    results, growth = [], []
    hands = {scale: world.raw(scale) for scale in world.SCALES}
    for who, (find, statement, target) in READERS.items():
        ours = {}
        for scale in world.SCALES:
            world.use(scale)
            user = find()
            ours[scale] = _at(scale, user, newest)
            hand = hands[scale]
            rows = [alert.pk for alert in ours[scale]()]
            assert rows == [row[0] for row in by_hand(hand, statement, user)], f"{who} sees other rows than by hand"
            result = compare(
                f"{who}, of {scale} ({len(rows)} rows)",
                ours[scale],
                lambda hand=hand, statement=statement, user=user: by_hand(hand, statement, user),
                target=target,
            )
            if result.verdict == "MISSED":
                result.plans = plan_of(newest, user)
            results.append(result)
        grown = medians({world.SMALLEST: ours[world.SMALLEST], world.LARGEST: ours[world.LARGEST]})
        growth.append(
            Result(
                f"{who}: {world.LARGEST} against {world.SMALLEST}",
                grown[world.LARGEST],
                grown[world.SMALLEST],
                GROWTH if target else None,
            )
        )
    for hand in hands.values():
        hand.close()
    show("Newest 50, both walls, objects made and transaction stamped, against SQL by hand without walls", results)
    return results + show("The same, growing with the table", growth)


def forgotten_filters() -> list[Result]:
    results = []
    world.use(world.LARGEST)
    with world.raw(world.LARGEST) as hand:
        for who, (find, statement, _) in READERS.items():
            user = find()
            wall2, both = _at(world.LARGEST, user, forgotten), _at(world.LARGEST, user, newest)
            assert [each.pk for each in wall2()] == [each.pk for each in both()], f"wall 2 alone shows {who} other rows"
            results.append(
                compare(
                    f"{who}, of {world.LARGEST}: right rows",
                    wall2,
                    lambda statement=statement, user=user: by_hand(hand, statement, user),
                    rounds=20,
                )
            )
    return show("A forgotten filter: wall 2 alone, against SQL by hand", results)


def capped_counts() -> list[Result]:
    world.use(world.LARGEST)
    officer, lead = world.officer_of(0), world.lead_with(1000)
    results = []
    with world.raw(world.LARGEST) as hand:
        hub = officer.memberships.values_list("agency_id", flat=True)
        with world.as_person(officer):
            hub = hub.get()
        capped = "SELECT count(*) FROM (SELECT FROM alerts_alert WHERE controller_id = %s LIMIT 1001) x"
        exact = "SELECT count(*) FROM alerts_alert WHERE controller_id = %s"
        ours = _at(world.LARGEST, officer, lambda user: capped_count(delivery.board(BoardView.ALL, for_user=user)))

        def hand_capped() -> object:
            return hand.execute(capped, [hub], prepare=False).fetchall()

        def hand_exact() -> object:
            return hand.execute(exact, [hub], prepare=False).fetchall()

        results.append(compare("MASH: capped count, against the same by hand", ours, hand_capped))
        results.append(compare("MASH: capped count, against an exact one by hand", ours, hand_exact, rounds=20))
        tabs = _at(world.LARGEST, lead, lambda user: response.inbox_counts(for_user=user))
        results.append(
            compare(
                "DSL with 1,000: both counts of the inbox, against an exact one by hand", tabs, hand_exact, rounds=20
            )
        )
    return show("Counts beside a list stop at 1,000", results)


def main() -> list[Result]:
    return newest_lists() + forgotten_filters() + capped_counts()


if __name__ == "__main__":
    from bench.__main__ import main as bench

    bench(["lists"])
