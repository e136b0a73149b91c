"""What remembering and sealing take from the throughput of a business transaction, with several clients at once (AUD-03)."""

import multiprocessing
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

CLIENTS = 4
SECONDS, ROUNDS, WARM = 3.0, 4, 1.0
TARGET = 0.6
PLAIN, AUDITED, SEALED = "plain", "with audit", "with audit, sealed beside"
KEY = bytes(range(32))


def _setup() -> None:
    import django

    django.setup()
    from bench import world

    world.use(world.SMALLEST)


def _client(pipe: Connection, number: int) -> None:
    """Opens alerts of one lead: read through both walls, lock, write, promise a message; and remember it, or not."""
    _setup()
    from django.db.models import F

    from alerts.models import Alert
    from bench import world
    from safeguarding.audit.record import record
    from safeguarding.notifications.models import OutboxMessage

    user = world.lead_with(200)
    with world.as_person(user):
        # a grant lets her read, and not write
        own = Alert.objects.visible_to(user).filter(setting__in=user.memberships.values("agency_id"))
        mine = list(own.order_by("pk").values_list("pk", flat=True))[number::CLIENTS]
    chance = random.Random(number)
    while (task := pipe.recv()) is not None:
        remembers, seconds = task
        done, until = 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            with world.as_person(user):
                alert = Alert.objects.visible_to(user).select_for_update(of=("self",)).get(pk=chance.choice(mine))
                Alert.objects.filter(pk=alert.pk).update(chased=F("chased") + 1)
                OutboxMessage.objects.create(topic="bench", payload={"alert": alert.pk}, created_by_id=user.pk)
                if remembers:
                    record("alert.opened", alert, facts={"level": 2})
            done += 1
        pipe.send(done / seconds)


def _sealer(pipe: Connection, place: str) -> None:
    """Seals once a second while it is asked to; answers with how many entries it sealed and how long that took."""
    _setup()
    from safeguarding.audit.sealing import Sealer

    sealer = Sealer({1: KEY}, [Path(place)])
    while sealer.round().more or sealer.round().sealed:
        pass
    pipe.send((0, 0.0))
    while (seconds := pipe.recv()) is not None:
        sealed, busy, until = 0, 0.0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            began = time.perf_counter()
            done = sealer.round()
            sealed += done.sealed
            busy += time.perf_counter() - began
            if not done.more:
                time.sleep(min(1.0, max(0.0, until - time.perf_counter())))
        pipe.send((sealed, busy))


def _start(context: Any, target: Callable[..., None], *arguments: Any) -> tuple[Any, Connection]:
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *arguments), daemon=True)
    process.start()
    return process, ours


def main() -> list[Any]:
    from bench.measure import Result, show

    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="hub-bench-heads-") as place:
        clients = [_start(context, _client, number) for number in range(CLIENTS)]
        sealer = _start(context, _sealer, place)
        sealer[1].recv()
        rates: dict[str, list[float]] = {PLAIN: [], AUDITED: [], SEALED: []}
        sealed, busy = 0, 0.0
        chance = random.Random(7)
        try:
            for number in range(ROUNDS + 1):
                order = list(rates)
                chance.shuffle(order)
                seconds = SECONDS if number else WARM
                for what in order:
                    for _, pipe in clients:
                        pipe.send((what != PLAIN, seconds))
                    if what == SEALED:
                        sealer[1].send(seconds)
                    rate = sum(pipe.recv() for _, pipe in clients)
                    if what == SEALED:
                        count, took = sealer[1].recv()
                        sealed, busy = sealed + count, busy + took
                    if number:
                        rates[what].append(rate)
        finally:
            for process, pipe in (*clients, sealer):
                pipe.send(None)
                process.join(10)
                process.terminate()
    found = {what: statistics.median(each) for what, each in rates.items()}
    note = f"{CLIENTS} clients, transactions a second"
    beside = f"{note}; {sealed:,} entries sealed, {1e6 * busy / max(sealed, 1):.0f} µs each"
    rows = [
        Result(AUDITED, found[AUDITED], found[PLAIN], None, note, at_least=True),
        Result(SEALED, found[SEALED], found[PLAIN], TARGET, beside, at_least=True),
    ]
    return show("Throughput of opening an alert, against the same without memory (a second, not milliseconds)", rows)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    _setup()
    main()
