"""A child moves to another area: the setting's word reaches its hub, a person passes it on, the next hub takes it up."""

import re
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from alerts.models import Alert, ChildMove, Exclusion
from alerts.moves import authority, policies, receiving, selectors
from alerts.moves.enums import Destination, MoveReason, MoveState
from alerts.moves.forms import TakeUpForm
from alerts.states import CHILD_MOVE
from safeguarding.agencies.enums import AgencyKind
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.models import AuditEntry
from safeguarding.children.models import Child, Placement
from safeguarding.children.services import give_tokens
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import AgencyFactory, NotificationChildFactory, PartnershipFactory, World
from tests.moves.support import OUTSIDE, filled_file, sent, today
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("MSH-09")]


@pytest.fixture
def there(world: World) -> World:
    """Another partnership, with its hub and its schools."""
    with fixtures():
        Agency.objects.update(urn=None)
        return World()


def moved(world: World, there: World) -> ChildMove:
    """As a setting's transfer to the other area brings it about."""
    sent(world, filled_file(world), there.school)
    with fixtures():
        found: ChildMove = ChildMove.objects.select_related("crypto_key").get()
    return found


def passed_on(world: World, there: World) -> ChildMove:
    move = moved(world, there)
    with as_user(world.officer):
        return authority.flag(move, to=there.partnership, note="CANARY note", by=world.officer)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_what_each_state_allows() -> None:
    for state in MoveState:
        for other in MoveState:
            if other in CHILD_MOVE[state]:
                policies.check_move_can_become(ChildMove(state=state), other)
            else:
                with pytest.raises(Conflict, match="Nothing was changed"):
                    policies.check_move_can_become(ChildMove(state=state), other)


def test_a_transfer_to_another_area_tells_the_hub_and_no_other(world: World, there: World) -> None:
    move = moved(world, there)
    assert (move.state, move.to_partnership, move.to_hub) == ("told", there.partnership, None)
    with as_user(world.manager):
        assert selectors.moves_waiting(for_user=world.manager) == {"away": 1, "here": 0}
    for person in (there.manager, there.officer, world.dsl, world.constable):
        with as_user(person), pytest.raises(NotVisible):
            selectors.get_move(move.ref, for_user=person)
    with fixtures():
        mails = Email.objects.filter(dedupe_key__startswith="childmove:")
        assert {mail.to for mail in mails} == {world.manager.email}
        assert "Quillfeather" not in str([mail.context for mail in mails])


def test_a_family_that_moves_away_is_told_wherever_it_goes(world: World) -> None:
    file = filled_file(world)
    sent(world, file, destination=Destination.OUTSIDE, setting=None, outside=OUTSIDE, reason=MoveReason.HOME)
    with fixtures():
        move = ChildMove.objects.get()
        assert (move.to_partnership, move.told_by) == (None, world.school)


def test_a_person_of_the_hub_passes_it_on_and_the_next_hub_reads_only_that(world: World, there: World) -> None:
    move = moved(world, there)
    with as_user(there.officer), pytest.raises(NotVisible):
        authority.flag(move, to=there.partnership, note="", by=there.officer)
    with as_user(world.officer), pytest.raises(Refused, match="own area"):
        authority.flag(move, to=world.partnership, note="", by=world.officer)
    with as_user(world.officer):
        authority.flag(move, to=there.partnership, note="CANARY note", by=world.officer)
    with as_user(there.officer):
        found = selectors.get_move(move.ref, for_user=there.officer)
        assert (found.move.child_family_name, found.move.note) == ("Quillfeather", "CANARY note")
        assert found.may_answer
        assert not Child.objects.filter(pk=move.child_id).exists()
    with as_user(there.dsl), pytest.raises(NotVisible):
        selectors.get_move(move.ref, for_user=there.dsl)


@pytest.mark.req("NTK-02")
def test_the_next_hub_cannot_pass_the_row_on_to_a_third(world: World, there: World) -> None:
    """The database itself: what a hub changes must be its own before and after."""
    move = passed_on(world, there)
    with fixtures():
        third = AgencyFactory(kind=AgencyKind.MASH, partnership=PartnershipFactory())
    with as_user(there.officer), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        ChildMove.objects.filter(pk=move.pk).update(to_hub=third)
    with as_user(there.officer), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ChildMove.objects.filter(pk=move.pk).update(controller=there.mash)


def test_the_next_hub_puts_the_child_on_record(world: World, there: World) -> None:
    move = passed_on(world, there)
    with as_user(world.officer), pytest.raises(NotVisible):
        authority.take_up(move, child_ref="", by=world.officer)
    with as_user(there.officer):
        child = authority.take_up(move, child_ref="", by=there.officer)
        assert (child.controller, child.family_name) == (there.mash, "Quillfeather")
        with pytest.raises(Conflict):
            authority.not_here(move, answer="x", by=there.officer)
    with as_user(world.officer):
        seen = selectors.get_move(move.ref, for_user=world.officer).move
        assert (seen.state, seen.answered_by) == ("taken_up", there.officer)
    with fixtures():
        assert Email.objects.filter(to=world.manager.email, dedupe_key__contains=":taken-up-").exists()


def test_the_next_hub_finds_the_child_on_its_own_record(world: World, there: World) -> None:
    with fixtures():
        known = there.child()
        give_tokens([known])
    move = passed_on(world, there)
    with as_user(there.officer):
        [alike] = selectors.alike(move, for_user=there.officer)
        assert alike.child == known
        assert authority.take_up(move, child_ref=known.ref, by=there.officer) == known
    with fixtures():
        assert Child.objects.filter(controller=there.mash).count() == 1


def test_a_child_of_another_hub_cannot_be_taken_up(world: World, there: World) -> None:
    move = passed_on(world, there)
    with fixtures():
        foreign = world.child()
    with as_user(there.officer), pytest.raises(Refused, match="Nothing was saved"):
        authority.take_up(move, child_ref=foreign.ref, by=there.officer)


def test_not_here_goes_back_and_can_be_kept(world: World, there: World) -> None:
    move = passed_on(world, there)
    with as_user(there.officer):
        authority.not_here(move, answer="Not in our schools.", by=there.officer)
    with as_user(world.officer):
        found = selectors.get_move(move.ref, for_user=world.officer)
        assert found.may_decide
        authority.keep(found.move, note="Emigrated.", by=world.officer)
        assert selectors.moves_waiting(for_user=world.officer) == {"away": 0, "here": 0}


@pytest.mark.req("NTK-01", "NTK-02")
def test_a_hub_that_said_no_does_not_read_why_the_move_is_kept(world: World, there: World) -> None:
    move = passed_on(world, there)
    with as_user(there.officer):
        authority.not_here(move, answer="Not in our schools.", by=there.officer)
    with as_user(world.officer):
        authority.keep(move, note="CANARY reason.", by=world.officer)
        seen = selectors.get_move(move.ref, for_user=world.officer).move
        assert (seen.note, seen.answer, seen.answered_by) == ("CANARY reason.", "Not in our schools.", there.officer)
    with as_user(there.officer):
        assert not ChildMove.objects.filter(pk=move.pk).exists()
        with pytest.raises(NotVisible):
            selectors.get_move(move.ref, for_user=there.officer)
    assert signed_in(there.officer).get(f"/moved/{move.ref}/").status_code == 404
    page = signed_in(world.officer).get(f"/moved/{move.ref}/")
    assert "CANARY reason." in text(page)


@pytest.mark.req("NTK-01", "NTK-02")
def test_the_hub_that_is_asked_next_reads_nothing_of_the_one_before(world: World, there: World) -> None:
    move = passed_on(world, there)
    with as_user(there.officer):
        authority.not_here(move, answer="CANARY answer.", by=there.officer)
    with fixtures():
        Agency.objects.update(urn=None)
        third = World()
    with as_user(world.officer):
        authority.flag(move, to=third.partnership, note="For you.", by=world.officer)
    with as_user(third.officer):
        seen = selectors.get_move(move.ref, for_user=third.officer).move
        assert (seen.note, seen.answer, seen.answered_at, seen.answered_by) == ("For you.", None, None, None)
    page = text(signed_in(third.officer).get(f"/moved/{move.ref}/"))
    assert "CANARY" not in page
    assert there.officer.name not in page
    with as_user(there.officer), pytest.raises(NotVisible):
        selectors.get_move(move.ref, for_user=there.officer)


@pytest.mark.req("ALR-28")
def test_a_file_that_is_received_in_another_area_is_of_a_child_on_record_there(world: World, there: World) -> None:
    file = filled_file(world)
    transfer = sent(world, file, there.school)
    with as_user(there.dsl):
        copy = receiving.receive(transfer, by=there.dsl)
        assert copy.partnership_id == there.partnership.pk
    with fixtures():
        child = Child.objects.get(pk=copy.child_id)
        assert child.controller == there.mash
        assert Placement.objects.filter(child=child, setting=there.school, ends_on=None).exists()


def test_the_pages_of_both_hubs(world: World, there: World) -> None:
    move = moved(world, there)
    here, other = signed_in(world.officer), signed_in(there.officer)
    where = f"/moved/{move.ref}/"
    assert move.ref in text(here.get("/moved/"))
    assert "Does the other hub have to know?" in text(here.get(where))
    assert "Say what the other hub has to know" in text(here.post(f"{where}decide/", {"decision": "flag"}))
    said = {"decision": "flag", "to": there.partnership.slug, "note": "CANARY note"}
    assert here.post(f"{where}decide/", said).status_code == 302
    assert "Take the child up" in text(other.get(where))
    assert "Say what you know" in text(other.post(f"{where}answer/", {"who": TakeUpForm.NOT_HERE}))
    assert other.post(f"{where}answer/", {"who": TakeUpForm.NEW}).status_code == 302
    assert "Taken up by the other hub" in text(here.get(where))


# -- somebody is shut out where the child came from

ELSEWHERE = "where somebody is shut out of the child’s records"


def shut_out_there(world: World, move: ChildMove, person: User, **of: Any) -> Exclusion:
    with fixtures():
        found: Exclusion = Exclusion.objects.create(
            user=person, agency=world.mash, made_by=world.manager, because="family", note="CANARY", review_on=today(),
            partnership=world.partnership, controller=world.mash, **(of or {"child": Child.objects.get(pk=move.child_id)}),
        )  # fmt: skip
        return found


@pytest.mark.req("MRC-18", "NTK-04")
@pytest.mark.parametrize("of", ["child", "alert", "notification"])
def test_the_next_hub_is_told_that_somebody_is_shut_out_and_not_who(world: World, there: World, of: str) -> None:
    move = moved(world, there)
    with fixtures():
        alert = Alert.objects.filter(child=move.child_id).latest("pk")
        NotificationChildFactory(
            notification=alert.notification, partnership=world.partnership, controller=world.mash, position=9,
            child=alert.child, setting=world.school,
        )  # fmt: skip
    about = {"child": alert.child, "alert": alert, "notification": alert.notification}
    exclusion = shut_out_there(world, move, world.tutor, **{of: about[of]})
    where, officer, other = f"/moved/{move.ref}/", signed_in(world.officer), signed_in(there.officer)
    assert "the other hub reads that there is one, and not who" in text(officer.get(where))
    said = {"decision": "flag", "to": there.partnership.slug, "note": "CANARY note"}
    officer.post(f"{where}decide/", said)
    page = text(other.get(where))
    assert f"Somebody is shut out of this child’s records in {world.partnership.name}" in page
    assert "before you let anybody in by name" in page
    for secret in (world.tutor.name, world.school.name, exclusion.ref, "CANARY<", exclusion.get_because_display()):
        assert secret not in page
    # where its officer lets people in, it stands again
    other.post(f"{where}answer/", {"who": TakeUpForm.NEW})
    with fixtures():
        child = ChildMove.objects.get().taken_as
        later = there.alert(child=child)
        facts = AuditEntry.objects.get(event="move.flagged").additional_data
    assert facts == {"to": there.partnership.slug, "somebody_shut_out": True}
    give = f"/access/{later.ref}/give/{there.school.slug}/{there.tutor.code}/"
    manager = signed_in(there.manager)
    for path in (f"/access/{child.ref}/", f"/access/{later.ref}/", f"/access/{later.notification.ref}/"):
        if path == f"/access/{later.notification.ref}/":
            with fixtures():
                NotificationChildFactory(
                    notification=later.notification, partnership=there.partnership, controller=there.mash, position=2,
                    child=child, setting=there.school,
                )  # fmt: skip
        assert ELSEWHERE in text(manager.get(path)), path
    assert ELSEWHERE in text(other.get(give))
    assert ELSEWHERE not in text(signed_in(there.dsl).get(f"/access/{later.ref}/")), (
        "the hub asks; a setting is not told"
    )
    # lifted there, it is over here
    with fixtures():
        Exclusion.objects.update(lifted_at=timezone.now())
    assert "Somebody is shut out" not in text(other.get(where))
    assert ELSEWHERE not in text(manager.get(f"/access/{child.ref}/"))


@pytest.mark.req("NTK-04")
def test_who_is_shut_out_there_learns_nothing_of_it_here(world: World, there: World) -> None:
    move = passed_on(world, there)
    with fixtures():
        alert = Alert.objects.filter(child=move.child_id).latest("pk")
    shut_out_there(world, move, there.officer, alert=alert)
    assert "Somebody is shut out" in text(signed_in(there.manager).get(f"/moved/{move.ref}/"))
    assert "Somebody is shut out" not in text(signed_in(there.officer).get(f"/moved/{move.ref}/"))
    shut_out_there(world, move, there.officer)
    assert signed_in(there.officer).get(f"/moved/{move.ref}/").status_code == 404


def test_a_hub_that_heard_by_itself_notes_it_on_the_childs_page(world: World, there: World) -> None:
    with fixtures():
        child = world.child()
    officer = signed_in(world.officer)
    page = f"/moved/child/{child.ref}/"
    assert "The child has moved to another area" in text(officer.get(page))
    assert "Select the area" in text(officer.post(page))
    day = today()
    said = {"left_on_0": day.day, "left_on_1": day.month, "left_on_2": day.year, "to": there.partnership.slug}
    answer = officer.post(page, said)
    assert "Does the other hub have to know?" in text(officer.get(answer.headers["Location"]))
    assert "Moves between areas" in text(officer.get(f"/children/{child.ref}/?purpose=call"))
    assert signed_in(there.officer).get(page).status_code == 404
    assert (
        officer.post(f"{answer.headers['Location']}decide/", {"decision": "keep", "note": "Only a visit."}).status_code
        == 302
    )
