"""What the gateway does not list cannot leave, whatever way it would leave by (AGR-01, ALR-04)."""

import datetime as dt
from itertools import chain, combinations

import pytest

from agreements.models import AgreementItem, Signature
from alerts.delivery.models import Alert
from alerts.delivery.services import let_leave_once
from safeguarding.agencies import tokens
from safeguarding.errors import NotVisible, Refused
from tests.api.conftest import Api
from tests.delivery.support import ADULTS, alert_of, child, emails, facts, sent
from tests.factories import ALERT_ITEMS, World, police_content
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db

# what each item would show, in every shape in which a page or a machine writes it
SHOWS = {
    "child_date_of_birth": ("4 May 2016", "2016-05-04"),
    "adults_names": ("Ferelith", "Osric"),
    "incident_date": ("2 July 2026", "2026-07-02"),
}
SUBSETS = [frozenset(each) for each in chain.from_iterable(combinations(SHOWS, size) for size in range(4))]


def only(world: World, items: frozenset[str]) -> None:
    with fixtures():
        AgreementItem.objects.filter(agreement=world.agreement).exclude(
            key__in={"child_name", "incident_kind", *items}
        ).delete()


def told(world: World) -> Alert:
    content = police_content(
        people=(*ADULTS, child("Ottilie")), occurred_at=dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    )
    return alert_of(sent(world, world.school, content=content))


@pytest.mark.req("AGR-01", "ALR-04")
@pytest.mark.parametrize("items", SUBSETS, ids=lambda items: "+".join(sorted(items)) or "none")
def test_no_item_leaves_that_the_agreement_does_not_list(world: World, items: frozenset[str]) -> None:
    only(world, items)
    alert = told(world)
    assert set(alert.items) == {"child_name", "incident_kind", *items}
    client = signed_in(world.dsl)
    with as_service("setup"):
        secret = tokens.issue_to_person(user=world.dsl)
    ways_out = {
        "page": client.get(f"/alerts/{alert.ref}/").content.decode(),
        "list": client.get("/alerts/").content.decode(),
        "api": Api(secret).get(f"alerts/{alert.ref}/").content.decode(),
        "e-mail": " ".join(str(email.context) for email in emails()),
        "row": " ".join(str(getattr(alert, field.attname)) for field in Alert._meta.fields),
    }
    for item, shapes in SHOWS.items():
        for way, text in ways_out.items():
            if item not in items:
                assert not [shape for shape in shapes if shape in text], (item, way)
    assert "Ottilie" in ways_out["page"]
    for item in items:
        assert any(shape in ways_out["page"] for shape in SHOWS[item]), item
    assert ("Not shared under the agreement" in ways_out["page"]) == (items != set(SHOWS))


@pytest.mark.req("AGR-01")
def test_all_items_listed_is_an_alert_as_ever(world: World) -> None:
    alert = told(world)
    assert facts(alert, "alert.sent")["items"] == sorted(ALERT_ITEMS)
    assert "Not shared" not in signed_in(world.dsl).get(f"/alerts/{alert.ref}/").content.decode()


def withheld(world: World) -> Alert:
    with fixtures():
        Signature.objects.filter(agreement=world.agreement, agency=world.school).delete()
        world.partnership.exceptions = {"single_case": ["mash_manager"], "override": []}
        world.partnership.save()
    alert = told(world)
    assert alert.withheld_reason == "never_signed"
    return alert


@pytest.mark.req("AGR-07")
def test_a_withheld_alert_leaves_once_by_terms_accepted_for_the_case(world: World) -> None:
    alert = withheld(world)
    said = {"gateway": "single_case", "reason": "By telephone.", "accepted_by": "Wren Oakley", "post": "Manager"}
    for person, gateway in ((world.officer, "single_case"), (world.manager, "override"), (world.dsl, "single_case")):
        with as_user(person), pytest.raises(NotVisible):
            let_leave_once(alert, by=person, **{**said, "gateway": gateway})
    with as_user(world.manager):
        left = let_leave_once(alert, by=world.manager, **said)
        assert (left.status, left.gateway) == ("sent", "single_case")
        with pytest.raises(Refused, match="not withheld"):
            let_leave_once(alert, by=world.manager, **said)


@pytest.mark.req("AGR-07", "AGR-10")
def test_letting_it_leave_is_a_page_of_its_own(world: World) -> None:
    alert = withheld(world)
    path = f"/sent/{alert.ref}/let-leave/"
    assert signed_in(world.officer).get(path).status_code == 404
    manager = signed_in(world.manager)
    assert path in manager.get(f"/sent/{alert.ref}/").content.decode()
    wrong = manager.post(path, {"gateway": "single_case", "reason": "By telephone."}).content.decode()
    assert "Say who accepted the terms" in wrong
    said = {"gateway": "single_case", "reason": "By telephone.", "accepted_by": "Wren Oakley", "post": "Manager"}
    assert manager.post(path, said).status_code == 302
    page = manager.get(f"/sent/{alert.ref}/").content.decode()
    assert "Terms accepted for this one case" in page
