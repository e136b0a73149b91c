"""A referral while it is written: which pages it has, which are whole, what comes next (MSH-05)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from alerts.referrals.content import Section, Sent, numbered
from alerts.referrals.enums import Consent
from alerts.referrals.forms import (
    NUMBERED,
    ChildForm,
    ConsentForm,
    ScoreForm,
    StepForm,
    form_of,
)
from alerts.referrals.models import ReferralDraft
from safeguarding.errors import NotVisible, Refused

BEFORE, AFTER = ("you",), ("family", "worries", "working", "needs", "score", "done", "consent")
# Which page follows from what was said of consent, and so belongs to the referral.
_CONSENT_STEP = {Consent.GIVEN: "given", Consent.REFUSED: "without", Consent.NOT_SOUGHT: "without"}
# Pages that may stay as they are when nobody has anything to say there.
MAY_BE_EMPTY = ("working",)


@dataclass(frozen=True)
class Task:
    """A page in the task list."""

    step: str
    title: str
    state: str


class Entry:
    """A draft read as forms: what is whole, what is missing, what would be sent."""

    def __init__(self, draft: ReferralDraft):
        self.draft = draft
        self.raw: dict[str, Any] = dict(draft.content or {})

    def form(self, step: str) -> StepForm:
        """The page as it was left, or empty; one that was left is judged again."""
        known = form_of(step)
        if known is None:
            raise NotVisible
        typed = self.raw.get(step)
        return known(typed) if typed is not None else known(initial=self._first(step))

    def _first(self, step: str) -> dict[str, Any]:
        """What we know of the writer already."""
        if step != "you":
            return {}
        user, guest = self.draft.user, self.draft.guest
        return {"name": user.name if user else guest.name if guest else ""}

    def keep(self, step: str, data: Mapping[str, str]) -> dict[str, Any]:
        """The draft with this page as it was typed."""
        names = set((form_of(step) or StepForm).base_fields)
        typed = {key: value for key, value in data.items() if key in names or key.rpartition("_")[0] in names}
        return {**self.raw, step: typed}

    def without(self, step: str) -> dict[str, Any]:
        return {key: value for key, value in self.raw.items() if key != step}

    def next_number(self, kind: str) -> str | None:
        """Where another child or adult is written; none once there are as many as a page can bear."""
        taken = [int(name.rpartition("-")[2]) for name in self.numbered(kind)]
        following = max(taken, default=0) + 1
        return f"{kind}-{following}" if following <= NUMBERED[kind][1] else None

    def numbered(self, kind: str) -> list[str]:
        return list(numbered(self.raw, kind))

    @property
    def consent_step(self) -> str:
        form = self.form("consent")
        chosen = form.cleaned_data["consent"] if form.is_bound and form.is_valid() else ""
        return _CONSENT_STEP[Consent(chosen)] if chosen else ""

    def steps(self) -> Iterator[str]:
        """Every page of this referral, in the order in which it is read; the first child is always asked for."""
        yield from BEFORE
        yield from self.numbered("child") or ["child-1"]
        yield from self.numbered("adult")
        yield from AFTER
        if self.consent_step:
            yield self.consent_step

    def after(self, step: str) -> str:
        """The page that follows, or the check of all answers; children and adults have a list of their own between."""
        if step.rpartition("-")[0] in NUMBERED or step == "you":
            return "people"
        order = [*AFTER, self.consent_step or "check", "check"]
        return order[order.index(step) + 1] if step in order else "check"

    def is_whole(self, step: str) -> bool:
        form = self.form(step)
        return (form.is_bound and form.is_valid()) or (step in MAY_BE_EMPTY and not form.is_bound)

    def tasks(self) -> list[Task]:
        return [Task(step, self.title(step), self._state(step)) for step in self.steps()]

    def title(self, step: str) -> str:
        """A child or adult by what was typed, for the list of them."""
        kind, _, number = step.rpartition("-")
        if kind not in NUMBERED:
            return self.form(step).title
        typed = self.raw.get(step, {})
        name = " ".join(filter(None, (typed.get("given_name"), typed.get("family_name"), typed.get("name")))).strip()
        words = "Child" if kind == "child" else "Adult"
        if typed.get("born") == "no":
            name = f"not born yet, {name}".strip(", ")
        return f"{words} {number}: {name}" if name else f"{words} {number}"

    def _state(self, step: str) -> str:
        if step in MAY_BE_EMPTY and not self.form(step).is_bound:
            return "Optional"
        if self.is_whole(step):
            return "Done"
        return "Something is missing" if step in self.raw else "Not begun"

    def missing(self) -> list[str]:
        return [step for step in self.steps() if not self.is_whole(step)]

    @property
    def is_ready(self) -> bool:
        return not self.missing() and bool(self.consent_step)

    def sections(self) -> list[Section]:
        """The answers that are whole, in words; what was left empty is left out."""
        found = []
        for step in self.steps():
            form = self.form(step)
            if form.is_bound and form.is_valid() and (rows := form.rows()):
                found.append(Section(step, form.title, tuple(rows)))
        return found

    def sent(self) -> Sent:
        """What the hub gets, once every page is whole (MSH-05, MSH-06)."""
        if not self.is_ready:
            raise Refused(
                "Something is still missing. Nothing was sent, and everything that you typed is kept. "
                "The list of pages says where."
            )
        children = [self._valid(step, ChildForm).child for step in self.numbered("child")]
        return Sent(
            sections=tuple(self.sections()),
            children=tuple(children),
            consent=self._valid("consent", ConsentForm).cleaned_data["consent"],
            worry=int(self._valid("score", ScoreForm).cleaned_data["score"]),
        )

    def _valid(self, step: str, known: type[Any]) -> Any:
        form = self.form(step)
        assert isinstance(form, known)
        assert form.is_valid(), step
        return form
