"""An alert that nobody opens by the bell is chased, passed on, and seen by the hub as overdue."""

import re

import pytest

from tests.functional.cases import OPENED_AT
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, mail_about, mails_about, sent_alert
from tests.functional.stack import Stack, until


@pytest.mark.req("ALR-19", "ALR-23")
def test_an_unopened_alert_reaches_the_deputy_the_head_and_the_hub(stack: Stack, tokens: Tokens, person: Door) -> None:
    officer = person("officer@mash.wexbourne")
    _, _, alert = sent_alert(stack, tokens, officer, "900002")
    assert person("deputy@harbour.wexbourne").goto(f"/alerts/{alert}/") == 404

    # the bell rang three hours ago; what beat asks for each minute is asked for now
    stack.sql(
        "UPDATE alerts_alert SET sent_at = now() - interval '9 hours', due_at = now() - interval '3 hours',"
        " next_chase_at = now() - interval '3 hours' WHERE ref = %s",
        alert,
    )
    stack.run_task("alerts.delivery.tasks.chase_overdue")
    all_steps = "SELECT 1 FROM alerts_alert WHERE ref = %s AND next_chase_at IS NULL"
    until("the last step of chasing", lambda: stack.sql(all_steps, alert), 60)

    until(
        "the lead is reminded",
        lambda: any("Not opened yet" in text for text in mails_about(stack, "dsl@harbour.wexbourne.example", alert)),
    )
    for role in ("deputy", "head"):
        assert "Passed on to you" in mail_about(stack, f"{role}@harbour.wexbourne.example", alert)
    officer.goto("/sent/")
    row = officer.page.get_by_role("row", name=re.compile(alert))
    assert "Overdue" in row.inner_text()
    deputy = person("deputy@harbour.wexbourne")
    deputy.goto("/alerts/")
    assert "Overdue" in deputy.page.get_by_role("row", name=re.compile(alert)).inner_text()
    assert deputy.goto(f"/alerts/{alert}/") == 200
    officer.goto(f"/sent/{alert}/")
    assert OPENED_AT.search(officer.words)
