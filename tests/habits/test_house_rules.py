"""Rules of the house that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = [
    path
    for app in ("safeguarding", "agreements", "alerts")
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]
LONGEST_MODULE, LONGEST_VIEW = 420, 15
NEVER = {"ModelForm", "ModelAdmin", "get_objects_for_user", "assign_perm"}


def _trees(pattern: str = "") -> Iterator[tuple[str, ast.Module]]:
    for path in OURS:
        if not pattern or path.name == pattern:
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def test_modules_stay_short_enough_to_be_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in OURS}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_views_are_thin() -> None:
    """What is longer belongs in a selector, a service or a form; a page's context, one name a line, counts as one."""
    long = {}
    for name, tree in _trees("views.py"):
        for node in ast.walk(tree) if "/api/" not in name else ():
            if isinstance(node, ast.FunctionDef) and (lines := _lines_of(node)) > LONGEST_VIEW:
                long[f"{name}::{node.name}"] = lines
    assert long == {}


def _lines_of(function: ast.FunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body:
        return 0
    contexts = [each for part in body for each in ast.walk(part) if isinstance(each, ast.Dict)]
    folded = sum((each.end_lineno or 0) - each.lineno for each in contexts)
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 - folded


@pytest.mark.req("NTK-01")
def test_no_form_no_admin_and_no_library_opens_case_data_by_itself() -> None:
    """Model forms and the admin write past the services; guardian's own lists are open by default."""
    found = {
        (name, node.id if isinstance(node, ast.Name) else node.attr)
        for name, tree in _trees()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id in NEVER) or (isinstance(node, ast.Attribute) and node.attr in NEVER)
    }
    assert found == set()


def test_services_are_called_by_keyword_and_say_by_whom() -> None:
    """Every public function of a `services.py` names all but its subject; the outbox has two: topic and payload."""
    loose = [
        f"{name}::{node.name}"
        for name, tree in _trees("services.py")
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and len(node.args.args) > (2 if node.name == "enqueue" else 1)
    ]
    assert loose == []


# the proofs' house stands in one moment, and what is asked of it is reckoned from that moment
ONE_MOMENT = {"tests/access/plan.py"}


def test_nothing_takes_the_moment_when_it_was_imported_for_now() -> None:
    """A worker lives for weeks and a test run crosses midnight: a day that was named at import is yesterday by then."""
    named = {
        f"{name}:{call.lineno}"
        for path in [*OURS, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))]
        if (name := str(path.relative_to(ROOT))) not in ONE_MOMENT
        for call in _calls_at_import(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"now", "today", "localdate", "localtime"}
    }
    assert named == set()


def _calls_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Calls outside of every body of a function; what a function's decorators and defaults call is called at import."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.Call):
            yield each
        if isinstance(each, ast.Lambda):
            continue
        if isinstance(each, ast.FunctionDef):
            for part in (*each.decorator_list, each.args):
                yield from _calls_at_import(ast.Expr(part) if isinstance(part, ast.expr) else part)
            continue
        yield from _calls_at_import(each)
