"""Which rule is proven by which test: `make requirements`. Fails when a rule in scope has no proof.

Reads the markers out of the tests' source, so it needs no database and tells nothing of the tests' results.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "requirements.md"
TESTS = ROOT / "tests"
_ROW = re.compile(r"^\| ([A-Z]{3}-\d{2}) \| (.+) \|$", re.MULTILINE)

# What the software does today; a later issue adds its ids here, and its tests.
SCOPE = (
    *(f"ALR-{n:02}" for n in (*range(1, 12), 19, 20, 21, 22, 23)),
    # the school's response, and the child's file
    *("ALR-12", "ALR-15", "ALR-16", "ALR-17", "ALR-18"),
    # documents for parents, and where families find help
    *("ALR-25", "ALR-27"),
    *(f"SHR-{n:02}" for n in range(1, 14)),
    # asking partners, whose information it stays, and the intelligence package
    *("MSH-02", "MSH-03", "MSH-04"),
    # referrals, the four questions, the weekly review, places and patterns
    *("MSH-05", "MSH-06", "MSH-07", "MSH-10"),
    *("ALR-12", "ALR-13", "ALR-14"),
    *("MSH-01", "MSH-08"),
    *(f"NTK-{n:02}" for n in range(1, 9)),
    *(f"AUD-{n:02}" for n in range(1, 7)),
    # agreements, corrections, the record of processing, staff training in the scheme
    *(f"AGR-{n:02}" for n in range(1, 11)),
    *("ALR-26", "IGV-07", "IGV-08", "SHR-14"),
    # strategy discussions and section 47
    *(f"STR-{n:02}" for n in range(1, 8)),
    "RET-07",
    # children who move, and their files
    *("ALR-28", "MSH-09"),
)


def rules(document: Path = DOCUMENT) -> dict[str, str]:
    """Id → rule, in the order of the document."""
    found = _ROW.findall(document.read_text(encoding="utf-8"))
    return dict(found)


def proofs(tests: Path = TESTS) -> dict[str, list[str]]:
    """Id → the tests that carry it."""
    proven: dict[str, list[str]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        everywhere = list(_module_ids(tree))
        for name, ids in _tests(tree):
            for each in dict.fromkeys([*everywhere, *ids]):
                proven[each].append(f"{path.relative_to(tests)}::{name}")
    return dict(proven)


def _tests(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, _ids(node.decorator_list)
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            shared = _ids(node.decorator_list)
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name.startswith("test_"):
                    yield f"{node.name}::{inner.name}", [*shared, *_ids(inner.decorator_list)]


def _module_ids(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
        ):
            values = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            yield from _ids(values)


def _ids(marks: list[ast.expr]) -> list[str]:
    """The arguments of every `pytest.mark.req(…)`, also inside `pytest.param(…, marks=…)` decorators."""
    return [
        argument.value
        for mark in marks
        for call in ast.walk(mark)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "req"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def main() -> int:
    known, proven = rules(), proofs()
    for each, rule in known.items():
        tests = proven.get(each, [])
        if tests or each in SCOPE:
            print(f"{each}  {rule}")
            for test in tests or ["— not proven —"]:
                print(f"        {test}")
    missing = [each for each in SCOPE if each not in proven]
    unknown = sorted(set(proven) - set(known))
    print(
        f"\n{len(set(proven) & set(known))} of {len(known)} rules have a proof; in scope: {len(SCOPE)}, of which unproven: {len(missing)}"
    )
    if missing:
        print(f"Without a proof: {', '.join(missing)}. Mark the test that proves each with @pytest.mark.req.")
    if unknown:
        print(f"Marked, but not in {DOCUMENT.relative_to(ROOT)}: {', '.join(unknown)}.")
    return 1 if missing or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
