"""The police correct a notification or take it back, whenever that is (ALR-01, ALR-03, SHR-14).

A correction is the whole notification again. Until the alerts have left it takes the place of the first; afterwards every
setting that was told something else is told, and the content is deleted as ever (ALR-09).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from agreements.register.enums import Item
from alerts.delivery.enums import RecalledBecause
from alerts.delivery.recalls import Followed, follow, hold_alerts, take_back
from alerts.intake import policies
from alerts.intake.content import Person, PoliceNotification, differences, warnings
from alerts.intake.enums import (
    AmendmentKind,
    Channel,
    ChildState,
    NotificationKind,
    NotificationStatus,
    Part,
    Route,
    WithdrawnBecause,
)
from alerts.intake.models import Amendment, Notification, NotificationChild
from alerts.intake.selectors import amendable
from alerts.intake.services import (
    SettingsOf,
    as_matching,
    details_of,
    go_on,
    judge_in_order,
    lock_intake,
    remember_child,
)
from alerts.missing.services import drop_episodes, note_episodes
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.calendars import calendar_of
from safeguarding.agencies.models import User
from safeguarding.audit import record as audit
from safeguarding.children import selectors as children
from safeguarding.children.matching import Details, Judgement, Verdict
from safeguarding.children.names import key
from safeguarding.crypto.keys import body_mac
from safeguarding.errors import NotVisible
from safeguarding.notifications.services import enqueue


def _take(notification: Notification, by: User) -> Notification:
    """For update, after its alerts, and only for who may amend it (NTK-02)."""
    if not amendable(for_user=by).filter(pk=notification.pk).exists():
        raise NotVisible
    lock_intake(notification.source_id, partnership_id=notification.partnership_id)
    with acting_as(as_dispatch("amend")):
        hold_alerts(notification)
        taken = Notification.objects.select_for_update(of=("self",)).select_related("partnership", "crypto_key")
        return taken.get(pk=notification.pk)


@transaction.atomic
def withdraw(notification: Notification, *, because: WithdrawnBecause, channel: Channel, by: User) -> Amendment:
    """Nothing more is sent, and every setting that was told reads that it counts as not sent; asked again it changes nothing."""
    held = _take(notification, by)
    if held.withdrawn_at is not None:
        with as_matching("withdraw"):
            return Amendment.objects.get(notification=held, kind=AmendmentKind.WITHDRAWAL)
    before = held.status
    amendment = _amendment(held, AmendmentKind.WITHDRAWAL, channel, by, because=because)
    with as_matching("withdraw"):
        held.status, held.withdrawn_at = NotificationStatus.CLOSED, timezone.now()
        held.closed_at = held.withdrawn_at
        held.version += 1
        held.save(update_fields=["status", "withdrawn_at", "closed_at", "version"])
        drop_episodes(held)
    with acting_as(as_dispatch("withdraw")):
        told = take_back(held, because=RecalledBecause.WITHDRAWN, occasion=f"withdrawn-{amendment.pk}", by=by)
        enqueue("notification.settle", {"notification": held.pk})
    _remember_told(amendment, told, looked=before == NotificationStatus.RECEIVED)
    audit.record("notification.withdrawn", held, facts={"because": because, "was": before, "told": told})
    return amendment


@transaction.atomic
def correct(
    notification: Notification, *, content: PoliceNotification, body: bytes, channel: Channel, by: User
) -> Amendment:
    """What the police say now counts; the children are matched again, and a person asked where it is not certain (ALR-03).

    The same correction again changes nothing. `body` is the canonical spelling of what was sent.
    """
    held = _take(notification, by)
    mac = body_mac(held.partnership_id, body)
    with as_matching("correct"):
        newest = Amendment.objects.filter(notification=held).order_by("-pk").first()
    if newest is not None and newest.kind == AmendmentKind.CORRECTION and bytes(newest.body_mac or b"") == mac:
        return newest
    policies.check_can_correct(held, content)
    before = PoliceNotification.from_json(held.content) if held.content else None
    was = held.status
    with as_matching("correct"):
        parts = [*_name_anew(held, content), *(differences(before, content) if before else ())]
        _write_down(held, content, was)
        if held.kind == NotificationKind.MISSING_EPISODE:
            note_episodes(held)
    amendment = _amendment(held, AmendmentKind.CORRECTION, channel, by, body_mac=mac)
    followed = Followed()
    if held.status == NotificationStatus.SCREENED:
        with acting_as(as_dispatch("correct")):
            followed = follow(held, occasion=f"corrected-{amendment.pk}", by=by)
    amendment.parts = sorted({*parts, *(_PART_OF[item] for item in followed.items)})
    _remember_told(amendment, followed.told, looked=was == NotificationStatus.RECEIVED)
    audit.record("notification.corrected", held, facts={"parts": amendment.parts, "was": was, "told": followed.told})
    if held.status == NotificationStatus.RECEIVED:
        with as_matching("correct"):
            go_on(held, by=by)
    return amendment


# Of a report that was deleted before only the alerts can tell what they said.
_PART_OF: dict[str, Part] = {
    Item.CHILD_NAME: Part.CHILD_DETAILS,
    Item.CHILD_BIRTH: Part.CHILD_DETAILS,
    Item.ADULTS_NAMES: Part.ADULTS,
    Item.INCIDENT_DATE: Part.TIME,
}


def _amendment(held: Notification, kind: AmendmentKind, channel: Channel, by: User, **fields: object) -> Amendment:
    with as_matching("amend"):
        return Amendment.objects.create(
            partnership_id=held.partnership_id,
            controller_id=held.controller_id,
            source_id=held.source_id,
            notification=held,
            kind=kind,
            channel=channel,
            made_by=by,
            **fields,
        )


def _remember_told(amendment: Amendment, told: int, *, looked: bool) -> None:
    """Somebody at the hub looks whether the decision still stands, unless none had been made yet (MSH-01)."""
    amendment.settings_told, amendment.needs_a_look = told, not looked
    with as_matching("amend"):
        amendment.save(update_fields=["parts", "settings_told", "needs_a_look"])


def _write_down(held: Notification, content: PoliceNotification, was: str) -> None:
    """In the place of what was sent first; content that was deleted has a new key of its own until it goes again (ALR-09)."""
    held.content, held.risk = content.to_json(), content.risk or ""
    held.occurred_at = content.occurred_at
    held.warnings = [asdict(remark) for remark in warnings(content)]
    held.version += 1
    changed = ["content", "risk", "occurred_at", "warnings", "version", "generation", "status"]
    if held.purged_at is not None:
        held.purged_at = None
        held.crypto_key_id = None  # type: ignore[assignment]  # saving makes a new one
        changed += ["purged_at", "crypto_key"]
    if was == NotificationStatus.CLOSED:
        held.status, held.closed_at, held.claimed_by, held.claimed_at = NotificationStatus.RECEIVED, None, None, None
        changed += ["closed_at", "claimed_by", "claimed_at"]
    elif was != NotificationStatus.RECEIVED:
        held.status = NotificationStatus.SCREENED
    if held.status == NotificationStatus.RECEIVED:
        rows = held.children.filter(generation=held.generation).exclude(setting=None).select_related("setting")
        bells = [calendar_of(row.setting, held.partnership).next_bell(held.received_at) for row in rows if row.setting]
        held.due_at = policies.due_at(held.partnership, content.risk, held.received_at, bells)
        changed.append("due_at")
    held.save(update_fields=changed)


def _name_anew(held: Notification, content: PoliceNotification) -> list[str]:
    """The children named now, matched; who was named before keeps what a person decided. What changed, by its code."""
    old = list(held.children.filter(generation=held.generation).select_related("child__crypto_key", "setting"))
    NotificationChild.objects.filter(pk__in=[row.pk for row in old]).update(state=ChildState.DROPPED, waiting_for="")
    held.generation += 1
    persons = list(content.children)
    judgements = judge_in_order(held.partnership, persons=[person for _, person in persons])
    settings = SettingsOf(held.partnership, [person for _, person in persons], judgements)
    carried = _carried(old, [person for _, person in persons], judgements)
    routes = _routes_at(old)
    parts = []
    if len(carried) < len(persons) or len(carried) < len(old):
        parts.append("children")
    for place, ((position, person), judgement) in enumerate(zip(persons, judgements, strict=True)):
        row = carried.get(place)
        found = settings.of(place)
        if row is not None and (found[0] is None or row.decided_by_id is not None):
            found = (row.setting, row.home_educated)
        if row is not None and found[0] != row.setting:
            parts.append("settings")
        route = routes.get(found[0].pk, Route.USUAL) if found[0] else Route.USUAL
        remember_child(
            held, position=position, person=person, judgement=judgement, found=found, before=row, route=route
        )
    return parts


def _routes_at(old: Sequence[NotificationChild]) -> Mapping[int, str]:
    """By setting, whom the hub said is told there instead, for a child that is nobody's on record yet: the adult who is
    named may still be on its staff. The strictest, where children there go different ways (MRC-18)."""
    said = sorted((row for row in old if row.route != Route.USUAL), key=lambda row: row.route == Route.AUTHORITY)
    return {row.setting_id: row.route for row in said if row.setting_id is not None}


def _carried(
    old: Sequence[NotificationChild], persons: Sequence[Person], judgements: Sequence[Judgement]
) -> Mapping[int, NotificationChild]:
    """Which child of the correction is which of before, by its place in the list.

    Sure of the record; or alike and nobody else is; or the first name and one more of the three agree (ALR-03).
    """
    rows = [row for row in old if row.child is not None]
    standing = children.survivors_of([row.child for row in rows if row.child])
    found: dict[int, NotificationChild] = {}
    for is_same in (_on_record, _among_alike, _by_two_of_three):
        for place, (person, judgement) in enumerate(zip(persons, judgements, strict=True)):
            if place in found:
                continue
            for row in rows:
                assert row.child is not None
                free = row not in found.values()
                if free and is_same(person, judgement, standing[row.child.pk], children.details_of(row.child)):
                    found[place] = row
                    break
    return found


def _on_record(person: Person, judgement: Judgement, number: int, known: Details) -> bool:
    return judgement.verdict is Verdict.SURE and judgement.alike[0].key == number


def _among_alike(person: Person, judgement: Judgement, number: int, known: Details) -> bool:
    return judgement.verdict is Verdict.POSSIBLE and number in {each.key for each in judgement.alike}


def _by_two_of_three(person: Person, judgement: Judgement, number: int, known: Details) -> bool:
    said = details_of(person)
    return (
        judgement.verdict is not Verdict.SURE
        and key(said.given_name) == key(known.given_name)
        and (key(said.family_name) == key(known.family_name) or said.date_of_birth == known.date_of_birth)
    )


@transaction.atomic
def look_again(amendment: Amendment, *, by: User) -> Amendment:
    """Somebody at the hub has looked whether the decision still stands after what the police said (MSH-01)."""
    held = Amendment.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=amendment.pk).first()
    if held is None:
        raise NotVisible
    if held.looked_at is None:
        held.looked_at, held.looked_by = timezone.now(), by
        held.save(update_fields=["looked_at", "looked_by"])
        audit.record("notification.looked_again", amendment.notification, facts={"kind": amendment.kind})
    return held
