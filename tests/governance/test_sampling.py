"""Sampling audits: drawn at random and drawn again alike, worked through, closed, and read by the lead."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.utils import timezone

from safeguarding.agencies.enums import Role
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.governance import sampling
from safeguarding.governance.enums import ItemResult, SampleKind
from safeguarding.governance.models import Sample, SampleItem
from safeguarding.governance.sampling import Record, drawn_from
from tests.factories import World, member
from tests.governance.conftest import entries
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("AUD-05")]
RECORDS = [Record(f"A-{n:04d}", dt.datetime(2026, 3, 2, 8, n, tzinfo=dt.UTC)) for n in range(50)]


def test_the_same_seed_draws_the_same_and_another_draws_others() -> None:
    first = drawn_from(RECORDS, 10, "one")
    assert drawn_from(RECORDS[::-1], 10, "one") == first
    assert drawn_from(RECORDS, 10, "two") != first
    assert len(set(first)) == 10
    assert sorted(drawn_from(RECORDS[:3], 10, "one")) == RECORDS[:3]


def test_every_record_can_be_drawn() -> None:
    drawn = {record for n in range(200) for record in drawn_from(RECORDS, 5, str(n))}
    assert drawn == set(RECORDS)


def draw(world: World, kind: SampleKind = SampleKind.ALERTS, size: int = 10, **fields: Any) -> Sample:
    days = {"since": timezone.localdate(), "until": timezone.localdate(), **fields}
    with as_user(world.manager):
        return sampling.draw(hub=world.mash, kind=kind, size=size, by=world.manager, **days)


def refs(sample: Sample) -> set[str]:
    with fixtures():
        return set(sample.items.values_list("ref", flat=True))


def test_each_kind_draws_from_its_own(world: World) -> None:
    with fixtures():
        screened = world.notification(screened_at=timezone.now())
        world.notification(screened_at=timezone.now() - dt.timedelta(days=3))
        world.alert(status="queued", audience=0, sent_at=None)
    assert refs(draw(world, SampleKind.ALERTS)) == {world.one.ref, world.two.ref}
    assert refs(draw(world, SampleKind.SCREENINGS)) == {screened.ref}
    assert refs(draw(world, SampleKind.ACCESSES)) == {world.one.ref, world.two.ref, world.one.notification.ref}
    sample = draw(world, SampleKind.ACCESSES, size=1)
    assert (sample.size, sample.population) == (1, 4)
    assert len(sample.seed) == 32


def test_what_was_drawn_can_be_drawn_again_from_the_kept_seed(world: World) -> None:
    sample = draw(world, SampleKind.ACCESSES, size=2)
    with as_user(world.manager):
        again = sampling.draw(
            hub=world.mash,
            kind=SampleKind.ACCESSES,
            since=timezone.localdate(),
            until=timezone.localdate(),
            size=2,
            by=world.manager,
            seed=sample.seed,
        )
    with fixtures():
        assert list(again.items.values_list("ref", "entry_id")) == list(sample.items.values_list("ref", "entry_id"))


def test_days_without_anything_are_refused(world: World) -> None:
    today = timezone.localdate()
    with pytest.raises(Refused, match="nothing of this kind"):
        draw(world, since=today - dt.timedelta(days=9), until=today - dt.timedelta(days=8))


@pytest.mark.req("NTK-02")
@pytest.mark.parametrize("who", ["officer", "dsl", "hub_lead", "ig_lead", "admin"])
def test_only_a_manager_of_the_hub_draws_records_and_closes(world: World, who: str) -> None:
    person, sample, today = getattr(world, who), draw(world), timezone.localdate()
    with fixtures():
        item = SampleItem.objects.filter(sample=sample)[0]
    with as_user(person):
        with pytest.raises(NotVisible):
            sampling.draw(hub=world.mash, kind=SampleKind.ALERTS, since=today, until=today, size=1, by=person)
        with pytest.raises(NotVisible):
            sampling.record_result(item, result=ItemResult.COMPLIANT, note="", action="", by=person)
        with pytest.raises(NotVisible):
            sampling.close(sample, summary="Fine.", by=person)


@pytest.mark.req("NTK-02")
def test_the_lead_of_the_hub_reads_and_another_s_does_not(world: World) -> None:
    sample = draw(world)
    with as_user(world.hub_lead):
        found = sampling.work(sample.ref, for_user=world.hub_lead)
    assert (len(found.items), found.can_work) == (2, False)
    with fixtures():
        elsewhere = member(world.council, Role.MASH_MANAGER)
    for person in (world.ig_lead, elsewhere, world.officer):
        with as_user(person), pytest.raises(NotVisible):
            sampling.work(sample.ref, for_user=person)


@pytest.mark.req("AUD-02")
def test_results_and_summary_are_sealed_and_a_closed_audit_stays_as_it_is(world: World) -> None:
    sample = draw(world)
    with as_user(world.manager):
        found = sampling.work(sample.ref, for_user=world.manager)
        with pytest.raises(Refused, match="2 records have no result"):
            sampling.close(sample, summary="Done.", by=world.manager)
        first, second = found.items
        sampling.record_result(first, result=ItemResult.FINDING, note="CANARY note", action="Train", by=world.manager)
        with pytest.raises(Refused, match="1 record has no result"):
            sampling.close(sample, summary="Done.", by=world.manager)
        sampling.record_result(second, result=ItemResult.COMPLIANT, note="", action="", by=world.manager)
        sampling.close(sample, summary="CANARY summary", by=world.manager)
        closed = sampling.work(sample.ref, for_user=world.manager)
        assert (closed.sample.summary, closed.items[0].note, closed.can_work) == (
            "CANARY summary",
            "CANARY note",
            False,
        )
        assert closed.counts == [("As it should be", 1), ("Something was found", 1), ("Could not be assessed", 0)]
        for attempt in (
            lambda: sampling.record_result(first, result=ItemResult.COMPLIANT, note="", action="", by=world.manager),
            lambda: sampling.close(sample, summary="Again", by=world.manager),
        ):
            with pytest.raises(Conflict):
                attempt()
    logged = entries(event__startswith="sample.")
    assert [entry.event for entry in logged] == ["sample.drawn", "sample.recorded", "sample.recorded", "sample.closed"]
    assert not any("CANARY" in str(vars(entry)) for entry in logged)


def test_the_manager_s_pages_from_drawing_to_closing(world: World) -> None:
    client, today = signed_in(world.manager), timezone.localdate()
    day = {
        f"{name}_{n}": part
        for name in ("since", "until")
        for n, part in enumerate((today.day, today.month, today.year))
    }
    wrong = client.post("/samples/new/", {"kind": "alerts", **day, "size": "0"}).content.decode()
    assert "Draw at least one" in wrong
    late = client.post("/samples/new/", {"kind": "alerts", **day, "until_2": "9999", "size": "10"}).content.decode()
    assert "Last day must not lie more than 20 years in the future" in late
    drawn = client.post("/samples/new/", {"kind": "alerts", **day, "size": "10"}, follow=True)
    assert "Drawn: 2 of 2." in drawn.content.decode()
    path = drawn.redirect_chain[-1][0]
    assert "When every record has a result" in drawn.content.decode()
    assert "Enter what you found" in client.post(f"{path}1/", {"result": "finding"}).content.decode()
    client.post(f"{path}1/", {"result": "finding", "note": "=HYPERLINK(1)", "action": "Mend it"})
    client.post(f"{path}2/", {"result": "compliant"})
    assert "Enter a summary" in client.post(path, {"summary": ""}).content.decode()
    assert "is closed." in client.post(path, {"summary": "Two looked at."}, follow=True).content.decode()
    assert client.get(f"{path}3/").status_code == 404
    lead = signed_in(world.hub_lead)
    assert "Two looked at." in lead.get(path).content.decode()
    body = lead.post(f"{path}export/", {"purpose": "assurance"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [(row["Number"], row["Result"], row["Found"]) for row in rows] == [
        ("1", "Something was found", "'=HYPERLINK(1)"), ("2", "As it should be", ""),
    ]  # fmt: skip
    assert signed_in(world.officer).get("/samples/").status_code == 404


def test_the_work_list_costs_the_same_however_long_it_is(world: World, django_assert_num_queries: Any) -> None:
    sample = draw(world)
    with fixtures():
        for _ in range(8):
            world.alert()
    longer = draw(world)
    counts = []
    for each in (sample, longer):
        with as_user(world.manager), django_assert_num_queries(5) as counted:
            sampling.work(each.ref, for_user=world.manager)
        counts.append(len(counted))
    assert counts[0] == counts[1]
