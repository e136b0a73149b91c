"""An adult who is named is on the staff: the officer says so, and the head alone gets it and answers (MRC-18, ALR-04)."""

import re

import pytest

from tests.functional.cases import Family, body
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, alerts_of, mail_about, mails_about, post, until_settled
from tests.functional.keyboard import choose, press, write
from tests.functional.stack import Stack

OFFICER, HEAD = "officer@mash.wexbourne", "head@meadow.wexbourne"


@pytest.mark.req("MRC-18", "ALR-04", "MSH-01")
def test_what_the_lead_may_not_see_goes_to_the_head_by_keyboard(stack: Stack, tokens: Tokens, person: Door) -> None:
    family = Family.another()
    ref = post(stack, tokens["wexbourne"], body(family, "900001"))
    officer = person(OFFICER)
    officer.goto(f"/queue/{ref}/")
    press(officer, "Claim it")
    press(officer, re.compile("who is told of"))
    assert officer.path.endswith("/route/")
    assert not officer.judge()
    choose(officer, "The head alone")
    press(officer, "Save")
    assert "The head alone" in officer.words
    choose(officer, re.compile(r"^Level 2: "))
    choose(officer, "Send the alert to each child's setting")
    write(officer, "Reason", "Known to the school.")
    press(officer, "Save the decision")
    until_settled(stack, ref, "sent")
    [(alert, status, setting, _)] = alerts_of(stack, ref)
    assert (status, setting) == ("sent", "meadow")

    mail_about(stack, f"{HEAD}.example", alert)
    for other in ("dsl@meadow.wexbourne", "deputy@meadow.wexbourne"):
        assert not mails_about(stack, f"{other}.example", alert)
        assert person(other).goto(f"/alerts/{alert}/") == 404
    head = person(HEAD)
    head.goto("/alerts/")
    press(head, re.compile(family.child))
    assert "for the head alone" in head.words
    assert not head.judge()
    choose(head, "No other concerns")
    press(head, "Acknowledge this alert")
    assert "is acknowledged" in head.words
