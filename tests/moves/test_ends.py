"""A setting closes or merges, or its last lead leaves: nothing of its children is lost."""

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from alerts.models import Alert, SafeguardingFile, SettingEnd, Transfer
from alerts.moves import ending, ends, policies, receiving, services
from alerts.moves.enums import EndKind
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, Membership, User
from safeguarding.audit.models import AuditEntry
from safeguarding.children.models import Child, Placement
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import World, member
from tests.moves.support import begun, filled_file, today
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("ALR-28")]


def recorded(world: World, by: User, *, successor: Agency | None = None, ahead: int = 0) -> SettingEnd:
    with as_user(by):
        return ending.record_end(
            world.school, kind=EndKind.MERGES if successor else EndKind.CLOSES,
            ends_on=today() + dt.timedelta(days=ahead), successor=successor, by=by,
        )  # fmt: skip


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_its_administrator_and_a_manager_of_its_hub_say_so_and_nobody_else(world: World) -> None:
    with fixtures():
        Agency.objects.update(urn=None)
        elsewhere = World()
    for person in (
        world.dsl,
        world.head,
        world.officer,
        world.ehe,
        world.other_dsl,
        elsewhere.manager,
        elsewhere.admin,
    ):
        with pytest.raises(NotVisible):
            recorded(world, person)
    end = recorded(world, world.admin)
    with pytest.raises(Conflict, match="said so already"):
        recorded(world, world.manager)
    with as_user(world.manager):
        ending.take_back(end, by=world.manager)
    assert recorded(world, world.manager).kind == "closes"


def test_a_setting_merges_into_another_that_goes_on(world: World) -> None:
    with pytest.raises(Refused, match="merges into another one"):
        recorded(world, world.admin, successor=world.school)
    with fixtures():
        world.other_school.is_active = False
        world.other_school.save()
    with pytest.raises(Refused, match="merges into another one"):
        recorded(world, world.admin, successor=world.other_school)


def test_nothing_is_handed_over_before_the_day(world: World) -> None:
    end = recorded(world, world.admin, ahead=3)
    with as_user(world.admin), pytest.raises(Refused, match="lies ahead"):
        ending.hand_over(end, by=world.admin)
    with as_user(world.admin):
        assert ends.to_hand_over(for_user=world.admin) == 0


def test_everything_goes_to_the_successor_in_one_step(world: World) -> None:
    file = filled_file(world)
    going = filled_file(world, child=_another(world))
    begun(world, going, world.council)
    with fixtures():
        unfiled = world.alert(child=_child(world), route="head", audience=4)
        part = {"partnership": world.partnership, "controller": world.mash}
        there = Placement.objects.create(child=unfiled.child, setting=world.school, source="notification", **part)
    end = recorded(world, world.admin, successor=world.other_school)
    with as_user(world.admin):
        left = ends.left_at(world.school)
        assert (left.files, left.on_their_way, left.alerts) == (1, 1, 3)
        assert ends.to_hand_over(for_user=world.admin) == 1
        assert ending.hand_over(end, by=world.admin) == 1
        assert ends.to_hand_over(for_user=world.admin) == 0
        left = ends.left_at(world.school)
        assert (left.files, left.on_their_way, left.alerts) == (0, 2, 0)
        with pytest.raises(Conflict):
            ending.hand_over(end, by=world.admin)
        with pytest.raises(Conflict):
            ending.take_back(end, by=world.admin)
    with fixtures():
        transfer = Transfer.objects.get(file=file)
        assert (transfer.state, transfer.reason, transfer.recipient) == ("sent", "merges", world.other_school)
        assert Transfer.objects.get(file=going).state == "begun"  # on its own way already
        assert Alert.objects.get(pk=unfiled.pk).sent_back_at is not None
        there.refresh_from_db()
        assert there.ends_on == today()
        assert Placement.objects.filter(child=unfiled.child, setting=world.other_school, ends_on=None).exists()
        assert Email.objects.filter(dedupe_key__startswith="transfer:").count() == 1
    with as_user(world.other_dsl):
        assert receiving.receive(transfer, by=world.other_dsl).controller == world.other_school


@pytest.mark.parametrize("how", ["refused", "cancelled"])
def test_a_file_that_comes_back_after_all_was_handed_over_goes_again(world: World, how: str) -> None:
    filled_file(world)
    own_way = begun(world, filled_file(world, child=_another(world)), world.council)
    end = recorded(world, world.admin, successor=world.other_school)
    admin, page = signed_in(world.admin), f"/settings/{world.school.slug}/"
    with as_user(world.admin):
        assert ending.hand_over(end, by=world.admin) == 1
        assert ends.to_hand_over(for_user=world.admin) == 0
    assert "Hand everything over" not in text(admin.get(page))
    if how == "refused":
        with fixtures():
            transfer = Transfer.objects.get(state="sent")
        with as_user(world.other_dsl):
            receiving.refuse(transfer, why="Not ours.", by=world.other_dsl)
    else:
        with as_user(world.dsl):
            services.cancel(own_way, by=world.dsl)
    with as_user(world.admin):
        assert ends.to_hand_over(for_user=world.admin) == 1
        with pytest.raises(Conflict, match="on their way"):
            ending.take_back(end, by=world.admin)
    assert "Files are here again" in (seen := text(admin.get(page)))
    assert "goes on after all" not in seen
    assert "1 file on the way" in text(admin.post(f"{page}hand-over/", follow=True))
    with as_user(world.admin):
        assert ends.to_hand_over(for_user=world.admin) == ends.left_at(world.school).files == 0
        with pytest.raises(Conflict, match="handed over already"):
            ending.hand_over(end, by=world.admin)


def _child(world: World) -> Child:
    return world.child(given_name="Bertram")


def _another(world: World) -> Child:
    with fixtures():
        return world.child(given_name="Clementine")


def test_the_files_of_a_setting_that_closes_go_to_the_authority(world: World) -> None:
    filled_file(world)
    with fixtures():
        part = {"partnership": world.partnership, "controller": world.school, "child": world.child()}
        SafeguardingFile.objects.create(child_given_name="A", child_family_name="B", opened_for="x", **part)
    end = recorded(world, world.manager)
    with as_user(world.manager):
        assert ending.hand_over(end, by=world.manager) == 1  # the other holds nothing
    with fixtures():
        assert Transfer.objects.get().recipient == world.council


def test_a_large_setting_takes_several_steps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "MOST_AT_ONCE", 1)
    filled_file(world)
    filled_file(world, child=_another(world))
    end = recorded(world, world.manager)
    with as_user(world.manager):
        assert [ending.hand_over(end, by=world.manager) for _ in range(3)] == [1, 1, 0]
        assert ends.end_of(world.school).handed_over_at is not None  # type: ignore[union-attr]  # it was recorded


def test_the_day_after_it_gets_no_alerts_any_more(world: World) -> None:
    end = recorded(world, world.admin)
    assert ending.close_settings() == 0
    with fixtures():
        SettingEnd.objects.filter(pk=end.pk).update(ends_on=today() - dt.timedelta(days=1))
    assert ending.close_settings() == 1
    assert ending.close_settings() == 0
    with fixtures():
        assert not Agency.objects.get(pk=world.school.pk).is_active


@pytest.mark.parametrize("ago", [policies.SAID_LATE.days + 1, 365])
def test_a_last_day_that_is_long_over_is_a_slip_of_the_pen(world: World, ago: int) -> None:
    with pytest.raises(Refused, match="Check the year"):
        recorded(world, world.admin, ahead=-ago)
    with fixtures():
        assert not SettingEnd.objects.exists()
    assert recorded(world, world.admin, ahead=-policies.SAID_LATE.days).pk


def test_a_setting_that_goes_on_after_all_gets_alerts_again(world: World) -> None:
    end = recorded(world, world.admin, ahead=-1)
    assert ending.close_settings() == 1
    with as_user(world.admin):
        ending.take_back(end, by=world.admin)
    with fixtures():
        assert Agency.objects.get(pk=world.school.pk).is_active
        assert not SettingEnd.objects.exists()
        facts = AuditEntry.objects.get(event="setting.end_taken_back").additional_data
    assert facts == {"kind": "closes", "reopened": True}
    assert recorded(world, world.admin, ahead=30).ends_on > today()


@pytest.mark.req("ALR-23")
def test_head_and_hub_see_that_the_last_lead_has_left(world: World) -> None:
    for person in (world.head, world.officer, world.manager):
        with as_user(person):
            assert ends.without_lead(for_user=person) == []
    with fixtures():
        Membership.objects.filter(agency=world.school, role=Role.DSL).update(ended_at=timezone.now())
        other_head = member(world.other_school, Role.HEAD)
    for person in (world.head, world.officer, world.manager):
        with as_user(person):
            assert ends.without_lead(for_user=person) == [world.school]
        assert "with no Designated Safeguarding Lead on record" in text(signed_in(person).get("/today/"))
    for person in (other_head, world.tutor, world.ehe):
        with as_user(person):
            assert ends.without_lead(for_user=person) == []


def test_the_pages(world: World) -> None:
    filled_file(world)
    admin, manager, page = signed_in(world.admin), signed_in(world.manager), f"/settings/{world.school.slug}/"
    assert world.school.name in text(admin.get("/settings/"))
    assert world.school.name in text(manager.get("/settings/?search=first"))
    assert signed_in(world.tutor).get("/settings/").status_code == 404
    assert signed_in(world.other_dsl).get(page).status_code == 404
    day = today()
    said = {"kind": "merges", "ends_on_0": day.day, "ends_on_1": day.month, "ends_on_2": day.year, "action": "record"}
    assert "Find the setting, then choose it" in text(admin.post(page, said))
    assert "1 setting found" in text(admin.post(page, {**said, "search": "second", "action": "search"}))
    chosen = {**said, "search": "second", "successor": world.other_school.slug}
    assert admin.post(page, chosen).status_code == 302
    seen = text(admin.get(page))
    assert "The setting merges into Second School" in seen
    assert "Quillfeather" not in seen
    assert "1 file on the way" in text(admin.post(f"{page}hand-over/", follow=True))
    assert "Handed over" in text(manager.get("/settings/"))
    assert admin.post(f"{page}take-back/").status_code == 409
