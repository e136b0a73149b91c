"""The pages of referrals, as their people use them (MSH-05)."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alerts.models import GuestReferrer, Referral
from safeguarding.notifications.models import Email
from tests.factories import World
from tests.referrals.support import CHILD, STEPS, UNDATED, decided, referred
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db


def mail(template: str) -> dict[str, Any]:
    with fixtures():
        return dict(Email.objects.filter(template=template).latest("pk").context)


def write_whole(client: Client, root: str) -> None:
    """Every page, as a browser posts it."""
    for step, data in {"you": STEPS["you"], "child-1": CHILD, **STEPS}.items():
        response = client.post(f"{root}{step}/", data)
        assert response.status_code == 302, (step, response.content.decode()[:2000])


def only_referral() -> Referral:
    with fixtures():
        return Referral.objects.get()


def begin(world: World) -> tuple[Client, str]:
    client = signed_in(world.dsl)
    first = client.post("/referrals/new/")
    assert first.status_code == 302
    return client, first.headers["Location"].removesuffix("you/")


@pytest.mark.req("MSH-05")
def test_a_member_writes_checks_and_sends(world: World) -> None:
    client, root = begin(world)
    write_whole(client, root)
    check = client.get(f"{root}check/").content.decode()
    assert "CANARY worries" in check
    assert "Send the referral" in check
    sent = client.post(f"{root}check/", follow=True)
    words = sent.content.decode()
    assert "Referral sent" in words
    assert only_referral().ref in words
    assert client.get(root).status_code == 404


@pytest.mark.req("MSH-05")
def test_what_is_half_typed_is_kept_and_found_again(world: World) -> None:
    client, root = begin(world)
    wrong = client.post(f"{root}child-1/", {"born": "yes", "given_name": "Ottoline"})
    assert wrong.status_code == 200
    assert "last name" in wrong.content.decode()
    assert client.post(f"{root}worries/", {"worries": "half a sent", "action": "keep"}).status_code == 204
    assert client.post(f"{root}done/", {"done": "", "action": "later"}).headers["Location"] == root
    again = client.get(f"{root}child-1/").content.decode()
    assert 'value="Ottoline"' in again
    assert "There is a problem" not in again
    assert "half a sent" in client.get(f"{root}worries/").content.decode()
    overview = client.get(root).content.decode()
    assert overview.count("Something is missing") == 2
    assert overview.count("Optional") == 1, "what may stay empty is not called done before anybody wrote in it"
    refused = client.post(f"{root}check/")
    assert refused.status_code == 409
    assert "everything that you typed is kept" in refused.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"born": "yes", "given_name": "A", "family_name": "B"}, "or about how old the child is"),
        ({"born": "no", "given_name": "A"}, "mother’s last name"),
        ({**CHILD, "born": "no"}, "A child with a date of birth is born"),
        ({**CHILD, "date_of_birth_2": "2099"}, "in the future"),
        ({**CHILD, "date_of_birth_2": "1980"}, "18 or over"),
        ({**UNDATED, "estimated_age": "30"}, "adult social care"),
        ({**UNDATED, "estimated_age": "seven"}, "number of years"),
    ],
)
def test_what_is_wrong_with_a_child_is_said_in_a_sentence(world: World, typed: dict[str, str], sentence: str) -> None:
    client, root = begin(world)
    assert sentence in client.post(f"{root}child-1/", typed).content.decode()


@pytest.mark.req("MSH-05")
def test_a_guest_from_the_open_page_to_the_decision(world: World) -> None:
    client = Client()
    asked = {"area": world.partnership.slug, "name": "Wren Oakley", "organisation": "Little Nursery", "kind": "nursery",
             "email": "wren@nursery.example"}  # fmt: skip
    assert client.get("/refer/").status_code == 200
    assert client.post("/refer/", asked).headers["Location"] == "/refer/asked/"
    root = mail("referral_guest_link")["link"].partition("//")[2].partition("/")[2]
    root = f"/{root}"
    # the link alone opens nothing
    for page in ("", "people/", "check/", "worries/"):
        before = client.get(f"{root}{page}")
        assert "Show that it is you" in before.content.decode()
        assert "Save and continue" not in before.content.decode()
    give_code(client, root)
    assert client.get(root).status_code == 200
    write_whole(client, root)
    sent = client.post(f"{root}check/", follow=True)
    referral = only_referral()
    assert referral.ref in sent.content.decode()
    assert client.get(root).status_code == 404  # the newest e-mail holds the link that works
    decided(world, referral)
    path = re.sub(r"^https?://[^/]+", "", mail("referral_decided")["link"])
    assert client.get(path).status_code == 200
    other = Client()
    assert "Show that it is you" in other.get(path).content.decode()
    give_code(other, path)
    words = other.get(path).content.decode()
    assert "A social worker will carry out an assessment" in words
    assert "CANARY reason" not in words
    assert "On record" not in words


def give_code(client: Client, path: str) -> None:
    assert client.post(path, {"send": "1"}).status_code == 302
    assert "wrong or too old" in client.post(path, {"code": "not it"}).content.decode()
    assert client.post(path, {"code": mail("guest_code")["code"]}).status_code == 302


@pytest.mark.req("MSH-05", "NTK-02")
def test_one_guests_code_opens_no_other_guests_link(world: World) -> None:
    client, paths = Client(), []
    for email in ("wren@nursery.example", "heron@nursery.example"):
        asked = {"area": world.partnership.slug, "name": "W", "organisation": "N", "kind": "nursery", "email": email}
        client.post("/refer/", asked)
        paths.append(re.sub(r"^https?://[^/]+", "", mail("referral_guest_link")["link"]))
    give_code(client, paths[0])
    assert "Save and continue" in client.get(f"{paths[0]}you/").content.decode()
    assert "Show that it is you" in client.get(f"{paths[1]}you/").content.decode()


def test_the_open_page_tells_nothing_and_is_not_asked_without_end(world: World) -> None:
    client = Client()
    asked = {"area": world.partnership.slug, "name": "W", "organisation": "N", "kind": "nursery"}
    answers = {client.post("/refer/", {**asked, "email": world.dsl.email}).headers["Location"] for _ in range(5)}
    answers.add(client.post("/refer/", {**asked, "email": "unknown@nowhere.example"}).headers["Location"])
    assert answers == {"/refer/asked/"}
    with fixtures():
        assert GuestReferrer.objects.filter(email=world.dsl.email).count() == 3
    statuses = [client.post("/refer/", {**asked, "email": f"n{n}@x.example"}).status_code for n in range(18)]
    assert statuses[-1] == 429
    assert statuses.count(302) == 14


@pytest.mark.req("MSH-07")
def test_the_hub_works_a_referral_through_on_its_page(world: World) -> None:
    referral = referred(world)
    client = signed_in(world.officer)
    assert referral.ref in client.get("/referrals/?view=new").content.decode()
    page = f"/referrals/{referral.ref}/"
    assert "CANARY worries" in client.get(page).content.decode()
    missing = client.post(f"{page}triage/", {"version": 1, "rag": "red"})
    assert "Enter the reason" in missing.content.decode()
    assert client.post(f"{page}triage/", {"version": 1, "rag": "red", "reason": "x"}).status_code == 302
    stale = client.post(f"{page}triage/", {"version": 1, "rag": "green", "reason": "typed with care"})
    assert stale.status_code == 409
    assert "typed with care" in stale.content.decode()
    decision = {"version": 2, "outcome": "strategy", "reason": "y", "feedback": "", "tell": "later"}
    too_early = client.get(f"/strategy/new/?from={referral.ref}").content.decode()
    assert "Decide the referral first" in too_early
    assert client.post(f"{page}decide/", decision).status_code == 302
    asked = re.search(r'href="(/strategy/new/\?from=R-[^"]+)"', client.get(page).content.decode())
    assert asked is not None
    assert client.get(asked[1]).status_code == 200
    assert signed_in(world.dsl).get(asked[1]).status_code == 404
    told = client.post(f"{page}tell/", {"version": 3, "feedback": "Words for the referrer"}, follow=True)
    assert "Words for the referrer" in told.content.decode()
    assert client.post(f"{page}close/", {"version": 4}).status_code == 302
    mine = signed_in(world.dsl).get(page).content.decode()
    assert "Words for the referrer" in mine
    assert "Decide who" not in mine


@pytest.mark.req("ALR-03")
def test_the_hub_decides_who_a_child_is(world: World) -> None:
    with fixtures():
        world.child(given_name="Ottoline", family_name="Quarrendon")
    first = referred(world)
    second = referred(world, world.constable, world.police, UNDATED)
    client = signed_in(world.officer)
    page = f"/referrals/{second.ref}/children/0/"
    beside = client.get(page).content.decode()
    assert "Same given name" in beside or "Ottoline" in beside
    with fixtures():
        known = first.children.get().child
    assert known is not None
    saved = client.post(page, {"same_as": known.ref, "reason": "details"}, follow=True)
    assert known.ref in saved.content.decode()
    assert client.get(page).status_code == 409


def test_lists_cost_the_same_however_long_they_are(world: World) -> None:
    def queries(client: Client, path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        return len(asked)

    hub, mine = signed_in(world.officer), signed_in(world.dsl)
    referred(world)
    before = [queries(hub, "/referrals/"), queries(mine, "/referrals/mine/")]
    for number in range(4):
        referred(world, None, None, {**CHILD, "given_name": f"Ottoline{chr(97 + number) * 3}"}, UNDATED)
    assert [queries(hub, "/referrals/"), queries(mine, "/referrals/mine/")] == before
    with as_user(world.dsl):
        assert Referral.objects.visible_to(world.dsl).count() == 5
