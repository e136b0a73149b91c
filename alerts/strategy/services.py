"""Writes of strategy discussions until the record is out: arranging, inviting, holding, recording, sending (STR-01 to STR-04)."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.utils import timezone

from alerts.readers.selectors import as_dispatch
from alerts.strategy import messages, policies, selectors, sharing
from alerts.strategy.enums import Capacity, DiscussionState, InquiryState, InvitationState, Means
from alerts.strategy.models import DiscussionAction, DiscussionInvitation, DiscussionRecord, StrategyDiscussion
from safeguarding.access.principal import acting_as
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused


def _held_for_update(discussion: StrategyDiscussion, by: User, *, chairing: bool) -> StrategyDiscussion:
    """The discussion again, for update, for who works on it at the authority; only a manager chairs and records (STR-02)."""
    visible = StrategyDiscussion.objects.visible_to(by).select_related(
        "partnership", "controller", "chair", "crypto_key"
    )
    again = visible.select_for_update(of=("self",)).filter(pk=discussion.pk).first()
    if again is None or not selectors.authorities_of(by).filter(pk=again.controller_id).exists():
        raise NotVisible
    if chairing and not selectors.chairs_at(by, again.controller_id):
        raise Refused("A manager of the authority does this. Nothing was changed. Ask one of them.")
    return again


def _save(discussion: StrategyDiscussion, *fields: str) -> None:
    discussion.version += 1
    discussion.save(update_fields=[*fields, "version"])


@transaction.atomic
def arrange(
    discussion: StrategyDiscussion, *, starts_at: dt.datetime, means: Means, where: str, version: int, by: User
) -> StrategyDiscussion:
    """A manager fixes when and how, and chairs it; everybody invited is told of each change (STR-01, STR-02)."""
    held = _held_for_update(discussion, by, chairing=True)
    policies.check_version(held, version)
    policies.check_can_arrange(held, starts_at)
    held.state, held.chair, held.starts_at, held.means, held.where = (
        DiscussionState.ARRANGED, by, starts_at, means, where,
    )  # fmt: skip
    held.arranged_times += 1
    _save(held, "state", "chair", "starts_at", "means", "where", "arranged_times")
    record("discussion.arranged", held, facts={"at": starts_at.isoformat(), "means": means})
    messages.tell(
        held,
        messages.participants(held),
        headline="Strategy discussion: time and place",
        sentence="The time or place of a strategy discussion that you are invited to is fixed or has changed.",
        occasion=f"arranged-{held.arranged_times}",
    )
    return held


@transaction.atomic
def invite(
    discussion: StrategyDiscussion, *, person: User, agency: Agency, capacity: Capacity, by: User
) -> DiscussionInvitation:
    """A named person who can decide for their agency; from now on they see the discussion (STR-01, NTK-03)."""
    held = _held_for_update(discussion, by, chairing=False)
    policies.check_can_invite(held, agency, capacity)
    return _invite(held, person=person, agency=agency, capacity=capacity, by=by)


def _invite(
    discussion: StrategyDiscussion, *, person: User, agency: Agency, capacity: str, by: User, **fields: Any
) -> DiscussionInvitation:
    until = timezone.now() + dt.timedelta(days=policies.figure(discussion.partnership, "access_days"))
    _check_can_be_invited(discussion, person, agency, until)
    known = DiscussionInvitation.objects.visible_to(by).filter(
        content_object=discussion, user=person, withdrawn_at=None
    )
    if known.exists():
        raise Refused("This person is invited already. Nobody was invited.")
    invitation = DiscussionInvitation.objects.create(
        content_object=discussion,
        user=person,
        permission=Permission.objects.get(codename="view_strategydiscussion", content_type__app_label="alerts"),
        agency=agency,
        capacity=capacity,
        can_decide=True,
        reason=Capacity(capacity).label,
        granted_by=by,
        expires_at=until,
        **fields,
    )
    sharing.decide(discussion, to=agency, by=by)
    record("discussion.invited", discussion, facts={"to": person.pk, "at": agency.pk, "capacity": capacity})
    messages.tell(
        discussion,
        [person],
        headline="You are invited to a strategy discussion",
        sentence="You are asked to take part for your agency and to decide for it. Please answer, or send a deputy.",
        occasion=f"invited-{invitation.pk}",
    )
    return invitation


def _check_can_be_invited(discussion: StrategyDiscussion, person: User, agency: Agency, until: dt.datetime) -> None:
    """The wall answers before it refuses; it does not say why (MRC-18)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.lets_in_discussion(%s, %s, %s, NULL, %s)", [discussion.pk, person.pk, agency.pk, until])  # fmt: skip
        row = cursor.fetchone()
    if not row or not row[0]:
        raise Refused("This person cannot be invited. Nobody was invited. Choose somebody else of the agency.")


@transaction.atomic
def withdraw_invitation(discussion: StrategyDiscussion, *, invitation: DiscussionInvitation, by: User) -> None:
    """From the next request on the discussion is closed to this person; that they were invited stays (NTK-03)."""
    held = _held_for_update(discussion, by, chairing=False)
    row = DiscussionInvitation.objects.visible_to(by).select_for_update(of=("self",)).get(pk=invitation.pk)
    if row.content_object_id != held.pk or row.withdrawn_at is not None or row.record_sent_at is not None:
        raise Refused("This invitation cannot be withdrawn any more. Nothing was changed.")
    row.withdrawn_at, row.withdrawn_by = timezone.now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("discussion.uninvited", held, facts={"to": row.user_id})


def _own_invitation(invitation: DiscussionInvitation, by: User) -> DiscussionInvitation:
    """One's own, while it lasts. What is answered is written by a service: a person cannot open more to herself (NTK-03)."""
    mine = selectors.invitations_of(by).filter(pk=invitation.pk).first()
    if mine is None:
        raise NotVisible
    with acting_as(as_dispatch("answer an invitation")):
        return (
            DiscussionInvitation.objects.select_for_update(of=("self",))
            .select_related(
                "content_object__partnership", "content_object__chair", "content_object__controller", "agency"
            )
            .get(pk=mine.pk)
        )


@transaction.atomic
def answer(invitation: DiscussionInvitation, *, state: InvitationState, by: User) -> None:
    """Comes or does not come; the chair is told (STR-01)."""
    held = _own_invitation(invitation, by)
    policies.check_can_answer(held, state)
    _answer(held, state)
    record("discussion.answered", held.content_object, facts={"answer": state}, at=held.agency_id)
    if state == InvitationState.DECLINED:
        messages.tell(
            held.content_object,
            messages.managers_of(held.content_object),
            headline="Somebody cannot take part in a strategy discussion",
            sentence="An invitation was declined. Check who is still missing, and invite somebody else.",
            occasion=f"declined-{held.pk}-{timezone.now():%Y%m%d%H%M%S}",
        )


def _answer(held: DiscussionInvitation, state: InvitationState) -> None:
    with acting_as(as_dispatch("answer an invitation")):
        held.state, held.answered_at = state, timezone.now()
        held.save(update_fields=["state", "answered_at"])


@transaction.atomic
def send_deputy(invitation: DiscussionInvitation, *, person: User, by: User) -> DiscussionInvitation:
    """A colleague of the same agency who can decide comes instead (STR-01)."""
    held = _own_invitation(invitation, by)
    policies.check_can_answer(held, InvitationState.DEPUTY)
    _answer(held, InvitationState.DEPUTY)
    deputy = _invite(
        held.content_object, person=person, agency=held.agency, capacity=held.capacity, by=by, deputy_of_id=held.pk
    )
    record("discussion.deputy_sent", held.content_object, facts={"deputy": person.pk}, at=held.agency_id)
    return deputy


@transaction.atomic
def hold(
    discussion: StrategyDiscussion,
    *,
    held_at: dt.datetime,
    means: Means,
    attended: Collection[str],
    out_of_hours: bool,
    emergency: bool,
    because: str,
    follow_up_on: dt.date | None,
    version: int,
    by: User,
) -> StrategyDiscussion:
    """Recorded as held only with authority, police and health, or in an emergency on what is known (STR-01, STR-03).

    `attended`: codes of the invitations of those who were there. The 48 hours for the record begin (STR-02).
    """
    held = _held_for_update(discussion, by, chairing=True)
    policies.check_version(held, version)
    rows = DiscussionInvitation.objects.visible_to(by).filter(content_object=held, withdrawn_at=None)
    invitations = list(rows.select_for_update(of=("self",)).order_by("pk"))
    there = [row for row in invitations if row.code in set(attended)]
    policies.check_telephone(means, out_of_hours=out_of_hours)
    policies.check_can_hold(
        held,
        held_at=held_at,
        attended=[row.capacity for row in there],
        emergency=emergency,
        follow_up_on=follow_up_on,
    )
    for row in invitations:
        row.attended = row in there
    DiscussionInvitation.objects.bulk_update(invitations, ["attended"])
    held.state, held.held_at, held.means, held.chair = DiscussionState.HELD, held_at, means, by
    held.out_of_hours, held.emergency = out_of_hours, emergency
    held.emergency_because, held.follow_up_on = (because, follow_up_on) if emergency else (None, None)
    held.record_due_at = policies.record_due_at(held.partnership, held_at)
    held.next_chase_at = policies.next_chase(held, timezone.now())
    _save(held, "state", "held_at", "means", "chair", "out_of_hours", "emergency", "emergency_because", "follow_up_on",
          "record_due_at", "next_chase_at")  # fmt: skip
    gaps = [str(each) for each in policies.missing_of(held, [row.capacity for row in there])]
    record("discussion.held", held, facts={"there": len(there), "emergency": emergency, "missing": gaps})
    if out_of_hours or emergency:
        _tell_the_day_team(held)
    return held


def _tell_the_day_team(discussion: StrategyDiscussion) -> None:
    """What was decided at night is on the day team's list in the morning (STR-03)."""
    messages.tell(
        discussion,
        messages.all_of_authority(discussion),
        headline="A strategy discussion was held out of hours or in an emergency",
        sentence="Please read it, and go on with the planning. What is missing and who is to be brought in stands there.",
        occasion="day-team",
    )


@transaction.atomic
def do_not_hold(discussion: StrategyDiscussion, *, because: str, version: int, by: User) -> None:
    """A manager decides that there is none, and says why; who asked and who was invited is told (STR-01)."""
    held = _held_for_update(discussion, by, chairing=True)
    policies.check_version(held, version)
    policies.check_can_end_without(held)
    held.state, held.not_held_because, held.chair = DiscussionState.NOT_HELD, because, held.chair or by
    _save(held, "state", "not_held_because", "chair")
    record("discussion.not_held", held)
    messages.tell(
        held,
        [*messages.askers_of(held), *messages.participants(held)],
        headline="A strategy discussion will not be held",
        sentence="The authority has decided not to hold it. The reason stands in the Hub.",
        occasion="not-held",
    )


@transaction.atomic
def write(
    discussion: StrategyDiscussion,
    *,
    inquiry_starts: bool,
    investigation: bool,
    decisions: dict[str, str],
    minutes: str,
    version: int,
    by: User,
) -> DiscussionRecord:
    """The chair records what was decided (STR-04); it can be written again until it is sent."""
    held = _held_for_update(discussion, by, chairing=True)
    policies.check_version(held, version)
    policies.check_can_record(held)
    values: dict[str, Any] = {
        "inquiry_starts": inquiry_starts,
        "investigation": investigation,
        "decisions": decisions,
        "minutes": minutes,
        "written_by": by,
        "written_at": timezone.now(),
    }
    known = DiscussionRecord.objects.visible_to(by).select_related("crypto_key").filter(discussion=held).first()
    written = known or DiscussionRecord(discussion=held, partnership=held.partnership, controller=held.controller)
    for name, value in values.items():
        setattr(written, name, value)
    written.save()
    _save(held)
    record("discussion.recorded", held, facts={"inquiry": inquiry_starts, "investigation": investigation})
    return written


@transaction.atomic
def add_action(
    discussion: StrategyDiscussion, *, agency: Agency, owner: User | None, what: str, due_on: dt.date, by: User
) -> DiscussionAction:
    """Who does what by when: an agency that took part, or the authority (STR-04)."""
    held = _held_for_update(discussion, by, chairing=True)
    policies.check_can_record(held)
    action = DiscussionAction.objects.create(
        discussion=held,
        partnership=held.partnership,
        controller=held.controller,
        agency=agency,
        owner=owner,
        what=what,
        due_on=due_on,
    )
    record("discussion.action_added", held, facts={"agency": agency.pk, "due": due_on.isoformat()})
    return action


@transaction.atomic
def send(discussion: StrategyDiscussion, *, version: int, by: User) -> StrategyDiscussion:
    """The chair approves the record, and everybody who took part has it from now on; the clocks of the enquiry start.

    To each agency under its decision to share, which is asked for now (STR-02, STR-05, SHR-02).
    """
    held = _held_for_update(discussion, by, chairing=True)
    policies.check_version(held, version)
    written = DiscussionRecord.objects.visible_to(by).select_related("crypto_key").filter(discussion=held).first()
    actions = DiscussionAction.objects.visible_to(by).filter(discussion=held).count()
    policies.check_can_send(held, written=written is not None, actions=actions)
    assert written is not None
    assert held.held_at is not None
    now = timezone.now()
    written.approved_by, written.approved_at = by, now
    written.save(update_fields=["approved_by", "approved_at"])
    there = DiscussionInvitation.objects.visible_to(by).filter(content_object=held, withdrawn_at=None, attended=True)
    for agency in Agency.objects.filter(pk__in=there.values("agency_id")):
        sharing.check_decided(held, to=agency)
    sent = there.update(record_sent_at=now)
    held.state, held.record_sent_at = DiscussionState.SENT, now
    held.inquiry = InquiryState.RUNNING if written.inquiry_starts else InquiryState.NOT_STARTED
    if written.inquiry_starts:
        held.assessment_due_on = policies.assessment_due_on(held.partnership, held.referred_on)
        held.conference_due_on = policies.conference_due_on(held.partnership, held.held_at)
    held.next_chase_at = policies.next_chase(held, now)
    _save(held, "state", "record_sent_at", "inquiry", "assessment_due_on", "conference_due_on", "next_chase_at")
    late = policies.record_is_late(held, now)
    record("discussion.sent", held, facts={"to": sent, "late": late, "inquiry": held.inquiry})
    messages.tell(
        held,
        messages.participants(held, with_record=True),
        headline="The record of a strategy discussion",
        sentence="The record is ready for you. Please open it in the Hub: that you did is your receipt.",
        occasion="record",
    )
    return held
