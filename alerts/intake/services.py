"""Taking a notification in, and a person's decision on a child that is not certain (ALR-01 to ALR-03)."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from alerts.delivery.services import prepare_alerts
from alerts.intake import policies
from alerts.intake.content import Person, PoliceNotification, warnings
from alerts.intake.enums import (
    Channel,
    ChildState,
    DecisionReason,
    Match,
    NotificationKind,
    NotificationStatus,
    Route,
    WaitingFor,
)
from alerts.intake.models import MatchCandidate, Notification, NotificationChild
from alerts.missing.services import note_episodes
from alerts.screening.services import send_unscreened
from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.agencies import selectors as agencies
from safeguarding.agencies.calendars import calendar_of
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.audit import record as audit
from safeguarding.children import selectors as children
from safeguarding.children.enums import PlacementSource
from safeguarding.children.matching import Details, Judgement, Verdict
from safeguarding.children.models import Child
from safeguarding.children.services import place, register, tell_apart_all
from safeguarding.crypto.keys import body_mac
from safeguarding.errors import Conflict, NotVisible

MOST_CANDIDATES = 5
# Advisory locks of this room: first the sender's, then the partnership's, so that no two wait for each other.
_LOCK_SOURCE, _LOCK_PARTNERSHIP = 7301, 7302


class AlreadyReceived(Conflict):
    """The sender used one reference for two different notifications."""


@dataclass(frozen=True)
class Receipt:
    notification: Notification
    children: Sequence[NotificationChild]
    is_new: bool


def as_matching(purpose: str) -> AbstractContextManager[object]:
    """Matching reads every child of the hub, which no sender may: it acts as a service of its own (NTK-02)."""
    asker = current()
    if asker.service == "matching":
        return nullcontext()
    matching = Principal(
        service="matching", purpose=purpose, remote_addr=asker.remote_addr, request_id=asker.request_id
    )
    return acting_as(matching)


@transaction.atomic
def receive(
    *,
    content: PoliceNotification,
    body: bytes,
    source: Agency,
    partnership: Partnership,
    channel: Channel,
    by: User | None,
) -> Receipt:
    """One reference is one notification: the same body again changes nothing, another is refused (ALR-01, ALR-02).

    `body` is the canonical spelling of what was sent; `by` is nobody when a file goes on after its sender has left.
    """
    policies.check_can_send(source)
    mac = body_mac(partnership.pk, body)
    with as_matching("intake"):
        _lock(_LOCK_SOURCE, source.pk)
        known = Notification.objects.filter(source=source, reference=content.reference).first()
        if known is not None:
            if bytes(known.body_mac) != mac:
                raise AlreadyReceived("This reference was received before with other content. That one was kept.")
            first = known.children.filter(generation=0).select_related("answered_setting")
            return Receipt(known, list(first), is_new=False)
        lock_partnership(partnership.pk)
        receipt = _take_in(content, mac, source, partnership, channel)
    audit.record("notification.received", receipt.notification, facts=_facts(receipt, by))
    with as_matching("intake"):
        go_on(receipt.notification, by=by)
    return receipt


def lock_intake(source_id: int, *, partnership_id: int) -> None:
    """One notification of a sender, and of a partnership, at a time: as receiving does it."""
    _lock(_LOCK_SOURCE, source_id)
    lock_partnership(partnership_id)


def lock_partnership(partnership_id: int) -> None:
    """One at a time finds children on record or puts them there: two at once would both find nobody (ALR-03)."""
    _lock(_LOCK_PARTNERSHIP, partnership_id)


def _lock(what: int, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [what, number])


def _facts(receipt: Receipt, by: User | None) -> dict[str, object]:
    return {
        "channel": receipt.notification.channel,
        "by": by.pk if by else None,
        "children": [{"match": child.match, "state": child.state} for child in receipt.children],
        "warnings": len(receipt.notification.warnings),
    }


def _take_in(
    content: PoliceNotification, mac: bytes, source: Agency, partnership: Partnership, channel: Channel
) -> Receipt:
    hub = agencies.hub_of(partnership)
    persons = list(content.children)
    judgements = judge_in_order(partnership, persons=[person for _, person in persons])
    resolved = SettingsOf(partnership, [person for _, person in persons], judgements)
    received_at = timezone.now()
    bells = [calendar_of(setting, partnership).next_bell(received_at) for setting in resolved.distinct]
    notification = Notification.objects.create(
        partnership=partnership,
        controller=hub,
        source=source,
        reference=content.reference,
        kind=content.kind,
        channel=channel,
        occurred_at=content.occurred_at,
        received_at=received_at,
        risk=content.risk or "",
        content=content.to_json(),
        body_mac=mac,
        warnings=[asdict(remark) for remark in warnings(content)],
        due_at=policies.due_at(partnership, content.risk, received_at, bells),
    )
    rows = [
        remember_child(
            notification, position=position, person=person, judgement=judgement, found=resolved.of(place_in_list)
        )
        for place_in_list, ((position, person), judgement) in enumerate(zip(persons, judgements, strict=True))
    ]
    return Receipt(notification, rows, is_new=True)


def judge_in_order(partnership: Partnership, *, persons: Sequence[Person]) -> list[Judgement]:
    """Two children of one notification are two children (ALR-03)."""
    return children.judge_family(partnership, [details_of(person) for person in persons])


def details_of(person: Person) -> Details:
    return Details(person.given_name, person.family_name, person.date_of_birth, person.upn, person.nhs_number)


class SettingsOf:
    """Where each child of a notification goes to school: by URN, by its known place, or not known (ALR-03, ALR-06)."""

    def __init__(self, partnership: Partnership, persons: Sequence[Person], judgements: Sequence[Judgement]):
        urns = [person.setting.urn for person in persons if person.setting and person.setting.urn]
        self._by_urn = agencies.settings_by_urn(partnership, urns) if urns else {}
        sure = [judgement.alike[0].key for judgement in judgements if judgement.verdict is Verdict.SURE]
        self._attended = children.settings_attended(sure) if sure else {}
        self._left = children.settings_left(sure) if sure else {}
        at_home = Child.objects.filter(pk__in=sure, home_educated=True)
        self._at_home = set(at_home.values_list("pk", flat=True)) if sure else set()
        self._partnership = partnership
        self._found = [self._find(*pair) for pair in zip(persons, judgements, strict=True)]

    def _find(self, person: Person, judgement: Judgement) -> tuple[Agency | None, bool]:
        known = judgement.alike[0].key if judgement.verdict is Verdict.SURE else None
        if person.home_educated:
            return self._council, True
        if person.setting and person.setting.urn in self._by_urn:
            named = self._by_urn[person.setting.urn]
            # the police may not have heard of a move of yesterday: a person is asked, and nobody at the old one is told
            has_left = known is not None and named in self._left.get(known, [])
            return (None if has_left else named), False
        attended = self._attended.get(known, []) if known else []
        if len(attended) == 1:
            return attended[0], False
        if known in self._at_home and person.home_educated is None and not attended:
            return self._council, True
        return None, False

    @cached_property
    def _council(self) -> Agency | None:
        return agencies.council_of(self._partnership)

    def of(self, place_in_list: int) -> tuple[Agency | None, bool]:
        return self._found[place_in_list]

    @property
    def distinct(self) -> list[Agency]:
        found = {setting.pk: setting for setting, at_home in self._found if setting and not at_home}
        return list(found.values())


def remember_child(
    notification: Notification,
    *,
    position: int,
    person: Person,
    judgement: Judgement,
    found: tuple[Agency | None, bool],
    before: NotificationChild | None = None,
    route: str = Route.USUAL,
) -> NotificationChild:
    """A child of the notification as it is now; `before` is what was known of it until the police corrected it (ALR-03).

    `route`: who at the setting is told of one of whom nothing was known before (MRC-18).
    """
    setting, at_home = found
    child = before.child if before else _known_or_new(notification, person, judgement, at_home=at_home)
    missing = WaitingFor.NOTHING if setting else WaitingFor.SETTING
    waiting_for = WaitingFor.MATCH if child is None else missing
    is_said_anew = before is None or before.setting != setting
    if child is not None and setting is not None and not at_home and is_said_anew:
        place(child=child, setting=setting, source=PlacementSource.NOTIFICATION)
    row = NotificationChild.objects.create(
        partnership_id=notification.partnership_id,
        controller_id=notification.controller_id,
        notification=notification,
        position=position,
        match=Match(judgement.verdict.value),
        state=_state(waiting_for, before),
        waiting_for="" if before and before.state == ChildState.NOBODY else waiting_for,
        child=child,
        setting=setting,
        generation=notification.generation,
        answered_setting=None if at_home else setting,
        home_educated=at_home,
        present=person.present,
        route=before.route if before else route,
        **_kept(before, setting),
    )
    if before is not None:
        return row
    if judgement.verdict is Verdict.SURE:
        audit.record("child.matched", child, facts={"notification": notification.ref})
    elif judgement.verdict is Verdict.POSSIBLE:
        _remember_candidates(row, judgement)
    return row


def _state(waiting_for: str, before: NotificationChild | None) -> ChildState:
    if before is not None and before.state == ChildState.NOBODY:
        return ChildState.NOBODY
    return ChildState.WAITING if waiting_for else ChildState.SETTLED


def _kept(before: NotificationChild | None, setting: Agency | None) -> dict[str, Any]:
    """What a person decided stays decided when the police correct something else."""
    if before is None:
        return {}
    second = None if before.second_setting == setting else before.second_setting
    names = ("decided_by_id", "decided_at", "decided_because")
    return {"second_setting": second, **{name: getattr(before, name) for name in names}}


def _known_or_new(notification: Notification, person: Person, judgement: Judgement, *, at_home: bool) -> Child | None:
    match judgement.verdict:
        case Verdict.SURE:
            return Child.objects.with_keys().get(pk=judgement.alike[0].key)
        case Verdict.NEW:
            return register(
                partnership=notification.partnership,
                hub=notification.controller,
                details=details_of(person),
                home_educated=at_home,
            )
    return None


def _remember_candidates(row: NotificationChild, judgement: Judgement) -> None:
    MatchCandidate.objects.bulk_create(
        MatchCandidate(
            partnership_id=row.partnership_id,
            controller_id=row.controller_id,
            notification_child=row,
            child_id=likeness.key,
            score=likeness.score,
            reasons=list(likeness.reasons),
        )
        for likeness in judgement.alike[:MOST_CANDIDATES]
    )


def go_on(notification: Notification, *, by: User | None) -> None:
    """What is certain does not wait for what is not; with nobody to tell it ends (ALR-03; spec v1, what is a sure match)."""
    if notification.kind == NotificationKind.MISSING_EPISODE:
        note_episodes(notification)
    if notification.status == NotificationStatus.RECEIVED:
        states = set(notification.children.exclude(state=ChildState.DROPPED).values_list("state", flat=True))
        if not notification.partnership.screens and (ChildState.SETTLED in states or states == {ChildState.NOBODY}):
            send_unscreened(notification, by=by)
            notification.refresh_from_db(fields=["status"])
    elif notification.status != NotificationStatus.CLOSED:
        prepare_alerts(notification, by=by)


def _standing_for(chosen: Child) -> Child:
    """The record of the chosen child as it stands now: somebody may have joined two in the meantime (ALR-03)."""
    (standing,) = children.survivors_of(Child.objects.filter(pk=chosen.pk).only("pk", "merged_into")).values()
    return Child.objects.with_keys().get(pk=standing)


@transaction.atomic
def decide_match(
    *,
    child: NotificationChild,
    same_as: Child | None,
    setting: Agency | None,
    second: Agency | None = None,
    nowhere: bool = False,
    reason: DecisionReason,
    by: User,
) -> NotificationChild:
    """A person says who the child is and where it goes to school; no setting means educated at home (ALR-03, ALR-06).

    `second`: registered at two settings. `nowhere`: at none, as before birth; then nobody is told of this child.
    """
    lock_partnership(child.partnership_id)
    row = (
        NotificationChild.objects.visible_to(by)
        .select_for_update(of=("self", "notification"))  # screening reads the children under the same lock
        .select_related("notification__partnership", "notification__controller", "notification__crypto_key")
        .get(pk=child.pk)
    )
    policies.check_can_decide_match(row)
    assert row.notification.content is not None
    person = PoliceNotification.from_json(row.notification.content).people[row.position]
    at_home = setting is None and not nowhere
    record = (
        row.child
        or (same_as and _standing_for(same_as))
        or register(
            partnership=row.notification.partnership,
            hub=row.notification.controller,
            details=details_of(person),
            home_educated=at_home,
        )
    )
    of_record = children.records_of([record.pk])
    named_now = NotificationChild.objects.filter(notification=row.notification, generation=row.generation)
    if named_now.filter(child__in=of_record).exclude(pk=row.pk).exists():
        raise Conflict("Another child of this notification is already this child. Nothing was changed.")
    if row.child is None and same_as is None:
        candidates = MatchCandidate.objects.filter(notification_child=row).select_related("child__crypto_key")
        tell_apart_all(child=record, others=[each.child for each in candidates], by=by)
    where = setting or (agencies.council_of(row.notification.partnership) if at_home else None)
    for attended in (setting, second):
        if attended is not None:
            place(child=record, setting=attended, source=PlacementSource.PERSON)
    row.child, row.setting, row.home_educated, row.second_setting = record, where, at_home, second
    row.state, row.waiting_for = ChildState.NOBODY if nowhere else ChildState.SETTLED, WaitingFor.NOTHING
    row.decided_by, row.decided_at, row.decided_because = by, timezone.now(), reason
    row.save()
    audit.record(
        "child.match_decided",
        row.notification,
        facts={
            "position": row.position,
            "new": same_as is None,
            "because": reason,
            "home_educated": at_home,
            "nowhere": nowhere,
            "second": second is not None,
        },
    )
    go_on(row.notification, by=by)
    return row


@transaction.atomic
def change_settings(
    *, child: NotificationChild, setting: Agency | None, second: Agency | None, nowhere: bool, by: User
) -> NotificationChild:
    """Before anything leaves, a person says that a child goes elsewhere, to two settings, or to none (ALR-03, ALR-06)."""
    taken = Notification.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=child.notification_id)
    notification = taken.select_related("partnership").first()
    row = NotificationChild.objects.visible_to(by).select_related("child").filter(pk=child.pk).first()
    if notification is None or row is None:
        raise NotVisible
    row.notification = notification
    policies.check_can_change_settings(row)
    assert row.child is not None
    at_home = setting is None and not nowhere
    for attended in (setting, second):
        if attended is not None:
            place(child=row.child, setting=attended, source=PlacementSource.PERSON)
    row.setting = setting or (agencies.council_of(notification.partnership) if at_home else None)
    row.second_setting, row.home_educated = second, at_home
    row.state = ChildState.NOBODY if nowhere else ChildState.SETTLED
    row.decided_by, row.decided_at = by, timezone.now()
    row.save()
    notification.version += 1
    notification.save(update_fields=["version"])
    facts = {"position": row.position, "home_educated": at_home, "nowhere": nowhere, "second": second is not None}
    audit.record("child.settings_changed", notification, facts=facts)
    return row
