"""The page of edges speaks of sentences and tests that are there."""

import ast
import re
from pathlib import Path

import pytest

from scripts.requirements import ROOT, TESTS, _tests

ROWS = [line for line in (ROOT / "docs" / "edges.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
EDGES = {cells[0].strip(): cells for row in ROWS[2:] if (cells := row.strip("|").split("|"))}


def said_in(path: Path) -> str:
    """What a file says, as one line: a sentence in code may be written in two strings."""
    text = re.sub(r'"\s*\n\s*f?"', "", path.read_text(encoding="utf-8"))
    return " ".join(text.split())


@pytest.mark.parametrize("edge", list(EDGES))
def test_an_edge_has_a_sentence_and_a_test(edge: str) -> None:
    _, _, read, proved = EDGES[edge]
    sentences = re.findall(r"“([^”]+)” `([^`]+)`", read)
    assert sentences
    for sentence, where in sentences:
        assert sentence in said_in(ROOT / where)
    named = re.findall(r"`tests/([^`]+)::(\w+)`", proved)
    assert named
    for where, name in named:
        there = {each for each, _ in _tests(ast.parse((TESTS / where).read_text(encoding="utf-8")))}
        assert name in there, name
