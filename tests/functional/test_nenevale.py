"""A partnership that does not screen: what is certain leaves at once, to head and lead."""

import pytest

from tests.functional.cases import Family, missing_episode
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, alerts_of, mail_about, post, until_settled
from tests.functional.stack import Stack


@pytest.mark.req("ALR-02", "ALR-07", "ALR-21", "ALR-22")
def test_a_missing_episode_reaches_head_and_lead_without_screening(stack: Stack, tokens: Tokens, person: Door) -> None:
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
        assert reader.goto(f"/alerts/{alert}/") == 200
        assert family.child in reader.words
        assert "Early Help coordinator" in reader.words
        assert "No further information is held" in reader.words
    assert stack.sql(
        "SELECT count(*) FROM alerts_screening s JOIN alerts_notification n ON n.id = s.notification_id WHERE n.ref = %s",
        ref,
    ) == [(0,)]
    assert person("tutor@meadow.nenevale").goto(f"/alerts/{alert}/") == 404
