"""A child whose file has something in it, and the way to another setting."""

import datetime as dt
from typing import Any

from django.utils import timezone

from alerts.files import services as files
from alerts.files.enums import EntryKind, PersonsPart, Relation
from alerts.models import Alert, SafeguardingFile, Transfer
from alerts.moves import services
from alerts.moves.enums import Destination, MoveReason
from alerts.moves.services import Leaving
from safeguarding.agencies.models import Agency
from tests.factories import World
from tests.support.db import as_service, as_user, fixtures

OUTSIDE = {"setting": "Marsh End School", "name": "Wren Halloran", "email": "lead@marshend.example"}


def today() -> dt.date:
    return timezone.localdate()


def filled_file(world: World, **alert: Any) -> SafeguardingFile:
    """As an alert opens it; with a note, an addendum and a person."""
    with fixtures():
        sent = world.alert(**alert)
    with as_service("dispatch"):
        file = files.file_alert(Alert.objects.select_related("controller", "setting").get(pk=sent.pk))
    assert file is not None
    with as_user(world.dsl):
        note = files.Note(EntryKind.CONCERN, today() - dt.timedelta(days=5), "CANARY came without a coat.")
        [entry] = files.write_note(file, note=note, by=world.dsl)
        files.add_addendum(entry, text="CANARY and without a lunch.", by=world.dsl)
        files.add_person(
            file, name="CANARY aunt", relation=Relation.RELATIVE, part=PersonsPart.SUPPORTS, note="", by=world.dsl
        )
    return file


def leaving(setting: Agency | None = None, **fields: Any) -> Leaving:
    values = {"left_on": today(), "reason": MoveReason.SETTING, "destination": Destination.HUB, "setting": setting}
    return Leaving(**{**values, **fields})


def begun(world: World, file: SafeguardingFile, setting: Agency | None = None, **fields: Any) -> Transfer:
    with as_user(world.dsl):
        return services.begin(file, leaving=leaving(setting or world.other_school, **fields), by=world.dsl)


def sent(world: World, file: SafeguardingFile, setting: Agency | None = None, **fields: Any) -> Transfer:
    transfer = begun(world, file, setting, **fields)
    with as_user(world.dsl):
        return services.send(transfer, by=world.dsl)


def again(transfer: Transfer) -> Transfer:
    with fixtures():
        found: Transfer = Transfer.objects.select_related("crypto_key").get(pk=transfer.pk)
    return found
