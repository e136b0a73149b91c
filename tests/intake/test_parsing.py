"""Bad input, field by field: told by its place, never by its value (ALR-01, ALR-02)."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.intake.content import PoliceNotification, warnings
from alerts.intake.parsing import Invalid, parse
from tests.intake.bodies import EXAMPLE, example, missing, put, with_child

NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
CHILD = "/people/2"


def faults(body: object) -> dict[str, str]:
    try:
        parse(body, now=NOW)
    except Invalid as error:
        return {remark.pointer: remark.detail for remark in error.remarks}
    return {}


@pytest.mark.req("ALR-01")
def test_the_example_of_the_contract_is_read_whole() -> None:
    content = parse(EXAMPLE, now=NOW)
    assert content.occurred_at == dt.datetime(2026, 11, 20, 21, 40, tzinfo=dt.UTC)
    assert content.named_adults == ["CANARY-Ferelith Quillfeather", "CANARY-Osric Vane"]
    assert [position for position, _ in content.children] == [2]
    assert content.people[2].setting.urn == "999001"  # type: ignore[union-attr]  # the example names one
    assert PoliceNotification.from_json(content.to_json()) == content


@pytest.mark.req("ALR-02")
def test_a_missing_episode_is_read() -> None:
    content = parse(missing(returned_at="2026-11-21T06:00:00+00:00"), now=NOW)
    assert content.returned_at == dt.datetime(2026, 11, 21, 6, 0, tzinfo=dt.UTC)
    assert PoliceNotification.from_json(content.to_json()) == content


def test_only_the_needed_fields_are_needed() -> None:
    child = {"role": "child", "given_name": "Ottilie", "family_name": "Quillfeather"}
    body = {"reference": "1", "kind": "domestic_abuse", "occurred_at": "2026-11-20T21:40:00Z", "people": [child]}
    assert parse(body, now=NOW).location is None


@pytest.mark.req("ALR-01")
@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/reference", ""),
        ("/reference", "  "),
        ("/reference", 12),
        ("/reference", "x" * 65),
        ("/reference", "a\x00b"),
        ("/kind", "burglary"),
        ("/kind", None),
        ("/risk", "HIGH"),
        ("/risk", 3),
        ("/family_informed", "yes"),
        ("/family_informed", 1),
        ("/victim_consents", "no"),
        ("/occurred_at", "2026-11-20T21:40:00"),
        ("/occurred_at", "2026-11-20"),
        ("/occurred_at", "2026-02-30T10:00:00Z"),
        ("/occurred_at", "2026-11-22T09:06:00Z"),
        ("/occurred_at", "1753-01-01T00:00:00Z"),
        ("/occurred_at", "0001-01-01T00:00:00+14:00"),
        ("/occurred_at", 1763675000),
        ("/returned_at", "2026-11-21T06:00:00Z"),
        ("/location", "1 Example Road"),
        ("/location/lines", "1 Example Road"),
        ("/location/lines/0", 5),
        ("/location/lines/0", "a\x00b"),
        ("/location/uprn", "1234567890123"),
        ("/narrative", 7),
        ("/narrative", "a\x00b"),
        ("/narrative", "x" * 200_001),
        ("/people", []),
        ("/people", {}),
        ("/people", None),
        ("/people/0", "Ferelith"),
        ("/people/0/role", "neighbour"),
        ("/people/0/role", None),
        ("/people/0/given_name", 5),
        ("/people/0/given_name", "a\x00b"),
        ("/people/0/date_of_birth", "1905-01-01"),
        ("/people/0/works_with_children", "maybe"),
        (f"{CHILD}/given_name", ""),
        (f"{CHILD}/given_name", None),
        (f"{CHILD}/given_name", "x" * 201),
        (f"{CHILD}/given_name", "two\nlines"),
        (f"{CHILD}/given_name", "Ottilie\u202eeiltO"),
        (f"{CHILD}/date_of_birth", "2026-11-23"),
        (f"{CHILD}/date_of_birth", "1753-04-12"),
        (f"{CHILD}/date_of_birth", "2016-02-30"),
        (f"{CHILD}/date_of_birth", "2016-5-4"),
        (f"{CHILD}/date_of_birth", "04/05/2016"),
        (f"{CHILD}/date_of_birth", "٢٠١٦-٠٥-٠٤"),
        (f"{CHILD}/date_of_birth", 20160504),
        (f"{CHILD}/date_of_birth", "1990-02-03"),
        (f"{CHILD}/present", 0),
        (f"{CHILD}/upn", "B80120000500"),
        (f"{CHILD}/nhs_number", "123"),
        (f"{CHILD}/nhs_number", 9434765919),
        (f"{CHILD}/home_educated", []),
        (f"{CHILD}/setting", "Meadow"),
        (f"{CHILD}/setting/urn", "90001"),
        (f"{CHILD}/setting/urn", 900001),
        (f"{CHILD}/setting/name", "x" * 201),
        (f"{CHILD}/relationships", {}),
        (f"{CHILD}/relationships/0", 1),
        (f"{CHILD}/relationships/0/to", 3),
        (f"{CHILD}/relationships/0/to", -1),
        (f"{CHILD}/relationships/0/to", 2),
        (f"{CHILD}/relationships/0/to", True),
        (f"{CHILD}/relationships/0/to", "0"),
        (f"{CHILD}/relationships/0/kind", ""),
        (f"{CHILD}/works_with_children", True),
        ("/people/0/upn", "B801200005001"),
        ("/people/0/home_educated", True),
        (f"{CHILD}/role", "missing_child"),
    ],
)
def test_a_bad_field_is_told_by_its_place_and_not_by_its_value(pointer: str, value: Any) -> None:
    body = put(EXAMPLE, pointer, value)
    told = faults(body)
    assert pointer in told
    for sentence in told.values():
        assert sentence.endswith(".")
        assert not (isinstance(value, str) and len(value) > 3 and value in sentence)


@pytest.mark.parametrize("name", ["reference", "kind", "occurred_at", "people"])
def test_a_needed_field_that_is_absent_is_told(name: str) -> None:
    body = example()
    del body[name]
    assert f"/{name}" in faults(body)


@pytest.mark.parametrize("name", ["role", "given_name", "family_name"])
def test_a_needed_field_of_a_person_that_is_absent_is_told(name: str) -> None:
    body = example()
    del body["people"][2][name]
    assert f"/people/2/{name}" in faults(body)


@pytest.mark.parametrize(
    ("where", "pointer"),
    [
        ((), "/a~1b~0c"),
        (("location",), "/location/a~1b~0c"),
        (("people", 0), "/people/0/a~1b~0c"),
        (("people", 2, "setting"), "/people/2/setting/a~1b~0c"),
        (("people", 2, "relationships", 1), "/people/2/relationships/1/a~1b~0c"),
    ],
)
def test_an_unknown_field_is_told_at_every_depth(where: tuple[Any, ...], pointer: str) -> None:
    body: Any = example()
    at = body
    for part in where:
        at = at[part]
    at["a/b~c"] = None
    assert faults(body) == {pointer: "There is no such field."}


@pytest.mark.parametrize("body", [None, [], "text", 5, True])
def test_a_body_that_is_no_object_is_told(body: object) -> None:
    assert faults(body) == {"": "The body must be a JSON object."}


@pytest.mark.req("ALR-01")
def test_every_fault_is_told_at_once() -> None:
    body = put(put(EXAMPLE, "/kind", 5), "/people/2/date_of_birth", "2016-02-30")
    assert set(faults(body)) == {"/kind", "/people/2/date_of_birth"}


@pytest.mark.req("ALR-02")
def test_a_missing_episode_has_one_missing_child_and_no_other() -> None:
    assert faults(example(kind="missing_episode")).keys() == {"/people", "/people/2/role"}
    two = missing()
    two["people"].append({**two["people"][2], "relationships": []})
    two["people"][3]["given_name"] = "Barnaby"
    assert faults(two) == {"/people": "A missing episode names exactly one missing child."}
    assert "/returned_at" in faults(missing(returned_at="2026-11-19T06:00:00Z"))


@pytest.mark.req("ALR-01")
def test_domestic_abuse_without_a_child_is_not_ours() -> None:
    assert faults(example(people=EXAMPLE["people"][:2])) == {
        "/people": "A domestic-abuse notification names at least one child."
    }


@pytest.mark.req("ALR-04")
@pytest.mark.parametrize("other", [{}, {"given_name": "OTTILIE"}, {"given_name": "Barnaby", "upn": "B801200005001"}])
def test_a_child_listed_twice_would_get_two_alerts(other: dict[str, str]) -> None:
    body = with_child(upn="B801200005001")
    body["people"].append({**body["people"][2], "upn": None, **other})
    assert faults(body) == {"/people/3": "This child stands in the list twice."}


@pytest.mark.parametrize(
    "name",
    ["x" * 200, "D’Arcy", "O'Neil-Smith", "محمد", "\u200fדנה", "Ангелина", "李小龍", "Zoe\u0308", "Sam 😀", "कीर्ति"],
)
def test_names_of_every_script_are_kept_as_sent(name: str) -> None:
    assert parse(with_child(given_name=name), now=NOW).people[2].given_name == name


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize(("field", "value"), [("upn", "A801200005001"), ("nhs_number", "943 476 5918")])
def test_a_wrong_check_digit_warns_and_is_kept(field: str, value: str) -> None:
    content = parse(with_child(**{field: value}), now=NOW)
    assert getattr(content.people[2], field) == value.replace(" ", "")
    (remark,) = warnings(content)
    assert remark.pointer == f"/people/2/{field}"
    assert value not in remark.detail


def test_a_right_check_digit_does_not_warn() -> None:
    content = parse(with_child(upn="b801200005001", nhs_number="943-476-5919"), now=NOW)
    assert warnings(content) == []
    assert content.people[2].upn == "B801200005001"


def test_an_adult_may_be_known_by_one_name() -> None:
    assert parse(put(EXAMPLE, "/people/1/given_name", None), now=NOW).named_adults[1] == "Vane"
    assert "/people/1/family_name" in faults(put(put(EXAMPLE, "/people/1/given_name", ""), "/people/1/family_name", ""))


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
_pointers = st.sampled_from(
    ["/reference", "/kind", "/occurred_at", "/location", "/location/lines", "/people", "/people/2", "/people/2/setting",
     "/people/2/relationships", "/people/2/relationships/0", "/people/0/date_of_birth", "/people/2/upn", "/narrative"]
)  # fmt: skip


@given(_pointers, _json)
def test_whatever_stands_in_a_field_the_answer_is_a_notification_or_faults(pointer: str, value: Any) -> None:
    body = put(EXAMPLE, pointer, value)
    if not faults(body):
        content = parse(body, now=NOW)
        assert PoliceNotification.from_json(content.to_json()) == content
