"""The guided path in the browser's place: its steps, its interruption, its register and its history."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements.decisions.enums import Basis, ConsentState, Duty, Outcome
from agreements.models import Consent, Decision
from alerts.models import NotificationGrant
from alerts.readers import selectors as readers
from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Refused
from tests.decisions.conftest import Case
from tests.decisions.support import asking, decide, refusing, sharing, with_consent
from tests.readers.support import let_in
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

PLAIN = {
    "purpose": "support",
    "items": ["child_name", "incident_kind"],
    "identifies": "yes",
    "consent": "not_relied_on",
    "basis": "agreement",
}
SHARING = {"reason": "CANARY the school can help", "use": "To support", "told": "told", "article_6": "6_1_e"}


def begin(case: Case, **asked: str) -> str:
    query = {"about": case.alert.ref, "to": case.world.school.slug, **asked}
    return "?" + "&".join(f"{name}={value}" for name, value in query.items())


def walk(client: Client, query: str, *pages: dict[str, Any]) -> Any:
    """Answer page after page; the last answer of the server."""
    path, response = f"/decisions/new/{query}", None
    for answers in pages:
        response = client.post(path, answers)
        assert response.status_code == 302, response.content.decode()
        path = response["Location"]
    return response


def newest(user: User) -> Decision:
    with as_user(user):
        return Decision.objects.select_related("crypto_key").order_by("-pk")[0]


@pytest.mark.req("SHR-01", "SHR-02", "SHR-11")
def test_a_plain_case_is_filled_in_and_takes_three_pages_with_an_interruption(case: Case) -> None:
    officer = signed_in(case.world.officer)
    query = begin(case, items="child_name,incident_kind", next="/queue/")
    first = officer.get(f"/decisions/new/{query}").content.decode()
    for filled in ('value="agreement" id="id_basis_0" checked', 'value="yes" id="id_identifies_0" checked'):
        assert filled in first
    assert 'id="id_outcome_0" checked' not in first, "what is decided is never filled in"
    assert "Seven golden rules" in first
    assert "Caldicott principles" in first
    second = walk(officer, query, {**PLAIN, "outcome": "share"})["Location"]
    assert "To support the child at the setting" in officer.get(second).content.decode()
    third = officer.post(second, SHARING)["Location"]
    check = officer.get(third).content.decode()
    assert "moj-interruption-card" in check
    assert f"Share with {case.world.school.name}" in check
    done = officer.post(third)
    made = newest(case.world.officer)
    assert done["Location"] == f"/queue/?decision={made.ref}"
    assert (made.outcome, made.basis, made.items) == ("share", "agreement", ["child_name", "incident_kind"])


@pytest.mark.req("SHR-01")
def test_a_refusal_takes_as_many_pages_as_a_disclosure(case: Case) -> None:
    officer, query = signed_in(case.world.officer), begin(case)
    yes = walk(officer, query, {**PLAIN, "outcome": "share"}, SHARING, {})
    no = walk(
        officer,
        begin(case),
        {**PLAIN, "outcome": "not_share"},
        {"why_not": "detriment", "reason": "CANARY she'd hide"},
        {},
    )
    ask = walk(
        officer,
        begin(case),
        {**PLAIN, "outcome": "advice"},
        {"advice_from": "CANARY", "advice_question": "May we?"},
        {},
    )
    for response in (yes, no, ask):
        assert response["Location"].startswith("/decisions/D-")
    with as_user(case.world.officer):
        outcomes = list(Decision.objects.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == [Outcome.SHARE, Outcome.NOT_SHARE, Outcome.ADVICE]
    page = signed_in(case.world.manager).get(f"/sent/{case.alert.ref}/").content.decode()
    assert page.count("/decisions/D-") == 3, "all of them stand in the case's history"
    notice = signed_in(case.world.manager).get(f"/queue/{case.notification.ref}/").content.decode()
    assert "Decide whether to share with another body" in notice


@pytest.mark.req("SHR-01")
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"purpose": "none"}, "Without a legitimate purpose it is not shared"),
        ({"basis": "none"}, "Without a lawful reason it is not shared"),
        ({"items": []}, "Choose what would be shared"),
        ({"basis": "consent"}, "Consent is a lawful reason only where it was given"),
        ({"outcome": ""}, "Say what you decide"),
    ],
)
def test_a_way_that_does_not_lead_to_sharing_says_so_at_the_question(
    case: Case, changed: dict[str, Any], sentence: str
) -> None:
    officer = signed_in(case.world.officer)
    response = officer.post(f"/decisions/new/{begin(case)}", {**PLAIN, "outcome": "share", **changed})
    assert response.status_code == 200
    assert sentence in response.content.decode()
    with as_user(case.world.officer):
        assert not Decision.objects.exists()


@pytest.mark.req("SHR-01")
def test_what_was_answered_is_there_again_after_a_break_and_is_nobody_elses(case: Case) -> None:
    query = begin(case)
    walk(signed_in(case.world.officer), query, {**PLAIN, "outcome": "share"}, SHARING)
    again = signed_in(case.world.officer)
    assert "CANARY the school can help" in again.get(f"/decisions/new/why/{query}").content.decode()
    assert "CANARY" not in signed_in(case.world.manager).get(f"/decisions/new/{query}").content.decode()
    assert again.get(f"/decisions/new/safeguards/{query}").status_code == 302, "not asked, where nothing asks for it"


@pytest.mark.req("SHR-04", "SHR-05", "SHR-06")
def test_without_consent_the_safeguards_are_asked_for_and_stand_in_the_record(case: Case) -> None:
    officer, query = signed_in(case.world.officer), begin(case)
    law = {"article_6": "6_1_e", "article_9": "9_2_g", "schedule_1": "s1_18"}
    first = {**PLAIN, "outcome": "share", "consent": "refused", "basis": "public_interest"}
    third = walk(officer, query, first, {**SHARING, **law})["Location"]
    asked = officer.get(third).content.decode()
    assert "Who authorised sharing without consent?" in asked
    assert "Was an adult&#x27;s capacity to decide this assessed?" in asked
    missing = officer.post(third, {"capacity": "not_assessed"}).content.decode()
    for sentence in ("Enter who authorised", "Enter whether it is proportionate", "Enter who assessed capacity"):
        assert sentence in missing
    five = dict.fromkeys(("proportionate", "vulnerability", "impact", "other_means", "necessary"), "CANARY yes")
    said = {**five, "authorised_by": "CANARY Manager", "authorised_because": "At risk", "capacity": "no_adult"}
    last = officer.post(third, said)["Location"]
    assert officer.post(last).status_code == 302
    page = officer.get(f"/decisions/{newest(case.world.officer).ref}/").content.decode()
    assert "CANARY Manager" in page
    assert "The public interest outweighs confidence" in page


@pytest.mark.req("SHR-04", "SHR-07")
def test_a_child_under_16_who_was_not_found_able_does_not_consent_alone(case: Case) -> None:
    officer, query = signed_in(case.world.officer), begin(case)
    first = {**PLAIN, "outcome": "share", "consent": "given", "basis": "consent"}
    why = {**SHARING, "article_6": "6_1_a", "article_9": "9_2_a"}
    third = walk(officer, query, first, why)["Location"]
    said = {
        **{"by": "child", "name": "CANARY Ottilie", "on_0": "20", "on_1": "11", "on_2": "2026"},
        **{"explicit": "on", "informed": "on", "assessed_by": "Nurse", "factors": ["free"], "decision": "The school"},
    }
    assert "cannot consent alone" in officer.post(third, {**said, "able": "no"}).content.decode()
    last = officer.post(third, {**said, "able": "yes"})["Location"]
    assert "Found able to decide" in officer.get(last).content.decode()
    officer.post(last)
    assert newest(case.world.officer).consent_id is not None


@pytest.mark.req("SHR-04")
def test_consent_is_withdrawn_on_a_page_that_says_what_follows(case: Case) -> None:
    world = case.world
    made = decide(case.alert.ref, with_consent(world.council.slug), by=world.officer)
    law = {"basis": Basis.DUTY, "duty": Duty.WELFARE, "article_6": "6_1_c", "article_9": "", "schedule_1": ""}
    other = decide(case.alert.ref, with_consent(world.school.slug, **law), by=world.officer)
    manager, path = signed_in(world.manager), f"/decisions/{made.ref}/consent/"
    page = manager.get(path).content.decode()
    stops, goes_on = page.split("What goes on")
    assert made.ref in stops
    assert other.ref in goes_on
    assert "Enter what they said" in manager.post(path, {}).content.decode()
    assert manager.post(path, {"words": "CANARY by phone"}).status_code == 302
    page = manager.get(f"/decisions/{made.ref}/").content.decode()
    assert "Consent was withdrawn".lower() in page.lower()
    assert "What was shared before stays told" in page
    with as_user(world.manager):
        assert Consent.objects.get().withdrawn_by == world.manager
    assert manager.post(path, {"words": "Again"}).status_code == 409


@pytest.mark.req("SHR-02", "SHR-04", "NTK-03")
def test_letting_in_somebody_of_another_body_is_decided_first_and_ends_with_the_decision(case: Case) -> None:
    world, notification = case.world, case.notification
    officer = signed_in(world.officer)
    give = f"/access/{notification.ref}/give/{world.school.slug}/{world.dsl.code}/"
    sent_away = officer.get(give)
    assert sent_away["Location"].startswith(f"/decisions/new/?about={notification.ref}&to={world.school.slug}")
    refused = officer.post(give, {"reason": "Early help", "until_0": "1", "until_1": "12", "until_2": "2026"})
    assert refused.status_code == 409
    assert "Nobody has decided to share this with First School" in refused.content.decode()
    grant = let_in(notification, world.dsl, world.school, by=world.officer)
    assert officer.get(f"/access/{notification.ref}/give/{world.mash.slug}/{world.manager.code}/").status_code == 200
    made = newest(world.officer)
    manager = signed_in(world.manager)
    assert manager.post(f"/decisions/{made.ref}/end/", {"because": "not_needed"}).status_code == 302
    with as_user(world.manager):
        assert NotificationGrant.objects.get(pk=grant.pk).withdrawn_at is not None


@pytest.mark.req("SHR-02")
def test_within_a_setting_that_has_the_alert_nothing_is_decided_again(case: Case) -> None:
    world = case.world
    with as_user(world.officer):
        subject = readers.get_subject(case.alert.ref, for_user=world.officer)
        assert readers.disclosed(subject, world.school) == ()
        assert readers.disclosed(subject, world.mash) == ()
        assert readers.disclosed(subject, world.council) != ()
        with pytest.raises(Refused):
            readers.check_decided(subject, world.council)
    with as_user(world.dsl):
        assert readers.disclosed(readers.get_subject(case.alert.ref, for_user=world.dsl), world.school) == ()


@pytest.mark.req("SHR-01", "NTK-01")
def test_a_decision_is_there_for_its_agency_alone(case: Case) -> None:
    world = case.world
    made = decide(case.alert.ref, refusing(world.school.slug), by=world.officer)
    assert signed_in(world.manager).get(f"/decisions/{made.ref}/").status_code == 200
    for stranger in (world.dsl, world.other_dsl, world.constable, world.tutor):
        assert signed_in(stranger).get(f"/decisions/{made.ref}/").status_code == 404
    for stranger in (world.tutor, world.admin, world.other_dsl):
        assert signed_in(stranger).get(f"/decisions/new/{begin(case)}").status_code == 404
    assert made.ref not in signed_in(world.dsl).get(f"/alerts/{case.alert.ref}/").content.decode()


@pytest.mark.req("SHR-01", "SHR-02")
def test_the_register_is_filtered_exported_and_asks_no_more_for_more(case: Case) -> None:
    world = case.world
    decide(case.alert.ref, refusing(world.school.slug), by=world.officer)
    manager = signed_in(world.manager)
    manager.get("/decisions/")
    with CaptureQueriesContext(connection) as few:
        assert "Not shared" in manager.get("/decisions/").content.decode()
    for _ in range(4):
        decide(case.alert.ref, sharing(world.school.slug), by=world.officer)
    with CaptureQueriesContext(connection) as many:
        page = manager.get("/decisions/").content.decode()
    assert len(many) == len(few)
    assert page.count("/decisions/D-") == 5
    assert manager.get("/decisions/?outcome=not_share").content.decode().count("/decisions/D-") == 1
    assert manager.get("/decisions/?basis=agreement&to=First").content.decode().count("/decisions/D-") == 4
    assert "No decision matches" in manager.get("/decisions/?until=1/1/2026").content.decode()
    assert "must be a real date" in manager.get("/decisions/?since=31/2/2026").content.decode()
    assert "more than 20 years in the future" in manager.get("/decisions/?until=31/12/9999").content.decode()
    assert manager.get("/decisions/export/").status_code == 200
    file = manager.post("/decisions/export/", {"purpose": "assurance"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert len(rows) == 5
    assert {row["Marking"] for row in rows} == {"OFFICIAL-SENSITIVE"}
    assert "CANARY" not in file
    with fixtures():
        assert AuditEntry.objects.get(event="decision.exported").additional_data == {"rows": 5}
    assert signed_in(world.tutor).get("/decisions/").status_code == 404


@pytest.mark.req("SHR-01")
def test_advice_comes_back_and_is_decided(case: Case) -> None:
    world = case.world
    asked = decide(case.alert.ref, asking(world.school.slug), by=world.officer)
    officer = signed_in(world.officer)
    assert "Decide now" in officer.get(f"/decisions/{asked.ref}/").content.decode()
    query = begin(case, follows=asked.ref)
    why = {"advice_given": "CANARY do not", "why_not": "detriment", "reason": "As advised"}
    walk(officer, query, {**PLAIN, "outcome": "not_share"}, why, {})
    page = officer.get(f"/decisions/{newest(world.officer).ref}/").content.decode()
    assert "CANARY do not" in page
    assert asked.ref in page
    assert "Decide now" not in officer.get(f"/decisions/{asked.ref}/").content.decode()


@pytest.mark.req("SHR-13")
def test_a_promise_to_tell_waits_on_todays_page_until_it_is_kept(case: Case) -> None:
    world = case.world
    made = decide(
        case.alert.ref, sharing(world.school.slug, told="to_be_told", told_by=dt.date(2026, 12, 1)), by=world.officer
    )
    manager = signed_in(world.manager)
    assert "to be told that information was shared" in manager.get("/today/").content.decode()
    assert "why they are not told" in manager.post(f"/decisions/{made.ref}/told/", {"told": "risk"}).content.decode()
    assert manager.post(f"/decisions/{made.ref}/told/", {"told": "told"}).status_code == 302
    assert "to be told that information was shared" not in manager.get("/today/").content.decode()
    assert manager.get(f"/decisions/{made.ref}/told/").status_code == 404


@pytest.mark.req("SHR-13")
def test_a_promise_to_tell_is_kept_within_a_year(case: Case) -> None:
    officer, query = signed_in(case.world.officer), begin(case)
    walk(officer, query, {**PLAIN, "outcome": "share"})
    far = {"told_by_0": "31", "told_by_1": "12", "told_by_2": "9999"}
    page = officer.post(f"/decisions/new/why/{query}", {**SHARING, "told": "to_be_told", **far}).content.decode()
    assert "Day by which they are told must not lie more than a year in the future" in page
    assert "Enter the day by which they are told" not in page
    assert signed_in(case.world.manager).get("/today/").status_code == 200


@pytest.mark.req("SHR-12", "SHR-02")
def test_a_body_outside_the_hub_is_in_the_united_kingdom_or_gets_nothing(case: Case) -> None:
    officer, query = signed_in(case.world.officer), f"?about={case.alert.ref}"
    said = {**PLAIN, "outcome": "share", "basis": "duty", "to": "outside", "outside_name": "CANARY Surgery"}
    abroad = officer.post(f"/decisions/new/{query}", {**said, "nation": "elsewhere"}).content.decode()
    assert "not sent outside the United Kingdom" in abroad
    why = {**SHARING, "duty": Duty.WELFARE.value}
    walk(officer, query, {**said, "nation": "scotland"}, why, {})
    made = newest(case.world.officer)
    assert made.recipient is None
    assert made.consent_state == ConsentState.NOT_RELIED_ON
    assert "CANARY Surgery" in officer.get(f"/decisions/{made.ref}/").content.decode()


def test_a_next_page_elsewhere_is_not_followed(case: Case) -> None:
    officer = signed_in(case.world.officer)
    done = walk(officer, begin(case, next="https://evil.example/"), {**PLAIN, "outcome": "share"}, SHARING, {})
    assert done["Location"].startswith("/decisions/D-")
