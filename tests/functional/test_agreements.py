"""The whole life of an agreement in each partnership, in the browser; the clock is moved by moving the days that are kept."""

import re
from dataclasses import dataclass

import pytest

from tests.functional.browser import Visitor
from tests.functional.cases import Family, body
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, alerts_of, post, screen, text_of, until_settled
from tests.functional.stack import Stack, until

ITEMS = ("child_name", "child_date_of_birth", "adults_names", "incident_kind", "incident_date")


@dataclass(frozen=True)
class Area:
    """A partnership, the setting that leaves, the one that signs as a guest, and the notice of the source it is like."""

    slug: str
    setting: str
    urn: str
    guest: str
    months: int = 0
    weeks: int = 0
    first_review: int = 12
    review: int = 12

    def agency(self, short: str) -> str:
        return short if self.slug == "wexbourne" else f"{short}-{self.slug}"


AREAS = [
    Area("wexbourne", "tern", "900010", "compass", months=1, first_review=24, review=24),
    Area("calderwick", "bilberry", "900110", "ridge", weeks=4, first_review=6),
    Area("nenevale", "lapwing", "900210", "willow"),
]


# Its quick forms are the tests of each step in tests/agreements, and the signature below.
@pytest.mark.prove
@pytest.mark.req("AGR-01", "AGR-02", "AGR-03", "AGR-04", "AGR-05", "AGR-06")
@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.slug)
def test_from_the_first_draft_to_the_last_return(area: Area, stack: Stack, tokens: Tokens, person: Door) -> None:
    lead = person(f"ig@council.{area.slug}")
    ref = draft(area, stack, lead)
    for short in ("police", "mash", "council", "health"):
        sign(person(f"chief@{short}.{area.slug}"), ref, area.agency(short), "Senior Information Risk Owner")
    head = person(f"head@{area.setting}.{area.slug}")
    sign(head, ref, area.agency(area.setting), "Head teacher or manager of the setting")
    sign_as_guest(area, stack, lead, ref)
    assert lead.goto(f"/agreements/{ref}/") == 200
    assert "6 of 6 parties have signed" in lead.words

    # a year has gone by: the review is overdue, and is recorded
    stack.sql("UPDATE agreements_agreement SET review_due_on = current_date - 1 WHERE ref = %s", ref)
    lead.goto(f"/agreements/{ref}/")
    assert "review overdue" in lead.words
    lead.press(lead.button("Record a review"))
    assert "The next one is due on" in lead.words

    # this agreement alone lets the setting be told
    stack.sql(
        "DELETE FROM agreements_signature s USING agreements_agreement g, agencies_agency a WHERE g.id = s.agreement_id"
        " AND a.id = s.agency_id AND a.slug = %s AND g.ref <> %s AND NOT EXISTS"
        " (SELECT FROM agreements_returntask t WHERE t.signature_id = s.id)",
        area.agency(area.setting),
        ref,
    )
    assert told(area, stack, tokens, person) == ("sent", "")

    if area.slug == "wexbourne":
        leaves_without_the_adults(area, stack, tokens, person, lead, ref)
        ref = newest_of(stack, ref)

    # it gives notice; the notice runs out
    head.goto(f"/agreements/{ref}/")
    head.press(head.page.get_by_role("link", name=re.compile("^Give notice for")))
    head.page.get_by_label("Reason").fill("We close at the end of the year.")
    head.press(head.page.get_by_role("button", name="Give notice", exact=True))
    assert "takes part until" in head.words
    assert told(area, stack, tokens, person) == ("sent", "")
    stack.sql(
        "UPDATE agreements_signature s SET notice_given_on = notice_given_on - 60, leaves_on = current_date - 1,"
        " signed_on = signed_on - 90 FROM agreements_agreement g WHERE g.id = s.agreement_id AND g.ref = %s"
        " AND s.leaves_on IS NOT NULL",
        ref,
    )
    assert told(area, stack, tokens, person) == ("withheld", "withdrew")
    stack.run_task("agreements.register.tasks.another_day")
    until("the withdrawal is known", lambda: state_of(stack, ref, area.agency(area.setting)) == "withdrawn", 30)

    # everybody says what became of the data
    chief = person(f"chief@mash.{area.slug}")
    assert chief.goto("/agreements/returns/") == 200
    assert chief.judge() == []
    chief.goto(f"/agreements/returns/{ref}/{area.agency(area.setting)}/{area.agency('mash')}/")
    chief.page.get_by_label("Destroyed").check()
    chief.press(chief.page.get_by_role("button", name="Confirm", exact=True))
    assert "Confirmed." in chief.words
    assert stack.sql(
        "SELECT t.state FROM agreements_returntask t JOIN agencies_agency a ON a.id = t.holder_id"
        " JOIN agreements_signature s ON s.id = t.signature_id JOIN agreements_agreement g ON g.id = s.agreement_id"
        " WHERE g.ref = %s AND a.slug = %s",
        ref,
        area.agency("mash"),
    ) == [("destroyed",)]
    takes_part_again(area, stack, ref)


def takes_part_again(area: Area, stack: Stack, ref: str) -> None:
    """For the journeys that follow in this world and send to the setting."""
    stack.sql(
        "UPDATE agreements_signature s SET state = 'signed', notice_given_on = NULL, leaves_on = NULL"
        " FROM agreements_agreement g, agencies_agency a WHERE g.id = s.agreement_id AND a.id = s.agency_id"
        " AND g.ref = %s AND a.slug = %s",
        ref,
        area.agency(area.setting),
    )
    assert state_of(stack, ref, area.agency(area.setting)) == "signed"


def leaves_without_the_adults(area: Area, stack: Stack, tokens: Tokens, person: Door, lead: Visitor, ref: str) -> None:
    """A new version does not list the adults' names any more: the next alert leaves without them, and says so (AGR-01)."""
    dsl = person(f"dsl@{area.setting}.{area.slug}")
    family, (before, *_) = incident(area, stack, tokens, person)
    dsl.goto(f"/alerts/{before}/")
    assert family.adults[1] in dsl.words
    lead.goto(f"/agreements/{ref}/next/")
    lead.page.get_by_label("Number of the new version").fill("2")
    lead.press(lead.button("Begin the draft"))
    new = lead.path.split("/")[2]
    lead.goto(f"/agreements/{new}/draft/items/")
    lead.page.locator("#id_adults_names").fill("")
    lead.press(lead.page.get_by_role("button", name="Save", exact=True))
    lead.goto(f"/agreements/{new}/draft/life/")
    today = stack.sql("SELECT current_date")[0][0]
    holds = lead.page.get_by_role("group", name="The old version holds until")
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        holds.get_by_label(part, exact=True).fill(str(value))
    lead.press(lead.page.get_by_role("button", name="Save", exact=True))
    lead.goto(f"/agreements/{new}/changes/")
    assert "Names of the adults" in lead.words
    lead.goto(f"/agreements/{new}/")
    lead.press(lead.button("Open for signature"))
    sign(person(f"chief@mash.{area.slug}"), new, area.agency("mash"), "Senior Information Risk Owner", version="2")
    head = person(f"head@{area.setting}.{area.slug}")
    sign(head, new, area.agency(area.setting), "Head teacher or manager of the setting", version="2")
    # the day until which the old version held has gone by
    stack.sql("UPDATE agreements_agreement SET old_holds_until = current_date - 1 WHERE ref = %s", new)
    family, (after, *_) = incident(area, stack, tokens, person)
    dsl.goto(f"/alerts/{after}/")
    assert family.given_name in dsl.words
    assert "Not shared under the agreement" in dsl.words
    for path in (f"/alerts/{after}/", "/alerts/"):
        dsl.goto(path)
        assert not [name for name in family.adults if name in dsl.words]


def newest_of(stack: Stack, ref: str) -> str:
    """The version that follows, where there is one."""
    rows = stack.sql(
        "SELECT n.ref FROM agreements_agreement n JOIN agreements_agreement o ON o.id = n.supersedes_id WHERE o.ref = %s",
        ref,
    )
    return str(rows[0][0])


def draft(area: Area, stack: Stack, lead: Visitor) -> str:
    """Section by section, then opened for signature; its reference."""
    lead.goto("/agreements/new/")
    page = lead.page
    page.get_by_label("Title").fill(f"Pilot with {area.setting}")
    lead.press(lead.button("Begin the draft"))
    ref = lead.path.split("/")[2]
    assert "Before it can be opened" in lead.words
    sections = {
        "about": {"Purposes": "A pilot supports children early."},
        "status": {"Reference of the data protection impact assessment": "DPIA-99"},
        "transfer": {"Risks that were found": "A shared screen."},
        "keeping": {
            "How long data is kept": "Until the child is 25.",
            "How it is disposed of": "By destroying its key.",
            "Subject access requests are answered by": "Information governance, Council",
        },
        "life": {
            "Months until the first review": str(area.first_review),
            "Months between later reviews": str(area.review),
            "Notice in months": str(area.months),
            "Notice in weeks": str(area.weeks),
        },
    }
    for section, fields in sections.items():
        lead.goto(f"/agreements/{ref}/draft/{section}/")
        for label, value in fields.items():
            page.get_by_label(label, exact=True).fill(value)
        if section == "about":
            page.get_by_label("Domestic-abuse alerts").check()
        if section == "transfer":
            page.get_by_label("Through this Hub, after sign-in").check()
            for part, value in (("Day", "2"), ("Month", "11"), ("Year", "2026")):
                page.get_by_label(part, exact=True).fill(value)
        lead.press(lead.page.get_by_role("button", name="Save", exact=True))
    lead.goto(f"/agreements/{ref}/draft/bases/")
    for label in ("Article 6(1)(e): public task", "Article 9(2)(g): substantial public interest"):
        page.get_by_label(label).check()
    page.get_by_label(re.compile("^Condition 18")).check()
    lead.press(lead.page.get_by_role("button", name="Save", exact=True))
    lead.goto(f"/agreements/{ref}/draft/items/")
    for item in ITEMS:
        page.locator(f"#id_{item}").fill("Needed to support the child.")
    lead.press(lead.page.get_by_role("button", name="Save", exact=True))
    for short, role in (
        ("police", "Source and recipient"),
        ("mash", "Source and recipient"),
        ("council", "Recipient"),
        ("health", "Recipient"),
        (area.setting, "Recipient"),
        (area.guest, "Recipient"),
    ):
        lead.goto(f"/agreements/{ref}/parties/")
        name = stack.sql("SELECT name FROM agencies_agency WHERE slug = %s", area.agency(short))[0][0]
        page.get_by_label("Name or URN of the agency").fill(str(name))
        page.get_by_label(role, exact=True).check()
        lead.press(lead.page.get_by_role("button", name="Add", exact=True))
    lead.goto(f"/agreements/{ref}/")
    assert lead.judge() == []
    lead.press(lead.button("Open for signature"))
    assert "0 of 6 parties have signed" in lead.words
    return ref


def sign(chief: Visitor, ref: str, slug: str, capacity: str, version: str = "1") -> None:
    assert chief.goto(f"/agreements/{ref}/parties/{slug}/sign/") == 200
    page = chief.page
    page.get_by_label("Your post").fill("Director")
    page.get_by_label(capacity).check()
    number = page.get_by_label("ICO registration of your organisation")
    if not number.input_value():  # what the register of controllers has stands there already
        number.fill("ZA123456")
    page.get_by_label("I have read this version and sign it for my organisation").check()
    chief.press(chief.page.get_by_role("button", name="Sign", exact=True))
    assert f"You have signed version {version}" in chief.words
    chief.goto(f"/agreements/{ref}/parties/{slug}/check/")
    assert "nothing in it has been altered" in chief.words


def sign_as_guest(area: Area, stack: Stack, lead: Visitor, ref: str) -> None:
    """The small setting's manager: a link, a code, a signature, in a browser that is signed in to nothing."""
    to = f"manager@{area.guest}.guest.example"
    lead.goto(f"/agreements/{ref}/parties/{area.agency(area.guest)}/guest/")
    lead.page.get_by_label("Name of the person who signs").fill("Wren Oakley")
    lead.page.get_by_label("E-mail address").fill(to)
    lead.press(lead.button("Send the link"))
    mail = until("the link", lambda: [text for text in map(text_of, stack.mails(to)) if "/sign/" in text], 40)[0]
    path = re.search(r"/sign/[\w-]+/", mail)
    assert path is not None
    guest = Visitor.arrive(lead.context.browser, lead.url)  # type: ignore[arg-type]  # it was opened by one
    try:
        assert guest.goto(path[0]) == 200
        guest.press(guest.button("Send me a code"))
        coded = until(
            "the code", lambda: [text for text in map(text_of, stack.mails(to)) if "is your code" in text], 40
        )
        code = re.search(r"Subject: (\d{6})", coded[-1])
        assert code is not None
        assert guest.judge() == []
        guest.page.get_by_label("Code").fill(code[1])
        guest.press(guest.page.get_by_role("button", name="Continue", exact=True))
        assert guest.judge() == []
        guest.page.get_by_label("Your post").fill("Manager")
        guest.page.get_by_label("Head teacher or manager of the setting").check()
        number = guest.page.get_by_label("ICO registration of your organisation")
        if not number.input_value():  # what the register of controllers has stands there already
            number.fill("ZB654321")
        guest.page.get_by_label("I have read this version and sign it for my organisation").check()
        guest.press(guest.page.get_by_role("button", name="Sign", exact=True))
        assert "Signed" in guest.words
        assert guest.goto(path[0]) == 404
    finally:
        guest.close()


def told(area: Area, stack: Stack, tokens: Tokens, person: Door) -> tuple[str, str]:
    """What became of the alert of a new incident, and why it was withheld."""
    _, (_, status, _, why) = incident(area, stack, tokens, person)
    return status, why


def incident(area: Area, stack: Stack, tokens: Tokens, person: Door) -> tuple[Family, tuple[str, str, str, str]]:
    """A new incident of a child at the setting, and its alert when it has left or not."""
    family = Family.another()
    ref = post(stack, tokens[area.slug], body(family, area.urn))
    if stack.sql("SELECT screens FROM agencies_partnership WHERE slug = %s", area.slug) == [(True,)]:
        level = "Additional" if area.slug == "wexbourne" else "Getting Help"
        screen(person(f"officer@mash.{area.slug}"), ref, level=level, decision="Send the alert to each child's setting")
    until("the alert has left or not", lambda: [row for row in alerts_of(stack, ref) if row[1] != "queued"], 40)
    [alert] = alerts_of(stack, ref)
    until_settled(stack, ref, alert[1])
    return family, alert


def state_of(stack: Stack, ref: str, slug: str) -> str:
    rows = stack.sql(
        "SELECT s.state FROM agreements_signature s JOIN agreements_agreement g ON g.id = s.agreement_id"
        " JOIN agencies_agency a ON a.id = s.agency_id WHERE g.ref = %s AND a.slug = %s",
        ref,
        slug,
    )
    return str(rows[0][0])


@pytest.mark.req("AGR-02")
def test_an_altered_signature_is_found_by_page_and_by_command(stack: Stack, person: Door) -> None:
    [(ref, number)] = stack.sql(
        "SELECT g.ref, s.id FROM agreements_signature s JOIN agreements_agreement g ON g.id = s.agreement_id"
        " JOIN agencies_agency a ON a.id = s.agency_id WHERE a.slug = 'police' AND g.title LIKE 'Wexbourne%%'"
    )
    lead = person("ig@council.wexbourne")
    path = f"/agreements/{ref}/parties/police/check/"
    lead.goto(path)
    assert "nothing in it has been altered" in lead.words
    assert "signatures check" in stack.manage("check_signatures")
    [(post_before,)] = stack.sql("SELECT post FROM agreements_signature WHERE id = %s", number)
    stack.sql("UPDATE agreements_signature SET post = 'Caretaker' WHERE id = %s", number)
    try:
        lead.goto(path)
        assert "something in it was altered" in lead.words
        with pytest.raises(AssertionError, match="do not check"):
            stack.manage("check_signatures")
    finally:
        stack.sql("UPDATE agreements_signature SET post = %s WHERE id = %s", post_before, number)
