"""Letting a person in, shutting one out, and opening a record in an emergency (NTK-03 to NTK-05, MRC-18)."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.utils import timezone

from agreements.decisions.selectors import another_holds
from alerts.delivery.models import Alert, AlertGrant
from alerts.delivery.services import address_anew
from alerts.files.models import FileEntry, SafeguardingFile
from alerts.intake.models import Notification
from alerts.readers import policies, selectors
from alerts.readers.enums import EmergencyBecause, Finding, Scope, ShutBecause
from alerts.readers.models import BreakGlass, Exclusion, NotificationGrant
from alerts.readers.selectors import Subject
from safeguarding.access.grants import Grant
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, Membership, User
from safeguarding.agencies.selectors import hub_of
from safeguarding.audit.enums import WayIn
from safeguarding.audit.record import record
from safeguarding.children.models import Child
from safeguarding.errors import NotVisible, Refused
from safeguarding.notifications.services import queue_email
from safeguarding.refs import normalise_ref

if TYPE_CHECKING:
    from agreements.decisions.models import Decision

# What an e-mail calls a record of which access was given.
WORDS = {"A": "alert", "N": "notification", "F": "safeguarding file", "E": "note"}


def _again(subject: Subject, by: User) -> Subject:
    """What the giver may do is asked anew at the moment of giving: it may have ended since the page was drawn (NTK-03)."""
    if subject.for_user.pk != by.pk:
        raise NotVisible
    return selectors.get_subject(subject.record.ref, for_user=by)


@transaction.atomic
def let_in(subject: Subject, *, person: User, agency: Agency, reason: str, until: dt.date, by: User) -> Grant:
    """A named colleague may read this record until the end of that day; told by e-mail, without a name (NTK-03)."""
    subject = _again(subject, by)
    item = subject.record
    if not subject.may_share or isinstance(item, Child):
        raise NotVisible
    policies.check_can_last(item.partnership, until)
    selectors.check_decided(subject, agency)
    _check_can_be_let_in(subject, person, agency, policies.end_of(until))
    if selectors.grant_model(item).objects.live().filter(content_object=item, user=person, break_glass=None).exists():
        raise Refused("This person has access already. Nothing was changed. Withdraw that access first to change it.")
    grant = _grant(item, person=person, agency=agency, reason=reason, expires_at=policies.end_of(until), by=by)
    facts = {"to": person.pk, "at": agency.pk, "until": grant.expires_at.isoformat()}
    record("grant.given", item, facts=facts, at=subject.agency_id)
    tell_of_grant(grant, item=item, person=person)
    return grant


def _check_can_be_let_in(subject: Subject, person: User, agency: Agency, until: dt.datetime) -> None:
    """The wall answers before it refuses: a sentence is better than an error. It does not say why (MRC-18)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT app.lets_in_{subject.word}(%s, %s, %s, NULL, %s)",  # one of two words
            [subject.record.pk, person.pk, agency.pk, until],
        )
        row = cursor.fetchone()
    if not row or not row[0]:
        raise Refused("Access cannot be given to this person. Nothing was changed. Ask the hub what to do instead.")


def _grant(item: Alert | Notification | SafeguardingFile, *, person: User, by: User, **fields: Any) -> Grant:
    codename = f"view_{item._meta.model_name}"
    permission = Permission.objects.get(codename=codename, content_type__app_label=item._meta.app_label)
    return selectors.grant_model(item).objects.create(
        content_object=item, user=person, permission=permission, granted_by=by, **fields
    )


def tell_of_grant(grant: Grant, *, item: Alert | Notification | SafeguardingFile | FileEntry, person: User) -> None:
    last = timezone.localtime(grant.expires_at) - dt.timedelta(seconds=1)
    with acting_as(as_dispatch("tell of access")):
        queue_email(
            to=person.email,
            template="access_given",
            context={
                "word": WORDS[item.ref[0]],
                "ref": item.ref,
                "link": f"{settings.SITE_URL}{path_of(item)}",
                "until": f"{last.day} {last:%B %Y}",
                "marking": item.partnership.marking,
            },
            dedupe_key=f"grant:{item._meta.model_name}:{grant.pk}",
            recipient=person,
            about=item,
        )


def path_of(item: Alert | Notification | SafeguardingFile | FileEntry) -> str:
    """Where somebody reads it who was let in by name."""
    return {"A": "/alerts/{}/", "N": "/shared/{}/", "F": "/files/{}/", "E": "/told/{}/"}[item.ref[0]].format(item.ref)


@transaction.atomic
def withdraw(subject: Subject, *, grant: Grant, by: User) -> None:
    """From the next request on the record is closed to this person (NTK-03)."""
    subject = _again(subject, by)
    if not subject.may_share:
        raise NotVisible
    held = type(grant).objects.visible_to(by).select_for_update(of=("self",)).filter(pk=grant.pk).first()
    if held is None:
        raise NotVisible
    policies.check_can_withdraw(held)
    held.withdrawn_at, held.withdrawn_by = timezone.now(), by
    held.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("grant.withdrawn", subject.record, facts={"to": held.user_id}, at=subject.agency_id)


@transaction.atomic
def stop_access(decision: "Decision", *, by: User) -> int:
    """A decision to share has ended: who was let in because of it is shut out again, unless another one holds (SHR-04)."""
    with acting_as(as_dispatch("stop access")):
        if decision.recipient_id is None or another_holds(decision):
            return 0
        stopped = 0
        for model in (AlertGrant, NotificationGrant):
            resting = model.objects.live().filter(
                content_object__ref=decision.about,
                content_object__controller=decision.controller_id,
                agency=decision.recipient_id,
                break_glass=None,
            )
            stopped += resting.update(withdrawn_at=timezone.now(), withdrawn_by=by)
    return stopped


@transaction.atomic
def shut_out(
    subject: Subject,
    *,
    person: User,
    scope: Scope,
    child: Child | None = None,
    because: ShutBecause,
    note: str,
    review_on: dt.date,
    by: User,
) -> Exclusion:
    """A named person is shut out, whatever their role; whoever stands in for them is told (NTK-04, MRC-18)."""
    subject = _again(subject, by)
    if not subject.may_shut_out:
        raise NotVisible
    policies.check_can_shut_out(person, by=by)
    policies.check_can_review_on(review_on)
    exclusion = Exclusion.objects.create(
        partnership_id=subject.record.partnership_id,
        controller_id=subject.record.controller_id,
        agency_id=subject.agency_id,
        user=person,
        because=because,
        note=note,
        made_by=by,
        review_on=review_on,
        **_reach(subject, scope, child),
    )
    record("exclusion.made", exclusion, facts={"user": person.pk, "scope": str(scope)}, at=subject.agency_id)
    _pass_on(exclusion)
    return exclusion


def _reach(subject: Subject, scope: Scope, child: Child | None) -> dict[str, Any]:
    """A setting names the child by its alert: the record itself is the hub's and not the setting's to see (NTK-02)."""
    item = subject.record
    if scope == Scope.RECORD and not isinstance(item, Child):
        return {subject.word: item}
    if isinstance(item, Alert):
        return {"child_id": item.child_id}
    if child is None or child.pk not in [each.pk for each in selectors.children_of(subject)]:
        raise NotVisible
    return {"child": child}


def _pass_on(exclusion: Exclusion) -> None:
    """No alert is left to somebody who may not read it; it goes to the next role, never to nobody (ALR-23, MRC-18)."""
    with acting_as(as_dispatch("pass on")):
        settings_of = Membership.objects.filter(user_id=exclusion.user_id, ended_at=None).values("agency_id")
        reached = Alert.objects.at_the_setting().filter(setting__in=settings_of, acknowledged_at=None)
        if exclusion.child_id:
            reached = reached.filter(child_id=exclusion.child_id)
        elif exclusion.alert_id:
            reached = reached.filter(pk=exclusion.alert_id)
        else:
            reached = reached.filter(notification=exclusion.notification)
        for alert in reached.order_by("pk"):
            address_anew(alert, occasion=f"passed-on-{exclusion.pk}")


@transaction.atomic
def lift(subject: Subject, *, exclusion: Exclusion, because: str, by: User) -> None:
    """Let in again, as far as roles and grants go, with the reason (MRC-18)."""
    subject = _again(subject, by)
    if not subject.may_shut_out:
        raise NotVisible
    mine = Exclusion.objects.visible_to(by).select_related("crypto_key")
    held = mine.select_for_update(of=("self",)).filter(pk=exclusion.pk).first()
    if held is None:
        raise NotVisible
    policies.check_can_lift(held)
    held.lifted_at, held.lifted_by, held.lifted_because = timezone.now(), by, because
    held.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    record("exclusion.lifted", held, facts={"user": held.user_id}, at=subject.agency_id)


def remember_shared_opening(shared: selectors.SharedNotification) -> None:
    """Each opening by who was let in by name is remembered, and by which way they came (AUD-01, NTK-05)."""
    way = WayIn.BREAK_GLASS if shared.grant.break_glass_id else WayIn.NAME
    record("notification.opened", shared.notification, purpose="Read what was shared with me", way=way,
           at=shared.grant.agency_id)  # fmt: skip


# -- in an emergency


@transaction.atomic
def break_glass(ref: str, *, because: EmergencyBecause, reason: str, by: User) -> Alert | Notification | None:
    """Opens a record for a short time to who may and says why; alarms at once, and will be reviewed (NTK-05).

    Nothing where the reference leads nowhere, out of reach, or to what they are shut out of; that is remembered as well.
    """
    if not selectors.may_break_glass(by):
        raise NotVisible
    too_many = selectors.wrong_references(by) >= policies.MOST_ATTEMPTS
    target = selectors.glass_target(ref)
    if target is None or too_many:
        facts = {"ref": normalise_ref(ref) or "", "too_many": too_many}
        record("glass.refused", by, outcome="denied", facts=facts)
        return None
    if selectors.opens_already(target, by):
        raise Refused("You can open this record without an emergency. Nothing was recorded. Find it in your own list.")
    glass = _open(target, because, reason, by)
    item = _opened(glass, by)
    record("glass.broken", item, purpose=f"emergency: {because}", way=WayIn.BREAK_GLASS, at=glass.agency_id,
           facts={"glass": glass.ref, "role": glass.role, "until": glass.expires_at.isoformat()})  # fmt: skip
    _alarm(glass, item)
    return item


def _open(target: selectors.Target, because: EmergencyBecause, reason: str, by: User) -> BreakGlass:
    partnership = Agency.objects.get(pk=target.controller_id).partnerships.get(pk=target.partnership_id)
    now = timezone.now()
    glass = BreakGlass.objects.create(
        partnership=partnership,
        controller_id=target.controller_id,
        user=by,
        agency_id=target.agency_id,
        role=target.role,
        alert_id=target.alert_id,
        notification_id=target.notification_id,
        because=because,
        reason=reason,
        opened_at=now,
        expires_at=now + dt.timedelta(minutes=partnership.break_glass_minutes),
        review_agency_id=target.review_agency_id,
        review_due_at=now + dt.timedelta(days=partnership.break_glass_review_days),
    )
    model: Any = AlertGrant if target.alert_id else NotificationGrant
    number = target.alert_id or target.notification_id
    codename = "view_alert" if target.alert_id else "view_notification"
    permission = Permission.objects.get(codename=codename, content_type__app_label="alerts")
    # written by number: the record itself is not there for this person before the grant is
    model.objects.bulk_create(
        [
            model(
                content_object_id=number,
                user=by,
                permission=permission,
                agency_id=glass.agency_id,
                reason="",
                granted_by=by,
                expires_at=glass.expires_at,
                break_glass=glass,
            )
        ]
    )
    return glass


def _opened(glass: BreakGlass, by: User) -> Alert | Notification:
    if glass.alert_id is not None:
        return Alert.objects.visible_to(by).select_related("partnership", "controller").get(pk=glass.alert_id)
    visible = Notification.objects.visible_to(by).select_related("partnership", "controller")
    return visible.get(pk=glass.notification_id or 0)


def _alarm(glass: BreakGlass, item: Alert | Notification) -> None:
    """The information-governance leads hear of it at once; where there is none, the hub's managers do (NTK-05)."""
    with acting_as(as_dispatch("alarm")):
        for person in _leads(glass.review_agency_id, HANDLERS["audit"], glass.user_id) or _leads(
            hub_of(item.partnership).pk, (Role.MASH_MANAGER,), glass.user_id
        ):
            queue_email(
                to=person.email,
                template="glass_broken",
                context={
                    "ref": glass.ref,
                    "record": item.ref,
                    "link": f"{settings.SITE_URL}/emergency/reviews/{glass.ref}/",
                    "marking": item.partnership.marking,
                },
                dedupe_key=f"glass:{glass.pk}:{person.pk}",
                recipient=person,
                about=item,
            )


def _leads(agency_id: int, roles: tuple[str, ...], without: int) -> list[User]:
    held = Membership.objects.filter(agency_id=agency_id, role__in=roles, ended_at=None, user__is_active=True)
    return list({row.user_id: row.user for row in held.exclude(user_id=without).select_related("user")}.values())


def _held(glass: BreakGlass, by: User) -> BreakGlass:
    """The row, for update; one's own only to be refused with a sentence: the wall would not let it be changed."""
    mine = selectors.glasses(for_user=by).filter(pk=glass.pk)
    held = mine.first() if glass.user_id == by.pk else mine.select_for_update(of=("self",)).first()
    if held is None:
        raise NotVisible
    return held


@transaction.atomic
def end_glass(glass: BreakGlass, *, by: User) -> None:
    """Access ends now, before its time (NTK-05)."""
    held = _held(glass, by)
    policies.check_can_end(held, by=by)
    held.ended_at, held.ended_by = timezone.now(), by
    held.save(update_fields=["ended_at", "ended_by"])
    with acting_as(as_dispatch("end emergency access")):
        for model in (AlertGrant, NotificationGrant):
            model.objects.filter(break_glass=held, withdrawn_at=None).update(
                withdrawn_at=held.ended_at, withdrawn_by=by
            )
    record("glass.ended", held, facts={"user": held.user_id}, at=held.review_agency_id)


@transaction.atomic
def review(glass: BreakGlass, *, finding: Finding, note: str, by: User) -> None:
    """Closed with a finding by an information-governance lead who is not the person (NTK-05)."""
    held = _held(glass, by)
    policies.check_can_review(held, by=by)
    held.reviewed_at, held.reviewed_by = timezone.now(), by
    held.finding, held.finding_note = finding, note
    held.save(update_fields=["reviewed_at", "reviewed_by", "finding", "finding_note"])
    record("glass.reviewed", held, facts={"finding": str(finding), "user": held.user_id}, at=held.review_agency_id)
