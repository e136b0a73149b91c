"""A school holds an item to be wrong, the police answer, and the school reads the answer beside what it was sent (SHR-14)."""

import pytest

from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, mail_about, sent_alert
from tests.functional.stack import Stack


@pytest.mark.prove
@pytest.mark.req("SHR-14")
def test_a_question_goes_to_the_police_and_the_answer_to_the_school(stack: Stack, tokens: Tokens, person: Door) -> None:
    family, notification, alert = sent_alert(stack, tokens, person("officer@mash.wexbourne"))
    lead, constable = person("dsl@meadow.wexbourne"), person("officer@police.wexbourne")
    lead.goto(f"/alerts/{alert}/")
    lead.press(lead.page.get_by_role("link", name="Something here is wrong"))
    lead.press(lead.page.get_by_role("button", name="Ask Wexbourne Police"))
    assert "Choose what you believe is wrong" in lead.words
    assert lead.judge() == []
    lead.page.get_by_label("Names of the adults").check()
    lead.page.get_by_label("What you believe is right, and how you know").fill("The second name is Grimsby.")
    lead.press(lead.page.get_by_role("button", name="Ask Wexbourne Police"))
    ref = lead.path.split("/")[2]
    assert family.family_name not in mail_about(stack, "officer@police.wexbourne.example", notification)

    constable.goto("/today/")
    assert "what you shared" in constable.words
    constable.goto(f"/questioned/{ref}/")
    assert "Grimsby" in constable.words
    constable.page.get_by_label("It was wrong: I write what is right").check()
    constable.page.get_by_label("What is right, or why it stays").fill("It is Grimsby.")
    constable.press(constable.page.get_by_role("button", name="Answer", exact=True))
    assert constable.judge() == []

    lead.goto(f"/alerts/{alert}/")
    assert "It is Grimsby." in lead.words
    assert family.adults[1] in lead.words
    assert lead.judge() == []
