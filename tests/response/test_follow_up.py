"""What a setting does after its answer: support, actions, what is due, reviews, and the end of it."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import Alert, FileEntry
from alerts.response import follow_up, reminding, selectors
from alerts.response.enums import ActionKind, Outcome, Support
from safeguarding.errors import Conflict, Refused
from safeguarding.notifications.models import Email
from tests.factories import World
from tests.response.support import WEEK, again, filed, say, sent_alert, tell
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


@pytest.mark.req("ALR-18")
def test_support_is_silent_or_overt_and_the_page_says_what_that_means(world: World, alert: Alert) -> None:
    say(alert, world.dsl)
    client = signed_in(world.dsl)
    page = client.get(f"/alerts/{alert.ref}/support/").content.decode()
    assert "nobody mentions why" in page
    assert "The child is offered support openly" in page
    assert (
        client.post(f"/alerts/{alert.ref}/support/", {"support": "silent", "note": "Watch at break."}).status_code
        == 302
    )
    with as_user(world.dsl):
        assert selectors.response_to(alert, for_user=world.dsl).support == Support.SILENT
    assert ("answer", f"Support: {Support.SILENT.label}.\nWatch at break.") in filed(alert)


@pytest.mark.req("ALR-17")
def test_actions_have_an_owner_and_a_day_and_their_owner_ends_them_without_seeing_the_alert(
    world: World, alert: Alert
) -> None:
    say(alert, world.dsl)
    tell(alert, world.tutor, world.dsl)
    with as_user(world.dsl):
        nurse, quiet = follow_up.add_actions(
            alert, kinds=[ActionKind.SCHOOL_NURSE, ActionKind.QUIET_TIME], owner=world.tutor,
            due_on=timezone.localdate() + WEEK, note="Before lunch.", by=world.dsl,
        )  # fmt: skip
    client = signed_in(world.tutor)
    assert "School nurse" in client.get(f"/actions/{nurse.ref}/").content.decode()
    assert client.post(f"/actions/{nurse.ref}/", {"state": "done", "result": "Saw her."}).status_code == 302
    assert client.post(f"/actions/{nurse.ref}/", {"state": "dropped", "result": ""}).status_code == 409
    assert ("action", "School nurse: done.\nSaw her.") in filed(alert)
    assert signed_in(world.other_dsl).get(f"/actions/{quiet.ref}/").status_code == 404
    with as_user(world.dsl), pytest.raises(Refused, match="still to do"):
        follow_up.close(alert, outcome=Outcome.NO_NEED, note="", by=world.dsl)


@pytest.mark.req("ALR-17")
def test_every_action_of_the_sources_can_be_chosen() -> None:
    assert {kind.value for kind in ActionKind} >= {
        *("monitor", "early_help", "agency", "contact", "someone", "mentoring", "quiet_time", "school_nurse"),
        *("complex", "specialist", "social_worker"),
    }


@pytest.mark.req("ALR-17")
def test_a_long_list_of_what_is_due_begins_with_what_is_longest_due(world: World, alert: Alert) -> None:
    say(alert, world.dsl)
    with as_user(world.dsl):
        for days in range(selectors.MOST_WAITING + 1):
            follow_up.add_actions(
                alert, kinds=[ActionKind.MONITOR], owner=world.dsl, note="", by=world.dsl,
                due_on=timezone.localdate() + dt.timedelta(days=days),
            )  # fmt: skip
        newest = alert.actions.order_by("due_on").last()
    with time_machine.travel(timezone.now() + 6 * WEEK):
        page = signed_in(world.dsl).get("/alerts/waiting/").content.decode()
    assert f"These are the {selectors.MOST_WAITING} longest due" in page
    assert page.count("/actions/") == selectors.MOST_WAITING
    assert newest.ref not in page


@pytest.mark.req("ALR-17", "ALR-19")
def test_what_is_due_is_told_without_a_name_once_a_week_and_shown(world: World, alert: Alert) -> None:
    say(alert, world.dsl)
    today = timezone.localdate()
    with as_user(world.dsl):
        follow_up.review(alert, note="", next_on=today + WEEK, by=world.dsl)
        follow_up.add_actions(
            alert, kinds=[ActionKind.MONITOR], owner=world.dsl, due_on=today + WEEK, note="", by=world.dsl
        )
    assert reminding.remind() == 0
    with time_machine.travel(timezone.now() + WEEK):
        assert reminding.remind() == 2
        assert reminding.remind() == 0
        page = signed_in(world.dsl).get("/", follow=True).content.decode()
        assert "review of alerts is due" in page
        assert "action of yours is due" in page
        waiting = signed_in(world.dsl).get("/alerts/waiting/").content.decode()
        assert alert.ref in waiting
    with time_machine.travel(timezone.now() + 2 * WEEK):
        assert reminding.remind() == 2
        assert "Late" in signed_in(world.dsl).get(f"/alerts/{alert.ref}/actions/").content.decode()
    with fixtures():
        mails = list(Email.objects.filter(template__in=["review_of_alert_due", "action_due"]))
    assert [mail.to for mail in mails] == [world.dsl.email] * 4
    assert not [mail for mail in mails if "Ottilie" in str(mail.context)]


@pytest.mark.req("ALR-19")
def test_a_review_says_what_came_of_it_and_the_response_is_closed_with_its_outcome(world: World, alert: Alert) -> None:
    with as_user(world.dsl):
        mine = selectors.get_alert(alert.ref, for_user=world.dsl)
        with pytest.raises(Refused, match="acknowledged"):
            follow_up.close(mine, outcome=Outcome.NO_NEED, note="", by=world.dsl)
    say(alert, world.dsl)
    client = signed_in(world.dsl)
    empty = client.post(f"/alerts/{alert.ref}/review/", {"note": ""})
    assert "Enter what the actions have come to" in empty.content.decode()
    assert client.post(f"/alerts/{alert.ref}/review/", {"note": "Calmer now."}).status_code == 302
    assert client.post(f"/alerts/{alert.ref}/close/", {"outcome": "supported", "note": ""}).status_code == 302
    assert again(alert).status == "closed"
    assert [kind for kind, _ in filed(alert)] == ["alert", "answer", "review", "outcome"]
    with as_user(world.dsl), pytest.raises(Conflict, match="closed"):
        follow_up.decide_support(alert, support=Support.OVERT, note="", by=world.dsl)


def test_the_pages_cost_the_same_for_one_row_and_for_thirty(world: World, alert: Alert) -> None:
    say(alert, world.dsl)
    client = signed_in(world.dsl)

    def add(count: int) -> None:
        with as_user(world.dsl):
            for _ in range(count):
                follow_up.add_actions(
                    alert,
                    kinds=[ActionKind.MONITOR],
                    owner=world.dsl,
                    due_on=timezone.localdate(),
                    note="x",
                    by=world.dsl,
                )

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        # the session is renewed by the clock, whatever the page
        return len([query for query in asked if "session" not in query["sql"]])

    with fixtures():
        file = FileEntry.objects.filter(alert=alert)[0].file
    paths = (
        f"/alerts/{alert.ref}/", f"/alerts/{alert.ref}/actions/", "/alerts/waiting/", f"/files/{file.ref}/", "/alerts/",
    )  # fmt: skip
    add(1)
    for path in paths:
        client.get(path)
    one = {path: cost(path) for path in paths}
    add(29)
    for _ in range(5):
        sent_alert(world)
    assert {path: cost(path) for path in paths} == one
