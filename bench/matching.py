"""Matching: one notification's child among 300,000 on record (ALR-03, design §9).

`python -m bench.matching --children 300000 --seed 7`. The children are invented (bench/people.py), sealed and given their
tokens as the product does, and looked for through both walls' app role, as the service "matching".
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any

from bench import server
from bench.measure import Result, show, timed

CHILDREN = 20_000 if os.environ.get("BENCH_SCALE") == "small" else 300_000
SEED, EACH = 7, 300
BATCH = 2_000
SHOWN = 20
DATABASE_MS, RECALL = 5.0, "recall"


@dataclass
class Found:
    """How one kind of mistake went."""

    asked: int = 0
    found: int = 0
    first: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    shown: list[int] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.asked if self.asked else 0.0


def main(children: int = CHILDREN, seed: int = SEED) -> list[Any]:
    """Print the tables and give their rows back; makes its own database, and takes it as it is when it is there."""
    from bench import world

    url = os.environ["DATABASE_URL"]
    name = f"m{children}s{seed}"
    if f"{server.PREFIX}{name}" not in server.databases_on(url):
        _make(url, name, children, seed)
    world.use(name)
    partnership_id, rows = _whole(seed)
    return [*_storage(children), *_recall(partnership_id, rows, seed), *_database(partnership_id, rows, seed)]


# ---------------------------------------------------------------- the children
def _make(url: str, name: str, children: int, seed: int) -> None:
    from django.core.management import call_command
    from django.db import transaction

    from bench import people, world
    from safeguarding.access.principal import acting_as
    from safeguarding.agencies.enums import AgencyKind
    from safeguarding.agencies.models import Agency, Partnership

    began = time.monotonic()
    server.make_database(url, f"{server.PREFIX}{name}")
    world.use(name, bare=True)
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    with acting_as(world.SETUP):
        partnership = Partnership.objects.create(slug="bench", name="Bench", **world.WEXBOURNE.config)
        hub = Agency.objects.create(slug="hub", name="Hub", kind=AgencyKind.MASH)
    source = people.population(children, seed)
    done = 0
    while batch := list(islice(source, BATCH)):
        with acting_as(world.MATCHING), transaction.atomic():
            _put(partnership, hub, batch)
        done += len(batch)
        if done % 50_000 == 0:
            print(f"{time.monotonic() - began:6.0f} s  {done:,} children", flush=True)
    with world.raw(name) as connection:
        connection.execute("VACUUM ANALYZE")


def _put(partnership: Any, hub: Any, batch: Sequence[Any]) -> None:
    """Children as the product seals them; their tokens by COPY, for there are millions."""
    from django.db import connection

    from safeguarding.children.models import Child
    from safeguarding.children.tokens import GENERATION, tokens_of

    made = Child.objects.bulk_create(
        Child(
            partnership=partnership,
            controller=hub,
            given_name=details.given_name,
            family_name=details.family_name,
            date_of_birth=details.date_of_birth,
            tokens_made=GENERATION,
        )
        for details in batch
    )
    # made before the COPY begins: the first token asks for its key on the same connection
    tokens = [
        (partnership.pk, hub.pk, child.pk, kind.value, token)
        for child, details in zip(made, batch, strict=True)
        for kind, token in sorted(tokens_of(partnership.pk, details))
    ]
    copy = "COPY children_childtoken (partnership_id, controller_id, child_id, kind, token) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy) as rows:
        for each in tokens:
            rows.write_row(each)


def _whole(seed: int) -> tuple[int, list[tuple[int, Any]]]:
    """The partnership, and every child with what it was made of."""
    from bench import people, world
    from safeguarding.agencies.models import Partnership
    from safeguarding.children.models import Child

    with world.as_service(world.MATCHING):
        ids = list(Child.objects.order_by("pk").values_list("pk", flat=True))
    return Partnership.objects.get(slug="bench").pk, list(zip(ids, people.population(len(ids), seed), strict=True))


# ---------------------------------------------------------------- what it found
def _sought(rows: Sequence[tuple[int, Any]], slip: Any, seed: int, count: int = EACH) -> Iterator[tuple[int, Any]]:
    chance = Random(f"{seed}/{slip.name}")
    made = 0
    while made < count:
        pk, child = rows[chance.randrange(len(rows))]
        if child.date_of_birth is None or (other := slip(child, chance)) is None:
            continue
        made += 1
        yield pk, other


def _recall(partnership_id: int, rows: Sequence[tuple[int, Any]], seed: int) -> list[Any]:
    from bench import people

    print(
        f"\n{'looked for with':<34}{'recall':>8}{'goal':>7}{'first':>8}{'sure':>7}{'shown mean':>12}{'p95':>5}{'most':>6}"
    )
    results = []
    for slip in people.SLIPS:
        found = _try(partnership_id, list(_sought(rows, slip, seed)))
        shown = sorted(found.shown)
        tail = (statistics.mean(shown), shown[int(0.95 * len(shown))], shown[-1])
        sure = found.verdicts.get("matched", 0) / found.asked
        goal = f"{slip.goal:.2f}" if slip.goal else ""
        print(
            f"{slip.name:<34}{found.recall:>8.3f}{goal:>7}{found.first / found.asked:>8.3f}{sure:>7.2f}"
            f"{tail[0]:>12.1f}{tail[1]:>5}{tail[2]:>6}",
            flush=True,
        )
        note = f"candidates: mean {tail[0]:.1f}, p95 {tail[1]}, most {tail[2]}; first in the list {found.first / found.asked:.2f}"
        results.append(
            Result(f"recall: {slip.name}, of {found.asked}", found.recall, 1.0, slip.goal, note, at_least=True)
        )
    return results


def _try(partnership_id: int, sought: Sequence[tuple[int, Any]]) -> Found:
    from bench import world
    from safeguarding.agencies.models import Partnership
    from safeguarding.children.selectors import judge_all

    partnership, result = Partnership(pk=partnership_id), Found()
    for pk, details in sought:
        with world.as_service(world.MATCHING):
            [judgement] = judge_all(partnership, [details])
        keys = [likeness.key for likeness in judgement.alike[:SHOWN]]
        result.asked += 1
        result.found += pk in keys
        result.first += keys[:1] == [pk]
        result.shown.append(len(keys))
        result.verdicts[judgement.verdict] = result.verdicts.get(judgement.verdict, 0) + 1
    return result


# ---------------------------------------------------------------- what it cost
def _database(partnership_id: int, rows: Sequence[tuple[int, Any]], seed: int) -> list[Any]:
    """The lookup of one child's tokens, as the server itself times it, beside one bare probe of the same index."""
    from bench import people, world
    from safeguarding.children.lookup import CAP, LOOKUP
    from safeguarding.children.tokens import tokens_to_match

    sought = [details for slip in people.SLIPS for _, details in _sought(rows, slip, seed, 20)]
    lookups, cold, probes, wholes, planning, plans = [], [], [], [], [], []
    for details in sought:
        wanted = sorted(tokens_to_match(partnership_id, details))
        values = [[kind.value for kind, _ in wanted], [token for _, token in wanted], partnership_id, CAP]
        one = [partnership_id, wanted[0][0].value, wanted[0][1]]
        with world.as_service(world.MATCHING):
            # the first of each warms the cache: pages that nobody has read yet are the disk's time, and said apart
            cold.append(_explained(LOOKUP, values)["Execution Time"])
            plan = min((_explained(LOOKUP, values) for _ in range(3)), key=lambda each: each["Execution Time"])
            lookups.append(plan["Execution Time"])
            planning.append(plan["Planning Time"])
            plans.append((plan["Execution Time"], plan["Plan"]["Shared Hit Blocks"], values))
            probes.append(min(_explained(_PROBE, one)["Execution Time"] for _ in range(4)))
        wholes.append(timed(lambda details=details: _try(partnership_id, [(0, details)])))
    slowest, buffers, values = max(plans, key=lambda each: each[0])
    table = {
        "token lookup": lookups,
        "the first time": cold,
        "its planning": planning,
        "bare probe": probes,
        "whole judgement": wholes,
    }
    for name, times in table.items():
        print(f"{name:<20} min {min(times):8.3f}  median {statistics.median(times):8.3f}  most {max(times):8.3f} ms")
    print(f"\nEXPLAIN (ANALYZE, BUFFERS) of the slowest lookup: {slowest:.3f} ms, {buffers} pages, all in memory")
    with world.as_service(world.MATCHING):
        print("\n".join(_text(LOOKUP, values)))
    median, most = statistics.median(lookups), max(lookups)
    return show(
        "One child of a notification, in the database",
        [
            Result("token lookup, median, against one bare probe", median, statistics.median(probes)),
            Result("token lookup, median, against 5 ms", median, DATABASE_MS, 1.0),
            Result("token lookup, slowest of all, against 5 ms", most, DATABASE_MS, 1.0),
            Result("planning it, median, against 5 ms", statistics.median(planning), DATABASE_MS, 1.0),
            Result("whole judgement with opening and ranking, against the lookup", statistics.median(wholes), median),
        ],
    )


_PROBE = "SELECT child_id FROM children_childtoken WHERE partnership_id = %s AND kind = %s AND token = %s LIMIT 1"


def _explained(statement: str, values: Sequence[Any]) -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values)
        (plan,) = cursor.fetchone()
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]


def _text(statement: str, values: Sequence[Any]) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", values)
        return [line for (line,) in cursor.fetchall()]


def _storage(children: int) -> list[Any]:
    from django.db import connection

    from bench import world

    sizes = "SELECT pg_table_size('children_childtoken'), pg_indexes_size('children_childtoken')"
    with world.as_service(world.MATCHING), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM children_childtoken")
        (tokens,) = cursor.fetchone()
        cursor.execute(sizes)
        heap, indexes = cursor.fetchone()
        cursor.execute("SELECT kind, count(*) FROM children_childtoken GROUP BY kind ORDER BY kind")
        kinds = ", ".join(f"{kind} {count / children:.2f}" for kind, count in cursor.fetchall())
    print(
        f"\n{children:,} children, {tokens:,} tokens: {tokens / children:.1f} a child ({kinds});"
        f" {heap / children:,.0f} + {indexes / children:,.0f} bytes a child with indexes,"
        f" {(heap + indexes) / 2**20:,.0f} MiB in all"
    )
    return [
        Result(f"tokens a child, of {children:,}", tokens / children, 1.0, note="count"),
        Result(
            "bytes of tokens a child, of which in the table", (heap + indexes) / children, heap / children, note="bytes"
        ),
    ]


def _alone(run: Callable[[], list[Any]]) -> None:
    """Without the rest of the bench: a server, and no other world."""
    with server.scratch_server() as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        import django

        django.setup()
        run()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--children", type=int, default=CHILDREN)
    arguments.add_argument("--seed", type=int, default=SEED)
    chosen = arguments.parse_args()
    _alone(lambda: main(chosen.children, chosen.seed))
    sys.exit(0)
