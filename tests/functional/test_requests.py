"""The MASH asks partners about a child; health answers with the keyboard alone; the permitted part reaches one team (MSH-02 to MSH-04)."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.functional.browser import Visitor
from tests.functional.conftest import Door
from tests.functional.journeys import mails_about
from tests.functional.keyboard import choose, download, pick, press, tick, write
from tests.functional.stack import Stack, until
from tests.support import pdf

OFFICER, MANAGER = "officer@mash.wexbourne", "manager@mash.wexbourne"
HEALTH, COUNCIL, DSL = "desk@health.wexbourne", "desk@council.wexbourne", "dsl@meadow.wexbourne"
OPEN, LIMITED, KEPT = "Seen in May with a burn", "The mother seemed afraid", "The clinic on which she relies"
LIMITS = "Not to be told to the family"


@dataclass(frozen=True)
class Question:
    """A request that went out, and the question of one agency."""

    request: str
    child: str
    stack: Stack

    def of(self, slug: str) -> str:
        found = self.stack.sql(
            "SELECT k.ref FROM alerts_ask k JOIN alerts_informationrequest q ON q.id = k.request_id"
            " JOIN agencies_agency a ON a.id = k.agency_id WHERE q.ref = %s AND a.slug = %s",
            self.request,
            slug,
        )
        return str(found[0][0])


def name_of(stack: Stack, slug: str) -> str:
    return str(stack.sql("SELECT name FROM agencies_agency WHERE slug = %s", slug)[0][0])


def told(stack: Stack, who: str, question: Question, ref: str) -> str:
    """The newest e-mail about it, which names no child."""
    mails = until(f"{who} is told of {ref}", lambda: mails_about(stack, f"{who}.example", ref), 40)
    assert not [mail for mail in mails if question.child in mail]
    return str(mails[-1])


def ask(stack: Stack, officer: Visitor) -> Question:
    """A child of Meadow whom nobody has been asked about yet."""
    child = stack.sql(
        "SELECT c.ref FROM children_child c JOIN children_placement p ON p.child_id = c.id"
        " JOIN agencies_agency s ON s.id = p.setting_id WHERE s.slug = 'meadow'"
        " AND NOT EXISTS (SELECT 1 FROM alerts_informationrequest q WHERE q.child_id = c.id) ORDER BY c.id LIMIT 1"
    )[0][0]
    officer.goto(f"/children/{child}/")
    choose(officer, "Prepare a strategy discussion or an assessment")
    press(officer, "Open the record")
    press(officer, "Ask partners what they hold")
    name = officer.page.locator("h1 .govuk-caption-l").inner_text().split(", born")[0]
    assert name_of(stack, "housing") not in officer.words, "nobody there would get the question"
    write(officer, "What do you want to know?", "What do you know of injuries since the spring?")
    for slug in ("meadow", "health", "council"):
        tick(officer, name_of(stack, slug))
    due = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)
    for part, value in (("Day", due.day), ("Month", due.month), ("Year", due.year)):
        write(officer, part, str(value))
    press(officer, "Continue")
    assert "Nobody has been asked yet" in officer.words
    assert not officer.judge()
    choose(officer, "Not told: telling them would put somebody at risk")
    write(officer, "If not, why not", "He reads her post")
    press(officer, re.compile("^Ask "))
    assert "3 agencies were asked" in officer.words
    return Question(officer.path.split("/")[-2], name, stack)


def give(desk: Visitor, text: str, nature: str, onward: str, limits: str = "") -> None:
    press(desk, re.compile("^Add (what you hold|another thing)"))
    write(desk, "What do you hold?", text)
    choose(desk, nature)
    choose(desk, "Current")
    choose(desk, re.compile(f"^{onward}"))
    if limits:
        write(desk, "Limits, if there are any", limits)
    press(desk, "Save")
    assert text in desk.words


def health_answers(stack: Stack, desk: Visitor, question: Question) -> str:
    ref = question.of("health")
    told(stack, HEALTH, question, ref)
    desk.goto("/asked/")
    press(desk, ref)
    assert question.child in desk.words
    give(desk, OPEN, "Fact", "Yes, to the team")
    give(desk, LIMITED, "Professional opinion", "No, it is for the hub only")
    give(desk, KEPT, "Fact", "No, it is for the hub only")
    assert not desk.judge()
    press(desk, "That is all: send the answer")
    assert "Your answer has been sent to the hub" in desk.words
    return ref


def answer_in_words(desk: Visitor, ref: str, way: str, label: str, words: str, button: str) -> None:
    desk.goto(f"/asked/{ref}/")
    press(desk, way)
    write(desk, label, words)
    press(desk, button)
    assert words in desk.words


def say_onward(desk: Visitor, ref: str, position: int, answer: str, limits: str = "") -> None:
    desk.goto(f"/asked/{ref}/")
    press(desk, re.compile(f"^Answer whether item {position} "))
    choose(desk, answer)
    if limits:
        write(desk, "Limits, if there are any", limits)
    press(desk, "Save")
    assert "the hub was told" in desk.words


def paper_of(visitor: Visitor, at: Path) -> str:
    download(visitor, "Download as PDF").save_as(at)
    return pdf.words(at.read_bytes())


def decide_and_send(manager: Visitor, team: str) -> None:
    pick(manager, "Which team?", team)
    press(manager, "Send")
    assert "Nobody has decided" in manager.words
    press(manager, "Decide whether to share")
    choose(manager, "Share")
    press(manager, "Continue")
    write(manager, "Why do you share it?", "The team works with the family")
    choose(manager, "Not told: telling them would put somebody at risk")
    write(manager, "Why they are not told", "He reads her post")
    press(manager, "Continue")
    press(manager, f"Share with {team}")
    assert "It has not been sent yet" in manager.words
    assert not manager.judge()
    press(manager, "Send")
    assert f"has been sent to {team}" in manager.words


@pytest.mark.req("MSH-02", "MSH-03", "MSH-04", "SHR-08", "SHR-09")
def test_from_the_question_to_the_package_that_one_team_reads(stack: Stack, person: Door, tmp_path: Path) -> None:
    officer, manager, health, team = person(OFFICER), person(MANAGER), person(HEALTH), person(COUNCIL)
    question = ask(stack, officer)
    ref = health_answers(stack, health, question)
    answer_in_words(
        team,
        question.of("council"),
        "We hold nothing",
        "Where did you look?",
        "Early help",
        "Answer that we hold nothing",
    )
    answer_in_words(
        person(DSL), question.of("meadow"), "Decline to answer", "Why do you decline?", "Told you on Monday", "Decline"
    )

    officer.goto(f"/requests/{question.request}/")
    for said in (OPEN, LIMITED, KEPT, "Looked in: Early help", "Reason: Told you on Monday"):
        assert said in officer.words
    assert not officer.judge()
    for position in (2, 3):
        press(officer, re.compile(rf"\(item {position}\)$"))
        assert "was asked" in officer.words
    assert officer.goto(f"/requests/{question.request}/package/") == 404
    assert f"/asked/{ref}/" in told(stack, HEALTH, question, ref)
    say_onward(health, ref, 2, "Yes", LIMITS)
    say_onward(health, ref, 3, "No")

    manager.goto(f"/requests/{question.request}/")
    press(manager, "Compose an intelligence package")
    write(manager, "What does the hub make of it?", "Burns, and a mother who may not be free to speak")
    press(manager, "Continue")
    assert KEPT not in manager.words
    for text in (OPEN, LIMITED):
        tick(manager, manager.page.get_by_label(re.compile(text)))
    press(manager, "Put them in")
    assert not manager.judge()
    assert "not settled yet" in paper_of(manager, tmp_path / "draft.pdf")
    press(manager, "Settle the package")
    package = manager.path.split("/")[-2]
    assert team.goto(f"/packages/{package}/") == 404
    decide_and_send(manager, name_of(stack, "council"))

    told(stack, COUNCIL, question, package)
    team.goto("/asked/")
    press(team, package)
    on_paper = paper_of(team, tmp_path / "package.pdf")
    for read in (team.words, on_paper):
        assert all(part in read for part in (OPEN, LIMITED, LIMITS, "Professional opinion", name_of(stack, "health")))
        assert KEPT not in read
    assert not team.judge()
    assert health.goto(f"/packages/{package}/") == 404
    assert team.goto(f"/requests/{question.request}/") == 404
