"""What the answers allow: no sharing without a lawful reason, and what must be recorded beside it (SHR-01 to SHR-07, SHR-13)."""

import dataclasses
import datetime as dt
from collections.abc import Collection

from django.utils import timezone

from agreements.decisions.answers import Answers, ConsentSaid, Gillick, PublicInterest
from agreements.decisions.enums import (
    IDENTIFYING,
    NOT_TOLD,
    SCHEDULE_1,
    SPECIAL,
    UNITED_KINGDOM,
    Basis,
    CapacityState,
    ConsentBy,
    ConsentState,
    Outcome,
    Told,
    WhyNot,
)
from agreements.decisions.models import Consent, Decision
from agreements.register.enums import Article9, Item
from agreements.states import DECISION, TOLD
from safeguarding.errors import Conflict, Refused

# The rights that hold over a person's refusal, or without asking: somebody authorises them, and says why (SHR-04).
_WITHOUT = (ConsentState.REFUSED, ConsentState.NOT_SOUGHT)
# The rights that set confidence or an adult's wish aside by our own judgement (SHR-05, SHR-06).
_JUDGED = (Basis.PUBLIC_INTEREST, Basis.VITAL)
_YES, _NO = "yes", "no"


def consent_counts(answers: Answers) -> bool:
    """Consent is explicit, informed, and given by somebody who can decide this (SHR-04, SHR-07)."""
    said = answers.consent_said
    if answers.consent != ConsentState.GIVEN or said is None or not (said.explicit and said.informed):
        return False
    return said.by != ConsentBy.CHILD or (answers.gillick is not None and answers.gillick.able)


def has_lawful_reason(answers: Answers) -> bool:
    """Consent that counts, or another right that is named (SHR-01)."""
    return consent_counts(answers) if answers.basis == Basis.CONSENT else bool(answers.basis)


def path_of(answers: Answers) -> list[list[str]]:
    """The questions in the order in which they were asked, each with its answer, down to the outcome (SHR-01)."""
    path = [["legitimate", _YES if answers.legitimate else _NO]]
    if answers.legitimate:
        path.append(["identifies", _YES if answers.identifies else _NO])
        if answers.identifies:
            path.append(["consent", str(answers.consent)])
            path.append(["lawful_reason", str(answers.basis) or _NO])
    return [*path, ["outcome", str(answers.outcome)]]


def may_share(answers: Answers) -> bool:
    """Where the path leads: a legitimate purpose, and nobody identified or a lawful reason (SHR-01)."""
    return answers.legitimate and (not answers.identifies or has_lawful_reason(answers))


def missing(answers: Answers) -> list[str]:
    """What is still to be answered before this can be decided, a sentence each."""
    match answers.outcome:
        case Outcome.SHARE:
            return [*_missing_for_sharing(answers), *_missing_for_telling(answers)]
        case Outcome.NOT_SHARE:
            return _sentences((bool(answers.why_not), "Say why it is not shared."), _the_reason(answers))
    return _sentences(
        (bool(answers.advice_from), "Say whom you ask for advice."),
        (bool(answers.advice_question), "Say what you ask."),
    )


def _the_reason(answers: Answers) -> tuple[bool, str]:
    return bool(answers.reason.strip()), "Give the reason in a sentence."


def _sentences(*wanted: tuple[bool, str]) -> list[str]:
    return [sentence for there, sentence in wanted if not there]


def _missing_for_sharing(answers: Answers) -> list[str]:
    """Reason, extent, permitted use, to whom; and where somebody is identified, by which right (SHR-02)."""
    wanted = [
        (answers.legitimate, "Without a legitimate purpose nothing is shared."),
        (bool(answers.items), "Choose what is shared."),
        (bool(answers.to) or answers.outside is not None, "Say to whom it is shared."),
        _the_reason(answers),
        (bool(answers.use.strip()), "Say what it may be used for."),
        (
            answers.identifies or not IDENTIFYING & set(answers.items),
            "What you chose tells who somebody is. Say that it identifies a person, or leave it out.",
        ),
    ]
    found = _sentences(*wanted)
    if answers.outside is not None and answers.outside.nation not in UNITED_KINGDOM:
        found.append("Information is not sent outside the United Kingdom.")
    return found if not answers.identifies else [*found, *_missing_for_a_person(answers)]


def _missing_for_a_person(answers: Answers) -> list[str]:
    """By which right, and all that has to stand beside it (SHR-03 to SHR-07)."""
    without, judged = answers.consent in _WITHOUT, answers.basis in _JUDGED
    said = answers.consent_said
    found = _sentences(
        (has_lawful_reason(answers), "Without consent or another lawful reason nothing is shared."),
        (answers.consent != ConsentState.GIVEN or said is not None, "Say who gave consent."),
        (answers.consent != ConsentState.NOT_SOUGHT or bool(answers.not_sought), "Say why consent is not asked for."),
        (answers.basis != Basis.DUTY or bool(answers.duty), "Say which duty in law it is."),
        (not without or bool(answers.authorised_by.strip()), "Say who authorised sharing without consent."),
        (not without or bool(answers.authorised_because.strip()), "Say why sharing without consent was authorised."),
        (
            answers.basis != Basis.PUBLIC_INTEREST or _all_five(answers.public_interest),
            "Answer the five questions of the public interest.",
        ),
        (not (judged or without) or bool(answers.capacity), "Say whether an adult's capacity was assessed."),
        (
            answers.capacity in ("", CapacityState.NO_ADULT) or bool(answers.capacity_words.strip()),
            "Say who assessed capacity and when, or why nobody did.",
        ),
    )
    return [*found, *_missing_in_law(answers), *_missing_of_consent(said, answers.gillick)]


def _all_five(test: PublicInterest | None) -> bool:
    return test is not None and all(words.strip() for words in dataclasses.astuple(test))


def _missing_in_law(answers: Answers) -> list[str]:
    """Article 6, Article 9 and with 9(2)(g) a condition of Schedule 1; Part 3 is a route of its own (SHR-03)."""
    if answers.basis == Basis.LAW_ENFORCEMENT:
        return _sentences(
            (bool(answers.part_3), "Say how Part 3 lets law enforcement share it."),
            (
                not (answers.article_6 or answers.article_9 or answers.schedule_1),
                "Part 3 stands alone: take the articles of the UK GDPR away.",
            ),
        )
    return _sentences(
        (not answers.part_3, "Part 3 is for law enforcement alone. Take it away."),
        (not answers.basis or bool(answers.article_6), "Choose the lawful basis under Article 6."),
        (
            not SPECIAL & set(answers.items) or bool(answers.article_9),
            "Health information needs a condition of Article 9.",
        ),
        (
            answers.article_9 != Article9.PUBLIC_INTEREST or answers.schedule_1 in SCHEDULE_1,
            "Article 9(2)(g) needs condition 10, 11 or 18 of Schedule 1.",
        ),
    )


def _missing_of_consent(said: ConsentSaid | None, gillick: Gillick | None) -> list[str]:
    if said is None:
        return []
    found = _sentences(
        (bool(said.name.strip()), "Give the name of who consented."),
        (said.explicit, "Consent that was not explicit cannot be relied on."),
        (said.informed, "Consent that was not informed cannot be relied on."),
        (said.on <= timezone.localdate(), "Consent cannot be of a day to come."),
        (said.by != ConsentBy.CHILD or gillick is not None, "Say who found that the child can decide this alone."),
    )
    if said.by != ConsentBy.CHILD or gillick is None:
        return found
    return found + _sentences(
        (bool(gillick.assessed_by.strip()), "Say who assessed the child."),
        (bool(gillick.factors), "Say on which factors the child was assessed."),
        (bool(gillick.decision.strip()), "Say for which decision the child was assessed."),
        (gillick.able, "A child who was not found able to decide this cannot consent alone."),
    )


def _missing_for_telling(answers: Answers) -> list[str]:
    """Told, or why not (SHR-13); where nobody is identified there is nobody to tell."""
    if not answers.identifies:
        return []
    return _sentences(
        (bool(answers.told), "Say whether the person is told."),
        (answers.told != Told.TO_BE_TOLD or answers.told_by is not None, "Say by when they are told."),
        (answers.told not in NOT_TOLD or bool(answers.told_words.strip()), "Say in a sentence why they are not told."),
    )


def check_can_decide(answers: Answers) -> None:
    """No combination of answers lets something be shared without a lawful reason (SHR-01)."""
    lacking = missing(answers)
    if answers.outcome == Outcome.SHARE and not may_share(answers):
        lacking = lacking or ["The answers do not lead to sharing."]
    if lacking:
        raise Refused(" ".join(["Nothing was decided.", *lacking]))


def check_answers_fit(answers: Answers, allowed: Collection[str]) -> None:
    """By an agreement only what it lists can be shared (AGR-01)."""
    beyond = sorted(Item(each).label for each in answers.items if each not in allowed)
    if answers.outcome == Outcome.SHARE and answers.basis == Basis.AGREEMENT and beyond:
        raise Refused(
            f"The agreement does not list: {'; '.join(beyond)}. Nothing was decided. Leave it out, or choose another right."
        )


def is_live(decision: Decision) -> bool:
    return decision.outcome == Outcome.SHARE and decision.ended_at is None and decision.expires_at > timezone.now()


def stops_with_consent(decision: Decision) -> bool:
    """What rests on consent alone stops with it; another right carries on (SHR-04)."""
    return is_live(decision) and decision.basis == Basis.CONSENT


def check_can_follow(earlier: Decision) -> None:
    """Advice that was asked for is followed by one decision (SHR-01)."""
    if not DECISION[Outcome(earlier.outcome)]:
        raise Refused("Only a decision to ask for advice is decided again. Nothing was changed.")
    if getattr(earlier, "followed_by", None) is not None:
        raise Conflict("This has been decided since. Nothing was changed. Open the newer decision.")


def check_can_end(decision: Decision) -> None:
    if not is_live(decision):
        raise Conflict("This decision lets nothing be shared any more. Nothing was changed.")


def check_can_withdraw(consent: Consent) -> None:
    """At any time, and once (SHR-04)."""
    if consent.withdrawn_at is not None:
        raise Conflict("This consent was withdrawn already. Nothing was changed.")


def check_can_tell(decision: Decision, told: Told) -> None:
    """That somebody was told after all can be recorded later, never taken back (SHR-13)."""
    if not decision.told or told not in TOLD[Told(decision.told)]:
        raise Refused("This cannot be recorded here any more. Nothing was changed. The page says what was recorded.")


def lasts_until(days: int) -> dt.datetime:
    """A decision to share is for now: after as many days as a grant lasts it is decided anew (NTK-03, SHR-02)."""
    return timezone.now() + dt.timedelta(days=days)


def duty_gives_way(why: WhyNot | str) -> bool:
    """Information relevant to a child's welfare is shared unless that is more detrimental to the child (s16LA)."""
    return why == WhyNot.DETRIMENT
