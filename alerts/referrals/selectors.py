"""Reads of referrals: one's own, the hub's queue, one referral with all that a decision needs (MSH-05, MSH-06)."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from alerts.intake.enums import ChildState
from alerts.intake.selectors import Sender
from alerts.referrals import policies
from alerts.referrals.content import ReferredChild, Section, children_of, sections_of
from alerts.referrals.discussed import LEADS_THERE
from alerts.referrals.enums import QueueView, ReferralState
from alerts.referrals.models import GuestReferrer, Referral, ReferralChild, ReferralDecision, ReferralDraft
from safeguarding.access.posts import agencies_or_absent, agencies_where
from safeguarding.agencies import selectors as agencies
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.audit.record import Shown, record_listing
from safeguarding.children.chapters import Chapter, Line
from safeguarding.children.matching import Verdict
from safeguarding.children.models import Child
from safeguarding.children.selectors import judge_all, settings_attended
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page

MOST_ALIKE = 5
MOST_DRAFTS = 50
_MOST_LINES = 50
_SHOWN_IN_THE_QUEUE = (
    "ref", "controller_id", "content", "worry", "state", "rag", "outcome", "received_at", "due_at", "told_at", "tell_by",
    "guest__organisation", "guest__name", "crypto_key_id",
)  # fmt: skip


# ---------------------------------------------------------------- who refers
def senders_for(user: User) -> list[Sender]:
    """For which agencies a person may refer, each to the hub of every partnership that it is in (MSH-05)."""
    if not user.is_active:
        return []
    found = Agency.objects.filter(pk__in=agencies_where(user, "refer"), is_active=True).order_by("pk")
    return [Sender(agency, partnership) for agency in found for partnership in agencies.partnerships_of(agency)]


def areas() -> list[Partnership]:
    """Where somebody without an account can refer: every partnership that has a hub."""
    return list(Partnership.objects.order_by("name"))


def is_hubs(user: User) -> bool:
    return bool(agencies_where(user, "referral"))


def drafts_of(user: User) -> list[ReferralDraft]:
    """What this person began and has not sent, the newest first; opened without a look at its content."""
    mine = ReferralDraft.objects.visible_to(user).filter(user=user, ended_at=None).defer("content")
    return list(mine.select_related("source", "partnership").order_by("-saved_at", "-pk")[:MOST_DRAFTS])


def get_draft(ref: str, *, for_user: User) -> ReferralDraft:
    mine = ReferralDraft.objects.visible_to(for_user).with_keys().filter(ended_at=None)
    found = mine.select_related("partnership", "source", "controller").filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


def draft_of_guest(link: GuestReferrer) -> ReferralDraft | None:
    """The walls show a guest nothing but what is theirs."""
    mine = ReferralDraft.objects.with_keys().filter(guest=link, ended_at=None)
    return mine.select_related("partnership", "controller").order_by("pk").first()


def referrals_of_guest(link: GuestReferrer) -> list[Referral]:
    mine = Referral.objects.with_keys().filter(guest=link).select_related("partnership", "controller", "guest")
    return list(mine.order_by("-received_at", "-pk"))


def own_referrals(*, for_user: User, cursor: str = "") -> KeysetPage:
    """What this person has referred and how far it is; nothing of what the hub knows beside it (MSH-05)."""
    mine = Referral.objects.visible_to(for_user).filter(made_by=for_user).defer("content", "feedback")
    page: KeysetPage = keyset_page(mine.select_related("source"), field="received_at", cursor=cursor)
    _remember(page.rows, at=lambda each: each.source_id)
    return page


# ---------------------------------------------------------------- the hub
def hubs_of(user: User) -> list[Agency]:
    """The hubs for which this person works on referrals; to everybody else the queue is not there (NTK-02)."""
    return list(Agency.objects.filter(pk__in=agencies_or_absent(user, "referral")).order_by("pk"))


_STATES: dict[QueueView, tuple[ReferralState, ...]] = {
    QueueView.OPEN: (ReferralState.RECEIVED, ReferralState.TRIAGED, ReferralState.DECIDED),
    QueueView.NEW: (ReferralState.RECEIVED,),
    QueueView.LATE: (ReferralState.RECEIVED, ReferralState.TRIAGED, ReferralState.DECIDED),
    QueueView.TOLD: (ReferralState.TOLD,),
    QueueView.CLOSED: (ReferralState.CLOSED,),
}


@dataclass(frozen=True)
class QueueRow:
    referral: Referral
    children: Sequence[ReferredChild]
    waiting: int
    late: bool
    told_late: bool


@dataclass(frozen=True)
class QueuePage:
    rows: Sequence[QueueRow]
    older: str | None
    is_first: bool


def _at_hubs(user: User) -> Any:
    return Referral.objects.visible_to(user).filter(controller_id__in=agencies_or_absent(user, "referral"))


def queue_page(view: QueueView, *, for_user: User, cursor: str = "") -> QueuePage:
    """One page of the hub's referrals: what is owed next on top, what is done newest first (MSH-07)."""
    rows = _at_hubs(for_user).filter(state__in=_STATES[view])
    # the keys apart: joined to them the planner leaves the index of clocks and sorts all that is owed
    rows = rows.prefetch_related("crypto_key").select_related("guest").only(*_SHOWN_IN_THE_QUEUE)
    rows = rows.annotate(source_name=F("source__name"), made_by_name=F("made_by__name"))
    if view is QueueView.LATE:
        rows = rows.filter(due_at__lte=timezone.now())
    owed = view in (QueueView.OPEN, QueueView.NEW, QueueView.LATE)
    if owed:
        rows = rows.filter(due_at__isnull=False)  # as of each that is open: so the list goes down the index of clocks
    page: KeysetPage = keyset_page(rows, field="due_at" if owed else "received_at", cursor=cursor, ascending=owed)
    _remember(page.rows, at=lambda each: each.controller_id)
    waiting = ReferralChild.objects.visible_to(for_user).filter(state=ChildState.WAITING, referral__in=page.rows)
    numbers = Counter(waiting.values_list("referral_id", flat=True))
    return QueuePage([_row(each, numbers[each.pk]) for each in page.rows], page.older, page.is_first)


def _row(referral: Referral, waiting: int) -> QueueRow:
    return QueueRow(
        referral=referral,
        children=children_of(referral.content),
        waiting=waiting,
        late=policies.is_late(referral, timezone.now()),
        told_late=policies.was_told_late(referral),
    )


def queue_counts(*, for_user: User) -> dict[QueueView, int]:
    """How many of what is open, in one look; what is done is not counted."""
    now = timezone.now()
    open_now = _at_hubs(for_user).filter(state__in=_STATES[QueueView.OPEN])
    found = open_now.aggregate(
        open=Count("pk"),
        new=Count("pk", filter=Q(state=ReferralState.RECEIVED)),
        late=Count("pk", filter=Q(due_at__lte=now)),
    )
    return {QueueView(name): number for name, number in found.items()}


def first_due(*, for_user: User) -> dt.datetime | None:
    rows = _at_hubs(for_user).filter(due_at__isnull=False)
    return rows.order_by("due_at").values_list("due_at", flat=True).first()


def _remember(rows: Sequence[Referral], at: Any) -> None:
    """A page of a list is remembered with the references that it showed (AUD-01)."""
    record_listing("referral.listed", [Shown(each.ref, each.controller_id, at(each)) for each in rows])


# ---------------------------------------------------------------- one referral
def get_referral(ref: str, *, for_user: User) -> Referral:
    """The referral with this reference, for the hub and its referrer; absent and another's are the same (NTK-01)."""
    visible = Referral.objects.visible_to(for_user).with_keys().filter(ref=normalise_ref(ref) or "")
    found = visible.select_related("partnership", "controller", "source", "made_by", "guest").first()
    if found is None:
        raise NotVisible
    return found


def get_at_hub(ref: str, *, for_user: User) -> Referral:
    """The same for the hub alone."""
    found = get_referral(ref, for_user=for_user)
    if not works_on(found, for_user):
        raise NotVisible
    return found


def works_on(referral: Referral, user: User) -> bool:
    return referral.controller_id in agencies_where(user, "referral")


@dataclass(frozen=True)
class ChildOfReferral:
    """A child as the referrer knows it, and who the hub takes it to be."""

    position: int
    known: ReferredChild
    row: ReferralChild
    can_match: bool


@dataclass(frozen=True)
class Record:
    """One referral on the hub's page."""

    referral: Referral
    sections: Sequence[Section]
    children: Sequence[ChildOfReferral]
    decisions: Sequence[ReferralDecision]
    late: bool
    told_late: bool
    strategy_href: str


def record_of(referral: Referral, *, for_user: User) -> Record:
    """All that the hub holds on one referral, in a fixed number of queries."""
    rows = ReferralChild.objects.visible_to(for_user).filter(referral=referral).select_related("child", "decided_by")
    by_position = {row.position: row for row in rows}
    decisions = ReferralDecision.objects.visible_to(for_user).with_keys().filter(referral=referral)
    return Record(
        referral=referral,
        sections=sections_of(referral.content),
        children=[
            ChildOfReferral(position, known, by_position[position], by_position[position].state == ChildState.WAITING)
            for position, known in enumerate(children_of(referral.content))
            if position in by_position
        ],
        decisions=list(decisions.select_related("decided_by").order_by("decided_at", "pk")),
        late=policies.is_late(referral, timezone.now()),
        told_late=policies.was_told_late(referral),
        strategy_href=_strategy_href(referral),
    )


def own_page(referral: Referral) -> dict[str, Any]:
    """What a referrer sees of their own referral: what they wrote, how far it is, and what they are told (MSH-05)."""
    return {
        "referral": referral,
        "sections": sections_of(referral.content),
        "late": policies.is_late(referral, timezone.now()),
        "told_late": policies.was_told_late(referral),
        "guest": referral.guest,
    }


def _strategy_href(referral: Referral) -> str:
    """Where a strategy discussion is asked for, with this referral as its origin."""
    return f"{reverse('strategy:new')}?from={referral.ref}" if referral.outcome in LEADS_THERE else ""


@dataclass(frozen=True)
class Alike:
    """A child on record beside the one of the referral, and why somebody should look."""

    number: int
    child: Child
    reasons: Sequence[str]
    settings: Sequence[Agency]


@dataclass(frozen=True)
class WaitingChild:
    row: ReferralChild
    known: ReferredChild
    alike: Sequence[Alike]


def get_waiting(referral: Referral, position: int, *, for_user: User) -> WaitingChild:
    """A child that may be one on record: who is alike now, as far as this person may see (ALR-03, NTK-04)."""
    known = dict(enumerate(children_of(referral.content))).get(position)
    row = (
        ReferralChild.objects.visible_to(for_user)
        .filter(referral=referral, position=position)
        .select_related("referral")
        .first()
    )
    if known is None or row is None:
        raise NotVisible
    policies.check_can_match(row)
    [judgement] = judge_all(referral.partnership, [known.details])
    found = [] if judgement.verdict is Verdict.NEW else judgement.alike[:MOST_ALIKE]
    children = Child.objects.visible_to(for_user).with_keys().in_bulk([each.key for each in found])
    attended = settings_attended(children.keys())
    alike = [each for each in found if each.key in children]
    return WaitingChild(
        row,
        known,
        [
            Alike(number, children[each.key], each.reasons, attended.get(each.key, []))
            for number, each in enumerate(alike, 1)
        ],
    )


def referrals_about(record_ids: Collection[int], user: User) -> Chapter:
    """What stands on a child's page: references, dates and states (NTK-02)."""
    rows = ReferralChild.objects.visible_to(user).filter(child__in=record_ids).values("referral_id")
    found: QuerySet[Referral] = Referral.objects.visible_to(user).filter(pk__in=rows).select_related("source", "guest")
    newest = found.defer("content", "feedback").order_by("-received_at", "-pk")[:_MOST_LINES]
    lines = [
        Line(
            ref=each.ref,
            href=reverse("referrals:referral", args=[each.ref]),
            what=f"From {each.source.name if each.source else each.guest.organisation if each.guest else ''}",
            when=each.received_at,
            state=each.get_outcome_display() or each.get_state_display(),
        )
        for each in newest
    ]
    return Chapter("Referrals", lines, "Nobody has referred this child.")
