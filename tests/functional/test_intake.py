"""The other ways in: a file with bad rows, a form, and the child whom a person has to settle."""

import csv
import io
import re

import pytest

from tests.functional.cases import Family, body
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, alerts_of, post, screen, status_of, until_settled
from tests.functional.stack import Stack

OFFICER = "officer@mash.wexbourne"
COLUMNS = (
    *("reference", "kind", "occurred_at", "risk", "family_informed", "location", "postcode"),
    *("child_given_name", "child_family_name", "child_date_of_birth", "child_present", "upn", "urn", "setting_name"),
    *(
        "home_educated",
        "victim_name",
        "victim_date_of_birth",
        "perpetrator_name",
        "perpetrator_date_of_birth",
        "narrative",
    ),
)


def csv_file(families: list[Family], *, spoil: Family) -> bytes:
    """One row a child; the spoilt one was born on 30 February."""
    out = io.StringIO()
    rows = csv.DictWriter(out, COLUMNS)
    rows.writeheader()
    for family in families:
        rows.writerow(
            {
                "reference": f"CSV/2026/{family.number}",
                "kind": "domestic_abuse",
                "occurred_at": "20/11/2026 21:40",
                "risk": "medium",
                "location": f"{family.number} Example Road",
                "child_given_name": family.given_name,
                "child_family_name": family.family_name,
                "child_date_of_birth": "2016-02-30" if family is spoil else family.born.isoformat(),
                "urn": "900002",
                "victim_name": family.adults[0],
                "perpetrator_name": family.adults[1],
                "narrative": family.narrative,
            }
        )
    return out.getvalue().encode()


@pytest.mark.req("ALR-01")
def test_a_file_goes_in_row_by_row_while_the_sender_watches(stack: Stack, person: Door) -> None:
    families = [Family.another() for _ in range(6)]
    bad = families[2]
    file = {"name": "november.csv", "mimeType": "text/csv", "buffer": csv_file(families, spoil=bad)}
    police = person("officer@police.wexbourne")
    for attempt in ("first", "again"):
        police.goto("/notifications/uploads/new/")
        police.page.get_by_label("CSV file").set_input_files(files=[file])  # type: ignore[list-item]  # a file in memory
        police.press(police.button("Upload"))
        police.page.get_by_role("row", name=re.compile("^Row 4")).wait_for(timeout=40_000)
        assert police.page.get_by_role("row", name=re.compile(r"^Row \d")).count() == 1
        counts = {"first": ("5", "0"), "again": ("0", "5")}[attempt]
        for key, value in zip(("New notifications", "Received before, unchanged"), counts, strict=True):
            row = police.page.locator(".govuk-summary-list__row", has_text=key)
            assert row.locator("dd").inner_text().strip() == value
        assert bad.family_name not in police.words
    sent = [f"CSV/2026/{family.number}" for family in families]
    references = stack.sql("SELECT reference FROM alerts_notification WHERE reference = ANY(%s) ORDER BY id", sent)
    assert [text for (text,) in references] == [
        reference for reference in sent if reference != f"CSV/2026/{bad.number}"
    ]


@pytest.mark.req("ALR-03")
def test_a_person_decides_who_a_child_is_that_is_not_certain(stack: Stack, tokens: Tokens, person: Door) -> None:
    known = Family.another()
    first = post(stack, tokens["wexbourne"], body(known, "900002"))
    misspelt = {"given_name": known.given_name[:-1], "family_name": known.family_name, "setting": None}
    family = Family.another()
    unsure = body(family, None, child={**misspelt, "date_of_birth": known.born.isoformat()})
    ref = post(stack, tokens["wexbourne"], unsure)

    officer = person(OFFICER)
    screen(officer, ref, level="Additional", decision="Send the alert to each child's setting")
    assert status_of(stack, ref) == "screened"
    assert alerts_of(stack, ref) == []
    officer.goto(f"/queue/{ref}/children/2/")
    assert known.given_name in officer.words
    assert "Same date of birth" in officer.words
    officer.page.get_by_label("The same child as record 1").check()
    officer.page.get_by_role("group", name="Where does the child go to").get_by_label(
        "Harbour Academy, URN 900002"
    ).check()
    officer.page.get_by_label("The details on both sides tell me").check()
    officer.press(officer.button("Continue").last)
    officer.press(officer.button("Confirm"))
    until_settled(stack, ref, "sent")
    [(_, status, setting, _)] = alerts_of(stack, ref)
    assert (status, setting) == ("sent", "harbour")
    children = stack.sql(
        "SELECT DISTINCT c.child_id FROM alerts_notificationchild c"
        " JOIN alerts_notification n ON n.id = c.notification_id WHERE n.ref IN (%s, %s)",
        first,
        ref,
    )
    assert len(children) == 1


@pytest.mark.req("ALR-01")
def test_an_officer_types_a_notification_in_and_checks_it_before_it_goes(stack: Stack, person: Door) -> None:
    family = Family.another()
    police = person("officer@police.wexbourne")
    police.goto("/notifications/new/")
    page = police.page
    police.press(police.button("Check before sending"))
    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="Enter the police reference").click()
    page.keyboard.type(f"FORM/{family.number}")
    page.get_by_label("Domestic abuse").check()
    incident = page.locator("fieldset", has_text="Date of the incident").first
    for label, value in (("Day", "20"), ("Month", "11"), ("Year", "2026")):
        incident.get_by_label(label).fill(value)
    page.get_by_label("Time of the incident").fill("21:40")
    child = page.locator("#child-0")
    child.get_by_label("First name").fill(family.given_name)
    child.get_by_label("Last name").fill(family.family_name)
    child.get_by_label("URN of the setting").fill("900001")
    police.press(police.button("Check before sending"))
    assert family.child in police.words
    police.press(police.button("Send to the hub"))
    assert "was received" in police.words
    assert family.family_name not in page.content()
