"""Answers as people give them, and people deciding."""

import datetime as dt
from typing import Any

from agreements.decisions import services, subjects
from agreements.decisions.answers import Answers, ConsentSaid, Gillick, PublicInterest
from agreements.decisions.enums import Basis, ConsentBy, ConsentState, Outcome, Purpose, Told, WhyNot
from agreements.models import Decision
from safeguarding.agencies.models import User
from tests.support.db import as_user

SAID = ConsentSaid(by=ConsentBy.SELF, name="CANARY Ferelith", on=dt.date(2026, 11, 20), explicit=True, informed=True)
TEST = PublicInterest(
    proportionate="Yes", vulnerability="A child", impact="Little", other_means="None", necessary="Yes"
)
ABLE = Gillick(
    assessed_by="CANARY school nurse", factors=("understands", "free"), able=True, decision="That the school is told"
)


def sharing(to: str = "", **fields: Any) -> Answers:
    """A plain case: the agreement lists it, and the family knows."""
    return Answers(
        **{
            "outcome": Outcome.SHARE,
            "to": to,
            "items": ("child_name", "incident_kind"),
            "purpose": Purpose.SUPPORT,
            "basis": Basis.AGREEMENT,
            "article_6": "6_1_e",
            "article_9": "9_2_g",
            "schedule_1": "s1_18",
            "reason": "CANARY reason: the school can support the child",
            "use": "To support the child at school",
            "told": Told.TOLD,
            **fields,
        }
    )


def refusing(to: str = "", **fields: Any) -> Answers:
    return Answers(
        **{
            "outcome": Outcome.NOT_SHARE,
            "to": to,
            "purpose": Purpose.SUPPORT,
            "why_not": WhyNot.DETRIMENT,
            "reason": "CANARY reason: the child would stop talking to us",
            **fields,
        }
    )


def asking(to: str = "", **fields: Any) -> Answers:
    return Answers(
        **{
            "outcome": Outcome.ADVICE,
            "to": to,
            "purpose": Purpose.SUPPORT,
            "advice_from": "CANARY the Caldicott Guardian",
            "advice_question": "May the school be told of the health information?",
            **fields,
        }
    )


def with_consent(to: str = "", **fields: Any) -> Answers:
    by_consent = {"article_6": "6_1_a", "article_9": "9_2_a", "schedule_1": "", "basis": Basis.CONSENT}
    return sharing(to, **{"consent": ConsentState.GIVEN, "consent_said": SAID, **by_consent, **fields})


def decide(ref: str, answers: Answers, *, by: User, follows: Decision | None = None) -> Decision:
    with as_user(by):
        return services.decide(subjects.subject(ref, for_user=by), answers=answers, by=by, follows=follows)
