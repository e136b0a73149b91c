"""A national day: 4,000 notifications for 24,400 settings, taken in, sent and e-mailed, against bare inserts and a bare mail server."""

import os
import random
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from alerts.intake.enums import Channel
from alerts.intake.services import receive
from bench import world
from bench.measure import Result, compare, show
from safeguarding.access.principal import acting_as
from safeguarding.notifications import emails
from safeguarding.notifications.models import Email, OutboxMessage
from safeguarding.notifications.outbox import RELAY, work_off
from safeguarding.web.api.strict_json import canonical

DAY = 4_000
RUN = int(time.time())  # a kept world is measured again
SAMPLE = int(os.environ.get("BENCH_DAY", "30" if world.SMALL else "150"))
WRITTEN = "SELECT relname::text, n_tup_ins + n_tup_upd FROM pg_stat_user_tables WHERE relname NOT LIKE 'bench%'"


class Rows:
    """Plain copies, without index or check, of the rows that the product wrote for one piece of work."""

    def __init__(self, hand: psycopg.Connection, name: str, before: dict[str, int], pieces: int):
        self.hand = hand
        self.per_piece: dict[str, int] = {}
        for table, count in _written(hand).items():
            if each := round((count - before.get(table, 0)) / pieces):
                hand.execute(f"CREATE TABLE bench_{name}_{table} (LIKE {table})")
                hand.execute(f"CREATE TABLE bench_one_{name}_{table} AS SELECT * FROM {table} ORDER BY id DESC LIMIT 1")
                self.per_piece[f"{name}_{table}"] = each

    @property
    def count(self) -> int:
        return sum(self.per_piece.values())

    def insert(self) -> None:
        with self.hand.transaction():
            for table, count in self.per_piece.items():
                for _ in range(count):
                    self.hand.execute(f"INSERT INTO bench_{table} SELECT * FROM bench_one_{table}")


def _written(hand: psycopg.Connection) -> dict[str, int]:
    time.sleep(1.5)  # sessions hand their counts in once a second
    with transaction.atomic():  # and ours only when it next ends a transaction
        pass
    return dict(hand.execute(WRITTEN).fetchall())


def _intake(chance: random.Random) -> Callable[[], None]:
    places = [world.place_of(number) for number in range(world.PARTNERSHIPS)]
    constables = [world.constable_of(number) for number in range(world.PARTNERSHIPS)]
    numbers = iter(range(10**9))

    def take_in() -> None:
        number = next(numbers)
        which = chance.randrange(world.PARTNERSHIPS)
        place, urn = places[which], str(100_000 + which * 3000 + chance.randrange(world.SETTINGS_EACH))
        content = world.content_of(f"D{RUN}/{number:07d}", 10_000_000 + number, urn)
        with world.as_person(constables[which]):
            receive(
                content=content,
                body=canonical(content.to_json()),
                source=place.police,
                partnership=place.partnership,
                channel=Channel.API,
                by=constables[which],
            )

    return take_in


def _waiting(topic: str) -> list[int]:
    with acting_as(RELAY), transaction.atomic():
        messages = OutboxMessage.objects.filter(topic=topic, done_at=None, available_at__lte=timezone.now())
        return list(messages.order_by("pk").values_list("pk", flat=True))


def _one_after_the_other(numbers: list[int]) -> Callable[[], None]:
    left = iter(numbers)

    def work() -> None:
        assert work_off(next(left)), "a message was not worked off"

    return work


def _mail_server() -> tuple["subprocess.Popen[bytes]", int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    place = Path(tempfile.mkdtemp(prefix="hub-bench-mail-"))
    process = subprocess.Popen([sys.executable, "-m", "safeguarding.runtime.smtp", str(place), str(port)])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process, port
        time.sleep(0.1)
    raise TimeoutError("the mail server did not start")


def main() -> list[Result]:
    server, port = _mail_server()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    world.use(world.LARGEST)
    try:
        with world.raw(world.LARGEST) as hand:
            hand.execute("UPDATE agencies_partnership SET screens = false")
            return _day(hand, port)
    finally:
        server.terminate()


def _day(hand: psycopg.Connection, port: int) -> list[Result]:
    chance = random.Random(3)
    take_in = _intake(chance)
    few = 5
    before = _written(hand)
    for _ in range(few):
        take_in()
    intake_rows = Rows(hand, "in", before, few)
    enough = SAMPLE + 10
    results = [
        compare(
            f"one notification taken in, against {intake_rows.count} bare inserts",
            take_in,
            intake_rows.insert,
            rounds=SAMPLE,
            budget=60,
        )
    ]
    while len(alerts := _waiting("alert.send")) < enough:
        take_in()
    before = _written(hand)
    for number in alerts[:few]:
        work_off(number)
    send_rows = Rows(hand, "out", before, few)
    send = _one_after_the_other(alerts[few:])
    rounds = min(SAMPLE, len(alerts) - few - 4)
    results.append(
        compare(
            f"one alert sent, against {send_rows.count} bare inserts", send, send_rows.insert, rounds=rounds, budget=60
        )
    )
    waiting = _waiting("email.send")
    message = _a_message()
    mail = _one_after_the_other(waiting)

    def bare_mail() -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as client:
            client.sendmail("no-reply@hub.example", ["somebody@bench.example"], message)

    rounds = min(SAMPLE, len(waiting) - 4)
    results.append(
        compare("one e-mail sent, against a bare one to the same server", mail, bare_mail, rounds=rounds, budget=60)
    )
    whole = Result(
        f"a national day of {DAY:,} by one process, each with one alert and one e-mail (seconds)",
        sum(each.ours for each in results) * DAY / 1000,
        sum(each.limit for each in results) * DAY / 1000,
        note=f"{60_000 / sum(each.ours for each in results):,.0f} a minute",
    )
    return show(
        f"A national day, {world.SETTINGS_EACH * world.PARTNERSHIPS:,} settings, beside {world.LARGEST} alerts",
        [*results, whole],
    )


def _a_message() -> bytes:
    with world.as_service(world.DISPATCH):
        email = Email.objects.filter(sent_at=None).order_by("pk")[0]
        return emails.write(email).message().as_bytes()
