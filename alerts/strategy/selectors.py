"""Reads of strategy discussions: the list, one discussion with all that its reader may see, people to invite (STR)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from alerts.readers.selectors import Found, people_named, person_with_code
from alerts.strategy import policies
from alerts.strategy.enums import Capacity, DiscussionState, DissentKind, DissentState, InquiryState, InvitationState
from alerts.strategy.models import (
    ConcernedChild,
    DiscussionAction,
    DiscussionInvitation,
    DiscussionRecord,
    Dissent,
    StrategyDiscussion,
)
from safeguarding.access.posts import agencies_where
from safeguarding.access.querysets import invitations_of
from safeguarding.agencies.enums import AgencyKind
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.agencies.selectors import members_of
from safeguarding.audit.record import Shown, record_listing
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page

_OPEN = (DiscussionState.ASKED, DiscussionState.ARRANGED, DiscussionState.HELD)


def authorities_of(user: User) -> QuerySet[Agency]:
    """The local authorities for which this person works on strategy discussions (STR-01)."""
    return Agency.objects.filter(pk__in=agencies_where(user, "strategy")).order_by("pk")


def chairs_at(user: User, agency_id: int) -> bool:
    """A manager of the responsible authority chairs and records (STR-02)."""
    return agency_id in agencies_where(user, "strategy_record")


def authorities_in(partnership: Partnership) -> list[Agency]:
    """Whom a hub can ask."""
    return list(members_of(partnership).filter(kind=AgencyKind.COUNCIL).order_by("name", "pk"))


@dataclass(frozen=True)
class Seen:
    """One discussion, and as whom its reader sees it; each part is there only where the walls give it to them."""

    discussion: StrategyDiscussion
    for_user: User
    authority: bool
    manager: bool
    asked: bool
    mine: DiscussionInvitation | None
    children: Sequence[ConcernedChild] = ()
    invitations: Sequence[DiscussionInvitation] = ()
    record: DiscussionRecord | None = None
    actions: Sequence[DiscussionAction] = ()
    dissents: Sequence[Dissent] = ()
    missing: Sequence[Capacity] = field(default=())

    @property
    def missing_words(self) -> str:
        return policies.in_words(self.missing)

    @property
    def is_open(self) -> bool:
        return self.discussion.state in _OPEN

    @property
    def raised(self) -> list[Dissent]:
        """Disagreements that nobody has answered yet (STR-07)."""
        return [each for each in self.dissents if each.state == DissentState.RAISED]

    @property
    def disagreement_raised(self) -> bool:
        return any(each.kind == DissentKind.DISAGREES for each in self.raised)

    @property
    def record_late(self) -> bool:
        return policies.record_is_late(self.discussion, timezone.now())

    @property
    def assessment_late(self) -> bool:
        return policies.assessment_is_late(self.discussion, timezone.now())

    @property
    def conference_late(self) -> bool:
        return policies.conference_is_late(self.discussion, timezone.now())

    @property
    def inquiry_words(self) -> str:
        return InquiryState(self.discussion.inquiry).label if self.discussion.inquiry else ""


def get_discussion(ref: str, *, for_user: User) -> StrategyDiscussion:
    """Absent and forbidden are the same (NTK-01)."""
    visible = StrategyDiscussion.objects.visible_to(for_user)
    found = visible.select_related(
        "crypto_key", "partnership", "controller", "asked_at", "requested_by", "chair"
    ).filter(ref=normalise_ref(ref) or "")
    discussion = found.first()
    if discussion is None:
        raise NotVisible
    return discussion


def see(ref: str, *, for_user: User) -> Seen:
    """All that this reader may see of a discussion, in a fixed number of queries (STR-01, STR-02)."""
    discussion = get_discussion(ref, for_user=for_user)
    authority = discussion.controller_id in agencies_where(for_user, "strategy")
    invitations = list(
        DiscussionInvitation.objects.visible_to(for_user)
        .filter(content_object=discussion, withdrawn_at=None)
        .select_related("user", "agency", "granted_by", "deputy_of__user")
        .order_by("pk")
    )
    live = set(invitations_of(for_user).filter(content_object_id=discussion.pk).values_list("pk", flat=True))
    mine = next((each for each in invitations if each.pk in live), None)
    expected = [each for each in invitations if each.state not in (InvitationState.DECLINED, InvitationState.DEPUTY)]
    return Seen(
        discussion=discussion,
        for_user=for_user,
        authority=authority,
        manager=authority and chairs_at(for_user, discussion.controller_id),
        asked=discussion.asked_at_id in agencies_where(for_user, "notification"),
        mine=mine,
        children=list(
            ConcernedChild.objects.visible_to(for_user)
            .filter(discussion=discussion)
            .select_related("crypto_key")  # not the hub's own record, which neither authority nor invited people see
            .order_by("position")
        ),
        invitations=invitations,
        record=DiscussionRecord.objects.visible_to(for_user)
        .filter(discussion=discussion)
        .select_related("crypto_key", "written_by", "approved_by")
        .first(),
        actions=list(
            DiscussionAction.objects.visible_to(for_user)
            .filter(discussion=discussion)
            .select_related("crypto_key", "agency", "owner", "answered_by")
        ),
        dissents=list(
            Dissent.objects.visible_to(for_user)
            .filter(discussion=discussion)
            .select_related("crypto_key", "agency", "raised_by", "answered_by")
        ),
        missing=policies.missing_of(discussion, [each.capacity for each in expected]),
    )


# ---------------------------------------------------------------- the list


def enquiry_open(now: dt.datetime) -> Q:
    """Under way; or a child is likely to suffer significant harm, and the conference is still to come (STR-05, STR-06)."""
    to_come = Q(conference_at=None) | Q(conference_at__gt=now)
    return Q(inquiry=InquiryState.RUNNING) | (Q(inquiry=InquiryState.LIKELY) & to_come)


def clock_ran_out(now: dt.datetime) -> Q:
    """Of an open enquiry: as `assessment_is_late` and `conference_is_late` say of one (STR-05)."""
    today = timezone.localdate(now)
    return Q(inquiry=InquiryState.RUNNING, assessment_due_on__lt=today) | (
        Q(conference_due_on__lt=today, conference_at=None) | Q(conference_at__date__gt=F("conference_due_on"))
    )


@dataclass(frozen=True)
class Line:
    discussion: StrategyDiscussion
    mine: DiscussionInvitation | None
    clock: str
    late: bool


@dataclass(frozen=True)
class Page:
    rows: Sequence[Line]
    older: str | None
    is_first: bool


def page_of(*, open_only: bool, cursor: str, for_user: User) -> Page:
    """The discussions that this person sees, newest first; a fixed number of queries, and the look is remembered (AUD-01)."""
    now, mine = timezone.now(), {each.content_object_id: each for each in invitations_of(for_user)}
    authorities, hubs = agencies_where(for_user, "strategy"), agencies_where(for_user, "notification")
    ways = Q(controller_id__in=authorities) | Q(asked_at_id__in=hubs)
    visible = StrategyDiscussion.objects.visible_to(for_user).filter(ways | Q(pk__in=mine))
    visible = visible.select_related("controller", "chair")
    if open_only:
        visible = visible.filter(Q(state__in=_OPEN) | enquiry_open(now))
    rows: KeysetPage = keyset_page(visible, field="requested_at", cursor=cursor)
    lines = [Line(each, mine.get(each.pk), *_clock(each, now)) for each in rows]
    shown = [Shown(each.ref, each.controller_id, mine[each.pk].agency_id if each.pk in mine else None) for each in rows]
    record_listing("discussion.listed", shown)
    return Page(lines, rows.older, rows.is_first)


def _clock(discussion: StrategyDiscussion, now: dt.datetime) -> tuple[str, bool]:
    """The clock that runs now, in words, and whether it has run out (STR-02, STR-05)."""
    if discussion.state == DiscussionState.HELD and discussion.record_due_at:
        return f"Record by {_moment(discussion.record_due_at)}", policies.record_is_late(discussion, now)
    if discussion.inquiry == InquiryState.LIKELY and discussion.conference_due_on:
        return f"Conference by {_day(discussion.conference_due_on)}", policies.conference_is_late(discussion, now)
    if discussion.inquiry == InquiryState.RUNNING and discussion.conference_due_on and discussion.assessment_due_on:
        first = min(discussion.conference_due_on, discussion.assessment_due_on)
        late = policies.conference_is_late(discussion, now) or policies.assessment_is_late(discussion, now)
        return f"Enquiry: next clock {_day(first)}", late
    if discussion.state == DiscussionState.ARRANGED and discussion.starts_at:
        return _moment(discussion.starts_at), False
    return "", False


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _moment(at: dt.datetime) -> str:
    local = timezone.localtime(at)
    return f"{_day(local.date())} at {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


# ---------------------------------------------------------------- people


def agencies_to_invite(discussion: StrategyDiscussion) -> QuerySet[Agency]:
    return members_of(discussion.partnership)


def find_people(discussion: StrategyDiscussion, text: str, *, for_user: User) -> list[Found]:
    return people_named(text, within=agencies_to_invite(discussion), without=for_user)


def get_person(discussion: StrategyDiscussion, agency: str, code: str, *, for_user: User) -> Found:
    return person_with_code(code, at=agency, within=agencies_to_invite(discussion), without=for_user)


def colleagues_of(invitation: DiscussionInvitation, text: str) -> list[Found]:
    """Who could come in this person's stead: people of the same agency (STR-01)."""
    return people_named(text, within=Agency.objects.filter(pk=invitation.agency_id), without=invitation.user)


def get_invitation(seen: Seen, code: str) -> DiscussionInvitation:
    for invitation in seen.invitations:
        if invitation.code == code:
            return invitation
    raise NotVisible


def get_action(seen: Seen, code: str) -> DiscussionAction:
    for action in seen.actions:
        if action.code == code:
            return action
    raise NotVisible


def get_dissent(seen: Seen, ref: str) -> Dissent:
    for dissent in seen.dissents:
        if dissent.ref == normalise_ref(ref):
            return dissent
    raise NotVisible
