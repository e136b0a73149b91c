"""Ratios: ours and its limit in turn, warm, many times; the medians are compared."""

import gc
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

ROUNDS, LEAST_ROUNDS = 60, 5


@dataclass
class Result:
    """One line of the table: `ours` and `limit` in milliseconds, and how many times the limit we may take."""

    what: str
    ours: float
    limit: float
    target: float | None = None
    note: str = ""
    # "at most" for times, "at least" for throughput and recall
    at_least: bool = False
    plans: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return self.ours / self.limit if self.limit else float("inf")

    @property
    def verdict(self) -> str:
        if self.target is None:
            return "–"
        reached = self.ratio >= self.target if self.at_least else self.ratio <= self.target
        return "reached" if reached else "MISSED"

    @property
    def target_words(self) -> str:
        return "" if self.target is None else f"{'≥' if self.at_least else '≤'}{self.target:g}"


def timed(do: Callable[[], Any]) -> float:
    """Milliseconds of one run."""
    began = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - began)


def medians(variants: dict[str, Callable[[], Any]], *, rounds: int = ROUNDS, budget: float = 6.0) -> dict[str, float]:
    """The median of each in milliseconds; in each round all of them once, in an order that chance decides.

    `budget`: seconds for all of it, after which no further round begins.
    """
    chance = random.Random(7)
    times: dict[str, list[float]] = {name: [] for name in variants}
    for do in variants.values():
        do()
        do()
    until = time.perf_counter() + budget
    gc.collect()
    gc.disable()
    try:
        for done in range(rounds):
            order = list(variants)
            chance.shuffle(order)
            for name in order:
                times[name].append(timed(variants[name]))
            if time.perf_counter() > until and done + 1 >= LEAST_ROUNDS:
                break
    finally:
        gc.enable()
    return {name: statistics.median(each) for name, each in times.items()}


def compare(
    what: str,
    ours: Callable[[], Any],
    limit: Callable[[], Any],
    *,
    target: float | None = None,
    note: str = "",
    rounds: int = ROUNDS,
    budget: float = 6.0,
) -> Result:
    found = medians({"ours": ours, "limit": limit}, rounds=rounds, budget=budget)
    return Result(what, found["ours"], found["limit"], target, note)


def line(result: Result) -> str:
    return (
        f"{result.what:<66} {result.ours:>10.2f} {result.limit:>10.2f} {result.ratio:>7.2f}"
        f" {result.target_words:>6}  {result.verdict:<8}{result.note}"
    )


def show(title: str, results: list[Result]) -> list[Result]:
    """Print a table, and give the rows back for the report."""
    print(f"\n{title}\n{'':<66} {'ours ms':>10} {'limit ms':>10} {'ratio':>7} {'target':>6}", flush=True)
    for result in results:
        print(line(result), flush=True)
    return results
