"""Who may see a record and by which way in; what was shared with a person; what was opened in an emergency."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from agreements.decisions.selectors import share_decision
from agreements.register.enums import IN_AN_ALERT
from alerts.delivery.enums import AT_THE_SETTING
from alerts.delivery.models import Alert, AlertGrant
from alerts.files.models import EntryGrant, FileEntry, FileGrant, SafeguardingFile
from alerts.intake.content import IN_A_NOTIFICATION, PoliceNotification
from alerts.intake.models import Notification, NotificationChild
from alerts.readers.models import BreakGlass, Exclusion, NotificationGrant
from safeguarding.access.grants import Grant
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.posts import agencies_where
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.access.selectors import (
    Reader,
    readers_of_alert,
    readers_of_child,
    readers_of_file,
    readers_of_notification,
)
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, Membership, User
from safeguarding.agencies.selectors import members_of
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import Shown, record_listing
from safeguarding.children.models import Child
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref

Record = Alert | Notification | Child | SafeguardingFile

MOST_FOUND = 20
_KINDS: dict[str, Any] = {"A": Alert, "N": Notification, "C": Child, "F": SafeguardingFile}
_WORDS = {"A": "alert", "N": "notification", "C": "child", "F": "file"}


@dataclass(frozen=True)
class Subject:
    """A record, and what a person may do about who sees it: for the hub, or for the setting that they lead."""

    record: Record
    for_user: User
    hub: bool
    lead: bool
    manager: bool

    @property
    def word(self) -> str:
        return _WORDS[self.record.ref[0]]

    @property
    def may_share(self) -> bool:
        """A child's own record is the hub's; what others are let see of it are alerts and notifications (NTK-02)."""
        return (self.hub or self.lead) and not isinstance(self.record, Child)

    @property
    def may_shut_out(self) -> bool:
        """Out of a setting's file somebody is shut by an alert in it: the exclusion reaches both (MRC-18)."""
        return self.manager or (self.lead and not isinstance(self.record, SafeguardingFile))

    @property
    def agency_id(self) -> int:
        """For which agency they act: the hub, or else the setting."""
        if isinstance(self.record, Alert) and self.lead and not self.manager:
            return self.record.setting_id
        return self.record.controller_id

    @property
    def agencies(self) -> QuerySet[Agency]:
        """With whose people it can be shared: the partnership's, or within the setting (NTK-03)."""
        if self.hub or self.manager:
            return members_of(self.record.partnership)
        return Agency.objects.filter(pk=self.agency_id)

    @cached_property
    def readers(self) -> list[Reader]:
        match self.record:
            case Alert():
                return readers_of_alert(self.record, for_user=self.for_user)
            case Notification():
                return readers_of_notification(self.record, for_user=self.for_user)
            case SafeguardingFile():
                return readers_of_file(self.record, for_user=self.for_user)
        return readers_of_child(self.record, for_user=self.for_user)


def get_subject(ref: str, *, for_user: User) -> Subject:
    """The record with this reference, for who may let in or shut out; to everybody else it is not there (NTK-01)."""
    wanted = normalise_ref(ref) or ""
    model = _KINDS.get(wanted[:1])
    if model is None:
        raise NotVisible
    found = model.objects.visible_to(for_user).select_related("partnership", "controller").filter(ref=wanted).first()
    subject = subject_of(found, for_user=for_user) if found is not None else None
    if subject is None or not (subject.may_share or subject.may_shut_out):
        raise NotVisible
    return subject


def manage_ref(record: Record, *, for_user: User) -> str:
    """The reference under which this person may let in and shut out; empty for who may not (NTK-08)."""
    subject = subject_of(record, for_user=for_user)
    return record.ref if subject.may_share or subject.may_shut_out else ""


def subject_of(record: Record, *, for_user: User) -> Subject:
    """The walls themselves are asked what this person may do."""
    if isinstance(record, SafeguardingFile):
        lead = record.controller_id in agencies_where(for_user, "share")
        return Subject(record, for_user, hub=False, lead=lead, manager=False)
    handled = {"A": "sent_alert", "N": "notification", "C": "child"}[record.ref[0]]
    hub = record.controller_id in agencies_where(for_user, handled)
    manager = record.controller_id in agencies_where(for_user, "exclude")
    lead = (
        isinstance(record, Alert)
        and record.setting_id in agencies_where(for_user, "share")
        and Alert.objects.addressed_by_role(for_user).filter(pk=record.pk).exists()
    )
    return Subject(record, for_user, hub=hub, lead=lead, manager=hub and manager)


@dataclass
class Found:
    """A colleague at one agency, with every role held there: people with like names are told apart by these (NTK-03)."""

    user: User
    agency: Agency
    roles: list[Role] = field(default_factory=list)


def find_people(subject: Subject, text: str) -> list[Found]:
    """People whose name has these words, within the agencies that the record can be shared with (NTK-03)."""
    return people_named(text, within=subject.agencies, without=subject.for_user)


def get_person(subject: Subject, agency: str, code: str) -> Found:
    return person_with_code(code, at=agency, within=subject.agencies, without=subject.for_user)


def people_named(text: str, *, within: QuerySet[Agency], without: User) -> list[Found]:
    """People of these agencies whose name has all these words, the finder left out (NTK-03)."""
    words = text.replace("\0", "").split()
    if not words:
        return []
    matching = Q()
    for word in words:
        matching &= Q(user__name__icontains=word)
    return _people(within, without, matching)


def person_with_code(code: str, *, at: str, within: QuerySet[Agency], without: User) -> Found:
    for found in _people(within, without, Q(agency__slug=at), most=None):
        if found.user.code == code:
            return found
    raise NotVisible


def _people(within: QuerySet[Agency], without: User, matching: Q, most: int | None = MOST_FOUND) -> list[Found]:
    """Who works where is behind the wall for everybody but administrators: dispatch looks, within what was asked."""
    agencies = list(within.values_list("pk", flat=True))
    with acting_as(as_dispatch("find a colleague")):
        rows = Membership.objects.filter(
            matching, agency_id__in=agencies, ended_at=None, user__is_active=True, user__is_integration=False
        ).exclude(user=without)
        found: dict[tuple[int, int], Found] = {}
        for row in rows.select_related("user", "agency").order_by("user__name", "user_id", "agency_id", "pk"):
            key = (row.user_id, row.agency_id)
            if key not in found and most is not None and len(found) == most:
                break
            found.setdefault(key, Found(row.user, row.agency)).roles.append(Role(row.role))
    return list(found.values())


def disclosed(subject: Subject, agency: Agency) -> tuple[str, ...]:
    """What letting in somebody there tells another body; within a body that has the record already it is nothing (SHR-02)."""
    item = subject.record
    if isinstance(item, Alert) and subject.hub:
        there = item.status in AT_THE_SETTING and agency.pk == item.setting_id
        return () if there or agency.pk == item.controller_id else tuple(item.items or IN_AN_ALERT)
    if isinstance(item, Notification) and subject.hub:
        return () if agency.pk in (item.controller_id, item.source_id) else IN_A_NOTIFICATION
    return ()


def check_decided(subject: Subject, agency: Agency) -> None:
    """Somebody at the hub has decided to share this with that body (SHR-02)."""
    if items := disclosed(subject, agency):
        share_decision(subject.record.ref, to=agency, items=items, by=subject.record.controller)


def grant_model(record: Record) -> Any:
    """The kind of grant that opens this kind of record."""
    return {"A": AlertGrant, "N": NotificationGrant, "F": FileGrant}[record.ref[0]]


def grants_of(subject: Subject) -> list[Grant]:
    """Who was let in by name and still is, as the walls let this person see it (NTK-08)."""
    if isinstance(subject.record, Child):
        return []
    visible = grant_model(subject.record).objects.visible_to(subject.for_user).live()
    mine = visible.filter(content_object=subject.record).select_related("user", "agency", "granted_by")
    inside = {reader.user_id for reader in subject.readers}
    return [grant for grant in mine.order_by("expires_at", "pk") if grant.user_id in inside]


def get_grant(subject: Subject, code: str) -> Grant:
    for grant in grants_of(subject):
        if grant.code == code:
            return grant
    raise NotVisible


def exclusions_of(subject: Subject) -> QuerySet[Exclusion]:
    """Who is shut out of this record and was not let in again; only for who looks after it (NTK-04, MRC-18)."""
    visible = Exclusion.objects.visible_to(subject.for_user).filter(_covers(subject.record), lifted_at=None)
    return visible.select_related("user", "agency", "made_by", "crypto_key", "child").order_by("-made_at", "-pk")


def _covers(record: Record) -> Q:
    match record:
        case Alert():
            return Q(alert=record) | Q(child=record.child_id) | Q(notification=record.notification_id)
        case SafeguardingFile():
            return Q(child=record.child_id) | Q(alert__child=record.child_id, alert__setting=record.controller_id)
        case Notification():
            children = NotificationChild.objects.filter(notification=record).exclude(child=None)
            return (
                Q(notification=record)
                | Q(alert__in=Alert.objects.filter(notification=record).values("pk"))
                | Q(child__in=children.values("child_id"))
            )
    return Q(child=record)


def get_exclusion(subject: Subject, ref: str) -> Exclusion:
    found = exclusions_of(subject).filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


def children_of(subject: Subject) -> list[Child]:
    """The children on record of whom a person can be shut out here; a setting names the one of its alert (MRC-18)."""
    match subject.record:
        case Child():
            return [subject.record]
        case Notification():
            rows = NotificationChild.objects.visible_to(subject.for_user).filter(notification=subject.record)
            found = rows.exclude(child=None).select_related("child__crypto_key").order_by("position")
            return [row.child for row in found if row.child is not None]
    return list(Child.objects.visible_to(subject.for_user).with_keys().filter(pk=subject.record.child_id))


# -- shared with me


@dataclass(frozen=True)
class Shared:
    """A record that somebody let the reader see, and until when."""

    grant: Grant
    record: Alert | Notification | SafeguardingFile | FileEntry

    @property
    def word(self) -> str:
        return self.record.ref[0]


def shared_with(user: User) -> list[Shared]:
    """What this person was let see by name and still may, what ends first on top (NTK-03)."""
    found: list[Shared] = []
    for model, label, keys in (
        (AlertGrant, Alert, ("crypto_key", "setting")),
        (NotificationGrant, Notification, ("source",)),
        (FileGrant, SafeguardingFile, ("crypto_key",)),
        (EntryGrant, FileEntry, ("crypto_key",)),
    ):
        live = {grant.content_object_id: grant for grant in model.objects.live_for(user).select_related("granted_by")}
        records = label.objects.visible_to(user).filter(pk__in=live).select_related(*keys)
        found += [Shared(live[record.pk], record) for record in records]
    return sorted(found, key=lambda shared: shared.grant.expires_at)


def remember_shared(shared: Sequence[Shared]) -> None:
    """A page of the list is remembered with the references that it showed (AUD-01)."""
    record_listing(
        "shared.listed", [Shown(each.record.ref, each.record.controller_id, each.grant.agency_id) for each in shared]
    )


@dataclass(frozen=True)
class SharedNotification:
    notification: Notification
    grant: Grant
    content: PoliceNotification | None


def get_shared_notification(ref: str, *, for_user: User) -> SharedNotification:
    """What the police sent, for who was let read it; once it is deleted only that it was there is left (NTK-03, ALR-09)."""
    visible = Notification.objects.visible_to(for_user).select_related(
        "crypto_key", "source", "partnership", "controller"
    )
    found = visible.filter(ref=normalise_ref(ref) or "").first()
    grants = NotificationGrant.objects.live_for(for_user).filter(content_object=found).select_related("granted_by")
    if found is None or (grant := grants.first()) is None:
        raise NotVisible
    return SharedNotification(
        found, grant, PoliceNotification.from_json(found.content) if found.content is not None else None
    )


# -- in an emergency


@dataclass(frozen=True)
class Target:
    """A record that this person may open in an emergency, and by which role."""

    alert_id: int | None
    notification_id: int | None
    partnership_id: int
    controller_id: int
    agency_id: int
    role: str
    review_agency_id: int


def glass_target(ref: str) -> Target | None:
    """Absent, out of reach and shut out are one answer, and the database gives it (NTK-04, NTK-05)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.*, app.glass_reviewers(t.partnership_id, t.controller_id) FROM app.glass_target(%s) t",
            [normalise_ref(ref) or ""],
        )
        row = cursor.fetchone()
    return Target(*row) if row else None


def opens_already(target: Target, user: User) -> bool:
    """Whether its content is on a page of theirs anyhow: the hub sees of an alert that it was sent, and no names."""
    if target.alert_id is not None:
        return Alert.objects.addressed_to(user).filter(pk=target.alert_id).exists()
    handled = agencies_where(user, "notification")
    granted = NotificationGrant.objects.live_for(user).values("content_object_id")
    mine = Notification.objects.visible_to(user).filter(Q(controller_id__in=handled) | Q(pk__in=granted))
    return mine.filter(pk=target.notification_id or 0).exists()


def may_break_glass(user: User) -> bool:
    """Whether this person holds a role that their partnership lets open records in an emergency (NTK-05)."""
    held = Membership.objects.filter(user=user, ended_at=None, role__in=HANDLERS["break_glass"])
    usable = held.filter(agency_id__in=agencies_where(user, "break_glass")).values_list(
        "role", "agency__partnerships__break_glass_roles"
    )
    return user.is_active and any(role in (roles or []) for role, roles in usable)


def wrong_references(user: User) -> int:
    """How many references led nowhere in the last hour (NTK-05)."""
    since = timezone.now() - dt.timedelta(hours=1)
    return AuditEntry.objects.filter(actor=user, event="glass.refused", timestamp__gt=since).count()


def glasses(*, for_user: User) -> QuerySet[BreakGlass]:
    """What was opened in an emergency and is this person's to review (NTK-05)."""
    visible = BreakGlass.objects.visible_to(for_user).filter(review_agency_id__in=agencies_where(for_user, "audit"))
    return visible.select_related("user", "agency", "alert", "notification", "reviewed_by", "crypto_key")


@dataclass(frozen=True)
class Reviews:
    open: Sequence[BreakGlass]
    closed: Sequence[BreakGlass]


def reviews(*, for_user: User) -> Reviews:
    """Open ones, the most urgent first; and what was found lately."""
    if not reviews_glass(for_user):
        raise NotVisible
    all_of_them = glasses(for_user=for_user)
    return Reviews(
        list(all_of_them.filter(reviewed_at=None).order_by("review_due_at", "pk")[:200]),
        list(all_of_them.exclude(reviewed_at=None).order_by("-reviewed_at", "-pk")[:50]),
    )


def remember_reviews(found: Reviews) -> None:
    shown = (*found.open, *found.closed)
    record_listing("glass.listed", [Shown(each.ref, each.controller_id, each.review_agency_id) for each in shown])


def reviews_glass(user: User) -> bool:
    return bool(agencies_where(user, "audit"))


def get_glass(ref: str, *, for_user: User) -> BreakGlass:
    found = glasses(for_user=for_user).filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found
