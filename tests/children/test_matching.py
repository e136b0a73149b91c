"""Who is sure, who is possible, who is new: the settled questions as a table (ALR-03)."""

import datetime as dt
from dataclasses import replace

import pytest

from safeguarding.children.matching import Details, Verdict, judge

BORN = dt.date(2016, 5, 4)
KNOWN = Details("Freya", "Lindqvist", BORN, upn="B801200005001", nhs_number="9434765919")
BARE = replace(KNOWN, upn=None, nhs_number=None)


def verdict(sought: Details, *known: Details) -> Verdict:
    return judge(sought, list(enumerate(known))).verdict


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize(
    "sought",
    [
        BARE,
        replace(BARE, given_name="FREYA", family_name="lindqvist"),
        Details("Fréya", "Other", None, upn="B801200005001"),
        Details("F", "L", dt.date(2016, 1, 1), nhs_number="9434765919"),
        KNOWN,
    ],
)
def test_same_upn_nhs_number_or_name_with_birth_is_sure(sought: Details) -> None:
    assert verdict(sought, KNOWN) is Verdict.SURE


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize(
    ("sought", "why"),
    [
        (replace(BARE, given_name="Freyja"), "Similar given name: a few letters differ"),
        (replace(BARE, family_name="Lindquist"), "Similar family name: sounds alike"),
        (replace(BARE, date_of_birth=dt.date(2016, 4, 5)), "Day and month of birth the other way round"),
        (replace(BARE, date_of_birth=dt.date(2016, 5, 14)), "Dates of birth differ in one digit"),
        (replace(BARE, date_of_birth=None), "Date of birth not known on both sides"),
        (replace(BARE, given_name="Lindqvist", family_name="Freya"), "Same names, the other way round"),
        (replace(BARE, upn="P207000016049"), "Different UPNs"),
    ],
)
def test_somebody_alike_is_possible_and_says_why(sought: Details, why: str) -> None:
    judgement = judge(sought, [(1, KNOWN)])
    assert judgement.verdict is Verdict.POSSIBLE
    assert judgement.best is not None
    assert why in judgement.best.reasons


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize(
    "sought",
    [
        replace(BARE, given_name="Oscar"),
        replace(BARE, date_of_birth=dt.date(2009, 11, 23)),
        Details("Oscar", "Adeyemi", BORN),
        Details("Oscar", "Adeyemi", None),
    ],
)
def test_a_twin_with_another_name_and_a_namesake_of_another_age_are_new(sought: Details) -> None:
    assert verdict(sought, KNOWN) is Verdict.NEW


@pytest.mark.req("ALR-03")
def test_beside_its_twin_the_right_child_is_sure_and_a_misspelt_one_possible() -> None:
    twin = replace(BARE, given_name="Oscar")
    assert judge(BARE, [(1, BARE), (2, twin)]).best.key == 1  # type: ignore[union-attr]  # sure has a best
    assert verdict(replace(BARE, given_name="Frya"), BARE, twin) is Verdict.POSSIBLE


@pytest.mark.req("ALR-03")
def test_two_sure_ones_contradict_each_other() -> None:
    assert verdict(KNOWN, KNOWN, replace(BARE, nhs_number=None)) is Verdict.POSSIBLE


@pytest.mark.req("ALR-03")
def test_an_equal_number_with_a_wrong_check_digit_is_only_possible() -> None:
    wrong = Details("Ada", "Okafor", BORN, upn="A801200005001")
    assert verdict(wrong, replace(wrong, given_name="Tomasz")) is Verdict.POSSIBLE


@pytest.mark.req("ALR-03")
def test_the_most_alike_comes_first() -> None:
    sought = replace(BARE, given_name="Freyja")
    order = [each.key for each in judge(sought, [(1, replace(BARE, family_name="Lindquist")), (2, BARE)]).alike]
    assert set(order) == {1, 2}
    assert (
        judge(replace(BARE, date_of_birth=None), [(1, replace(BARE, given_name="Frey")), (2, BARE)]).alike[0].key == 2
    )


def test_reasons_never_repeat_a_value() -> None:
    for sought in (KNOWN, BARE, replace(BARE, given_name="Freyja"), replace(KNOWN, upn="P207000016049")):
        for likeness in judge(sought, [(1, KNOWN)]).alike:
            text = " ".join(likeness.reasons)
            assert not any(value in text for value in ("Freya", "Lindqvist", "2016", "B801", "9434"))
