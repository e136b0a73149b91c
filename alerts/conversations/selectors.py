"""Reads of conversations: whose they are, what stands in them, what was disclosed (ALR-12, ALR-13, MSH-06, MSH-08)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone

from agreements.decisions.models import Decision
from agreements.decisions.selectors import share_decision
from agreements.register.enums import Item
from alerts.conversations import policies
from alerts.conversations.enums import Side, TalkState
from alerts.conversations.models import Conversation, Disclosure, FourQuestions, Liaison, TalkEntry
from alerts.delivery.models import Alert
from alerts.screening.models import Screening
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.access.posts import agencies_holding, agencies_where
from safeguarding.access.selectors import Reader, readers_of_alert
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import Shown, record_listing
from safeguarding.errors import NotVisible, Refused
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page


@dataclass(frozen=True)
class Place:
    """An alert about which somebody may speak, and on which side they stand (ALR-12)."""

    alert: Alert
    side: Side
    for_user: User

    @property
    def agency(self) -> Agency:
        return self.alert.controller if self.side == Side.HUB else self.alert.setting

    @property
    def other(self) -> Agency:
        return self.alert.setting if self.side == Side.HUB else self.alert.controller

    @property
    def at_hub(self) -> bool:
        return self.side == Side.HUB

    @cached_property
    def talk(self) -> Conversation | None:
        mine = Conversation.objects.visible_to(self.for_user).filter(alert=self.alert)
        return mine.select_related("opened_by").first()


def place(ref: str, *, for_user: User) -> Place:
    """For whom the alert is addressed to, and the hub; to who was only let see it, there is nothing here (ALR-12, NTK-01)."""
    wanted = normalise_ref(ref) or ""
    alerts = Alert.objects.at_the_setting().filter(ref=wanted).select_related("setting", "controller", "partnership")
    told = Alert.objects.addressed_by_role(for_user).filter(ref=wanted)
    alert = alerts.filter(pk__in=told.values("pk")).first()
    if alert is not None:
        return Place(alert, Side.SETTING, for_user)
    hubs = agencies_where(for_user, "sent_alert")
    alert = alerts.not_shut_to(for_user).filter(controller_id__in=hubs).first() if for_user.is_active else None
    if alert is None:
        raise NotVisible
    return Place(alert, Side.HUB, for_user)


def talk_at(ref: str, *, for_user: User) -> tuple[Place, Conversation]:
    """The conversation on this alert; an alert without one is as good as none."""
    found = place(ref, for_user=for_user)
    if found.talk is None:
        raise NotVisible
    return found, found.talk


@dataclass(frozen=True)
class Line:
    """One entry as this reader may see it: recalled, only that it was there."""

    entry: TalkEntry
    is_new: bool
    is_own_note: bool
    can_recall: bool


@dataclass(frozen=True)
class Answered:
    """The newest answers of one professional, and how often they answered before (MSH-06)."""

    answers: FourQuestions
    earlier: Sequence[int]


@dataclass(frozen=True)
class Talk:
    """A conversation on one page, in a fixed number of queries."""

    lines: Sequence[Line]
    answered: Sequence[Answered]
    liaisons: Sequence[Liaison]
    screenings: Sequence[Screening]
    disclosures: Sequence[Disclosure]


def talk_of(where: Place, talk: Conversation) -> Talk:
    user, alert = where.for_user, where.alert
    entries = TalkEntry.objects.visible_to(user).filter(conversation=talk).select_related(
        "crypto_key", "author", "agency", "recalled_by"
    )  # fmt: skip
    since = last_look(talk, for_user=user)
    return Talk(
        lines=[_line(entry, where, since) for entry in entries.order_by("written_at", "pk")],
        answered=_answered(talk, user),
        liaisons=liaisons_of(alert, for_user=user),
        screenings=screenings_of(where),
        disclosures=disclosures_by_hub(alert, for_user=user) if where.at_hub else (),
    )


def screenings_of(where: Place) -> list[Screening]:
    """Every screening of what the alert came from, oldest first; the setting sees none of them (MSH-01, ALR-13)."""
    mine = Screening.objects.visible_to(where.for_user).filter(notification=where.alert.notification_id)
    return list(mine.select_related("crypto_key", "decided_by"))


def entry_to_recall(where: Place, ref: str) -> TalkEntry:
    """Something that one's own side wrote here."""
    mine = TalkEntry.objects.visible_to(where.for_user).filter(alert=where.alert, side=where.side)
    found = mine.select_related("crypto_key", "author", "agency").filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


def decision_to_disclose(where: Place) -> Decision | None:
    """The live decision that lets what happened be disclosed to the setting; none is no error, there is a way to one (SHR-02)."""
    if where.talk is None:
        return None
    alert = where.alert
    try:
        return share_decision(where.talk.ref, to=alert.setting, items=[Item.INCIDENT_CONTENT], by=alert.controller)
    except Refused:
        return None


def _line(entry: TalkEntry, where: Place, since: dt.datetime | None) -> Line:
    return Line(
        entry,
        is_new=since is not None and entry.written_at > since and entry.author_id != where.for_user.pk,
        is_own_note=policies.is_own_note(entry),
        can_recall=policies.can_recall(entry, where.side),
    )


def last_look(talk: Conversation, *, for_user: User) -> dt.datetime | None:
    """When this person had it open last: what is unread is so for each person, whoever else has read it (AUD-01)."""
    kind = ContentType.objects.get_for_model(talk)
    looks = AuditEntry.objects.filter(actor=for_user, event="talk.opened", content_type=kind, object_id=talk.pk)
    return looks.order_by("-timestamp").values_list("timestamp", flat=True).first()


def _answered(talk: Conversation, user: User) -> list[Answered]:
    """Side by side, each professional's own: nobody's number is averaged away (MSH-06)."""
    rows = FourQuestions.objects.visible_to(user).filter(conversation=talk)
    by_person: dict[int, list[FourQuestions]] = {}
    for each in rows.select_related("crypto_key", "professional", "agency").order_by("given_at", "pk"):
        by_person.setdefault(each.professional_id, []).append(each)
    return [Answered(given[-1], [each.worry for each in given[:-1]]) for given in by_person.values()]


def liaisons_of(alert: Alert, *, for_user: User) -> list[Liaison]:
    """With whom the setting liaised about this child: for both sides (ALR-12)."""
    mine = Liaison.objects.visible_to(for_user).filter(alert=alert)
    return list(mine.select_related("crypto_key", "recorded_by").order_by("spoke_at", "pk"))


def disclosed_to(alert: Alert, *, for_user: User) -> list[Disclosure]:
    """What was disclosed to this person on this alert and still runs (ALR-13)."""
    mine = Disclosure.objects.visible_to(for_user).filter(
        alert=alert, user=for_user, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    return list(mine.select_related("crypto_key", "disclosed_by", "controller").order_by("disclosed_at", "pk"))


def disclosures_by_hub(alert: Alert, *, for_user: User) -> list[Disclosure]:
    """To whom the hub disclosed what, and until when; for the hub alone."""
    hubs = agencies_where(for_user, "sent_alert")
    mine = Disclosure.objects.visible_to(for_user).filter(alert=alert, controller_id__in=hubs)
    return list(mine.select_related("crypto_key", "user", "disclosed_by").order_by("-disclosed_at", "-pk"))


def readers_at_setting(where: Place) -> dict[str, Reader]:
    """Who at the setting can open the alert, and so could read what is disclosed on it, by their code (ALR-13)."""
    found: dict[int, Reader] = {}
    for reader in readers_of_alert(where.alert, for_user=where.for_user):
        if reader.agency == where.alert.setting.name:
            found.setdefault(reader.user_id, reader)
    people = User.objects.in_bulk(found)
    return {people[number].code: reader for number, reader in found.items()}


def people_at_setting(where: Place) -> list[User]:
    numbers = [reader.user_id for reader in readers_at_setting(where).values()]
    return list(User.objects.filter(pk__in=numbers).order_by("name", "pk"))


@dataclass(frozen=True)
class OnAlert:
    """What the page of an alert says of all this, for who reads it at the setting."""

    talk: Conversation | None
    liaisons: Sequence[Liaison]
    disclosed: Sequence[Disclosure]


def on_alert(alert: Alert, *, for_user: User) -> OnAlert:
    talk = Conversation.objects.visible_to(for_user).filter(alert=alert).first()
    return OnAlert(talk, liaisons_of(alert, for_user=for_user), disclosed_to(alert, for_user=for_user))


# -- lists, and what waits


def _talks(user: User, *, waiting: bool) -> QuerySet[Conversation]:
    """By hub or setting first, by their own indexes; `waiting`: those in which this person's side has the word."""
    hubs, settings = agencies_where(user, "sent_alert"), agencies_holding(user, AUDIENCE_BITS)
    if not hubs and not settings:
        raise NotVisible
    of_hub, of_setting = Q(controller_id__in=hubs), Q(setting_id__in=settings)
    if waiting:
        of_hub, of_setting = of_hub & Q(state=TalkState.TO_HUB), of_setting & Q(state=TalkState.TO_SETTING)
    return Conversation.objects.visible_to(user).filter(of_hub | of_setting)


def talks_page(*, for_user: User, waiting: bool, cursor: str) -> KeysetPage:
    """One page, newest word first; a person who speaks for nobody has no such list (NTK-01)."""
    mine = _talks(for_user, waiting=waiting)
    return keyset_page(mine.select_related("alert", "setting", "controller"), field="changed_at", cursor=cursor)


def remember_talks(page: KeysetPage) -> None:
    """A page of the list is remembered with the references that it showed (AUD-01)."""
    record_listing("talk.listed", [Shown(each.ref, each.controller_id, each.setting_id) for each in page])


def waiting(user: User) -> QuerySet[Conversation]:
    """What waits for this person's side, the longest first."""
    return _talks(user, waiting=True).order_by("asked_at", "pk")
