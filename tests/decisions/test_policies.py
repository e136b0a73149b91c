"""What the answers allow, as tables; and no way through them to sharing without a lawful reason."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.decisions import policies
from agreements.decisions.answers import Answers, ConsentSaid, Outside
from agreements.decisions.enums import (
    IDENTIFYING,
    Basis,
    CapacityState,
    ConsentBy,
    ConsentState,
    Duty,
    Nation,
    NotSought,
    Outcome,
    Purpose,
    Told,
    WhyNot,
)
from agreements.register.enums import Article6, Article9, Item, Part3, Schedule1
from safeguarding.errors import Refused
from tests.decisions.support import ABLE, SAID, TEST, asking, refusing, sharing, with_consent

TO = "first-school"
WITHOUT = {
    "consent": ConsentState.REFUSED,
    "authorised_by": "CANARY the manager",
    "authorised_because": "The child is at risk",
    "capacity": CapacityState.NO_ADULT,
}


def allowed(answers: Answers) -> bool:
    try:
        policies.check_can_decide(answers)
    except Refused:
        return False
    return True


@pytest.mark.req("SHR-01")
@pytest.mark.parametrize(
    ("answers", "leads_to_sharing"),
    [
        (sharing(TO), True),
        (sharing(TO, legitimate=False), False),
        (sharing(TO, basis=""), False),
        (sharing(TO, basis=Basis.CONSENT, consent=ConsentState.REFUSED), False),
        (sharing(TO, basis="", identifies=False, items=("incident_kind",)), True),
        (sharing(TO, basis="", identifies=False, items=("child_name",)), False),
        (with_consent(TO), True),
        (with_consent(TO, consent_said=replace(SAID, explicit=False)), False),
        (with_consent(TO, consent_said=replace(SAID, informed=False)), False),
        (with_consent(TO, consent_said=None), False),
        (refusing(TO), True),
        (refusing(TO, legitimate=False, why_not=WhyNot.NO_PURPOSE), True),
        (refusing(TO, why_not=""), False),
        (refusing(TO, reason=" "), False),
        (asking(TO), True),
        (asking(TO, advice_from=""), False),
        (asking(TO, advice_question=""), False),
    ],
)
def test_where_the_path_leads(answers: Answers, leads_to_sharing: bool) -> None:
    assert allowed(answers) is leads_to_sharing


@pytest.mark.req("SHR-01")
def test_the_path_is_kept_in_the_order_of_the_questions_and_ends_where_an_answer_ends_it() -> None:
    assert policies.path_of(sharing(TO)) == [
        ["legitimate", "yes"], ["identifies", "yes"], ["consent", "not_relied_on"], ["lawful_reason", "agreement"],
        ["outcome", "share"],
    ]  # fmt: skip
    no_purpose = refusing(TO, legitimate=False, why_not=WhyNot.NO_PURPOSE)
    assert policies.path_of(no_purpose) == [["legitimate", "no"], ["outcome", "not_share"]]
    nobody = sharing(TO, identifies=False, items=("incident_kind",))
    assert policies.path_of(nobody) == [["legitimate", "yes"], ["identifies", "no"], ["outcome", "share"]]


@pytest.mark.req("SHR-02")
@pytest.mark.parametrize("left_out", [{"reason": " "}, {"items": ()}, {"use": ""}, {"basis": ""}])
def test_reason_extent_use_recipient_and_basis_are_each_asked_for(left_out: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="Nothing was decided"):
        policies.check_can_decide(sharing(TO, **left_out))
    with pytest.raises(Refused, match="to whom"):
        policies.check_can_decide(sharing(""))


@pytest.mark.req("SHR-03")
@pytest.mark.parametrize(
    ("law", "right"),
    [
        ({}, True),
        ({"article_6": ""}, False),
        ({"schedule_1": ""}, False),
        ({"schedule_1": Schedule1.UNLAWFUL_ACTS}, True),
        ({"schedule_1": Schedule1.DISHONESTY}, True),
        ({"schedule_1": Schedule1.STATUTORY}, False),
        ({"article_9": "", "schedule_1": ""}, True),
        ({"article_9": "", "schedule_1": "", "items": ("child_name", "health")}, False),
        ({"article_9": Article9.HEALTH_CARE, "schedule_1": "", "items": ("child_name", "health")}, True),
        ({"part_3": Part3.TASK}, False),
        ({"basis": Basis.LAW_ENFORCEMENT}, False),
        ({"basis": Basis.LAW_ENFORCEMENT, "part_3": Part3.TASK}, False),
        (
            {"basis": Basis.LAW_ENFORCEMENT, "part_3": Part3.TASK, "article_6": "", "article_9": "", "schedule_1": ""},
            True,
        ),
        ({"basis": Basis.DUTY}, False),
        ({"basis": Basis.DUTY, "duty": Duty.WELFARE, "article_6": Article6.LEGAL_OBLIGATION}, True),
    ],
)
def test_articles_conditions_and_part_3(law: dict[str, Any], right: bool) -> None:
    assert allowed(sharing(TO, **law)) is right


@pytest.mark.req("SHR-04")
@pytest.mark.parametrize(
    ("fields", "right"),
    [
        ({**WITHOUT}, True),
        ({**WITHOUT, "authorised_by": ""}, False),
        ({**WITHOUT, "authorised_because": ""}, False),
        ({**WITHOUT, "consent": ConsentState.NOT_SOUGHT}, False),
        ({**WITHOUT, "consent": ConsentState.NOT_SOUGHT, "not_sought": NotSought.RISK}, True),
        ({**WITHOUT, "consent": ConsentState.NOT_SOUGHT, "not_sought": NotSought.DELAY}, True),
        ({"consent": ConsentState.GIVEN}, False),
    ],
)
def test_refused_or_not_asked_for_somebody_authorises_and_says_why(fields: dict[str, Any], right: bool) -> None:
    assert allowed(sharing(TO, **fields)) is right


@pytest.mark.req("SHR-04")
def test_consent_of_tomorrow_or_of_nobody_is_none() -> None:
    tomorrow = dt.date.today() + dt.timedelta(days=2)  # noqa: DTZ011 - two days ahead in every zone
    assert not allowed(with_consent(TO, consent_said=replace(SAID, on=tomorrow)))
    assert not allowed(with_consent(TO, consent_said=replace(SAID, name=" ")))


@pytest.mark.req("SHR-05")
def test_confidence_is_overridden_with_all_five_questions_answered() -> None:
    override = {**WITHOUT, "basis": Basis.PUBLIC_INTEREST}
    assert not allowed(sharing(TO, **override))
    assert allowed(sharing(TO, **override, public_interest=TEST))
    assert not allowed(sharing(TO, **override, public_interest=replace(TEST, other_means=" ")))


@pytest.mark.req("SHR-06")
@pytest.mark.parametrize(
    ("capacity", "words", "right"),
    [
        ("", "", False),
        (CapacityState.NO_ADULT, "", True),
        (CapacityState.HAS, "", False),
        (CapacityState.HAS, "Assessed by the nurse on Monday", True),
        (CapacityState.LACKS, "", False),
        (CapacityState.LACKS, "Assessed by the nurse on Monday", True),
        (CapacityState.NOT_ASSESSED, "", False),
        (CapacityState.NOT_ASSESSED, "Unconscious, and it could not wait", True),
    ],
)
def test_capacity_is_assessed_or_it_is_said_why_not(capacity: str, words: str, right: bool) -> None:
    vital = {"basis": Basis.VITAL, "article_6": "6_1_d", "article_9": "9_2_c", "schedule_1": ""}
    assert allowed(sharing(TO, **vital, capacity=capacity, capacity_words=words)) is right


@pytest.mark.req("SHR-07")
@pytest.mark.parametrize(
    ("gillick", "right"),
    [
        (None, False),
        (ABLE, True),
        (replace(ABLE, able=False), False),
        (replace(ABLE, factors=()), False),
        (replace(ABLE, assessed_by=""), False),
        (replace(ABLE, decision=""), False),
    ],
)
def test_a_child_under_16_consents_alone_only_if_found_able_to(gillick: Any, right: bool) -> None:
    said = replace(SAID, by=ConsentBy.CHILD)
    assert allowed(with_consent(TO, consent_said=said, gillick=gillick)) is right


@pytest.mark.req("SHR-12")
@pytest.mark.parametrize("nation", list(Nation))
def test_nothing_goes_overseas(nation: Nation) -> None:
    outside = Outside(name="CANARY practice", nation=nation)
    answers = sharing("", outside=outside, basis=Basis.DUTY, duty=Duty.WELFARE, article_6="6_1_c")
    assert allowed(answers) is (nation != Nation.ELSEWHERE)


@pytest.mark.req("SHR-13")
@pytest.mark.parametrize(
    ("told", "words", "by", "right"),
    [
        ("", "", None, False),
        (Told.TOLD, "", None, True),
        (Told.TO_BE_TOLD, "", None, False),
        (Told.TO_BE_TOLD, "", dt.date(2026, 12, 1), True),
        (Told.RISK, "", None, False),
        (Told.RISK, "He would find the letter", None, True),
        (Told.PREJUDICE, "The arrest is tomorrow", None, True),
        (Told.UNREACHABLE, "", None, False),
    ],
)
def test_the_person_is_told_or_it_is_said_why_not(told: str, words: str, by: Any, right: bool) -> None:
    assert allowed(sharing(TO, told=told, told_words=words, told_by=by)) is right


def test_the_duty_to_share_gives_way_to_detriment_alone() -> None:
    assert [why for why in WhyNot if policies.duty_gives_way(why)] == [WhyNot.DETRIMENT]


def _any_of(codes: Any, *others: Any) -> st.SearchStrategy:
    return st.sampled_from([*codes, *others])


WORDS = st.sampled_from(["", " ", "Because"])
# Each field with whatever somebody could answer.
FIELDS: dict[str, st.SearchStrategy] = {
    "outcome": _any_of(Outcome),
    "to": st.sampled_from(["", TO]),
    "items": st.lists(_any_of(Item), max_size=4).map(tuple),
    "purpose": _any_of(Purpose),
    "legitimate": st.booleans(),
    "identifies": st.booleans(),
    "consent": _any_of(ConsentState),
    "consent_said": st.none()
    | st.builds(
        ConsentSaid,
        by=_any_of(ConsentBy),
        name=WORDS,
        on=st.dates(dt.date(2026, 1, 1), dt.date(2026, 11, 1)),
        explicit=st.booleans(),
        informed=st.booleans(),
    ),
    "gillick": st.sampled_from([None, ABLE, replace(ABLE, able=False)]),
    "not_sought": _any_of(NotSought, ""),
    "basis": _any_of(Basis, "", "", ""),
    "duty": _any_of(Duty, ""),
    "article_6": _any_of(Article6, ""),
    "article_9": _any_of(Article9, ""),
    "schedule_1": _any_of(Schedule1, ""),
    "part_3": _any_of(Part3),
    "reason": WORDS,
    "use": WORDS,
    "authorised_by": WORDS,
    "authorised_because": WORDS,
    "public_interest": st.sampled_from([None, TEST]),
    "capacity": _any_of(CapacityState, ""),
    "capacity_words": WORDS,
    "why_not": _any_of(WhyNot, ""),
    "told": _any_of(Told, ""),
    "told_words": WORDS,
}
# Answers that lead to sharing: what is a few answers away from one of them is where a hole would be.
LEADS_TO_SHARING = (
    sharing(TO),
    with_consent(TO),
    sharing(TO, identifies=False, items=("incident_kind",), basis=""),
    sharing(TO, **WITHOUT, basis=Basis.PUBLIC_INTEREST, public_interest=TEST),
)


DECIDES = sorted(
    {"legitimate", "identifies", "items", "consent", "consent_said", "gillick", "basis", "duty"}
    | {"article_6", "article_9", "schedule_1", "part_3"}
)


@st.composite
def near_to_sharing(draw: st.DrawFn) -> Answers:
    names = draw(st.sets(st.sampled_from(DECIDES), min_size=1, max_size=2))
    return replace(draw(st.sampled_from(LEADS_TO_SHARING)), **{name: draw(FIELDS[name]) for name in sorted(names)})


ANSWERS = st.builds(Answers, **FIELDS)


@pytest.mark.req("SHR-01", "SHR-03", "SHR-04")
@settings(max_examples=400)
@given(near_to_sharing() | ANSWERS)
def test_no_combination_of_answers_shares_without_a_lawful_reason(answers: Answers) -> None:
    if answers.outcome != Outcome.SHARE or not allowed(answers):
        return
    assert answers.legitimate
    if not answers.identifies:
        assert not IDENTIFYING & set(answers.items)
        return
    said = answers.consent_said
    by_consent = answers.consent == ConsentState.GIVEN and said is not None and said.explicit and said.informed
    assert answers.basis
    assert answers.basis != Basis.CONSENT or by_consent
    assert answers.article_6 or answers.part_3
    assert not (answers.article_6 and answers.part_3)


@pytest.mark.req("SHR-02")
@given(ANSWERS)
def test_what_was_answered_is_read_again_as_it_was(answers: Answers) -> None:
    assert Answers.from_json(answers.to_json()) == answers
