"""A decision in words: the rows of its page, which are those that were checked before (SHR-01, SHR-02)."""

from dataclasses import dataclass

from django.utils import timezone

from agreements.decisions.answers import Answers
from agreements.decisions.enums import (
    Basis,
    CapacityState,
    ConsentBy,
    ConsentState,
    Duty,
    GillickFactor,
    NotSought,
    Outcome,
    Purpose,
    Told,
    WhyNot,
)
from agreements.decisions.models import Decision
from agreements.register.enums import Article6, Article9, Item, Part3, Schedule1
from safeguarding.agencies.models import Agency
from safeguarding.web.templatetags.hub import day

QUESTIONS, WHY, SAFEGUARDS = "questions", "why", "safeguards"
_FIVE = (
    ("proportionate", "Proportionate"),
    ("vulnerability", "Who is at risk"),
    ("impact", "What it does to the person"),
    ("other_means", "Another way"),
    ("necessary", "Why it is necessary"),
)


@dataclass(frozen=True)
class Row:
    step: str
    key: str
    lines: tuple[str, ...]
    typed: bool = False


def rows_of(answers: Answers, to: Agency | None) -> list[Row]:
    """What was answered, question by question, in the order of the path; questions that were not asked stay away."""
    found = [*_path(answers, to), *_why(answers), *_safeguards(answers)]
    return [row for row in found if any(line.strip() for line in row.lines)]


def recipient_words(answers: Answers, to: Agency | None) -> str:
    return to.name if to is not None else answers.outside.name if answers.outside is not None else ""


def _path(answers: Answers, to: Agency | None) -> list[Row]:
    where = answers.outside
    address = (where.address,) if where is not None and where.address else ()
    override = (
        (f"Not a secure domain: {where.address_override}",) if where is not None and where.address_override else ()
    )
    consent = ConsentState(answers.consent).label if answers.identifies and answers.legitimate else ""
    basis = Basis(answers.basis).label if answers.basis else "There is none"
    return [
        Row(QUESTIONS, "To whom", (recipient_words(answers, to), *address, *override)),
        Row(QUESTIONS, "What it is for", (_purpose(answers),)),
        Row(QUESTIONS, "What", tuple(Item(each).label for each in answers.items)),
        Row(QUESTIONS, "Tells who somebody is", ("Yes" if answers.identifies else "No",)),
        Row(QUESTIONS, "Consent", (consent,)),
        Row(QUESTIONS, "Lawful reason", (basis if answers.identifies and answers.legitimate else "",)),
        Row(QUESTIONS, "Decision", (Outcome(answers.outcome).label,)),
    ]


def _purpose(answers: Answers) -> str:
    return Purpose(answers.purpose).label if answers.legitimate else "There is no clear and legitimate purpose"


def _why(answers: Answers) -> list[Row]:
    sharing = answers.outcome == Outcome.SHARE
    law = (
        Article6(answers.article_6).label if answers.article_6 else "",
        Article9(answers.article_9).label if answers.article_9 else "",
        Schedule1(answers.schedule_1).label if answers.schedule_1 else "",
        f"Part 3: {Part3(answers.part_3).label.lower()}" if answers.part_3 else "",
    )
    told = (
        Told(answers.told).label if answers.told else "",
        f"by {day(answers.told_by)}" if answers.told_by else "",
    )
    return [
        Row(WHY, "Why it is not shared", (WhyNot(answers.why_not).label if answers.why_not else "",)),
        Row(WHY, "Reason", (answers.reason,), typed=True),
        Row(WHY, "May be used", (answers.use,), typed=True),
        Row(WHY, "Duty", (Duty(answers.duty).label if answers.duty else "",)),
        Row(WHY, "In data-protection law", tuple(filter(None, law)) if sharing else ()),
        Row(WHY, "The person", tuple(filter(None, (*told, answers.told_words)))),
        Row(WHY, "Advice asked of", (answers.advice_from,), typed=True),
        Row(WHY, "Question", (answers.advice_question,), typed=True),
        Row(WHY, "Advice", (answers.advice_given,), typed=True),
    ]


def _safeguards(answers: Answers) -> list[Row]:
    said, found, test = answers.consent_said, answers.gillick, answers.public_interest
    rows = []
    if said is not None:
        by = (said.name, ConsentBy(said.by).label, f"on {day(said.on)}, explicit and informed")
        rows += [
            Row(SAFEGUARDS, "Consent of", by, typed=True),
            Row(SAFEGUARDS, "Its limits", (said.limits or "None",), typed=True),
        ]
    if found is not None:
        factors = tuple(GillickFactor(each).label for each in found.factors)
        able = "Found able to decide" if found.able else "Not found able to decide"
        rows += [
            Row(
                SAFEGUARDS,
                "Child's own decision",
                (f"{able}: {found.decision}", f"Assessed by {found.assessed_by}"),
                typed=True,
            ),
            Row(SAFEGUARDS, "On these factors", factors),
        ]
    rows += [
        Row(SAFEGUARDS, "Consent not asked for", (NotSought(answers.not_sought).label if answers.not_sought else "",)),
        Row(SAFEGUARDS, "Authorised by", (answers.authorised_by,), typed=True),
        Row(SAFEGUARDS, "Authorised because", (answers.authorised_because,), typed=True),
    ]
    if test is not None:
        rows += [Row(SAFEGUARDS, key, (getattr(test, name),), typed=True) for name, key in _FIVE]
    capacity = CapacityState(answers.capacity).label if answers.capacity else ""
    return [*rows, Row(SAFEGUARDS, "Capacity", tuple(filter(None, (capacity, answers.capacity_words))))]


REGISTER_HEAD = (
    *("Decision", "When", "By", "For", "About", "Outcome", "To whom", "Lawful reason", "Items", "Why not shared"),
    *("Consent", "Person told", "Ended", "Marking"),
)


def register_row(decision: Decision) -> tuple[str, ...]:
    """References, codes in words and days; no reason and no name of whom it is about (AUD-02)."""
    return (
        decision.ref,
        f"{timezone.localtime(decision.decided_at):%d/%m/%Y %H:%M}",
        decision.decided_by.name,
        decision.controller.name,
        decision.about,
        decision.get_outcome_display(),
        decision.recipient.name if decision.recipient else "",
        decision.get_basis_display(),
        "; ".join(Item(each).label for each in decision.items),
        decision.get_why_not_display(),
        decision.get_consent_state_display(),
        decision.get_told_display(),
        decision.get_ended_because_display(),
        decision.marking,
    )
