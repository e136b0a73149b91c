"""Today: what needs this person now, first; nothing that is not theirs; and no more queries for more work."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.register.enums import SignatureState
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import AccessReview, Membership, ReviewItem, User
from safeguarding.web.charts import FLOOR, Chart
from safeguarding.web.needs import Need, needs_of, register
from tests.factories import World, clear, member, require_clearance
from tests.support.db import fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def page_of(person: User, client: Client | None = None) -> str:
    answer = (client or signed_in(person)).get("/today/")
    assert answer.status_code == 200
    return answer.content.decode()


# what a fresh world has not been given: other rooms' tests speak of it
ELSEWHERE = {
    "documents for parents to confirm",
    "document for parents to confirm",
    "setting without school days for the time to come",
    "record of staff training or safe use that is due",
    "records of staff training or safe use that are due",
    "settings without school days for the time to come",
}


def needed(page: str) -> dict[str, str]:
    """What stands on the page, by its words."""
    found = re.findall(r'number">([\d,+]+)</strong> <span>([^<]+)</span>', page)
    return {words: count for count, words in found if words not in ELSEWHERE}


@pytest.fixture
def busy(world: World) -> World:
    """Two alerts at the first school, one of them past its bell; one withheld; three notifications, one late, one mine."""
    with fixtures():
        world.alert(due_at=timezone.now() - HOUR, sent_at=timezone.now() - 2 * HOUR)
        world.alert(due_at=timezone.now() + HOUR)
        world.alert(status="opened", opened_at=timezone.now(), sent_at=timezone.now() - HOUR)
        world.alert(status="withheld", withheld_reason="never_signed", sent_at=None, audience=0)
        world.notification(due_at=timezone.now() - HOUR)
        world.notification()
        world.notification(claimed_by=world.officer, claimed_at=timezone.now())
    return world


@pytest.mark.req("ALR-23")
def test_a_lead_reads_what_waits_the_late_first(busy: World) -> None:
    page = page_of(busy.dsl)
    assert list(needed(page).items()) == [
        ("alert that nobody opened before the bell", "1"),
        ("new alert", "1"),
        ("alert opened and not acknowledged", "1"),
    ]
    assert needed(page_of(busy.other_dsl)) == {}
    assert "Nothing waits for you" in page_of(busy.tutor)


@pytest.mark.req("ALR-08", "ALR-23", "MSH-01")
def test_the_hub_reads_what_is_late_unclaimed_withheld_and_unopened(busy: World) -> None:
    assert needed(page_of(busy.officer)) == {
        "notification is late": "1",
        "notification that nobody has claimed": "1",
        "notification that you have claimed": "1",
        "alert that nobody has opened, after the bell": "1",
        "alert withheld": "1",
    }
    assert "notification that you have claimed" not in needed(page_of(busy.manager))


@pytest.mark.req("NTK-02")
def test_nobody_else_reads_a_number_of_it(busy: World) -> None:
    for person in (busy.tutor, busy.constable, busy.ig_lead, busy.ehe):
        assert not set(needed(page_of(person))) & {"new alert", "alert withheld", "notification is late"}


@pytest.mark.req("AGR-02", "NTK-07")
def test_heads_and_administrators_read_theirs(world: World) -> None:
    with fixtures():
        party = world.agreement.signatures.filter(agency=world.school)
        party.update(state=SignatureState.INVITED, signed_on=None)
        review = AccessReview.objects.create(agency=world.school, due_at=timezone.now() + HOUR)
        for each in Membership.objects.filter(agency=world.school):
            ReviewItem.objects.create(review=review, agency=world.school, membership=each)
        others = Membership.objects.filter(agency=world.school).exclude(user=world.admin).count()
    assert needed(page_of(world.head)) == {"agreement to sign or to refuse": "1"}
    assert needed(page_of(world.admin)) == {"roles of colleagues to confirm": str(others)}


@pytest.mark.req("NTK-06")
def test_who_may_open_nothing_is_told_that_and_counts_nothing(busy: World) -> None:
    with fixtures():
        require_clearance(busy.partnership)
        clear(busy.officer, busy.partnership)
    assert needed(page_of(busy.dsl)) == {"role of yours opens nothing: training or terms are missing": "1"}
    assert needed(page_of(busy.admin)).keys() >= {"people whose training or terms have lapsed"}
    assert "alert withheld" in needed(page_of(busy.officer))


def test_as_many_queries_for_much_work_as_for_little(busy: World) -> None:
    client = signed_in(busy.officer)
    page_of(busy.officer, client)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            page_of(busy.officer, client)
        counts.append(len(asked))
        with fixtures():
            for _ in range(10):
                busy.alert(due_at=timezone.now() - HOUR, sent_at=timezone.now() - 2 * HOUR)
                busy.notification(due_at=timezone.now() - HOUR)
    assert counts[0] == counts[1]


def test_at_most_six_areas_in_the_bar_and_all_of_them_on_the_page(world: World) -> None:
    with fixtures():
        for role in (Role.AGENCY_ADMIN, Role.IG_LEAD, Role.HEAD):
            Membership.objects.create(user=world.manager, agency=world.mash, role=role)
    page = page_of(world.manager)
    bar = page.count("govuk-service-navigation__link")
    assert bar == 6
    for title in ("Queue", "Sent", "Members", "Access log", "Emergency reviews", "Agreements"):
        assert f">{title}</a>" in page.partition("All areas")[2]


def test_home_is_today_and_an_e_mail_s_link_goes_straight_to_the_alert(busy: World) -> None:
    client = signed_in(busy.dsl)
    assert client.get("/").headers["Location"] == "/today/"
    assert (
        Client().get("/alerts/A-0000-0000/").headers["Location"] == "/accounts/login/?next=%2Falerts%2FA-0000-0000%2F"
    )


def test_the_late_and_the_soonest_come_first_and_nothing_is_left_out(world: World) -> None:
    soon, later = timezone.now() + HOUR, timezone.now() + 2 * HOUR
    made = [
        Need("c", "/", 1),
        Need("b", "/", 1, later),
        Need("none", "/", 0),
        Need("a", "/", 1, soon),
        Need("!", "/", 1, urgent=True),
    ]
    register("of a test", lambda user: made, roles=("of a test",))
    assert [need.words for need in needs_of(world.dsl, {"of a test"})] == ["!", "a", "b", "c"]


def test_bars_stand_on_the_floor_and_the_highest_reaches_the_top() -> None:
    drawn = Chart("k", "t", "first", "second", rows=(("a", 10, 0), ("b", 5, 1)))
    assert {round(bar.y + bar.height, 1) for bar in drawn.bars} == {FLOOR}
    assert [bar.height for bar in drawn.bars] == [110, 0, 55, 11]
    assert [bar.late for bar in drawn.bars] == [False, True, False, True]
    assert Chart("k", "t", "first", "second", rows=(("a", 0, 0),)).is_empty


def test_a_stranger_to_every_agency_is_told_whom_to_ask(world: World) -> None:
    with fixtures():
        nobody = member(world.school, Role.SETTING_STAFF)
        Membership.objects.filter(user=nobody).update(ended_at=timezone.now())
    assert "no role of yours has work here" in signed_in(nobody).get("/").content.decode()
