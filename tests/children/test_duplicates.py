"""Two records that may be one child: found, decided by a person, and undone as if it had never been (ALR-03)."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from safeguarding.children import services
from safeguarding.children.enums import PairState, PlacementSource
from safeguarding.children.matching import Verdict
from safeguarding.children.models import Child, ChildToken, Placement, PossibleDuplicate
from safeguarding.children.selectors import records_of, settings_attended, survivors_of
from safeguarding.errors import Conflict, HubError, NotVisible
from tests.children.support import judged, on_record
from tests.factories import World
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db


def pairs() -> list[tuple[int, int, str]]:
    with as_service("matching"):
        return list(PossibleDuplicate.objects.order_by("pk").values_list("first_id", "second_id", "state"))


@pytest.fixture
def two(world: World) -> tuple[Child, Child]:
    return on_record(world, "Freya", "Lindqvist"), on_record(world, "Freyya", "Lindkvist")


@pytest.mark.req("ALR-03")
def test_a_new_record_that_is_alike_is_put_on_the_list_and_a_twin_is_not(
    world: World, two: tuple[Child, Child]
) -> None:
    on_record(world, "Oscar", "Lindqvist")
    assert pairs() == [(two[0].pk, two[1].pk, PairState.OPEN)]


@pytest.mark.req("ALR-03")
@pytest.mark.django_db(transaction=True)
def test_the_scan_finds_pairs_once_and_leaves_decided_ones_alone(world: World) -> None:
    one, other = on_record(world, "Freya", "Lindqvist"), on_record(world, "Freyya", "Lindkvist")
    with fixtures():
        PossibleDuplicate.objects.all().delete()
    call_command("find_duplicates", verbosity=0)
    call_command("find_duplicates", verbosity=0)
    with transaction.atomic():
        assert pairs() == [(one.pk, other.pk, PairState.OPEN)]
    with as_user(world.officer):
        services.tell_apart(child=other, other=one, by=world.officer)
    call_command("find_duplicates", verbosity=0)
    with transaction.atomic():
        assert pairs() == [(one.pk, other.pk, PairState.DIFFERENT)]


@pytest.mark.req("ALR-03", "AUD-02")
def test_joined_records_are_one_child_for_the_next_notification(world: World, two: tuple[Child, Child]) -> None:
    kept, joined = two
    with as_service("matching"):
        services.place(child=kept, setting=world.school, source=PlacementSource.REGISTER)
        services.place(child=joined, setting=world.school, source=PlacementSource.REGISTER)
        services.place(child=joined, setting=world.other_school, source=PlacementSource.REGISTER)
    with as_user(world.officer):
        services.join(kept=kept, joined=joined, by=world.officer)
    for name in (("Freya", "Lindqvist"), ("Freyya", "Lindkvist")):
        judgement = judged(world, *name)
        assert (judgement.verdict, judgement.best.key) == (Verdict.SURE, kept.pk)
    with as_user(world.officer):
        assert settings_attended([kept.pk]) == {kept.pk: [world.other_school, world.school]}
    with as_service("setup"):
        entry = AuditEntry.objects.get(event="child.merged")
    assert (entry.actor, entry.object_repr, entry.objects_shown) == (world.officer, kept.ref, [kept.ref, joined.ref])
    assert "reya" not in str(entry.additional_data)


def state_of_everything() -> Any:
    """What the tables say, but for what people decided on pairs."""
    with as_service("matching"):
        return (
            sorted(Child.objects.values_list("pk", "merged_into", "crypto_key")),
            sorted(Placement.objects.values_list("pk", "child", "setting", "ends_on")),
            sorted(
                (pk, kind, bytes(token)) for pk, kind, token in ChildToken.objects.values_list("child", "kind", "token")
            ),
        )


STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), max_size=12)


@pytest.mark.req("ALR-03")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_joined_and_separated_undoing_it_all_restores_it_exactly(
    five: list[Child], world: World, steps: list[tuple[bool, int, int]]
) -> None:
    before = state_of_everything()
    with as_user(world.officer):
        for join, one, other in steps:
            try:
                if join:
                    services.join(kept=fresh(five[one]), joined=fresh(five[other]), by=world.officer)
                else:
                    services.separate(joined=fresh(five[one]), ask_again=False, by=world.officer)
            except HubError:
                continue
            groups = survivors_of(fresh(each) for each in five)
            # nobody is lost: each group has one record that stands, and every record is in one group
            assert all(fresh(Child(pk=end)).merged_into_id is None for end in groups.values())
            assert records_of(set(groups.values())) == groups
        for each in five:
            if fresh(each).merged_into_id is not None:
                services.separate(joined=fresh(each), ask_again=True, by=world.officer)
    assert state_of_everything() == before


def fresh(child: Child) -> Child:
    return Child.objects.with_keys().get(pk=child.pk)


@pytest.fixture
def five(world: World) -> list[Child]:
    return [on_record(world, "Freya", "Lindqvist", dt.date(2016, 5, day)) for day in range(4, 9)]


@pytest.mark.req("ALR-03")
def test_after_separating_it_is_remembered_or_asked_again_as_the_person_said(
    world: World, two: tuple[Child, Child]
) -> None:
    for ask_again, state in ((True, PairState.OPEN), (False, PairState.DIFFERENT)):
        with as_user(world.officer):
            services.join(kept=fresh(two[0]), joined=fresh(two[1]), by=world.officer)
            services.separate(joined=fresh(two[1]), ask_again=ask_again, by=world.officer)
        assert pairs() == [(two[0].pk, two[1].pk, state)]


@pytest.mark.req("ALR-03")
def test_what_cannot_be_joined_is_refused_and_nothing_changes(world: World, two: tuple[Child, Child]) -> None:
    third = on_record(world, "Oscar", "Lindqvist")
    with as_user(world.officer):
        services.join(kept=two[0], joined=two[1], by=world.officer)
        for refused in (
            lambda: services.join(kept=two[1], joined=third, by=world.officer),
            lambda: services.join(kept=third, joined=two[1], by=world.officer),
            lambda: services.join(kept=third, joined=third, by=world.officer),
            lambda: services.separate(joined=third, ask_again=False, by=world.officer),
            lambda: services.tell_apart(child=two[0], other=two[1], by=world.officer),
        ):
            with pytest.raises(HubError):
                refused()
        assert survivors_of([fresh(third), fresh(two[1])]) == {third.pk: third.pk, two[1].pk: two[0].pk}


@pytest.mark.req("NTK-02")
def test_nobody_but_the_hub_joins_separates_or_tells_apart(world: World, two: tuple[Child, Child]) -> None:
    for stranger in (world.dsl, world.constable, world.ig_lead, world.tutor):
        with as_user(stranger):
            for attempt in (
                lambda by=stranger: services.join(kept=two[0], joined=two[1], by=by),
                lambda by=stranger: services.separate(joined=two[1], ask_again=False, by=by),
                lambda by=stranger: services.tell_apart(child=two[0], other=two[1], by=by),
            ):
                with pytest.raises(NotVisible):
                    attempt()


@pytest.mark.req("ALR-03")
@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_join_the_same_two_crosswise_one_is_told_to_look_again(world: World) -> None:
    one, other = on_record(world, "Freya", "Lindqvist"), on_record(world, "Freyya", "Lindkvist")
    start = threading.Barrier(2)
    outcomes: dict[str, str] = {}

    def act(name: str, kept: Child, joined: Child, by: User) -> None:
        try:
            with as_user(by):
                start.wait()
                services.join(kept=kept, joined=joined, by=by)
            outcomes[name] = "joined"
        except Conflict as conflict:
            outcomes[name] = conflict.sentence
        finally:
            connections.close_all()

    workers = [
        threading.Thread(target=act, args=("officer", one, other, world.officer)),
        threading.Thread(target=act, args=("manager", other, one, world.manager)),
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(outcomes.values(), key=len)[0] == "joined"
    assert "in the meantime" in sorted(outcomes.values(), key=len)[1]
    with fixtures():
        assert Child.objects.exclude(merged_into=None).count() == 1


@pytest.mark.req("ALR-03")
def test_deciding_that_a_child_is_new_is_remembered_as_two_children(world: World) -> None:
    from alerts.intake.enums import DecisionReason
    from alerts.intake.services import decide_match
    from tests.intake.bodies import with_child
    from tests.intake.test_matching_by_hand import receive

    known = on_record(world, "Ottilie", "Quillfeather")
    waiting = receive(world, with_child(given_name="Otilie", family_name="Quillfeather", setting=None)).children[0]
    with as_user(world.officer):
        decided = decide_match(
            child=waiting, same_as=None, setting=world.school, reason=DecisionReason.DETAILS_AGREE, by=world.officer
        )
    assert pairs() == [(known.pk, decided.child_id, PairState.DIFFERENT)]


@pytest.mark.req("ALR-03")
def test_a_candidate_that_was_joined_meanwhile_stands_for_its_child(world: World, two: tuple[Child, Child]) -> None:
    from alerts.intake.enums import DecisionReason
    from alerts.intake.services import decide_match
    from tests.intake.bodies import with_child
    from tests.intake.test_matching_by_hand import receive

    body = with_child(given_name="Freyyja", family_name="Lindqvist", setting=None)
    waiting = receive(world, body).children[0]
    with as_user(world.officer):
        services.join(kept=two[0], joined=two[1], by=world.officer)
        decided = decide_match(
            child=waiting, same_as=two[1], setting=world.school, reason=DecisionReason.DETAILS_AGREE, by=world.officer
        )
    assert decided.child_id == two[0].pk
