"""What happened to a discussion, for its reader, and what they can do next (STR, NTK-08)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html

from alerts.strategy.enums import DiscussionState, InquiryState, InvitationState
from alerts.strategy.models import DiscussionRecord
from alerts.strategy.selectors import Seen
from safeguarding.web.templatetags.hub import moment

DECISIONS = (
    ("timing", "Criminal investigation: timing and evidence"),
    ("child", "What the child is told"),
    ("family", "What the family is told"),
    ("immediate", "Immediate action"),
    ("legal", "Legal action"),
)


@dataclass(frozen=True)
class Happened:
    title: str
    by: str
    when: dt.datetime
    text: str = ""


def of(seen: Seen) -> list[Happened]:
    """Oldest first, made of the rows that the reader sees; no content."""
    return sorted(_happened(seen), key=lambda each: each.when)


def _happened(seen: Seen) -> Iterator[Happened]:
    discussion = seen.discussion
    yield Happened("Asked for", discussion.requested_by.name, discussion.requested_at, f"At {discussion.asked_at.name}")
    for each in seen.invitations:
        yield Happened("Invited", each.granted_by.name, each.granted_at, f"{each.user.name}, {each.agency.name}")
        if each.answered_at:
            yield Happened(InvitationState(each.state).label, each.user.name, each.answered_at)
        if each.record_opened_at:
            yield Happened("Record opened", each.user.name, each.record_opened_at)
    chair = discussion.chair.name if discussion.chair else ""
    if discussion.held_at:
        yield Happened("Held", chair, discussion.held_at, "In an emergency" if discussion.emergency else "")
    if discussion.record_sent_at:
        yield Happened("Record sent", chair, discussion.record_sent_at)
    if discussion.outcome_at:
        yield Happened("Outcome of the enquiry", chair, discussion.outcome_at)
    for dissent in seen.dissents:
        yield Happened(f"Raised: {dissent.get_kind_display()}", dissent.raised_by.name, dissent.raised_at)


def decisions_of(record: DiscussionRecord) -> list[tuple[str, str]]:
    """Each decision under the words of its question (STR-04)."""
    return [(label, record.decisions.get(name, "")) for name, label in DECISIONS]


def arranged(seen: Seen) -> list[tuple[str, str]]:
    """When and how it is held as it stands now, and who is invited, for who typed something else (STR-01)."""
    discussion = seen.discussion
    return [
        ("Time", moment(discussion.starts_at) or "Not fixed yet"),
        ("How it is held", discussion.get_means_display() if discussion.means else ""),
        ("Where, or how to join", discussion.where or ""),
        ("Invited", ", ".join(each.user.name for each in seen.invitations)),
    ]


def recorded(seen: Seen) -> list[tuple[str, str]]:
    """The record as it stands now (STR-04)."""
    written = seen.record
    if written is None:
        return [("Record", "Nobody has written one yet")]
    return [
        ("Section 47 enquiry", "Starts" if written.inquiry_starts else "Does not start"),
        ("Criminal investigation", "Yes" if written.investigation else "No"),
        *decisions_of(written),
        ("What was said", written.minutes),
        ("Written", format_html("{}, {}", written.written_by.name, moment(written.written_at))),
    ]


def concluded(seen: Seen) -> list[tuple[str, str]]:
    """What follows from it as it stands now (STR-05)."""
    discussion = seen.discussion
    return [
        ("Conference", moment(discussion.conference_at) or "Not fixed yet"),
        ("Enquiry", discussion.get_inquiry_display()),
        ("What partners are told", discussion.feedback or "Nothing yet"),
    ]


@dataclass(frozen=True)
class Link:
    words: str
    href: str
    secondary: bool = False


def next_steps(seen: Seen) -> list[Link]:
    """What the authority can do now, the likeliest first; nobody else has any of it (STR-02)."""
    ref = seen.discussion.ref
    return [Link(words, reverse(f"strategy:{name}", args=[ref]), second) for words, name, second in _steps(seen)]


def _steps(seen: Seen) -> Iterator[tuple[str, str, bool]]:
    state = seen.discussion.state
    if seen.authority and seen.is_open:
        yield "Invite somebody", "find", state != DiscussionState.ASKED
    if seen.manager and state in (DiscussionState.ASKED, DiscussionState.ARRANGED):
        yield (
            ("Change the time" if seen.discussion.starts_at else "Fix the time"),
            "arrange",
            state == DiscussionState.ARRANGED,
        )
        yield "Record that it was held", "hold", state == DiscussionState.ASKED
        yield "No discussion is held", "not_held", True
    if seen.manager and state == DiscussionState.HELD:
        yield ("Change the record" if seen.record else "Write the record"), "write", seen.record is not None
        if seen.record:
            yield "Add an action", "add_action", bool(seen.actions)
            yield "Send the record", "send", False
    if seen.manager and seen.discussion.inquiry == InquiryState.RUNNING:
        yield "Record the outcome", "outcome", False
    if seen.authority and seen.discussion.inquiry in (InquiryState.RUNNING, InquiryState.LIKELY):
        yield ("Change the conference" if seen.discussion.conference_at else "Fix the conference"), "conference", True
