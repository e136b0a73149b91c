"""A child's safeguarding file at a setting: opened by itself, added to and never changed, and nobody's who is shut out."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.files import selectors, services
from alerts.files.enums import ChildsPart, EntryKind, Link, PersonsPart, Relation
from alerts.models import Alert, FileEntry, FileLink, SafeguardingFile
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.models import User
from safeguarding.crypto.models import KeyDestroyed
from safeguarding.errors import NotVisible, Refused
from tests.delivery.support import drain, prepared
from tests.factories import World
from tests.readers.support import let_in, shut_out
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db
TODAY = dt.timedelta(0)


def file_at(world: World, alert: Alert | None = None) -> SafeguardingFile:
    """As the sending of an alert opens it."""
    if alert is None:
        with fixtures():
            alert = world.alert()
    with as_service("dispatch"):
        file = services.file_alert(Alert.objects.select_related("controller", "setting").get(pk=alert.pk))
    assert file is not None
    return file


def entries_of(file: SafeguardingFile) -> list[FileEntry]:
    with fixtures():
        return list(FileEntry.objects.filter(file=file).order_by("pk"))


def note(text: str = "Came to school without a coat.", days_ago: int = 0, **fields: Any) -> services.Note:
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    return services.Note(**{"kind": EntryKind.CONCERN, "happened_on": day, "text": text, **fields})


def write(file: SafeguardingFile, by: User, **fields: Any) -> list[FileEntry]:
    also = fields.pop("also", None)
    with as_user(by):
        return services.write_note(file, note=note(**fields), also=also, by=by)


def reads(file: SafeguardingFile, person: User) -> bool:
    with as_user(person):
        try:
            found = selectors.get_file(file.ref, for_user=person)
        except NotVisible:
            return False
        return bool(selectors.chronology(found, selectors.Filters(), for_user=person).lines)


# -- opened by itself


@pytest.mark.req("ALR-15")
def test_the_first_alert_opens_the_file_and_the_next_goes_into_it(world: World) -> None:
    prepared(world, world.school)
    drain()
    with fixtures():
        first = Alert.objects.get()
        file = SafeguardingFile.objects.get()
        second = world.alert(child=first.child, kind="missing_episode", incident_on=dt.date(2026, 11, 21))
    assert (file.controller_id, file.opened_for) == (world.school.pk, first.ref)
    assert file_at(world, second) == file
    assert file_at(world, second) == file  # sent again by a worker that was killed: filed once
    entries = entries_of(file)
    assert [(entry.kind, entry.alert_id) for entry in entries] == [("alert", first.pk), ("alert", second.pk)]
    assert "Ferelith" not in entries[0].text  # the adults stand in the alert, with its own access
    assert entries[1].happened_on == dt.date(2026, 11, 21)
    with as_user(world.dsl):
        assert (file.child_given_name, file.child_family_name) == (first.child_given_name, first.child_family_name)


@pytest.mark.req("ALR-15", "NTK-02")
def test_siblings_at_three_settings_have_a_file_at_each_and_none_knows_of_another(world: World) -> None:
    prepared(world, world.school, world.other_school, world.council, world.school)
    drain()
    with fixtures():
        files = {file.controller_id: file for file in SafeguardingFile.objects.order_by("pk")}
        links = list(FileLink.objects.all())
        assert SafeguardingFile.objects.count() == 4
    # the two at one school are linked, as named in the same notification; nobody is called a victim by it
    assert [(each.kind, each.controller_id) for each in links] == [(Link.INCIDENT, world.school.pk)]
    assert {entry.part for file in files.values() for entry in entries_of(file)} == {""}
    for school, lead in ((world.school, world.dsl), (world.other_school, world.other_dsl), (world.council, world.ehe)):
        with as_user(lead):
            assert {file.controller_id for file in SafeguardingFile.objects.all()} == {school.pk}
            linked = selectors.linked_files(files[school.pk], for_user=lead)
            assert len(linked) == (1 if school == world.school else 0)


@pytest.mark.req("ALR-15")
def test_two_records_of_one_child_have_one_file(world: World) -> None:
    with fixtures():
        kept = world.child()
        joined = world.child(merged_into=kept)
        first, second = world.alert(child=joined), world.alert(child=kept)
    assert file_at(world, first) == file_at(world, second)


@pytest.mark.req("MRC-18", "NTK-01")
@pytest.mark.parametrize("route", ["head", "authority"])
def test_what_is_for_the_head_or_the_authority_alone_leaves_no_trace_in_a_file_that_others_keep(
    world: World, route: str
) -> None:
    with fixtures():
        usual = world.alert()
        alert = world.alert(child=usual.child, route=route, audience=AUDIENCE_BITS["head"])
    file = file_at(world, usual)
    with as_service("dispatch"):
        assert services.file_alert(alert) is None
    with as_user(world.head):
        assert services.file_with(alert, kind=EntryKind.ANSWER, text="Spoke to the authority.", by=world.head) is None
    assert [entry.alert_id for entry in entries_of(file)] == [usual.pk]


# -- added to, never changed


@pytest.mark.req("ALR-15", "AUD-02")
def test_an_entry_is_never_changed_or_deleted_and_what_was_wrong_gets_an_addendum(world: World) -> None:
    file = file_at(world)
    [entry] = write(file, world.dsl)
    with as_user(world.deputy):
        entry = selectors.get_entry(file, entry.ref, for_user=world.deputy)
        added = services.add_addendum(entry, text="It was a jumper.", by=world.deputy)
        with pytest.raises(Refused, match="addendum itself"):
            services.add_addendum(added, text="No, a coat.", by=world.deputy)
        [line, *_] = selectors.chronology(file, selectors.Filters(), for_user=world.deputy).lines
    assert (line.entry.text, [each.text for each in line.addenda]) == (
        "Came to school without a coat.", ["It was a jumper."]
    )  # fmt: skip
    for statement in ("UPDATE alerts_fileentry SET kind = 'other'", "DELETE FROM alerts_fileentry"):
        with as_user(world.dsl), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


@pytest.mark.req("ALR-15")
@pytest.mark.parametrize(("days_ago", "late"), [(0, False), (1, False), (2, True), (40, True)])
def test_the_chronology_goes_by_the_day_of_the_event_and_marks_what_was_written_late(
    world: World, days_ago: int, late: bool
) -> None:
    file = file_at(world)
    write(file, world.dsl, text="Said it today.")
    write(file, world.dsl, text="Remembered.", days_ago=days_ago)
    write(file, world.dsl, text="Remembered from long ago.", days_ago=50)
    with as_user(world.dsl):
        lines = selectors.chronology(file, selectors.Filters(kind="concern"), for_user=world.dsl).lines
    days = [line.entry.happened_on for line in lines]
    assert days == sorted(days, reverse=True)
    assert {line.entry.text: line.late for line in lines}["Remembered."] is late


@pytest.mark.req("ALR-15")
def test_a_day_to_come_and_a_kind_that_is_made_by_doing_are_refused(world: World) -> None:
    file = file_at(world)
    for wrong in ({"days_ago": -1}, {"days_ago": 40 * 365}, {"kind": EntryKind.ALERT}):
        with pytest.raises(Refused, match="Nothing was saved"):
            write(file, world.dsl, **wrong)


def test_filters_take_the_kind_and_the_days_and_the_next_page_goes_on(world: World) -> None:
    file = file_at(world)
    for days_ago in range(5):
        write(file, world.dsl, days_ago=days_ago, kind=EntryKind.FAMILY if days_ago % 2 else EntryKind.CONCERN)
    today = timezone.localdate()
    with as_user(world.dsl):

        def days(**wanted: Any) -> list[int]:
            lines = selectors.chronology(file, selectors.Filters(**wanted), for_user=world.dsl).lines
            return [(today - line.entry.happened_on).days for line in lines if line.entry.kind != "alert"]

        assert days(kind="family") == [1, 3]
        assert days(since=today - dt.timedelta(days=2), until=today - dt.timedelta(days=1)) == [1, 2]
        page = selectors.chronology(file, selectors.Filters(kind="concern"), for_user=world.dsl, limit=2)
        assert days(kind="concern", cursor=page.older) == [4]
        with pytest.raises(NotVisible):
            days(cursor="E-0000-0000")


# -- siblings in one step, people, links


@pytest.mark.req("ALR-15")
def test_a_note_goes_into_siblings_files_in_one_step_each_with_the_part_of_that_child(world: World) -> None:
    notification = prepared(world, world.school, world.school)
    drain()
    with fixtures():
        first, second = SafeguardingFile.objects.filter(entries__alert__notification=notification).order_by("pk")
        stranger = file_at(world)
    write(first, world.dsl, part=ChildsPart.HARMED, also={second.ref: ChildsPart.ELSEWHERE})
    assert [entry.part for entry in entries_of(first)[1:]] == ["harmed"]
    assert [entry.part for entry in entries_of(second)[1:]] == ["elsewhere"]
    # a file that is not linked is none of this note's, and then nothing is written anywhere
    with pytest.raises(NotVisible), transaction.atomic():
        write(first, world.dsl, also={stranger.ref: ChildsPart.SAW})
    assert len(entries_of(first)) == 2


def test_people_belong_to_one_child_and_are_taken_off_without_being_deleted(world: World) -> None:
    file = file_at(world)
    with as_user(world.dsl):
        person = services.add_person(
            file, name="Perdita Vane", relation=Relation.MOTHER, part=PersonsPart.SUPPORTS, note="", by=world.dsl
        )
        services.end_person(person, by=world.dsl)
        [found] = selectors.people_in(file, for_user=world.dsl)
        assert (found.name, found.ended_by) == ("Perdita Vane", world.dsl)
    with as_user(world.dsl), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE alerts_fileperson SET relation = 'father'")


def test_files_of_one_setting_are_linked_by_a_person_and_the_newer_word_counts(world: World) -> None:
    one, other = file_at(world), file_at(world)
    with fixtures():
        elsewhere = file_at(world, world.alert(setting=world.other_school))
    with as_user(world.dsl):
        services.link(other, other=one, kind=Link.SIBLING, by=world.dsl)
        services.link(one, other=other, kind=Link.HALF_SIBLING, by=world.dsl)
        assert [(each.file, each.kind) for each in selectors.linked_files(one, for_user=world.dsl)] == [
            (other, Link.HALF_SIBLING)
        ]
        with pytest.raises(NotVisible):
            services.link(one, other=elsewhere, kind=Link.SIBLING, by=world.dsl)
        with pytest.raises(Refused, match="same file"):
            services.link(one, other=one, kind=Link.SIBLING, by=world.dsl)


# -- who reads it


@pytest.mark.req("ALR-15", "NTK-01", "NTK-03")
def test_dsl_deputy_and_head_keep_it_and_others_read_it_only_by_name(world: World) -> None:
    file = file_at(world)
    assert [name for name in ("dsl", "deputy", "head", "tutor", "admin", "other_dsl", "officer", "manager", "ig_lead")
            if reads(file, getattr(world, name))] == ["dsl", "deputy", "head"]  # fmt: skip
    let_in(file, world.tutor, world.school, by=world.dsl)
    assert reads(file, world.tutor)
    with pytest.raises(NotVisible):
        write(file, world.tutor)  # lets read, not write
    with as_user(world.head):
        told = {reader.name for reader in selectors.readers_of(file, for_user=world.head)}
    assert told == {"You", world.dsl.name, world.deputy.name, world.tutor.name}


@pytest.mark.req("NTK-04", "MRC-18")
@pytest.mark.parametrize("scope", ["child", "record"])
def test_a_parent_on_the_staff_sees_neither_alert_nor_file_whatever_the_exclusion_names(
    world: World, scope: str
) -> None:
    with fixtures():
        alert = world.alert()
    file = file_at(world, alert)
    assert reads(file, world.deputy)
    shut_out(alert, world.deputy, by=world.dsl, scope=scope)
    assert not reads(file, world.deputy)
    assert reads(file, world.head)
    with as_user(world.dsl):
        assert world.deputy.name not in {reader.name for reader in selectors.readers_of(file, for_user=world.dsl)}
    with pytest.raises(Refused, match="cannot be given"):
        let_in(file, world.deputy, world.school, by=world.dsl)


def test_the_list_costs_the_same_for_one_file_and_for_thirty(world: World) -> None:
    def cost() -> int:
        with as_user(world.dsl), CaptureQueriesContext(connection) as asked:
            page = selectors.files_page(cursor="", for_user=world.dsl)
            assert [file.child_given_name for file in page]
            selectors.remember_listing(page)
        return len(asked)

    file = file_at(world)
    cost()  # from here on the key that wraps the others is at hand
    one = cost()
    for _ in range(29):
        file_at(world)
    assert cost() == one
    for days_ago in range(30):
        write(file, world.dsl, days_ago=days_ago)
    with as_user(world.dsl), CaptureQueriesContext(connection) as asked:
        lines = selectors.chronology(file, selectors.Filters(), for_user=world.dsl).lines
        assert [line.entry.text for line in lines]
    assert len(asked) <= 3


@pytest.mark.req("RET-07")
def test_the_whole_file_hangs_on_one_key_of_its_own(world: World) -> None:
    file = file_at(world)
    [entry] = write(file, world.dsl)
    with fixtures():
        assert entry.crypto_key_id == file.crypto_key_id
        keys = set(FileEntry.objects.values_list("crypto_key", flat=True)) - {file.crypto_key_id}
        assert not keys
        connection.cursor().execute(
            "UPDATE crypto_datakey SET wrapped = NULL, destroyed_at = now() WHERE id = %s", [file.crypto_key_id]
        )
        again = FileEntry.objects.select_related("crypto_key").get(pk=entry.pk)
        with pytest.raises(KeyDestroyed):
            assert again.text
