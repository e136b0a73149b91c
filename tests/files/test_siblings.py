"""Brothers and sisters: which file a note goes into, and that their files are linked whoever sends their alerts."""

import pytest
from django.test import Client
from django.utils import timezone

from alerts.files import services
from alerts.files.enums import Link
from alerts.models import SafeguardingFile
from tests.factories import World
from tests.files.test_file import entries_of, file_at
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

TYPED = {"kind": "concern", "text": "Came without a coat.", "part": ""}


def typed(**also: str) -> dict[str, str]:
    today = timezone.localdate()
    day = {"happened_on_0": str(today.day), "happened_on_1": str(today.month), "happened_on_2": str(today.year)}
    return {**TYPED, **day, **also}


def link(file: SafeguardingFile, other: SafeguardingFile, world: World) -> None:
    with as_user(world.dsl):
        services.link(file, other=other, kind=Link.SIBLING, by=world.dsl)


def offered(client: Client, file: SafeguardingFile) -> dict[str, str]:
    """By what each linked child's question is called: the child."""
    form = client.get(f"/files/{file.ref}/note/").context["form"]
    return {each.file.ref: name for name, each in form.linked.items()}


@pytest.mark.req("ALR-15")
def test_a_note_goes_into_the_file_that_was_chosen_though_another_was_linked_meanwhile(world: World) -> None:
    older, file, sister = file_at(world), file_at(world), file_at(world)
    link(file, sister, world)
    client = signed_in(world.dsl)
    [name] = offered(client, file).values()
    link(file, older, world)  # while the note is written
    assert client.post(f"/files/{file.ref}/note/", typed(**{name: "saw"})).status_code == 302
    assert [entry.text for entry in entries_of(sister)[1:]] == [TYPED["text"]]
    assert entries_of(older)[1:] == []


@pytest.mark.req("ALR-15")
def test_a_file_that_is_not_offered_is_refused_and_what_was_written_stays(world: World) -> None:
    file, stranger = file_at(world), file_at(world)
    client = signed_in(world.dsl)
    chosen = {f"also_{stranger.ref}": "saw"}
    answer = client.post(f"/files/{file.ref}/note/", typed(**chosen))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "A file that you chose is not linked to this one now. Nothing was saved" in page
    assert TYPED["text"] in page
    assert entries_of(file)[1:] == entries_of(stranger)[1:] == []
    # no other child was chosen: nothing to look at again
    assert client.post(f"/files/{file.ref}/note/", typed(**dict.fromkeys(chosen, ""))).status_code == 302
    with fixtures():
        assert len(entries_of(file)) == 2
