"""The main job, whole: from the police's system to a school that has read it, and to nobody else."""

import re

import pytest

from tests.functional.cases import OPENED_AT, Family, body
from tests.functional.conftest import Door
from tests.functional.journeys import (
    ALERT_REF,
    Tokens,
    alerts_of,
    mail_about,
    post,
    screen,
    sent_alert,
    text_of,
    until_settled,
)
from tests.functional.stack import Stack

DSL, OFFICER = "dsl@meadow.wexbourne", "officer@mash.wexbourne"
NOT_ADDRESSED = ("dsl@harbour.wexbourne", "tutor@meadow.wexbourne", "officer@police.wexbourne")


@pytest.mark.req("ALR-01", "ALR-04", "ALR-05", "ALR-09", "ALR-20", "MSH-01", "NTK-02", "NTK-08", "AUD-01")
def test_from_the_police_to_a_school_that_has_read_it(stack: Stack, tokens: Tokens, person: Door) -> None:
    family = Family.another()
    whole = body(family, "900001")
    ref = post(stack, tokens["wexbourne"], whole)
    assert stack.api("POST", "notifications/", tokens["wexbourne"], whole)[0] == 200

    officer = person(OFFICER)
    officer.goto("/queue/")
    officer.press(officer.page.get_by_role("link", name=ref))
    assert family.narrative in officer.words
    screen(officer, ref, level="Additional", decision="Send the alert to each child's setting")
    until_settled(stack, ref, "sent")
    [(alert, status, setting, _)] = alerts_of(stack, ref)
    assert (status, setting) == ("sent", "meadow")

    mail = mail_about(stack, f"{DSL}.example", alert)
    assert not [name for name in (family.child, family.family_name, *family.adults) if name in mail]
    link = re.search(rf"{re.escape(stack.url)}/alerts/{ALERT_REF.pattern}/", mail)
    assert link

    lead = person(DSL)
    assert lead.goto(link[0].removeprefix(stack.url)) == 200
    for told in (family.child, *family.adults, "Wexbourne MASH", "01632 960100"):
        assert told in lead.words
    assert family.narrative not in lead.page.content()
    assert "Example Road" not in lead.page.content()
    lead.page.get_by_text("Who can see this, and why").click()
    assert "MASH officer" in lead.words
    lead.press(lead.button("Acknowledge this alert"))
    assert "is acknowledged" in lead.words

    officer.goto(f"/sent/{alert}/")
    assert OPENED_AT.search(officer.words)
    assert "Acknowledged" in officer.words
    _nobody_else_finds_it(stack, person, alert)
    _only_the_tombstone_is_left(stack, ref, family)


def _nobody_else_finds_it(stack: Stack, person: Door, alert: str) -> None:
    for name in NOT_ADDRESSED:
        other = person(name)
        absent = other.goto("/alerts/A-0000-0000/"), other.page.title()
        assert (other.goto(f"/alerts/{alert}/"), other.page.title()) == absent
        assert absent[0] == 404
        token = stack.token("--user", f"{name}.example", "--scopes", "alerts:read")
        assert stack.api("GET", f"alerts/{alert}/", token)[0] == 404


def _only_the_tombstone_is_left(stack: Stack, ref: str, family: Family) -> None:
    [(content, purged, key)] = stack.sql(
        "SELECT n.content, n.purged_at IS NOT NULL, k.wrapped FROM alerts_notification n"
        " JOIN crypto_datakey k ON k.id = n.crypto_key_id WHERE n.ref = %s",
        ref,
    )
    assert (content, purged, key) == (None, True, None)
    found = [(table, secret) for table, text in stack.every_value() for secret in family.secrets if secret in text]
    assert not found
    assert not [secret for secret in family.secrets if secret in stack.log.read_text(errors="replace")]


@pytest.mark.req("ALR-08")
@pytest.mark.parametrize(
    ("urn", "setting", "reason"),
    [("900003", "Larch Junior School", "never signed"), ("900004", "Quay Infant School", "withdrew")],
)
def test_what_may_not_leave_is_withheld_and_the_hub_reads_why(
    stack: Stack, tokens: Tokens, person: Door, urn: str, setting: str, reason: str
) -> None:
    family = Family.another()
    ref = post(stack, tokens["wexbourne"], body(family, urn))
    officer = person(OFFICER)
    screen(officer, ref, level="Universal", decision="Send the alert to each child's setting")
    until_settled(stack, ref, "withheld")
    [(alert, status, slug, _)] = alerts_of(stack, ref)
    assert status == "withheld"
    officer.goto(f"/sent/{alert}/")
    assert setting in officer.words
    assert reason in officer.words
    assert not [message for message in stack.mails(f"dsl@{slug}.wexbourne.example") if alert in text_of(message)]
    assert person(f"dsl@{slug}.wexbourne").goto(f"/alerts/{alert}/") == 404


@pytest.mark.req("ALR-06")
def test_a_child_educated_at_home_reaches_the_councils_officer(stack: Stack, tokens: Tokens, person: Door) -> None:
    family, _, alert = sent_alert(stack, tokens, person(OFFICER), None, child={"home_educated": True, "setting": None})
    assert alert in mail_about(stack, "ehe@council.wexbourne.example", alert)
    officer = person("ehe@council.wexbourne")
    assert officer.goto(f"/alerts/{alert}/") == 200
    assert family.child in officer.words
    assert person("ig@council.wexbourne").goto(f"/alerts/{alert}/") == 404


@pytest.mark.req("ALR-11", "MSH-01")
def test_at_level_four_the_setting_reads_that_it_will_be_contacted(stack: Stack, tokens: Tokens, person: Door) -> None:
    family = Family.another()
    ref = post(stack, tokens["wexbourne"], body(family, "900002", risk="high"))
    decision = "Send the alert; the setting is contacted for a strategy discussion or an assessment"
    screen(person(OFFICER), ref, level="Specialist", decision=decision)
    until_settled(stack, ref, "sent")
    [(alert, *_)] = alerts_of(stack, ref)
    lead = person("dsl@harbour.wexbourne")
    lead.goto(f"/alerts/{alert}/")
    assert "contact" in lead.words.lower()
