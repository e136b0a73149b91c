"""The rules on paper and the markers on the tests speak of the same things."""

from pathlib import Path

from scripts import requirements

WRITTEN = """
import pytest
pytestmark = [pytest.mark.django_db, pytest.mark.req("AAA-01")]

@pytest.mark.req("AAA-02", "AAA-03")
def test_one(): ...

@pytest.mark.req("AAA-04")
class TestTwo:
    @pytest.mark.req("AAA-05")
    def test_three(self): ...

@pytest.mark.req("AAA-06")
def not_a_test(): ...
"""


def test_no_test_carries_an_id_that_no_rule_has() -> None:
    unknown = {each: tests for each, tests in requirements.proofs().items() if each not in requirements.rules()}
    assert not unknown


def test_every_rule_stands_once_and_every_family_is_numbered_without_a_gap() -> None:
    ids = requirements._ROW.findall(requirements.DOCUMENT.read_text(encoding="utf-8"))
    numbered: dict[str, list[int]] = {}
    for each, rule in ids:
        numbered.setdefault(each[:3], []).append(int(each[4:]))
        assert rule.endswith("."), each
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in numbered.values())
    assert {family: len(numbers) for family, numbers in numbered.items()} == {
        "ALR": 28, "MSH": 11, "STR": 7, "SHR": 14, "AGR": 10, "MRC": 24, "PNL": 6, "ESC": 10, "IGV": 8, "RET": 7, "NTK": 8, "AUD": 6,
    }  # fmt: skip


def test_the_scope_is_made_of_rules() -> None:
    assert set(requirements.SCOPE) <= set(requirements.rules())


def test_the_report_reads_every_way_of_marking(tmp_path: Path) -> None:
    (tmp_path / "test_marks.py").write_text(WRITTEN)
    assert requirements.proofs(tmp_path) == {
        "AAA-01": ["test_marks.py::test_one", "test_marks.py::TestTwo::test_three"],
        "AAA-02": ["test_marks.py::test_one"],
        "AAA-03": ["test_marks.py::test_one"],
        "AAA-04": ["test_marks.py::TestTwo::test_three"],
        "AAA-05": ["test_marks.py::TestTwo::test_three"],
    }
