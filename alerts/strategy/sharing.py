"""The decision to share of a strategy discussion: once for each agency, prefilled with the duty to enquire (SHR-02, STR-01)."""

import datetime as dt
from dataclasses import dataclass

from agreements.decisions import services as decisions
from agreements.decisions import subjects
from agreements.decisions.answers import Answers
from agreements.decisions.enums import RESTS_ON, Basis, Duty, Outcome, Purpose, Told
from agreements.decisions.selectors import share_decision
from agreements.decisions.subjects import Subject
from agreements.register.enums import Item
from alerts.strategy import selectors
from alerts.strategy.models import ConcernedChild, StrategyDiscussion
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import Agency, User
from safeguarding.errors import NotVisible, Refused

# All that a discussion and its record hold; who is invited needs it to decide for their agency.
ITEMS = (Item.CHILD_NAME, Item.CHILD_BIRTH, Item.INCIDENT_CONTENT, Item.RISK, Item.SAFETY_PLAN)
REASON = "Reasonable cause to suspect significant harm: a strategy discussion is asked for."
USE = "To take part in the strategy discussion, to decide for the agency, and to do what was agreed."


@dataclass(frozen=True)
class Telling:
    """Whether the family knows that information is shared: asked once for the whole discussion (SHR-13)."""

    told: Told
    words: str = ""
    by: dt.date | None = None


def subject(ref: str, user: User) -> Subject:
    """For the authority whose discussion it is, and for the hub that asked for it; invited people pass nothing on."""
    found = selectors.get_discussion(ref, for_user=user)
    authority = found.controller_id in agencies_where(user, "strategy")
    if not authority and found.asked_at_id not in agencies_where(user, "notification"):
        raise NotVisible
    first = ConcernedChild.objects.visible_to(user).filter(discussion=found).first()
    return Subject(
        ref=found.ref,
        title="Strategy discussion",
        partnership=found.partnership,
        controller=found.controller if authority else found.asked_at,
        items=ITEMS,
        recipients=(),
        purpose=Purpose.PROTECT,
        basis=Basis.DUTY,
        duty=Duty.ENQUIRIES,
        child_id=first.child_id if first else None,
        notification_id=found.notification_id,
        href=f"/strategy/{found.ref}/",
    )


def decide(discussion: StrategyDiscussion, *, to: Agency, by: User) -> None:
    """Decided now, unless it was decided before or nothing leaves the agency; recorded whole like every other (SHR-01)."""
    try:
        about = subjects.subject(discussion.ref, for_user=by)
    except NotVisible:  # who sends a deputy of their own agency shares nothing with another
        return
    if to.pk == about.controller.pk or is_decided(discussion, to=to):
        return
    article_6, article_9, schedule_1, _ = RESTS_ON[Basis.DUTY]
    decisions.decide(
        about,
        answers=Answers(
            outcome=Outcome.SHARE,
            to=to.slug,
            items=ITEMS,
            purpose=Purpose.PROTECT,
            basis=Basis.DUTY,
            duty=Duty.ENQUIRIES,
            article_6=article_6,
            article_9=article_9,
            schedule_1=schedule_1,
            reason=REASON,
            use=USE,
            told=discussion.told,
            told_words=discussion.told_words or "",
            told_by=discussion.told_by,
        ),
        by=by,
    )


def check_decided(discussion: StrategyDiscussion, *, to: Agency) -> None:
    """The gate: a decision that ended or ran out stops the record, too (SHR-02, SHR-04)."""
    if to.pk != discussion.controller_id:
        share_decision(discussion.ref, to=to, items=ITEMS)


def is_decided(discussion: StrategyDiscussion, *, to: Agency) -> bool:
    try:
        share_decision(discussion.ref, to=to, items=ITEMS)
    except Refused:
        return False
    return True


def register() -> None:
    subjects.register(StrategyDiscussion.REF_PREFIX, subject)
