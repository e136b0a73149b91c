"""What is written in a file after it was sent: the sender reads that it stayed behind, and sends it after (ALR-28)."""

import re
from typing import Any

import pytest
from django.core.cache import cache

from alerts.files import selectors as files
from alerts.files import services as file_services
from alerts.files.enums import EntryKind, PersonsPart, Relation
from alerts.files.services import Note
from alerts.models import Alert, ChildMove, FileEntry, SafeguardingFile, Transfer
from alerts.moves import paper, receiving, selectors, services, supplements
from alerts.moves.enums import Destination, MoveReason, TransferState
from safeguarding.agencies.models import User
from safeguarding.children.models import Placement
from safeguarding.errors import Conflict, NotVisible
from tests.factories import World
from tests.moves.support import OUTSIDE, again, filled_file, sent, today
from tests.moves.test_pages import let_in
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("ALR-28")]


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"</?(strong|a)[^>]*>", "", response.content.decode()))


def write_later(file: SafeguardingFile, by: User) -> None:
    """A note, an addendum to what went before, and a person."""
    with as_user(by):
        file_services.write_note(file, note=Note(EntryKind.CONCERN, today(), "CANARY later."), by=by)
        [first] = FileEntry.objects.filter(file=file, kind=EntryKind.CONCERN, addendum_to=None).order_by("pk")[:1]
        file_services.add_addendum(first, text="CANARY and a bruise.", by=by)
        file_services.add_person(
            file, name="CANARY uncle", relation=Relation.RELATIVE, part=PersonsPart.SUPPORTS, note="", by=by
        )


def received(world: World, file: SafeguardingFile) -> tuple[Transfer, SafeguardingFile]:
    transfer = sent(world, file)
    with as_user(world.other_dsl):
        return again(transfer), receiving.receive(transfer, by=world.other_dsl)


def test_the_sender_reads_how_much_stayed_behind_and_sends_it_after(world: World) -> None:
    file = filled_file(world)
    lead, other = signed_in(world.dsl), signed_in(world.other_dsl)
    transfer = sent(world, file)
    first = f"/transfers/{transfer.ref}/"
    assert "Written since it was sent" not in text(lead.get(first))
    write_later(file, world.dsl)
    waiting = text(lead.get(first))
    assert "3 items in the file came after this was sent, and stayed here: Second School does not have them." in waiting
    assert "When receipt has been given, you can send them after it." in waiting
    assert lead.post(f"{first}supplement/").status_code == 409
    other.post(f"{first}receive/", {"ours": "on"})
    with fixtures():
        copy = SafeguardingFile.objects.get(controller=world.other_school)
        placed = Placement.objects.count()
    assert "What you still write here does not reach them by itself" in text(lead.get(f"/files/{file.ref}/"))
    assert "Send them as a supplement" in text(lead.get(first))
    assert "Written since" not in text(other.get(first))
    second = lead.post(f"{first}supplement/").headers["Location"]
    page = text(lead.get(second))
    assert f"A supplement to transfer {transfer.ref}" in page
    assert "What was written in the file and is not with them yet goes" in page
    assert "which is on its way" in text(lead.get(first))
    assert lead.post(f"{second}send/").status_code == 302
    coming = text(other.get(second))
    assert "A supplement to transfer" in coming
    assert "CANARY" not in coming
    got = other.post(f"{second}receive/", {"ours": "on"}, follow=True)
    assert "A supplement to the file of First School came with the child" in text(got)
    assert "What was sent: 3 items" in text(other.get(second))
    assert "Written since it was sent" not in text(lead.get(first))
    assert "Written since it was sent" not in text(lead.get(second))
    with as_user(world.other_dsl):
        found = files.get_file(copy.ref, for_user=world.other_dsl)
        lines = files.chronology(found, files.Filters(), for_user=world.other_dsl).lines
        said = {line.entry.text: [each.text for each in line.addenda] for line in lines}
        people = {each.name for each in files.people_in(found, for_user=world.other_dsl)}
    # nothing is doubled, and the addendum stands with the copy of what it belongs to
    assert said["CANARY came without a coat."] == ["CANARY and without a lunch.", "CANARY and a bruise."]
    assert said["CANARY later."] == []
    assert len(lines) == len(said)
    assert people == {"CANARY aunt", "CANARY uncle"}
    with fixtures():
        assert SafeguardingFile.objects.filter(controller=world.other_school).count() == 1
        assert Placement.objects.count() == placed


def test_a_supplement_moves_no_child_and_no_alert(world: World) -> None:
    file = filled_file(world)
    transfer, _ = received(world, file)
    with fixtures():
        # the child is at both again, and an alert has reached the first since
        child = file.child
        Placement.objects.filter(child=child, setting=world.school).update(ends_on=None)
        alert = world.alert(child=child)
    write_later(file, world.dsl)
    with as_user(world.dsl):
        services.send(services.begin_supplement(transfer, by=world.dsl), by=world.dsl)
        services.cancel(selectors.open_transfer_of(file, for_user=world.dsl), by=world.dsl)
    with fixtures():
        assert Alert.objects.get(pk=alert.pk).sent_back_at is None
        assert not ChildMove.objects.exists()


def test_nothing_new_and_nobody_else(world: World) -> None:
    file = filled_file(world)
    transfer, _ = received(world, file)
    with as_user(world.dsl), pytest.raises(Conflict, match="Nothing was written since"):
        services.begin_supplement(transfer, by=world.dsl)
    write_later(file, world.dsl)
    for person in (world.other_dsl, world.tutor, world.officer):
        with as_user(person), pytest.raises(NotVisible):
            services.begin_supplement(transfer, by=person)
    with as_user(world.dsl):
        more = services.begin_supplement(transfer, by=world.dsl)
        assert (more.state, more.reason, more.left_on) == (TransferState.BEGUN, MoveReason.SETTING, transfer.left_on)
        assert more.due_on > today()
        with pytest.raises(Conflict, match="on its way already"):
            services.begin_supplement(transfer, by=world.dsl)
    # a child who leaves another time takes the whole file again
    with as_user(world.dsl):
        services.cancel(more, by=world.dsl)
    later = sent(world, file, left_on=today().replace(year=today().year - 1))
    with as_user(world.dsl):
        assert supplements.arrived_before(later) == []


def test_outside_of_the_hub_the_supplement_is_a_link_with_only_what_is_new(world: World) -> None:
    cache.clear()
    file = filled_file(world)
    outside = {"destination": Destination.OUTSIDE, "setting": None, "outside": OUTSIDE}
    transfer = sent(world, file, **outside)
    answer = {"answer": "ours", "name": "Wren Halloran", "post": "Head of school"}
    guest, path = let_in()
    guest.get(f"{path}pdf/")
    guest.post(path, answer)
    write_later(file, world.dsl)
    with as_user(world.dsl):
        more = services.send(services.begin_supplement(again(transfer), by=world.dsl), by=world.dsl)
    guest, path = let_in()
    page = text(guest.get(path))
    assert f'with transfer <span class="hub-nowrap">{transfer.ref}</span>: only what was written after' in page
    assert "What was sent: 3 items" in page
    assert guest.get(f"{path}pdf/").content.startswith(b"%PDF")
    assert "Receipt given" in text(guest.post(path, answer))
    with as_service("dispatch"):
        found = paper.transfer_of(more.links.get())
        contents = selectors.contents_sent(found)
        assert {entry.text for entry in contents.entries} == {"CANARY later.", "CANARY and a bruise."}
