"""A strategy discussion from the hub's request to a partner's disagreement, one at night, and a child who was missing."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest

from tests.functional.browser import Visitor
from tests.functional.cases import Family, body, missing_episode
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, post, screen, text_of, until_settled
from tests.functional.keyboard import press
from tests.functional.stack import Stack, until

OFFICER, CARE, WORKER = "officer@mash.wexbourne", "caremanager@council.wexbourne", "socialworker@council.wexbourne"
SERGEANT, NURSE, DSL, POLICE = (
    "sergeant@police.wexbourne", "nurse@health.wexbourne", "dsl@meadow.wexbourne", "officer@police.wexbourne",
)  # fmt: skip


def fill_day(visitor: Visitor, day: dt.date, legend: str) -> None:
    boxes = visitor.page.get_by_role("group", name=legend)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(part, exact=True).fill(str(value))


def now_in_england() -> dt.datetime:
    return dt.datetime.now(ZoneInfo("Europe/London"))


def ask(stack: Stack, tokens: Tokens, officer: Visitor) -> tuple[Family, str]:
    """The hub screens a notification at level 4, and asks the authority."""
    family = Family.another()
    ref = post(stack, tokens["wexbourne"], body(family, "900001", risk="high"))
    screen(
        officer,
        ref,
        level="Specialist",
        decision="Send the alert; the setting is contacted for a strategy discussion or an assessment",
    )
    until_settled(stack, ref, "sent")
    officer.goto(f"/queue/{ref}/")
    officer.press(officer.page.get_by_role("link", name="Ask for a strategy discussion"))
    assert family.child in officer.words
    officer.page.get_by_label("Why a strategy discussion is needed").fill("An adult was hurt in front of the child")
    officer.page.get_by_label("They know already").check()
    officer.press(officer.button("Ask for the discussion"))
    found = re.search(r"Y-[0-9A-Z]{4}-[0-9A-Z]{4}", officer.words)
    assert found
    return family, found[0]


def invite(manager: Visitor, ref: str, stack: Stack, who: str, capacity: str) -> None:
    name = str(stack.sql("SELECT name FROM agencies_user WHERE email = %s", f"{who}.example")[0][0])
    manager.goto(f"/strategy/{ref}/people/?name={name.replace(' ', '+')}")
    manager.press(manager.page.get_by_role("link", name=f"Invite {name}"))
    manager.page.get_by_label(capacity, exact=True).check()
    manager.page.get_by_label("They are senior enough to decide for their agency").check()
    manager.press(manager.button("Invite"))
    assert "is invited" in manager.words


@pytest.mark.req("STR-01", "STR-02", "STR-04", "STR-07")
def test_from_the_request_to_the_disagreement(stack: Stack, tokens: Tokens, person: Door) -> None:
    family, ref = ask(stack, tokens, person(OFFICER))
    manager, nurse, lead = person(CARE), person(NURSE), person(DSL)
    assert lead.goto(f"/strategy/{ref}/") == 404
    for who, capacity in ((SERGEANT, "Police"), (NURSE, "Health"), (DSL, "The child's school or setting")):
        invite(manager, ref, stack, who, capacity)
    mail = until(
        "the DSL is told",
        lambda: [text for text in map(text_of, stack.mails(f"{DSL}.example")) if ref in text],
        40,
    )[0]
    assert not any(secret in mail for secret in (family.given_name + " ", family.family_name))

    lead.goto(f"/strategy/{ref}/")
    assert family.child in lead.words
    assert not lead.judge()
    press(lead, "I take part")
    assert "Your answer is saved" in lead.words

    manager.goto(f"/strategy/{ref}/held/")
    held = now_in_england() - dt.timedelta(minutes=5)
    fill_day(manager, held.date(), "Day on which it was held")
    manager.page.get_by_label("Time at which it was held").fill(f"{held:%H:%M}")
    manager.page.get_by_label("By video").check()
    manager.press(manager.button("Save"))
    assert "Without the police and health" in manager.words
    assert not manager.judge()
    for who in manager.page.get_by_role("group", name="Who took part").get_by_role("checkbox").all():
        who.check()
    manager.press(manager.button("Save"))

    manager.press(manager.page.get_by_role("button", name="Write the record"))
    manager.page.get_by_role("group", name="Does a section 47 enquiry start?").get_by_label("Yes").check()
    manager.page.get_by_role("group", name="Is there a criminal investigation?").get_by_label("No").check()
    for box in manager.page.get_by_role("textbox").all():
        box.fill("As agreed")
    manager.press(manager.button("Save the record"))
    manager.press(manager.page.get_by_role("button", name="Add an action"))
    manager.page.get_by_label(re.compile("Meadow Primary School$")).check()
    manager.page.get_by_label("What they do", exact=True).fill("See the child every morning")
    fill_day(manager, held.date() + dt.timedelta(days=3), "Day by which it is done")
    manager.press(manager.button("Add this action"))
    assert lead.goto(f"/strategy/{ref}/record/") == 404
    manager.press(manager.page.get_by_role("button", name="Send the record"))
    assert not manager.judge()
    manager.press(manager.button("Approve and send the record"))
    assert "within its 48 hours" in manager.words

    lead.goto(f"/strategy/{ref}/")
    lead.press(lead.page.get_by_role("link", name="Open the record"))
    assert "See the child every morning" in lead.words
    assert not lead.judge()
    manager.goto(f"/strategy/{ref}/")
    assert re.search(r"Opened \d", manager.words)
    nurse.goto(f"/strategy/{ref}/disagree/")
    nurse.page.get_by_label("I ask for a child-protection conference").check()
    nurse.page.get_by_label("Your reason").fill("The child is not safe at home")
    nurse.press(nurse.button("Tell the chair"))
    assert "Waits for an answer" in nurse.words
    manager.goto(f"/strategy/{ref}/")
    manager.press(manager.page.get_by_role("link", name=re.compile("^Answer")))
    manager.page.get_by_label("Your answer").fill("The conference is called")
    manager.press(manager.button("Save, and tell who raised it"))
    assert not manager.judge()


@pytest.mark.prove
@pytest.mark.req("STR-03")
def test_an_emergency_at_night_by_telephone(stack: Stack, tokens: Tokens, person: Door) -> None:
    _, ref = ask(stack, tokens, person(OFFICER))
    manager = person(CARE)
    invite(manager, ref, stack, SERGEANT, "Police")
    manager.goto(f"/strategy/{ref}/held/")
    held = now_in_england() - dt.timedelta(minutes=5)
    fill_day(manager, held.date(), "Day on which it was held")
    manager.page.get_by_label("Time at which it was held").fill(f"{held:%H:%M}")
    manager.page.get_by_label("By telephone").check()
    manager.page.get_by_label("It was held out of hours").check()
    manager.page.get_by_label("It was an emergency, held on what was known").check()
    manager.page.get_by_role("group", name="Who took part").get_by_role("checkbox").first.check()
    manager.press(manager.button("Save"))
    assert "Enter why it could not wait" in manager.words
    manager.page.get_by_label("Why it could not wait").fill("The child would have gone home tonight")
    fill_day(manager, held.date() + dt.timedelta(days=1), "Day on which those who were missing are brought in")
    manager.press(manager.button("Save"))
    assert "Emergency" in manager.words
    assert not manager.judge()
    worker = person(WORKER)
    worker.goto("/strategy/")
    assert ref in worker.words


@pytest.mark.prove
@pytest.mark.req("ALR-02")
def test_a_missing_child_comes_back_and_is_interviewed(stack: Stack, tokens: Tokens, person: Door) -> None:
    family = Family.another()
    notification = post(stack, tokens["wexbourne"], missing_episode(family, "900002"))
    police, worker, officer = person(POLICE), person(WORKER), person(OFFICER)
    screen(officer, notification, level="Additional", decision="Send the alert to each child's setting")
    police.goto("/missing/")
    police.press(police.page.get_by_role("link", name=family.child))
    police.press(police.page.get_by_role("button", name="The child is back"))
    back = now_in_england() - dt.timedelta(minutes=10)
    fill_day(police, back.date(), "Day of the return")
    police.page.get_by_label("Time of the return").fill(f"{back:%H:%M}")
    police.page.get_by_label("Family or carer").check()
    police.press(police.button("Save"))
    assert "The return is recorded" in police.words
    assert not police.judge()
    worker.goto("/missing/?state=returned")
    worker.press(worker.page.get_by_role("link", name=family.child))
    worker.press(worker.button("The interview was offered"))
    worker.press(worker.page.get_by_role("button", name="Record the interview"))
    worker.page.get_by_label("The child or carer did not want it").check()
    worker.press(worker.button("Save"))
    assert "The child or carer did not want it" in worker.words
    assert not worker.judge()
