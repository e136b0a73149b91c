"""A setting's own staff know the scheme, and its safe use is looked at; both stand on record (ALR-26)."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.briefings import policies, selectors, services
from alerts.briefings.enums import RecordKind
from alerts.briefings.models import SchemeRecord
from alerts.documents.selectors import get_desk
from safeguarding.errors import NotVisible, Refused
from tests.factories import World
from tests.support.db import as_user
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 26)


@pytest.mark.req("ALR-26")
@pytest.mark.parametrize(
    ("held_on", "due"),
    [
        (None, TODAY),
        (dt.date(2026, 9, 1), dt.date(2027, 9, 1)),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
    ],
)
def test_staff_hear_of_it_once_a_year(held_on: dt.date | None, due: dt.date) -> None:
    assert policies.due_on(held_on, TODAY) == due


@pytest.mark.req("ALR-26")
@pytest.mark.parametrize(
    ("kind", "held_on", "staff", "sentence"),
    [
        ("briefing", TODAY + dt.timedelta(days=1), 3, "still to come"),
        ("briefing", TODAY, None, "how many members"),
        ("check", TODAY, None, ""),
        ("briefing", TODAY, 3, ""),
    ],
)
def test_what_a_record_must_say(kind: str, held_on: dt.date, staff: int | None, sentence: str) -> None:
    if sentence:
        with pytest.raises(Refused, match=sentence):
            policies.check_can_record(kind, held_on, staff, TODAY)
    else:
        policies.check_can_record(kind, held_on, staff, TODAY)


@pytest.mark.req("ALR-26")
def test_the_lead_keeps_it_for_the_setting_and_what_is_due_is_said(world: World) -> None:
    with as_user(world.dsl):
        desk = get_desk(world.school.slug, for_user=world.dsl)
        assert selectors.late_at(world.dsl) == len(RecordKind)
        services.keep(desk, kind="briefing", held_on=timezone.localdate(), staff=24, words="By the lead.", by=world.dsl)
        assert [due.late for due in selectors.dues(desk)] == [False, True]
        assert selectors.late_at(world.dsl) == 1
        old = timezone.localdate() - dt.timedelta(days=500)
        services.keep(desk, kind="check", held_on=old, staff=None, words="All well.", by=world.dsl)
        assert selectors.late_at(world.dsl) == 1
        assert [each.kind for each in selectors.records_of(desk)] == ["briefing", "check"]
    for person in (world.other_dsl, world.tutor, world.officer):
        with as_user(person), pytest.raises(NotVisible):
            services.keep(desk, kind="check", held_on=timezone.localdate(), staff=None, words="No.", by=person)


@pytest.mark.req("ALR-26")
def test_it_is_a_page_of_the_setting(world: World) -> None:
    client, path = signed_in(world.dsl), f"/briefings/{world.school.slug}/"
    assert client.get("/briefings/")["Location"] == path
    wrong = client.post(path, {"kind": "briefing", "staff": "many"}).content.decode()
    assert "Enter a whole number" in wrong
    today = timezone.localdate()
    said = {
        "kind": "briefing", "staff": "24", "words": "At the training day.",
        "held_on_0": today.day, "held_on_1": today.month, "held_on_2": today.year,
    }  # fmt: skip
    assert client.post(path, said).status_code == 302
    assert "24 members of staff" in client.get(path).content.decode()
    assert SchemeRecord.objects.get().recorded_by == world.dsl
    assert signed_in(world.other_dsl).get(path).status_code == 404
