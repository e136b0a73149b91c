"""A partnership that does not screen: what is certain leaves at once, to head and lead."""

import re

import pytest

from tests.functional.cases import Family, missing_episode
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, alerts_of, mail_about, post, until_settled
from tests.functional.keyboard import choose, press
from tests.functional.stack import Stack


def name_of(stack: Stack, who: str) -> str:
    return str(stack.sql("SELECT name FROM agencies_user WHERE email = %s", f"{who}.example")[0][0])


@pytest.mark.req("ALR-02", "ALR-07", "ALR-21", "ALR-22")
def test_a_missing_episode_reaches_head_and_lead_and_the_head_answers_by_keyboard(
    stack: Stack, tokens: Tokens, person: Door
) -> None:
    family = Family.another()
    ref = post(stack, tokens["nenevale"], missing_episode(family, "900201"))
    until_settled(stack, ref, "sent")
    [(alert, status, setting, _)] = alerts_of(stack, ref)
    assert (status, setting) == ("sent", "meadow-nenevale")
    for role in ("head", "dsl"):
        mail = mail_about(stack, f"{role}@meadow.nenevale.example", alert)
        assert "Subject: Missing Persons Notification" in mail
        assert family.family_name not in mail
        reader = person(f"{role}@meadow.nenevale")
        reader.goto("/alerts/")
        press(reader, re.compile(family.child))
        assert reader.path == f"/alerts/{alert}/"
        assert family.child in reader.words
        assert "Early Help coordinator" in reader.words
        assert "No further information is held" in reader.words
    head, lead = person("head@meadow.nenevale"), person("dsl@meadow.nenevale")
    head.goto(f"/alerts/{alert}/")
    choose(head, "No other concerns")
    press(head, "Acknowledge this alert")
    assert "is acknowledged" in head.words
    assert not head.judge()
    lead.goto(f"/alerts/{alert}/")
    assert name_of(stack, "head@meadow.nenevale") in lead.words
    assert not lead.judge()
    assert stack.sql(
        "SELECT count(*) FROM alerts_screening s JOIN alerts_notification n ON n.id = s.notification_id WHERE n.ref = %s",
        ref,
    ) == [(0,)]
    assert person("tutor@meadow.nenevale").goto(f"/alerts/{alert}/") == 404
