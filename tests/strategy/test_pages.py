"""The pages of strategy discussions: what each person finds, what is refused, and how many queries it takes."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import DiscussionInvitation, StrategyDiscussion
from tests.strategy.conftest import Place, names_of
from tests.support.db import fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db


def day(name: str, on: dt.date | None = None) -> dict[str, str]:
    """A day as its three boxes are sent; today's, unless one is named."""
    on = on or timezone.localdate()
    return {f"{name}_0": str(on.day), f"{name}_1": str(on.month), f"{name}_2": str(on.year)}


@pytest.mark.req("STR-01", "STR-02", "STR-04", "STR-07")
def test_from_the_queue_to_the_receipt_by_pages(place: Place) -> None:
    officer, manager, nurse = (signed_in(each) for each in (place.world.officer, place.care_manager, place.nurse))
    answer = officer.post(
        f"/strategy/new/?from={place.notification.ref}", {"reason": "CANARY reason", "told": "told"}, follow=True
    )
    assert answer.status_code == 200
    ref = re.findall(r"Y-[0-9A-Z]{4}-[0-9A-Z]{4}", answer.content.decode())[0]
    here = f"/strategy/{ref}/"
    assert "CANARY reason" in manager.get(here).content.decode()
    assert nurse.get(here).status_code == 404
    for person, agency, capacity in (
        (place.sergeant, place.world.police, "police"),
        (place.nurse, place.health, "health"),
    ):
        found = manager.get(f"{here}people/?name={person.name.split()[-1]}").content.decode()
        assert person.code in found
        wrong = manager.post(f"{here}people/{agency.slug}/{person.code}/", {"capacity": capacity})
        assert "Make sure that they can decide" in wrong.content.decode()
        manager.post(f"{here}people/{agency.slug}/{person.code}/", {"capacity": capacity, "can_decide": "on"})
    assert "Still missing" not in manager.get(here).content.decode()
    assert nurse.post(f"{here}answer/", {"answer": "accepted"}, follow=True).status_code == 200
    with fixtures():
        codes = [each.code for each in DiscussionInvitation.objects.order_by("pk")]
    now = timezone.localtime() - dt.timedelta(minutes=1)
    held: dict[str, Any] = {
        **day("held_on", now.date()),
        "held_time": f"{now:%H:%M}",
        "means": "video",
        "version": _version(ref),
    }
    refused = manager.post(f"{here}held/", {**held, "attended": codes[:1]})
    assert refused.status_code == 409
    assert "Without health this was no strategy discussion" in refused.content.decode()
    assert f'value="{now:%H:%M}"' in refused.content.decode()  # nothing typed is lost
    assert manager.post(f"{here}held/", {**held, "attended": codes}).status_code == 302
    words = dict.fromkeys(("timing", "child", "family", "immediate", "legal", "minutes"), "CANARY words")
    written = {**words, "inquiry_starts": "yes", "investigation": "no", "version": _version(ref)}
    assert manager.post(f"{here}write/", written).status_code == 302
    assert nurse.get(f"{here}record/").status_code == 404
    action = {"owner": "authority", "what": "CANARY action", **day("due_on"), "version": _version(ref)}
    assert manager.post(f"{here}actions/new/", action).status_code == 302
    stale = manager.post(f"{here}send/", {"version": "1"})
    assert stale.status_code == 409
    assert manager.post(f"{here}send/", {"version": _version(ref)}).status_code == 302
    record = nurse.get(f"{here}record/")
    assert "CANARY words" in record.content.decode()
    assert "Opened" in manager.get(here).content.decode()
    assert officer.get(f"{here}record/").status_code == 404
    page = nurse.post(f"{here}disagree/", {"kind": "disagrees", "reason": "CANARY no"}, follow=True).content.decode()
    assert "Disagreement raised" in page
    assert "escalation procedure" in nurse.get(f"{here}disagree/").content.decode()


def _version(ref: str) -> int:
    with fixtures():
        return StrategyDiscussion.objects.get(ref=ref).version


WORDS = ("timing", "child", "family", "immediate", "legal", "minutes")


def written(words: str, version: int, **changes: str) -> dict[str, Any]:
    return {
        **dict.fromkeys(WORDS, words),
        "inquiry_starts": "yes",
        "investigation": "no",
        "version": version,
        **changes,
    }


def version_in(page: str) -> int:
    return int(re.findall(r'name="version" value="(\d+)"', page)[0])


@pytest.mark.req("STR-04")
def test_what_a_colleague_recorded_is_read_before_it_is_replaced(place: Place) -> None:
    discussion, invited = place.quorate()
    place.hold(discussion, invited)
    manager, address = signed_in(place.care_manager), f"/strategy/{discussion.ref}/write/"
    before = _version(discussion.ref)
    assert manager.post(address, written("CANARY the colleague’s", before)).status_code == 302
    mine = written("CANARY mine", before)
    incomplete = manager.post(address, {**mine, "minutes": ""}).content.decode()
    assert version_in(incomplete) == before  # still as it was when the form was drawn
    refused = manager.post(address, mine)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "A colleague changed this discussion" in page
    assert page.count("CANARY the colleague’s") == len(WORDS)
    assert page.count("CANARY mine") == len(WORDS)
    assert version_in(page) == _version(discussion.ref)
    assert manager.post(address, {**mine, "version": version_in(page)}).status_code == 302


@pytest.mark.req("STR-01")
def test_the_time_that_a_colleague_fixed_is_read_before_it_is_replaced(place: Place) -> None:
    manager, ref = signed_in(place.care_manager), place.ask().ref
    soon = timezone.localdate() + dt.timedelta(days=1)
    fixed = {**day("starts_on", soon), "starts_time": "10:00", "means": "video", "where": "CANARY Road", "version": 1}
    assert manager.post(f"/strategy/{ref}/arrange/", fixed).status_code == 302
    page = manager.post(f"/strategy/{ref}/arrange/", {**fixed, "where": "CANARY Lane"}).content.decode()
    assert "at 10am" in page
    assert "CANARY Road" in page
    assert "CANARY Lane" in page


@pytest.mark.req("STR-05")
def test_the_conference_that_a_colleague_fixed_is_read_before_it_is_moved(place: Place) -> None:
    discussion, _ = place.sent()
    worker, address = signed_in(place.social_worker), f"/strategy/{discussion.ref}/conference/"
    soon, before = timezone.localdate() + dt.timedelta(days=5), _version(discussion.ref)
    fixed = {**day("conference_on", soon), "conference_time": "10:00", "version": before}
    assert worker.post(address, fixed).status_code == 302
    refused = worker.post(address, {**fixed, "conference_time": "14:00"})
    assert refused.status_code == 409
    assert "at 10am" in refused.content.decode()


@pytest.mark.req("STR-01")
@pytest.mark.parametrize("step", ["held", "not-held"])
def test_who_was_invited_meanwhile_is_read_first_and_nothing_typed_is_lost(place: Place, step: str) -> None:
    ref = place.ask().ref
    discussion = place.see(StrategyDiscussion(ref=ref), place.care_manager).discussion
    place.invite(discussion, place.sergeant, place.world.police, "police")
    with fixtures():
        StrategyDiscussion.objects.filter(ref=ref).update(version=discussion.version + 1)
    typed = {
        **day("held_on"), "held_time": "00:01", "means": "video", "because": "CANARY because",
        "emergency": "on", **day("follow_up_on"), "version": discussion.version,
    }  # fmt: skip
    refused = signed_in(place.care_manager).post(f"/strategy/{ref}/{step}/", typed)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "What is saved now" in page
    assert place.sergeant.name in page
    assert "CANARY because" in page


@pytest.mark.req("STR-02", "STR-04")
def test_a_record_that_a_colleague_changed_is_not_sent_by_pressing_twice(place: Place) -> None:
    discussion, invited = place.quorate()
    place.hold(discussion, invited)
    manager, here = signed_in(place.care_manager), f"/strategy/{discussion.ref}/"
    drawn = _version(discussion.ref)
    assert manager.post(f"{here}write/", written("CANARY the colleague’s", drawn)).status_code == 302
    assert manager.post(f"{here}actions/new/", {"owner": "authority", "what": "x", **day("due_on")}).status_code == 302
    first = manager.post(f"{here}send/", {"version": drawn})
    assert (first.status_code, version_in(first.content.decode())) == (409, drawn)
    assert manager.post(f"{here}send/", {"version": drawn}).status_code == 409


@pytest.mark.req("STR-01")
def test_the_authority_asks_by_hand_and_is_told_what_is_missing(place: Place) -> None:
    worker = signed_in(place.social_worker)
    empty = worker.post("/strategy/new/", {}).content.decode()
    for sentence in (
        "Enter why a strategy discussion is needed",
        "Enter the child’s first name",
        "Say whether the family knows",
    ):
        assert sentence in empty
    typed = {"given_1": "Ottilie", "family_1": "Quillfeather", "reason": "x", "told": "to_be_told"}
    assert "Enter the day by which they are told" in worker.post("/strategy/new/", typed).content.decode()
    late = worker.post("/strategy/new/", {**typed, **day("told_by", dt.date(9999, 12, 31))}).content.decode()
    assert "must not lie more than a year in the future" in late
    assert "Enter the day by which they are told" not in late
    done = worker.post("/strategy/new/", {**typed, **day("told_by"), **day("born_1", dt.date(2016, 5, 4))}, follow=True)
    assert "Ottilie" in done.content.decode()
    assert "Record that it was held" not in done.content.decode()  # a manager's
    assert worker.get("/strategy/new/?from=N-0000-0000").status_code == 404
    assert signed_in(place.dsl).get("/strategy/new/").status_code == 404


@pytest.mark.req("STR-01")
@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ({"family_2": "Quillfeather"}, "Enter the first name of child 2, or “Unborn baby”"),
        ({"given_3": "Odo"}, "Enter the last name of child 3"),
        (day("born_2", dt.date(2019, 1, 2)), "Enter the first name of child 2, or “Unborn baby”"),
        ({"born_2_0": "99"}, "Enter the last name of child 2"),
    ],
)
def test_no_child_who_is_named_in_part_is_left_out(place: Place, second: dict[str, str], sentence: str) -> None:
    worker = signed_in(place.social_worker)
    typed = {"given_1": "Ottilie", "family_1": "Quillfeather", "reason": "x", "told": "told", **second}
    assert sentence in worker.post("/strategy/new/", typed).content.decode()
    with fixtures():
        assert not StrategyDiscussion.objects.exists()


@pytest.mark.req("STR-01")
def test_an_unborn_child_is_asked_for_by_hand(place: Place) -> None:
    typed = {"given_1": "Ottilie", "family_1": "Quillfeather", "reason": "x", "told": "told"}
    unborn = {"given_2": "Unborn baby", "family_2": "Quillfeather"}
    assert "not born yet" in signed_in(place.social_worker).get("/strategy/new/").content.decode()
    assert signed_in(place.social_worker).post("/strategy/new/", {**typed, **unborn}).status_code == 302
    with fixtures():
        assert names_of(StrategyDiscussion.objects.get()) == ["Ottilie", "Unborn baby"]


@pytest.mark.req("STR-01")
def test_the_calendars_file_comes_with_the_page(place: Place) -> None:
    discussion = place.ask()
    manager = signed_in(place.care_manager)
    assert manager.get(f"/strategy/{discussion.ref}/calendar/").status_code == 404  # not fixed yet
    soon = timezone.localtime() + dt.timedelta(days=1)
    fixed = {
        **day("starts_on", soon.date()),
        "starts_time": "10:00",
        "means": "video",
        "where": "CANARY Road",
        "version": "1",
    }
    assert manager.post(f"/strategy/{discussion.ref}/arrange/", fixed).status_code == 302
    answer = manager.get(f"/strategy/{discussion.ref}/calendar/")
    assert answer["Content-Type"].startswith("text/calendar")
    assert "CANARY" not in answer.content.decode()


def test_a_page_takes_as_many_queries_with_ten_as_with_one(place: Place) -> None:
    client = signed_in(place.care_manager)
    first = place.sent()[0]
    for address in ("/strategy/?view=all", f"/strategy/{first.ref}/"):
        client.get(address)  # what is kept after the first request
        with CaptureQueriesContext(connection) as few:
            assert client.get(address).status_code == 200
        _more(place, first)
        with CaptureQueriesContext(connection) as many:
            assert client.get(address).status_code == 200
        assert len(many) == len(few), address


def _more(place: Place, discussion: StrategyDiscussion) -> None:
    from alerts.strategy.models import DiscussionAction
    from tests.factories import UserFactory

    with fixtures():
        part = {"partnership": discussion.partnership, "controller": discussion.controller}
        for number in range(6):
            StrategyDiscussion.objects.create(
                asked_at=discussion.controller, requested_by=place.care_manager, origin="by_hand", reason="x", told="told",
                referred_on=timezone.localdate(), **part,
            )  # fmt: skip
            DiscussionAction.objects.create(
                discussion=discussion, agency=place.health, what=f"x{number}", due_on=timezone.localdate(), **part
            )
            known = DiscussionInvitation.objects.filter(content_object=discussion).first()
            assert known is not None
            DiscussionInvitation.objects.create(
                content_object=discussion, user=UserFactory(), permission=known.permission, agency=place.health,
                capacity="health", can_decide=True, reason="health", granted_by=place.care_manager, expires_at=known.expires_at,
            )  # fmt: skip
