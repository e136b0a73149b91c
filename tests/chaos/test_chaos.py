"""Nothing lost: every part is killed at random while alerts go out, and afterwards the books are exact (design §6)."""

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from safeguarding.notifications.emails import message_id
from tests.chaos.hub import PARTS, Hub
from tests.chaos.police import Police
from tests.chaos.sink import Sink

ALERTS = int(os.environ.get("CHAOS_ALERTS", "2000"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
# Between two blows; the killing ends while a third of the work is still to be done, and at the latest then.
PAUSE = (3.0, 8.0)
KILLING_SECONDS = float(os.environ.get("CHAOS_SECONDS", "150"))
# seconds in which nothing at all gets done
PATIENCE = float(os.environ.get("CHAOS_PATIENCE", "240"))

REPORT = Path(settings.ROOT_DIR) / "build" / "chaos.txt"
# Among so many invented families two can be alike by chance: then a person is asked, and the content stays until it is said.
WAITS = "EXISTS (SELECT FROM alerts_notificationchild w WHERE w.notification_id = n.id AND w.state = 'waiting')"
OURS = "n.reference LIKE 'CHAOS/%%'"
LEFT = """
SELECT (SELECT count(*) FROM notifications_outboxmessage WHERE done_at IS NULL AND given_up_at IS NULL),
       (SELECT count(*) FROM alerts_alert WHERE status IN ('sent', 'withheld', 'opened', 'acknowledged')),
       (SELECT count(*) FROM notifications_email WHERE sent_at IS NULL AND failed_at IS NULL)
"""
DONE = """
SELECT (SELECT count(*) FROM notifications_outboxmessage WHERE done_at IS NOT NULL),
       (SELECT count(*) FROM notifications_email WHERE sent_at IS NOT NULL)
"""


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    try:
        hub.start()
        yield hub
    finally:
        hub.stop()


@pytest.fixture
def sink(hub: Hub) -> Iterator[Sink]:
    sink = Sink(SEED)
    sink.start(hub.mail_port)
    yield sink
    sink.stop()


@pytest.mark.prove
@pytest.mark.req("ALR-04", "ALR-09", "ALR-23")
def test_nothing_is_lost_and_nothing_done_twice_while_every_part_is_killed(hub: Hub, sink: Sink) -> None:
    began = time.monotonic()
    police = Police(hub.url, token_for(hub), ALERTS // 2, SEED)
    police.start()
    kill_at_random(hub, police)
    hub.until("every notification is accepted", lambda: police.done, PATIENCE, lambda: len(police.accepted))
    posted = time.monotonic() - began
    hub.until("everything promised is done", lambda: all_is_done(hub), PATIENCE, lambda: hub.asked(DONE))
    seconds = time.monotonic() - began
    tell(hub, police, sink, posted, seconds)
    assert police.wrong == []
    assert len(police.accepted) == ALERTS // 2
    assert faults(hub, sink, police) == {}
    assert sum(hub.kills.values()) >= 4, "hardly anything was killed"


def all_is_done(hub: Hub) -> bool:
    [(promises, _, mails)] = hub.asked(LEFT) or [(1, 0, 1)]
    return (promises, mails) == (0, 0)


def token_for(hub: Hub) -> str:
    return hub.manage("issue_token", "--agency", "police-nenevale", "--scopes", "notifications:write")


def kill_at_random(hub: Hub, police: Police) -> None:
    """One part after the other, drawn by chance from those that have been killed least."""
    chance = random.Random(SEED)
    until = time.monotonic() + KILLING_SECONDS
    blows = dict.fromkeys(PARTS, 0)
    while time.monotonic() < until and not (police.done and few_left(hub)):
        time.sleep(chance.uniform(*PAUSE))
        least = min(blows.values())
        part = chance.choice([name for name, count in blows.items() if count <= least + 1])
        if hub.kill(part, chance):
            blows[part] += 1


def few_left(hub: Hub) -> bool:
    found = hub.asked(LEFT)
    return found is not None and found[0][0] < ALERTS // 3


def faults(hub: Hub, sink: Sink, police: Police) -> dict[str, list]:
    """Everything that is not as it should be, by name; empty when nothing was lost and nothing done twice."""
    settled = [
        (reference, child["given_name"])
        for reference, receipt in police.accepted.items()
        for child in receipt["children"]
        if child["match"] != "possible" and child["setting"]
    ]
    with sink.lock:  # the Hub still runs, and may write to somebody of its own accord
        taken = dict(sink.taken)
    found = {
        "notifications on record that nobody had accepted, or not once": hub.ask(
            f"SELECT n.reference, count(*) FROM alerts_notification n WHERE {OURS} GROUP BY 1"
            " HAVING count(*) <> 1 OR NOT n.reference = ANY(%s)",
            list(police.accepted),
        ),
        "accepted and not on record": hub.ask(
            "SELECT r FROM unnest(%s::text[]) r WHERE NOT EXISTS"
            " (SELECT FROM alerts_notification n WHERE n.reference = r AND n.ref = %s::jsonb ->> r)",
            list(police.accepted),
            json.dumps({reference: receipt["ref"] for reference, receipt in police.accepted.items()}),
        ),
        "settled children without exactly one alert": hub.ask(
            "SELECT n.reference, c.position, count(a.id) FROM alerts_notification n JOIN alerts_notificationchild c"
            " ON c.notification_id = n.id LEFT JOIN alerts_alert a ON a.notification_id = n.id AND a.child_id = c.child_id"
            f" WHERE {OURS} AND c.state = 'settled' GROUP BY 1, 2 HAVING count(a.id) <> 1"
        ),
        "alerts that were not sent": hub.ask(
            f"SELECT a.ref, a.status FROM alerts_alert a JOIN alerts_notification n ON n.id = a.notification_id"
            f" WHERE {OURS} AND (a.status <> 'sent' OR a.sent_at IS NULL)"
        ),
        "not remembered exactly once": hub.ask(
            "SELECT n.reference, e.event, count(l.id) FROM alerts_notification n"
            " CROSS JOIN (VALUES ('notification.received'), ('notification.purged')) e(event)"
            " LEFT JOIN audit_auditentry l ON l.notification_id = n.id AND l.event = e.event"
            f" WHERE {OURS} AND NOT (e.event = 'notification.purged' AND {WAITS})"
            " GROUP BY 1, 2 HAVING count(l.id) <> 1"
        )
        + hub.ask(
            "SELECT a.ref, e.event, count(l.id) FROM alerts_alert a JOIN alerts_notification n ON n.id = a.notification_id"
            " CROSS JOIN (VALUES ('alert.prepared'), ('alert.sent')) e(event)"
            " LEFT JOIN audit_auditentry l ON l.alert_id = a.id AND l.event = e.event"
            f" WHERE {OURS} GROUP BY 1, 2 HAVING count(l.id) <> 1"
        ),
        "police content that is still there": hub.ask(
            "SELECT n.reference FROM alerts_notification n JOIN crypto_datakey k ON k.id = n.crypto_key_id"
            f" WHERE {OURS} AND NOT {WAITS} AND (n.content IS NOT NULL OR n.purged_at IS NULL OR k.wrapped IS NOT NULL)"
        ),
        "promises given up": hub.ask(
            "SELECT id, topic, last_error FROM notifications_outboxmessage WHERE given_up_at IS NOT NULL"
        ),
        "e-mails without exactly one entry that they were sent": hub.ask(
            "SELECT m.id, m.failure, count(l.id) FROM notifications_email m LEFT JOIN audit_auditentry l ON l.event = 'email.sent'"
            " AND l.alert_id = m.about_id AND (l.additional_data ->> 'to')::bigint = m.recipient_id"
            " AND l.additional_data ->> 'template' = m.template"
            " WHERE m.dedupe_key LIKE 'alert:%%:sent:%%' GROUP BY 1, 2 HAVING count(l.id) <> 1"
        ),
        "people addressed without an e-mail": [each for each in addressed(hub) if not taken.get(each)],
        "e-mails that nobody promised": sorted({mail for mail, _ in taken} - promised(hub)),
    }
    alerts = hub.ask(
        f"SELECT count(*) FROM alerts_alert a JOIN alerts_notification n ON n.id = a.notification_id WHERE {OURS}"
    )
    if alerts[0][0] < len(settled) or len(settled) < ALERTS * 0.95:
        found["alerts"] = [(alerts[0][0], len(settled), ALERTS)]
    return {what: rows[:5] for what, rows in found.items() if rows}


def addressed(hub: Hub) -> list[tuple[str, str]]:
    """Message-ID and address of each person who holds a role that an alert is addressed to, out of the register alone."""
    rows = hub.ask(
        "SELECT DISTINCT a.id, u.id, u.email FROM alerts_alert a JOIN alerts_notification n ON n.id = a.notification_id"
        " JOIN agencies_membership m ON m.agency_id = a.setting_id AND m.ended_at IS NULL JOIN agencies_user u ON u.id = m.user_id"
        " JOIN (VALUES ('dsl', 1), ('deputy_dsl', 2), ('head', 4), ('holiday_contact', 8)) b(role, bit)"
        f" ON b.role = m.role AND a.audience & b.bit <> 0 WHERE {OURS}"
    )
    return [(message_id(f"alert:{alert}:sent:{user}"), email) for alert, user, email in rows]


def promised(hub: Hub) -> set[str]:
    return {message_id(key) for (key,) in hub.ask("SELECT dedupe_key FROM notifications_email")}


def tell(hub: Hub, police: Police, sink: Sink, posted: float, seconds: float) -> None:
    """The table that docs/performance.md keeps."""
    again = hub.ask(
        "SELECT count(*), coalesce(sum(published - 1), 0), coalesce(sum(tries), 0) FROM notifications_outboxmessage"
    )
    messages, published_again, failed = again[0]
    repeats = sum(sink.taken.values()) - len(sink.taken)
    lines = [
        f"seed {SEED}; {ALERTS} alerts wanted; {posted:.0f} s until all were posted, {seconds:.0f} s until all was done",
        *(f"killed: {part}, {times}" for part, times in sorted(hub.kills.items())),
        *(f"posted again: {why}, {times}" for why, times in sorted(police.retries.items())),
        f"promises: {messages}; put on the queue again {published_again} times, failed and tried again {failed} times",
        f"mail server: hung up before taking {sink.refused}, after taking without a word {sink.unanswered}, after its word {sink.hung_up}",
        f"e-mails taken: {sum(sink.taken.values())}, of them repeats under the same Message-ID {repeats}",
    ]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n" + REPORT.read_text(encoding="utf-8"))
