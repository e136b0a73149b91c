"""Machine and results into docs/performance.md, between its two marks; the words around them are written by hand."""

import os
import platform
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench import world
from bench.measure import Result

PAGE = Path(settings.ROOT_DIR) / "docs" / "performance.md"
PLANS = Path(settings.ROOT_DIR) / "build" / "bench-plans.txt"
BEGIN, END = "<!-- results: written by make bench -->", "<!-- end of results -->"


def machine() -> str:
    model = "unknown processor"
    if (cpus := Path("/proc/cpuinfo")).exists():
        model = next((x.partition(":")[2].strip() for x in cpus.read_text().splitlines() if "model name" in x), model)
    world.use(world.LARGEST)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0].split()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"PostgreSQL {version}, Python {platform.python_version()}"
    )


def _row(result: Any) -> str:
    if isinstance(result, Result):
        cells = [
            result.what,
            f"{result.ours:,.2f}",
            f"{result.limit:,.2f}",
            f"{result.ratio:.2f}",
            result.target_words,
            result.verdict,
            result.note,
        ]
    else:
        cells = [str(cell) for cell in result]
    return "| " + " | ".join(cells) + " |"


def write(results: dict[str, list[Any]], *, populated: float, seconds: float, whole: bool) -> None:
    """Only a whole run at full scale is written down; plans of what missed its target lie beside the data."""
    missed = [result for found in results.values() for result in found if getattr(result, "plans", None)]
    if missed:
        PLANS.parent.mkdir(exist_ok=True)
        PLANS.write_text("\n\n".join("\n".join([each.what, *each.plans]) for each in missed), encoding="utf-8")
        print(f"\nPlans of what missed its target: {PLANS}")
    if world.SMALL or not whole:
        print("\nNot written down: a look at a small scale, or at a part.")
        return
    lines = [
        BEGIN,
        "",
        f"{timezone.localtime():%-d %B %Y, %H:%M}. {machine()}; load {os.getloadavg()[0]:.1f} at the end. "
        f"{seconds / 60:.0f} minutes, {populated / 60:.1f} of them to make the world.",
    ]
    for name, found in results.items():
        lines += [
            "",
            f"### {name}",
            "",
            "| what | ours ms | limit ms | ratio | target | | |",
            "|---|--:|--:|--:|--:|---|---|",
        ]
        lines += [_row(result) for result in found]
    lines += ["", END]
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(before + "\n".join(lines) + after, encoding="utf-8")
