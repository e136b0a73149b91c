"""Writes of conversations: what is said, noted, answered, recalled, and disclosed (ALR-12, ALR-13, MSH-06, MSH-08)."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from agreements.decisions.enums import Currency, Nature
from alerts.conversations import policies, selectors
from alerts.conversations.enums import (
    EntryKind,
    LiaisonOutcome,
    RecallBecause,
    Service,
    Side,
    TalkState,
)
from alerts.conversations.models import Conversation, Disclosure, FourQuestions, Liaison, TalkEntry
from alerts.conversations.selectors import Place
from alerts.delivery import messages
from alerts.delivery.models import Alert
from alerts.delivery.policies import roles_of
from alerts.files.enums import EntryKind as FileKind
from alerts.files.services import file_with
from alerts.screening.models import Screening
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.models import Membership, User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.notifications.services import queue_email

TALK, RECALLED, DISCLOSED = "talk_message", "talk_recalled", "talk_disclosed"


def _of(where: Place) -> dict[str, Any]:
    return {
        "partnership_id": where.alert.partnership_id,
        "controller_id": where.alert.controller_id,
        "alert": where.alert,
    }


def again(where: Place, *, by: User) -> Place:
    """Where somebody stands is asked anew at the moment of writing (NTK-03)."""
    if where.for_user.pk != by.pk:
        raise NotVisible
    return selectors.place(where.alert.ref, for_user=by)


def _begun(where: Place) -> Conversation:
    """The conversation on this alert, for update; of two people who begin it at once both find the same."""
    if where.talk is None:
        # of two at once the second waits for the first, and then finds theirs
        Alert.objects.select_for_update(of=("self",)).filter(pk=where.alert.pk).first()
        fresh = Conversation(
            setting_id=where.alert.setting_id, state=TalkState.SETTLED, opened_by=where.for_user, **_of(where)
        )
        mine = Conversation.objects.filter(alert=where.alert)
        if not mine.exists():
            fresh.save(force_insert=True)  # its id is there already, and of its columns only three may be updated
            record("talk.begun", fresh, at=where.agency.pk)
            if not where.at_hub:
                file_with(
                    where.alert,
                    kind=FileKind.MASH,
                    text=f"We raised concerns of our own, as {fresh.ref}.",
                    by=where.for_user,
                )
    return Conversation.objects.select_for_update(of=("self",)).get(alert=where.alert)


def _turn(talk: Conversation, state: TalkState) -> None:
    """Whose word is waited for; a second question does not set the clock back."""
    now = timezone.now()
    if state != talk.state:
        talk.asked_at = None if state == TalkState.SETTLED else now
    talk.state, talk.changed_at = state, now
    talk.save(update_fields=["state", "asked_at", "changed_at"])


def _entry(
    where: Place, talk: Conversation, kind: EntryKind, text: str, *, own: bool = False, **marked: Any
) -> TalkEntry:
    hub, told = where.alert.controller, where.alert
    return TalkEntry.objects.create(
        conversation=talk,
        hub=None if own and not where.at_hub else hub,
        told=None if own and where.at_hub else told,
        kind=kind,
        side=where.side,
        agency=where.agency,
        author=where.for_user,
        text=text,
        **marked,
        **_of(where),
    )


@transaction.atomic
def write(where: Place, *, text: str, by: User) -> TalkEntry:
    """A message to the other side, who are told by e-mail that there is one; the first begins the conversation (ALR-12)."""
    where = again(where, by=by)
    policies.check_can_ask(where.alert, where.side)
    talk = _begun(where)
    entry = _entry(where, talk, EntryKind.MESSAGE, text)
    _turn(talk, policies.ASKS[where.side])
    record("talk.written", entry, facts={"talk": talk.ref}, at=where.agency.pk)
    _tell_other_side(where, talk, TALK, occasion=entry.ref)
    return entry


@transaction.atomic
def hold(
    where: Place,
    *,
    text: str,
    nature: Nature,
    currency: Currency,
    originator: str,
    originated_on: dt.date,
    by: User,
) -> TalkEntry:
    """A piece of what one's side holds, marked: fact or opinion, current or historical, whose, and from when (SHR-08, SHR-09)."""
    where = again(where, by=by)
    policies.check_can_ask(where.alert, where.side)
    talk = _begun(where)
    entry = _entry(
        where, talk, EntryKind.ITEM, text, nature=nature, currency=currency, originator=originator,
        originated_on=originated_on, marking=where.alert.partnership.marking,
    )  # fmt: skip
    _turn(talk, policies.ASKS[where.side])
    record("talk.held", entry, facts={"talk": talk.ref, "nature": nature, "currency": currency}, at=where.agency.pk)
    _tell_other_side(where, talk, TALK, occasion=entry.ref)
    return entry


@transaction.atomic
def note_call(
    where: Place, *, caller: str, called: str, phoned_at: dt.datetime, text: str, own: bool, by: User
) -> TalkEntry:
    """Who phoned whom, when, what was said; kept with the case, for both sides or one's own alone (MSH-08).

    Asks nobody: what was said on the phone was said.
    """
    where = again(where, by=by)
    policies.check_happened(phoned_at)
    own = own or (where.side == Side.SETTING and not where.alert.partnership.hub_answers)
    talk = _begun(where)
    entry = _entry(where, talk, EntryKind.PHONE, text, own=own, caller=caller, called=called, phoned_at=phoned_at)
    _turn(talk, TalkState(talk.state))
    if not where.at_hub:
        file_with(where.alert, kind=FileKind.MASH, text=f"{caller} phoned {called}. {text}", by=by)
    record("talk.phoned", entry, facts={"talk": talk.ref, "own": own}, at=where.agency.pk)
    return entry


@transaction.atomic
def answer_questions(
    where: Place, *, worries: str, works_well: str, must_happen: str, worry: int, by: User
) -> FourQuestions:
    """One's own answers beside the others'; given again, the earlier ones stay (MSH-06)."""
    where = again(where, by=by)
    talk = _begun(where)
    answers = FourQuestions.objects.create(
        conversation=talk,
        side=where.side,
        agency=where.agency,
        professional=by,
        worries=worries,
        works_well=works_well,
        must_happen=must_happen,
        worry=worry,
        **_of(where),
    )
    _turn(talk, TalkState(talk.state))
    record("talk.answered", talk, at=where.agency.pk)
    return answers


@transaction.atomic
def settle(where: Place, *, by: User) -> Conversation:
    """Nothing needs an answer any more; the next message asks again."""
    where = again(where, by=by)
    talk = _begun_already(where)
    policies.check_can_settle(talk)
    _turn(talk, TalkState.SETTLED)
    record("talk.settled", talk, at=where.agency.pk)
    return talk


def _begun_already(where: Place) -> Conversation:
    if where.talk is None:
        raise NotVisible
    return _begun(where)


@transaction.atomic
def recall(where: Place, *, entry: TalkEntry, because: RecallBecause, by: User) -> TalkEntry:
    """What was written into the wrong case is taken out of sight; that it was there stays, and who may have read it is told."""
    where = again(where, by=by)
    mine = TalkEntry.objects.visible_to(by).filter(pk=entry.pk, alert=where.alert)
    held = mine.select_for_update(of=("self",)).first()
    if held is None:
        raise NotVisible
    policies.check_can_recall(held, where.side)
    held.recalled_at, held.recalled_by, held.recalled_because = timezone.now(), by, because
    held.save(update_fields=["recalled_at", "recalled_by", "recalled_because"])
    record("talk.recalled", held, facts={"because": because}, at=where.agency.pk)
    if not policies.is_own_note(held):
        _tell_other_side(where, _begun(where), RECALLED, occasion=f"{held.ref}-recalled")
    return held


@transaction.atomic
def liaise(
    where: Place,
    *,
    service: Service,
    worker: str,
    team: str,
    phone: str,
    spoke_at: dt.datetime,
    outcome: LiaisonOutcome,
    note: str,
    by: User,
) -> Liaison:
    """The child is allocated already: with whom the setting liaised, when, and what came of it (ALR-12)."""
    where = again(where, by=by)
    if where.at_hub:
        raise NotVisible
    policies.check_happened(spoke_at)
    liaison = Liaison.objects.create(
        agency=where.alert.setting,
        service=service,
        worker=worker,
        team=team,
        phone=phone,
        spoke_at=spoke_at,
        outcome=outcome,
        note=note,
        recorded_by=by,
        **_of(where),
    )
    spoke = f"{liaison.get_service_display()}: spoke to {worker}, {team}. {liaison.get_outcome_display()}. {note}"
    file_with(where.alert, kind=FileKind.AGENCY, text=spoke, by=by)
    record("alert.liaised", where.alert, facts={"service": service, "outcome": outcome}, at=where.agency.pk)
    return liaison


def remember_disclosures(alert: Alert, *, disclosed: Sequence[Disclosure]) -> None:
    """That a named person had what was disclosed before them is remembered, each time (AUD-01)."""
    if disclosed:
        shown = [each.ref for each in disclosed]
        record(
            "talk.disclosure_read", disclosed[0], shown=shown, purpose="Read what was disclosed", at=alert.setting_id
        )


def remember_look(where: Place, *, talk: Conversation) -> None:
    """Each opening is remembered; what came since is new to this person next time (AUD-01)."""
    record("talk.opened", talk, purpose="Talk about an alert", at=where.agency.pk)


# -- who hears of it


def _tell_other_side(where: Place, talk: Conversation, template: str, *, occasion: str) -> None:
    """Type, reference and link, and no name: at the setting whom the alert is addressed to, at the hub who works on it (ALR-04)."""
    with acting_as(as_dispatch("tell of a conversation")):
        for person in _at_hub(where, talk) if where.side == Side.SETTING else _at_setting(where.alert):
            _send(where.alert, person, template, occasion, about=talk)


def tell_of_disclosure(alert: Alert, *, made: Collection[Disclosure]) -> None:
    with acting_as(as_dispatch("tell of a disclosure")):
        for each in made:
            last = each.last_day
            _send(alert, each.user, DISCLOSED, each.ref, about=each, page="alerts", until=f"{last.day} {last:%B %Y}")


def _send(
    alert: Alert, person: User, template: str, occasion: str, *, about: Model, page: str = "talk", **more: Any
) -> None:
    queue_email(
        to=person.email,
        template=template,
        context={
            "ref": alert.ref,
            "link": f"{settings.SITE_URL}/{page}/{alert.ref}/",
            "marking": alert.partnership.marking,
            **more,
        },
        dedupe_key=f"talk:{occasion}:{person.pk}",
        recipient=person,
        about=about,
    )


def _at_setting(alert: Alert) -> Collection[User]:
    holders = messages.holders_for(alert)
    return {user.pk: user for role in roles_of(alert.audience) for user in holders.get(role, [])}.values()


def _at_hub(where: Place, talk: Conversation) -> Collection[User]:
    """Who has written in it; before that who screened it; where they are gone, the hub's managers."""
    wrote = TalkEntry.objects.filter(conversation=talk, side=Side.HUB).values("author")
    screened = Screening.objects.filter(notification=where.alert.notification_id).values("decided_by")
    works = Membership.objects.filter(agency_id=where.alert.controller_id, ended_at=None, user__is_active=True)
    works = works.filter(role__in=HANDLERS["sent_alert"]).exclude(user__in=messages.shut_from(where.alert))
    for who in (
        works.filter(user__in=wrote),
        works.filter(user__in=screened),
        works.filter(role__in=HANDLERS["threshold"]),
    ):
        found = {row.user_id: row.user for row in who.select_related("user")}
        if found:
            return found.values()
    return ()
