"""Somebody on the way to a decision: what is known already, what was answered so far, and what is still to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from agreements.decisions import selectors, subjects
from agreements.decisions.answers import Answers, ConsentSaid, Gillick, Outside, PublicInterest
from agreements.decisions.enums import (
    RESTS_ON,
    Basis,
    ConsentBy,
    ConsentState,
    Duty,
    Nation,
    Outcome,
    Purpose,
    Told,
    WhyNot,
)
from agreements.decisions.forms import (
    NO_BASIS,
    NO_PURPOSE,
    OUTSIDE,
    AdviceForm,
    NotSharingForm,
    QuestionsForm,
    SafeguardsForm,
    SharingForm,
)
from agreements.decisions.models import Decision
from agreements.decisions.subjects import Subject
from agreements.register.enums import Item, TransferMethod
from agreements.register.models import Agreement
from agreements.register.selectors import items_between
from safeguarding.agencies.models import Agency, User
from safeguarding.errors import NotVisible

QUESTIONS, WHY, SAFEGUARDS, CHECK = "questions", "why", "safeguards", "check"
TITLES = {
    QUESTIONS: "Decide whether to share",
    WHY: "Record why",
    SAFEGUARDS: "Consent and safeguards",
    CHECK: "Check before you decide",
}
# What a recipient may do with it, for each purpose; a person may say it differently.
_USES = {
    Purpose.PROTECT: "To protect the child from harm, and for nothing else.",
    Purpose.SUPPORT: "To support the child at the setting, and for nothing else.",
    Purpose.ASSESS: "To assess need and risk, and for nothing else.",
    Purpose.ADULT: "To protect the adult at risk, and for nothing else.",
    Purpose.CRIME: "To prevent or detect crime, or to prosecute, and for nothing else.",
    Purpose.COURT: "As the court has ordered, and for nothing else.",
}


@dataclass
class Desk:
    """`kept`: the answers as they were typed, by step; `asked`: the items that the room wants to share."""

    subject: Subject
    to: Agency | None
    for_user: User
    asked: tuple[str, ...]
    kept: dict[str, dict[str, list[str]]]
    follows: Decision | None = None

    # -- what is known already

    @cached_property
    def items(self) -> list[str]:
        return [str(item) for item in (self.asked or self.subject.items) if item in Item.values]

    @cached_property
    def agreement(self) -> Agreement | None:
        """The agreement in force that lists all of it (AGR-03)."""
        if self.to is None:
            return None
        listed = items_between(self.subject.partnership, self.subject.controller, self.to)
        found = [number for number, items in listed.items() if self.items and set(self.items) <= items]
        return Agreement.objects.get(pk=found[0]) if found else None

    def _questions_known(self) -> dict[str, Any]:
        consents = selectors.consents_about(self.subject.ref, for_user=self.for_user)
        basis = Basis.AGREEMENT if self.agreement is not None else self.subject.basis
        if not basis and consents:
            basis = Basis.CONSENT
        without_asking = basis in (Basis.AGREEMENT, Basis.DUTY)
        return {
            "purpose": self.subject.purpose,
            "items": self.items,
            "identifies": "yes",  # a case is about somebody, whatever the item; who knows better says so
            "basis": basis,
            "consent": ConsentState.NOT_RELIED_ON if without_asking else ConsentState.GIVEN if consents else "",
        }

    def _sharing_known(self) -> dict[str, Any]:
        said = self.step_answers(QUESTIONS)
        basis = said.get("basis")
        law: tuple[str, ...] = RESTS_ON[Basis(basis)] if basis in Basis.values else ("", "", "", "")
        if basis == Basis.AGREEMENT and self.agreement is not None:
            agreed = self.agreement
            firsts = (next(iter(codes), "") for codes in (agreed.article_6, agreed.article_9, agreed.schedule_1))
            law = tuple(first or usual for first, usual in zip((*firsts, ""), law, strict=True))
        use = _USES.get(Purpose(said["purpose"]), "") if said.get("purpose") in Purpose.values else ""
        return {"use": use, "duty": self.subject.duty, **dict(zip(SharingForm.LAW, law, strict=True))}

    def _safeguards_known(self) -> dict[str, Any]:
        """Consent that is on record already need not be typed again (SHR-04)."""
        for known in selectors.consents_about(self.subject.ref, for_user=self.for_user)[:1]:
            return {
                "by": known.by,
                "name": known.name,
                "on": known.given_on,
                "limits": known.limits,
                "explicit": True,
                "informed": True,
            }
        return {}

    # -- the steps

    def steps(self) -> list[str]:
        """A refusal takes no step more than a plain disclosure (SHR-01)."""
        return [QUESTIONS, WHY, *([SAFEGUARDS] if self._needs_safeguards() else []), CHECK]

    def _needs_safeguards(self) -> bool:
        said = self.step_answers(QUESTIONS)
        if said.get("outcome") != Outcome.SHARE or said.get("identifies") != "yes":
            return False
        judged = said.get("basis") in (Basis.PUBLIC_INTEREST, Basis.VITAL)
        return judged or said.get("consent") != ConsentState.NOT_RELIED_ON

    def after(self, step: str) -> str:
        steps = self.steps()
        return steps[steps.index(step) + 1] if step in steps else QUESTIONS

    def before(self, step: str) -> str:
        steps = self.steps()
        return steps[steps.index(step) - 1] if step in steps[1:] else ""

    def first_open(self) -> str:
        """The first step whose answers are not there or do not hold any more."""
        for step in self.steps()[:-1]:
            if step not in self.kept or not self.form(step).is_valid():
                return step
        return CHECK

    def form(self, step: str, data: Any = None) -> forms.Form:
        """The form of a step: with what was typed now, with what was kept, or with what is known."""
        typed = data if data is not None else self._kept(step)
        match step, self.step_answers(QUESTIONS).get("outcome") if step != QUESTIONS else "":
            case "questions", _:
                known = self._questions_known() if typed is None else {}
                return QuestionsForm(typed, to=self.to, recipients=self.subject.recipients, initial=known)
            case "safeguards", _:
                said = self.step_answers(QUESTIONS)
                known = self._safeguards_known() if typed is None else {}
                return SafeguardsForm(typed, consent=said["consent"], basis=said["basis"], initial=known)
            case _, Outcome.SHARE:
                said = self.step_answers(QUESTIONS)
                return SharingForm(
                    typed,
                    identifies=said["identifies"] == "yes",
                    duty=said["basis"] == Basis.DUTY,
                    advised=self.follows is not None,
                    initial=self._sharing_known() if typed is None else {},
                )
            case _, Outcome.NOT_SHARE:
                known = {"why_not": WhyNot.NO_PURPOSE} if self.step_answers(QUESTIONS)["purpose"] == NO_PURPOSE else {}
                return NotSharingForm(typed, advised=self.follows is not None, initial=known)
        return AdviceForm(typed)

    def _kept(self, step: str) -> MultiValueDict | None:
        return MultiValueDict(self.kept[step]) if step in self.kept else None

    def step_answers(self, step: str) -> dict[str, Any]:
        """What was answered in a step, as far as it holds."""
        if step not in self.kept:
            return {}
        form = self.form(step)
        return form.cleaned_data if form.is_valid() else {}

    # -- all of it

    def answers(self) -> Answers:
        """Everything that was answered, for the service (SHR-02)."""
        first, why, more = (self.step_answers(step) for step in (QUESTIONS, WHY, SAFEGUARDS))
        outside = first.get("to") == OUTSIDE
        no_purpose = first["purpose"] == NO_PURPOSE
        return Answers(
            outcome=Outcome(first["outcome"]),
            to=self.to.slug if self.to is not None else "" if outside else first["to"],
            outside=_outside(first) if outside else None,
            items=tuple(Item(each) for each in first["items"]),
            purpose=Purpose.PROTECT if no_purpose else Purpose(first["purpose"]),
            legitimate=not no_purpose,
            identifies=first["identifies"] == "yes",
            consent=ConsentState(first["consent"]),
            consent_said=_consent_said(more) if "by" in more else None,
            gillick=_gillick(more) if more.get("by") == ConsentBy.CHILD else None,
            not_sought=more.get("not_sought", ""),
            basis="" if first["basis"] == NO_BASIS else Basis(first["basis"]),
            duty=Duty(why["duty"]) if why.get("duty") else "",
            method=TransferMethod.SECURE_EMAIL if first.get("address") else TransferMethod.HUB,
            public_interest=_public_interest(more) if "proportionate" in more else None,
            told=Told(why["told"]) if why.get("told") else "",
            told_by=why.get("told_by"),
            advice_from=why.get("advice_from") or (self._asked_whom() if self.follows is not None else ""),
            **{name: why.get(name, "") for name in _WORDS_OF_WHY},
            **{name: more.get(name, "") for name in _WORDS_OF_SAFEGUARDS},
        )

    def recipient_of(self, answers: Answers) -> Agency | None:
        if self.to is not None or not answers.to:
            return self.to
        return next((each for each in self.subject.recipients if each.slug == answers.to), None)

    def _asked_whom(self) -> str:
        assert self.follows is not None
        return Answers.from_json(self.follows.answers).advice_from


_WORDS_OF_WHY = (
    *("reason", "use", "told_words", "why_not", "advice_question", "advice_given"),
    *SharingForm.LAW,
)
_WORDS_OF_SAFEGUARDS = ("authorised_by", "authorised_because", "capacity", "capacity_words")


def _outside(said: dict[str, Any]) -> Outside:
    return Outside(
        name=said["outside_name"],
        nation=Nation(said["nation"]),
        address=said["address"],
        address_override=said["address_override"],
    )


def _consent_said(said: dict[str, Any]) -> ConsentSaid:
    named = {name: said[name] for name in ("name", "on", "explicit", "informed", "limits")}
    return ConsentSaid(by=ConsentBy(said["by"]), **named)


def _gillick(said: dict[str, Any]) -> Gillick:
    return Gillick(
        assessed_by=said["assessed_by"],
        factors=tuple(said["factors"]),
        able=said["able"] == "yes",
        decision=said["decision"],
    )


def _public_interest(said: dict[str, Any]) -> PublicInterest:
    return PublicInterest(**{name: said[name] for name in SafeguardsForm.OF_PUBLIC_INTEREST})


def sit_down(asked: Mapping[str, str], *, for_user: User) -> Desk:
    """Where somebody was sent to decide, or goes on deciding: case, recipient and items stand in the address (SHR-01)."""
    subject = subjects.subject(asked.get("about", ""), for_user=for_user)
    selectors.check_decides_for(subject.controller, for_user=for_user)
    slug = asked.get("to", "")
    to = selectors.recipient(subject.partnership, slug) if slug else None
    follows = selectors.decision(asked["follows"], for_user=for_user) if asked.get("follows") else None
    if follows is not None and follows.about != subject.ref:
        raise NotVisible
    kept = selectors.draft_of(subject.ref, subject.controller, slug, for_user=for_user)
    items = tuple(each for each in asked.get("items", "").split(",") if each)
    return Desk(subject, to, for_user, items, kept, follows)
