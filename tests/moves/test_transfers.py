"""A child's file goes where the child goes: begun, sent, received by whose child it is, and nobody reads it before."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.delivery.enums import SentBack
from alerts.files import selectors as files
from alerts.files import services as file_services
from alerts.files.enums import EntryKind
from alerts.models import Alert, ChildMove, Exclusion, FileEntry, FilePerson, SafeguardingFile, Transfer
from alerts.moves import ends, policies, receiving, selectors, services
from alerts.moves.enums import Destination, MoveReason, TransferState
from alerts.states import TRANSFER
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.calendars import SchoolCalendar
from safeguarding.agencies.enums import Role
from safeguarding.children.models import Child, Placement
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import World, member
from tests.moves.support import again, begun, filled_file, leaving, sent, today
from tests.support.db import as_service, as_user, fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.req("ALR-28")]


# -- the clock and the states


def test_receipt_is_due_on_the_fifth_school_day() -> None:
    every_day = SchoolCalendar(dt.time(8, 45), (), ())
    # a Friday; the next five working days end on the Friday after
    assert policies.due_on(every_day, dt.date(2026, 11, 20)) == dt.date(2026, 11, 27)
    assert policies.due_on(every_day, dt.date(2026, 11, 21)) == dt.date(2026, 11, 27)
    # on the last day of term: the first five days of the next one, whatever is closed
    terms = ((dt.date(2026, 9, 1), dt.date(2026, 12, 18)), (dt.date(2027, 1, 4), dt.date(2027, 3, 25)))
    school = SchoolCalendar(dt.time(8, 45), terms, ((dt.date(2027, 1, 4), dt.date(2027, 1, 4)),))
    assert policies.due_on(school, dt.date(2026, 12, 18)) == dt.date(2027, 1, 11)
    # nobody has entered the next terms: working days count
    over = SchoolCalendar(dt.time(8, 45), (terms[0],), ())
    assert policies.due_on(over, dt.date(2026, 12, 17)) == dt.date(2026, 12, 24)


def test_what_each_state_allows() -> None:
    for state in TransferState:
        for other in TransferState:
            transfer = Transfer(state=state)
            if other in TRANSFER[state]:
                policies.check_can_become(transfer, other)
            else:
                with pytest.raises(Conflict, match="Nothing was changed"):
                    policies.check_can_become(transfer, other)


def test_late_is_what_has_no_receipt_after_its_day() -> None:
    for state in TransferState:
        transfer = Transfer(state=state, due_on=dt.date(2026, 11, 20))
        assert not policies.is_late(transfer, dt.date(2026, 11, 20))
        open_still = state in (TransferState.BEGUN, TransferState.SENT)
        assert policies.is_late(transfer, dt.date(2026, 11, 21)) == open_still


@pytest.mark.parametrize("days", [1, -6 * 365])
def test_the_day_on_which_the_child_left_is_one_that_was(world: World, days: int) -> None:
    file = filled_file(world)
    with pytest.raises(Refused, match="Nothing was saved"):
        begun(world, file, left_on=today() + dt.timedelta(days=days))


# -- begun


def test_who_keeps_the_file_begins_and_nobody_else(world: World) -> None:
    file = filled_file(world)
    for person in (world.other_dsl, world.tutor, world.officer, world.admin, world.ehe):
        with as_user(person), pytest.raises(NotVisible):
            services.begin(file, leaving=leaving(world.other_school), by=person)
    transfer = begun(world, file)
    assert (transfer.state, transfer.recipient, transfer.controller) == ("begun", world.other_school, world.school)
    with pytest.raises(Conflict, match="on its way already"):
        begun(world, file)
    # what is not sent yet is none of the receiver's business
    with as_user(world.other_dsl), pytest.raises(NotVisible):
        selectors.get_transfer(transfer.ref, for_user=world.other_dsl)


def test_a_file_goes_elsewhere_and_to_somebody(world: World) -> None:
    file = filled_file(world)
    with pytest.raises(Refused, match="at this setting already"):
        begun(world, file, world.school)
    with fixtures():
        world.other_school.is_active = False
        world.other_school.save()
    with pytest.raises(Refused, match="has closed"):
        begun(world, file)


def test_where_nobody_knows_the_file_goes_to_the_authority(world: World) -> None:
    file = filled_file(world)
    transfer = begun(world, file, destination=Destination.AUTHORITY, reason=MoveReason.UNKNOWN, setting=None)
    assert transfer.recipient == world.council


# -- sent


def test_sending_freezes_the_list_tells_the_receiver_and_shows_nothing(world: World) -> None:
    file = filled_file(world)
    transfer = sent(world, file)
    assert transfer.state == TransferState.SENT
    assert len(transfer.digest) == 64
    with as_user(world.other_dsl):
        coming = selectors.get_transfer(transfer.ref, for_user=world.other_dsl)
        assert coming.may_receive
        assert not coming.items
        assert coming.transfer.child_family_name == "Quillfeather"
        assert not FileEntry.objects.filter(text__isnull=False).exists()
        with pytest.raises(NotVisible):
            files.get_file(file.ref, for_user=world.other_dsl)
        assert selectors.coming(for_user=world.other_dsl)["count"] == 1
    with as_user(world.dsl):
        listed = selectors.get_transfer(transfer.ref, for_user=world.dsl).items
        assert [item.kind for item in listed] == ["alert", "concern", "concern", "person"]
    with fixtures():
        mails = Email.objects.filter(dedupe_key__startswith="transfer:")
        assert {mail.to for mail in mails} == {world.other_dsl.email}
        assert "Quillfeather" not in str([mail.context for mail in mails])


def test_the_child_attends_here_no_longer_and_open_alerts_go_back_to_the_hub(world: World) -> None:
    file = filled_file(world)
    with fixtures():
        child = Child.objects.get(pk=file.child_id)
        part = {"partnership": world.partnership, "controller": world.mash}
        Placement.objects.create(child=child, setting=world.school, source="notification", **part)
        done = world.alert(child=child, status="closed", closed_at=timezone.now())
        elsewhere = world.alert(world.other_school, child=child)
    sent(world, file)
    with fixtures():
        assert Placement.objects.get(child=child, setting=world.school).ends_on == today()
        back = Alert.objects.get(ref=file.opened_for)
        assert (back.sent_back_because, back.sent_back_by) == (SentBack.LEFT, world.dsl)
        assert "Second School" in (back.sent_back_note or "")
        assert not Alert.objects.filter(pk__in=[done.pk, elsewhere.pk], sent_back_at__isnull=False).exists()


def test_a_child_educated_at_home_is_so_from_then_on(world: World) -> None:
    file = filled_file(world)
    transfer = sent(world, file, destination=Destination.AUTHORITY, reason=MoveReason.AT_HOME, setting=None)
    with fixtures():
        assert Child.objects.get(pk=file.child_id).home_educated
    with as_user(world.ehe):
        received = receiving.receive(transfer, by=world.ehe)
    assert received.controller == world.council


def test_an_empty_file_is_not_sent(world: World) -> None:
    with fixtures():
        part = {"partnership": world.partnership, "controller": world.school, "child": world.child()}
        file = SafeguardingFile.objects.create(
            child_given_name="A", child_family_name="B", opened_for="A-0000-0000", **part
        )
    transfer = begun(world, file)
    with as_user(world.dsl), pytest.raises(Refused, match="Nothing was sent"):
        services.send(transfer, by=world.dsl)
    assert again(transfer).state == TransferState.BEGUN


def test_what_is_cancelled_is_not_received(world: World) -> None:
    file = filled_file(world)
    transfer = sent(world, file)
    with as_user(world.other_dsl), pytest.raises(NotVisible):
        services.cancel(transfer, by=world.other_dsl)
    with as_user(world.dsl):
        services.cancel(transfer, by=world.dsl)
    with as_user(world.other_dsl), pytest.raises(Conflict):
        receiving.receive(transfer, by=world.other_dsl)
    assert begun(world, file).state == TransferState.BEGUN


# -- received


def test_the_file_is_copied_with_who_wrote_it_and_the_sender_keeps_its_own(world: World) -> None:
    file = filled_file(world)
    transfer = sent(world, file)
    with as_user(world.other_dsl):
        copy = receiving.receive(transfer, by=world.other_dsl)
        found = files.get_file(copy.ref, for_user=world.other_dsl)
        lines = files.chronology(found, files.Filters(), for_user=world.other_dsl).lines
        said = {line.entry.kind: line for line in lines}
        note = said[EntryKind.CONCERN]
        assert note.entry.text == "CANARY came without a coat."
        assert note.entry.came_from == f"{world.dsl.name}, First School"
        assert [added.text for added in note.addenda] == ["CANARY and without a lunch."]
        assert note.late  # it was late there, and stays late here
        assert found.came_from == "First School"
        [person] = files.people_in(found, for_user=world.other_dsl)
        assert (person.name, person.came_from) == ("CANARY aunt", f"{world.dsl.name}, First School")
    with fixtures():
        here = FileEntry.objects.filter(file=file)
        there = FileEntry.objects.filter(file=copy)
        assert not {e.crypto_key_id for e in here} & {e.crypto_key_id for e in there}
        assert not there.filter(alert__isnull=False).exists()
    with as_user(world.dsl):
        own = files.get_file(file.ref, for_user=world.dsl)
        assert (own.moved_to, own.moved_on) == ("Second School", today())
        found = selectors.get_transfer(transfer.ref, for_user=world.dsl)
        assert (found.transfer.state, found.transfer.ended_by) == ("received", world.other_dsl)
    with as_user(world.other_dsl):
        assert len(selectors.get_transfer(transfer.ref, for_user=world.other_dsl).items) == 4


def test_it_goes_into_the_file_that_the_new_setting_has_already(world: World) -> None:
    file = filled_file(world)
    with fixtures():
        child = Child.objects.get(pk=file.child_id)
        alert = world.alert(world.other_school, child=child)
    with as_service("dispatch"):
        there = file_services.file_alert(Alert.objects.select_related("controller", "setting").get(pk=alert.pk))
    transfer = sent(world, file)
    with as_user(world.other_dsl):
        assert receiving.receive(transfer, by=world.other_dsl) == there


def sent_there_and_back(world: World) -> tuple[SafeguardingFile, SafeguardingFile, Transfer]:
    """A file that went to the second school, the copy there, and that one on its way home."""
    file = filled_file(world)
    transfer = sent(world, file)
    with as_user(world.other_dsl):
        copy = receiving.receive(transfer, by=world.other_dsl)
        back = services.begin(copy, leaving=leaving(world.school), by=world.other_dsl)
        back = services.send(back, by=world.other_dsl)
    return file, copy, back


def test_a_copy_of_a_copy_says_who_wrote_it_first(world: World) -> None:
    file, _, back = sent_there_and_back(world)
    with as_user(world.dsl):
        home = receiving.receive(back, by=world.dsl)
        assert home == file
        authors = {entry.came_from for entry in FileEntry.objects.visible_to(world.dsl).filter(file=home)}
    assert f"{world.dsl.name}, First School" in authors
    assert not any("Second School" in (each or "") and "First School" in (each or "") for each in authors)


def test_the_file_of_a_child_who_comes_back_is_no_copy_any_more(world: World) -> None:
    file, copy, back = sent_there_and_back(world)
    with as_user(world.dsl):
        assert files.get_file(file.ref, for_user=world.dsl).moved_to == "Second School"
        home = receiving.receive(back, by=world.dsl)
        assert (home.moved_to, home.moved_on) == (None, None)
        own = files.get_file(file.ref, for_user=world.dsl)
        assert (own.moved_to, own.moved_on) == (None, None)
    with as_service("dispatch"):
        assert ends.files_left([world.school.pk]).get() == file
    with as_user(world.other_dsl):
        assert files.get_file(copy.ref, for_user=world.other_dsl).moved_to == "First School"


@pytest.mark.parametrize("attends", [True, False])
def test_an_alert_brings_a_moved_file_into_use_where_the_child_attends_again(world: World, attends: bool) -> None:
    file = filled_file(world)
    transfer = sent(world, file)
    with as_user(world.other_dsl):
        receiving.receive(transfer, by=world.other_dsl)
    with fixtures():
        child = Child.objects.get(pk=file.child_id)
        alert = world.alert(child=child)
        if attends:
            part = {"partnership": world.partnership, "controller": world.mash}
            Placement.objects.create(child=child, setting=world.school, source="notification", **part)
    with as_service("dispatch"):
        alert = Alert.objects.select_related("controller", "setting").get(pk=alert.pk)
        assert file_services.file_alert(alert) == file
        assert ends.files_left([world.school.pk]).exists() == attends
    with as_user(world.dsl):
        own = files.get_file(file.ref, for_user=world.dsl)
        assert (own.moved_to, own.moved_on) == ((None, None) if attends else ("Second School", today()))


def test_only_who_keeps_files_there_gives_receipt_and_once(world: World) -> None:
    file = filled_file(world)
    transfer = sent(world, file)
    for person in (world.dsl, world.tutor, world.officer, world.ehe):
        with as_user(person), pytest.raises(NotVisible):
            receiving.receive(transfer, by=person)
        with as_user(person), pytest.raises(NotVisible):
            receiving.refuse(transfer, why="x", by=person)
    with as_user(world.other_dsl):
        receiving.receive(transfer, by=world.other_dsl)
        with pytest.raises(Conflict, match="received"):
            receiving.receive(transfer, by=world.other_dsl)


def test_what_is_added_after_sending_stays_behind(world: World) -> None:
    file = filled_file(world)
    transfer = sent(world, file)
    with as_user(world.dsl):
        file_services.write_note(file, note=file_services.Note(EntryKind.OTHER, today(), "Later."), by=world.dsl)
    with as_user(world.other_dsl):
        copy = receiving.receive(transfer, by=world.other_dsl)
        texts = [entry.text for entry in FileEntry.objects.visible_to(world.other_dsl).filter(file=copy)]
    assert "Later." not in texts


def test_a_file_that_does_not_agree_with_its_list_is_not_received(world: World) -> None:
    file = filled_file(world)
    transfer = sent(world, file)
    with fixtures():
        entry = FileEntry.objects.select_related("crypto_key").filter(file=file, kind="concern").first()
        assert entry is not None
        entry.text = "Something else."
        entry.save(update_fields=["text"])
    with as_user(world.other_dsl), pytest.raises(Refused, match="nothing was lost"):
        receiving.receive(transfer, by=world.other_dsl)
    with fixtures():
        assert not SafeguardingFile.objects.filter(controller=world.other_school).exists()
        assert not FilePerson.objects.filter(controller=world.other_school).exists()


def test_not_our_child_goes_back_with_the_reason(world: World) -> None:
    file = filled_file(world)
    transfer = sent(world, file)
    with as_user(world.other_dsl):
        receiving.refuse(transfer, why="Nobody of that name is on our roll.", by=world.other_dsl)
    with as_user(world.dsl):
        found = selectors.get_transfer(transfer.ref, for_user=world.dsl).transfer
        assert (found.state, found.answer) == ("refused", "Nobody of that name is on our roll.")
        kinds = [entry.kind for entry in FileEntry.objects.visible_to(world.dsl).filter(file=file)]
    assert kinds.count("transfer") == 2
    assert begun(world, file).state == TransferState.BEGUN


@pytest.mark.req("NTK-04", "MRC-18")
def test_who_is_shut_out_of_the_child_sees_no_transfer_at_either_end(world: World) -> None:
    file = filled_file(world)
    with fixtures():
        child = Child.objects.get(pk=file.child_id)
        relative = member(world.other_school, Role.DSL)
        Exclusion.objects.create(
            user=relative, agency=world.mash, made_by=world.manager, because="family", note="CANARY", child=child,
            review_on=today(), partnership=world.partnership, controller=world.mash,
        )  # fmt: skip
    transfer = sent(world, file)
    with as_user(relative), pytest.raises(NotVisible):
        selectors.get_transfer(transfer.ref, for_user=relative)
    with fixtures():
        assert not Email.objects.filter(to=relative.email).exists()
    with as_user(world.other_dsl):
        receiving.receive(transfer, by=world.other_dsl)
    with as_user(relative):
        assert not Transfer.objects.exists()
        assert not SafeguardingFile.objects.exists()


# -- chased


def test_whoever_is_late_is_chased_once_a_working_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = filled_file(world)
    long_ago = today() - dt.timedelta(days=30)
    transfer = begun(world, file, left_on=long_ago)
    monkeypatch.setattr(policies, "is_chasing_day", lambda day: False)
    assert services.chase() == 0
    monkeypatch.setattr(policies, "is_chasing_day", lambda day: True)
    assert services.chase() == 1
    assert services.chase() == 0
    with fixtures():
        late = Email.objects.filter(dedupe_key__contains=":late-")
        assert {mail.to for mail in late} == {world.dsl.email, world.deputy.email}
        Transfer.objects.update(chased_on=None)
    with as_user(world.dsl):
        services.send(transfer, by=world.dsl)
        assert selectors.sent_away(for_user=world.dsl)["unanswered"] == 1
    services.chase()
    with fixtures():
        assert Email.objects.filter(dedupe_key__contains=":late-", to=world.other_dsl.email).exists()


def test_no_move_is_told_to_the_hub_within_its_own_area(world: World) -> None:
    sent(world, filled_file(world))
    with fixtures():
        assert not ChildMove.objects.exists()


def test_an_alert_for_the_head_alone_goes_back_too(world: World) -> None:
    file = filled_file(world)
    with fixtures():
        child = Child.objects.get(pk=file.child_id)
        secret = world.alert(child=child, route="head", audience=AUDIENCE_BITS["head"])
    sent(world, file)
    with fixtures():
        assert Alert.objects.get(pk=secret.pk).sent_back_at is not None
