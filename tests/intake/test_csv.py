"""Files as spreadsheets save them, and as people spoil them (issue 2, bad input)."""

import csv
import datetime as dt
import io

import pytest

from alerts.intake.content import PoliceNotification
from alerts.intake.csv_upload import COLUMNS, Problem, Unreadable, decode, notification_of, read

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
ROW = {
    "reference": "55/2026/0099001",
    "kind": "domestic_abuse",
    "occurred_at": "2026-11-20T21:40:00Z",
    "risk": "medium",
    "family_informed": "yes",
    "location": "1 Example Road",
    "postcode": "BH1 1AA",
    "child_given_name": "Ottilie",
    "child_family_name": "Quillfeather",
    "child_date_of_birth": "2016-05-04",
    "child_present": "yes",
    "upn": "",
    "urn": "999001",
    "setting_name": "First School",
    "home_educated": "no",
    "victim_name": "Ferelith Anne Quillfeather",
    "victim_date_of_birth": "1990-02-03",
    "perpetrator_name": "Osric Vane",
    "perpetrator_date_of_birth": "",
    "narrative": "CANARY, with a comma\nand a line",
}


def row(**changes: str) -> dict[str, str]:
    return {**ROW, **changes}


def text(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, separator: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, delimiter=separator, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def taken(content: str) -> tuple[list[PoliceNotification], list[Problem]]:
    good, problems = [], []
    for group in read(content).groups:
        notification, told = notification_of(group, now=NOW)
        problems += told
        if notification:
            good.append(notification)
    return good, problems


@pytest.mark.req("ALR-01")
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_way_to_save_a_csv_gives_the_same_notification(separator: str, encoding: str) -> None:
    data = text(row(child_given_name="Zoë", child_family_name="D’Arcy"), separator=separator).encode(encoding)
    (notification,), problems = taken(decode(data))
    assert problems == []
    victim, perpetrator, child = notification.people
    assert (child.given_name, child.family_name) == ("Zoë", "D’Arcy")
    assert (victim.given_name, victim.family_name) == ("Ferelith Anne", "Quillfeather")
    assert perpetrator.name == "Osric Vane"
    assert notification.narrative == "CANARY, with a comma\nand a line"
    assert child.setting.urn == "999001"  # type: ignore[union-attr]  # the row names one


@pytest.mark.req("ALR-01")
def test_rows_of_one_reference_are_one_notification_wherever_they_stand() -> None:
    sibling = row(child_given_name="Barnaby", child_date_of_birth="03/02/2018")
    (first, other), problems = taken(text(row(), row(reference="2"), sibling))
    assert problems == []
    assert [person.given_name for _, person in first.children] == ["Ottilie", "Barnaby"]
    assert [person.role for person in first.people] == ["victim", "perpetrator", "child", "child"]
    assert first.people[3].date_of_birth == dt.date(2018, 2, 3)
    assert other.reference == "2"


@pytest.mark.req("ALR-02")
def test_a_missing_episode_has_a_missing_child() -> None:
    (notification,), _ = taken(text(row(kind="Missing episode")))
    assert [person.role for _, person in notification.children] == ["missing_child"]


def test_a_time_without_zone_is_londons() -> None:
    (notification,), _ = taken(text(row(occurred_at="01/07/2026 08:30")))
    assert notification.occurred_at == dt.datetime(2026, 7, 1, 7, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\xff\xfe", "empty"),
        (b"PK\x03\x04....", "spreadsheet"),
        (b"reference\x00,kind", "NUL"),
        (b"a,\x81\x8d", "characters"),
        (text().encode(), "no rows"),
        (text(row()).replace("reference,", "", 1).encode(), "missing: reference"),
        (text(row()).replace("upn,", "urn,", 1).encode(), "urn stands twice"),
        (
            text(row()).replace("victim_name,victim_date_of_birth", "victim_name victim_date_of_birth", 1).encode(),
            "merged",
        ),
        (text(row()).replace("Ottilie", '"Ottilie', 1).encode(), "quotation mark"),
        (b"55/2026/0099001,domestic_abuse,CANARY", "missing"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_whole_with_a_reason(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as told:
        read(decode(data))
    assert why in str(told.value)
    assert "CANARY" not in str(told.value)


def test_a_column_that_may_be_missing_is_told_and_the_rows_go_in() -> None:
    content = text(row(), columns=tuple(name for name in COLUMNS if name != "upn"))
    assert read(content).problems == [Problem(1, "This column is missing: taken as not known.", "upn", True)]
    assert len(taken(content)[0]) == 1


@pytest.mark.req("ALR-01")
@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"reference": ""}, "reference"),
        ({"kind": "burglary"}, "kind"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "2026-02-30T10:00:00Z"}, "occurred_at"),
        ({"risk": "huge"}, "risk"),
        ({"family_informed": "perhaps"}, "family_informed"),
        ({"child_given_name": ""}, "child_given_name"),
        ({"child_family_name": "x" * 201}, "child_family_name"),
        ({"child_date_of_birth": "30/02/2016"}, "child_date_of_birth"),
        ({"child_date_of_birth": "2026-11-23"}, "child_date_of_birth"),
        ({"child_date_of_birth": "04.05.16"}, "child_date_of_birth"),
        ({"upn": "CANARY"}, "upn"),
        ({"urn": "12"}, "urn"),
        ({"home_educated": "maybe"}, "home_educated"),
        ({"victim_date_of_birth": "1753-01-01"}, "victim_date_of_birth"),
        ({"perpetrator_name": "", "perpetrator_date_of_birth": "1990-01-01"}, "perpetrator_name"),
    ],
)
def test_a_bad_row_is_told_and_the_good_ones_go_in(changes: dict[str, str], column: str) -> None:
    good, problems = taken(text(row(reference="1"), row(**changes), row(reference="3")))
    assert [notification.reference for notification in good] == ["1", "3"]
    assert (3, column) in [(problem.row, problem.column) for problem in problems]
    for problem in problems:
        assert not any(value in problem.reason for value in changes.values() if len(value) > 3)


@pytest.mark.req("ALR-01")
def test_one_bad_row_holds_its_reference_back_so_that_nothing_is_half_sent() -> None:
    good, problems = taken(text(row(), row(child_given_name="Barnaby", child_date_of_birth="30/02/2018")))
    assert good == []
    assert [(problem.row, problem.is_warning) for problem in problems] == [(3, False), (2, False)]


def test_rows_of_one_reference_that_disagree_are_told() -> None:
    good, problems = taken(text(row(), row(child_given_name="Barnaby", risk="high")))
    assert good == []
    assert (problems[0].row, problems[0].column) == (3, "risk")


def test_the_same_row_twice_is_one_child() -> None:
    (notification,), (problem,) = taken(text(row(), row()))
    assert len(list(notification.children)) == 1
    assert problem.is_warning


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+44", "-1", "@cmd"])
def test_a_formula_is_kept_as_text_and_told(cell: str) -> None:
    (notification,), (problem,) = taken(text(row(setting_name=cell)))
    assert notification.people[2].setting.name == cell  # type: ignore[union-attr]  # the row names one
    assert (problem.column, problem.is_warning) == ("setting_name", True)


def test_empty_rows_are_nothing_and_keep_the_numbers_right() -> None:
    content = text(row(reference="1")) + "\r\n,,,,\r\n" + text(row(reference="2", kind="x")).split("\n", 1)[1]
    good, problems = taken(content)
    assert len(good) == 1
    assert [problem.row for problem in problems] == [5]


def test_a_row_with_too_many_or_too_few_cells_is_told() -> None:
    content = (
        text(row(reference="1"))
        + "2,domestic_abuse\r\n"
        + text(row(reference="3")).split("\r\n", 1)[1].strip()
        + ",x\r\n"
    )
    good, problems = taken(content)
    assert [notification.reference for notification in good] == ["1"]
    assert [(problem.row, problem.is_warning) for problem in problems] == [(3, False), (4, False)]


def test_a_line_separator_inside_a_cell_does_not_break_the_row() -> None:
    good, problems = taken(text(row(location="one\u2028two", narrative="one\x0btwo\x85three")))
    assert problems == []
    assert good[0].narrative == "one\x0btwo\x85three"


def test_fifty_thousand_rows_are_read() -> None:
    line = text(row()).split("\r\n", 1)[1]
    header = ",".join(COLUMNS) + "\r\n"
    content = header + "".join(line.replace("0099001", f"{number:07d}", 1) for number in range(50_000))
    file = read(content)
    assert file.rows_total == 50_000
    assert len(file.groups) == 50_000


def test_more_rows_than_we_take_are_refused() -> None:
    content = ",".join(COLUMNS) + "\r\n" + "1\r\n" * 100_001
    with pytest.raises(Unreadable, match="more than 100,000 rows"):
        read(content)
