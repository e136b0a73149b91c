"""A setting closes, or merges into another: its files and its open alerts go where they belong in one step (ALR-28)."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from alerts.delivery.models import Alert
from alerts.files.models import SafeguardingFile
from alerts.moves import ends, policies, services, telling
from alerts.moves.enums import Destination, EndKind, MoveReason
from alerts.moves.models import SettingEnd, Transfer
from alerts.moves.services import Leaving
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.record import record
from safeguarding.children.enums import PlacementSource
from safeguarding.children.models import Placement
from safeguarding.children.services import leave, place
from safeguarding.errors import Conflict

PURPOSE = "a setting ends"
# In one step; a larger setting takes several.
MOST_AT_ONCE = 200


@transaction.atomic
def record_end(agency: Agency, *, kind: EndKind, ends_on: dt.date, successor: Agency | None, by: User) -> SettingEnd:
    """Said by the setting's administrator or a manager of its hub; nothing is handed over by this."""
    ends.check_may_end(agency, for_user=by)
    policies.check_can_end(agency, kind, ends_on, successor)
    try:
        with transaction.atomic():
            end = SettingEnd.objects.create(
                agency=agency, kind=kind, ends_on=ends_on, successor=successor if kind == EndKind.MERGES else None,
                recorded_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("Somebody has said so already. Nothing was saved. Open the page again to read it.") from None
    record("setting.end_recorded", end, facts={"kind": str(kind), "on": ends_on.isoformat()}, at=agency.pk)
    return end


def _held(end: SettingEnd, by: User) -> SettingEnd:
    ends.check_may_end(end.agency, for_user=by)
    held: SettingEnd = (
        SettingEnd.objects.select_for_update(of=("self",)).select_related("agency", "successor").get(pk=end.pk)
    )
    return held


@transaction.atomic
def take_back(end: SettingEnd, *, by: User) -> None:
    """It was a mistake, or the setting goes on after all; where the day has closed it, it is open again (ALR-28).

    Only its end closes a setting, so taking the end back reopens it.
    """
    held = _held(end, by)
    policies.check_can_take_back(held)
    reopened = not held.agency.is_active
    record("setting.end_taken_back", held, facts={"kind": held.kind, "reopened": reopened})
    held.delete()
    if reopened:
        held.agency.is_active = True
        held.agency.save(update_fields=["is_active"])


@transaction.atomic
def hand_over(end: SettingEnd, *, by: User) -> int:
    """Every file that is still here goes to the successor, or to the authority; alerts that are open go to the hub (ALR-28).

    How many files went; what a receiver does not confirm stays on the lists of both, and what comes back goes with the
    next step. A large setting takes several steps.
    """
    held = _held(end, by)
    with acting_as(as_dispatch(PURPOSE)):
        files = ends.files_left([held.agency_id])
        several = list(files.select_related("crypto_key", "controller", "partnership").order_by("pk")[:MOST_AT_ONCE])
    policies.check_can_hand_over(held, files_left=bool(several))
    with acting_as(as_dispatch(PURPOSE)):
        sent = [_send(file, held, by) for file in several]
        if sent and sent[0].recipient is not None:
            telling.tell_end(
                sent[0], sent[0].recipient, occasion="sent", headline="Safeguarding files are coming",
                sentence="A setting ends, and sends you its children's files. Please confirm of each that the child is yours.",
            )  # fmt: skip
        if len(several) < MOST_AT_ONCE:
            _rest(held, by)
            held.handed_over_at, held.handed_over_by = timezone.now(), by
            held.save(update_fields=["handed_over_at", "handed_over_by"])
    facts = {"files": len(sent), "all": held.handed_over_at is not None}
    record("setting.handed_over", held, facts=facts, at=held.agency_id)
    return len(sent)


def _leaving(end: SettingEnd) -> Leaving:
    if end.successor is not None:
        return Leaving(end.ends_on, MoveReason.MERGES, Destination.HUB, end.successor)
    return Leaving(end.ends_on, MoveReason.CLOSES, Destination.AUTHORITY)


def _send(file: SafeguardingFile, end: SettingEnd, by: User) -> Transfer:
    transfer = services.begin_for(file, leaving=_leaving(end), by=by)
    services.freeze_and_send(transfer, by=by)
    services.record_sent(transfer)
    return transfer


def _rest(end: SettingEnd, by: User) -> None:
    """Alerts that stand in no file go to the hub as well; who had a place here has it at the successor, or none."""
    where = end.successor.name if end.successor else "the local authority"
    note = f"{end.agency.name} has ended. Its files go to {where}."
    services.send_alerts_back(Alert.objects.filter(setting=end.agency), note=note, by=by)
    current = Placement.objects.filter(setting=end.agency, ends_on=None).select_related("child")
    for placement in current.order_by("pk"):
        leave(child=placement.child, setting=end.agency)
        if end.successor is not None:
            place(child=placement.child, setting=end.successor, source=PlacementSource.PERSON)


def close_settings() -> int:
    """The day after, a setting that has ended gets no alerts any more."""
    with acting_as(as_dispatch(PURPOSE)), transaction.atomic():
        over = SettingEnd.objects.filter(ends_on__lt=timezone.localdate(), agency__is_active=True)
        found = list(over.select_related("agency"))
        for end in found:
            end.agency.is_active = False
            end.agency.save(update_fields=["is_active"])
            record("setting.closed", end, facts={"kind": end.kind})
    return len(found)
