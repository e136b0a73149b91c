"""What the gateway does not list cannot leave, whatever way it would leave by (AGR-01, ALR-04)."""

import datetime as dt
import os
from collections.abc import Collection
from itertools import chain, combinations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agreements.decisions.enums import Basis, Duty
from agreements.models import AgreementItem, Signature
from agreements.register.enums import Item
from alerts.delivery.models import Alert
from alerts.delivery.services import let_leave_once
from alerts.intake.content import Location
from safeguarding.agencies import tokens
from safeguarding.agencies.models import User
from safeguarding.errors import NotVisible, Refused
from tests.api.conftest import Api
from tests.decisions.support import decide, sharing
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
# what the police sent and no alert has a place for, whatever is listed
NEVER = {
    "incident_content": ("CANARY-CONTENT",),
    "address": ("CANARY-STREET", "WX9 9ZZ"),
}
SUBSETS = [frozenset(each) for each in chain.from_iterable(combinations(SHOWS, size) for size in range(4))]


def only(world: World, items: frozenset[str]) -> None:
    with fixtures():
        AgreementItem.objects.filter(agreement=world.agreement).exclude(
            key__in={"child_name", "incident_kind", *items}
        ).delete()


def told(world: World) -> Alert:
    content = police_content(
        people=(*ADULTS, child("Ottilie")),
        occurred_at=dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC),
        narrative="CANARY-CONTENT",
        risk="high",
        location=Location(lines=("1 CANARY-STREET",), postcode="WX9 9ZZ"),
    )
    return alert_of(sent(world, world.school, content=content))


def ways_out(world: World, alert: Alert) -> dict[str, str]:
    """Everything that leaves with an alert: pages (which are what is printed), machines, e-mails, the row they are made of."""
    client = signed_in(world.dsl)
    with as_service("setup"):
        secret = tokens.issue_to_person(user=world.dsl)
    return {
        "page": client.get(f"/alerts/{alert.ref}/").content.decode(),
        "list": client.get("/alerts/").content.decode(),
        "home": client.get("/today/").content.decode(),
        "question": client.get(f"/questioned/about/{alert.ref}/").content.decode(),
        "api": Api(secret).get(f"alerts/{alert.ref}/").content.decode(),
        "api list": Api(secret).get("alerts/").content.decode(),
        "e-mail": " ".join(str(email.context) for email in emails()),
        "row": " ".join(str(getattr(alert, field.attname)) for field in Alert._meta.fields),
    }


@pytest.mark.req("AGR-01", "ALR-04")
@pytest.mark.parametrize("items", SUBSETS, ids=lambda items: "+".join(sorted(items)) or "none")
def test_no_item_leaves_that_the_agreement_does_not_list(world: World, items: frozenset[str]) -> None:
    only(world, items)
    alert = told(world)
    assert set(alert.items) == {"child_name", "incident_kind", *items}
    out = ways_out(world, alert)
    assert leaks(out, items) == []
    assert "Ottilie" in out["page"]
    for item in items:
        assert any(shape in out["page"] for shape in SHOWS[item]), item
    assert ("Not shared under the agreement" in out["page"]) == (items != set(SHOWS))


def leaks(out: dict[str, str], items: Collection[str]) -> list[tuple[str, str]]:
    """What left of the items that are not listed, and by which way."""
    shown = {**SHOWS, **NEVER}
    return [
        (item, way)
        for item, shapes in shown.items()
        if item not in items or item in NEVER
        for way, text in out.items()
        if any(shape in text for shape in shapes)
    ]


@pytest.mark.req("AGR-01", "AGR-06", "ALR-04")
@settings(
    max_examples=400 if os.environ.get("PROVE") else 12, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(items=st.frozensets(st.sampled_from(Item.values)))
@example(items=frozenset())
@example(items=frozenset(Item.values))
@example(items=frozenset(Item.values) - {"adults_names"})
@example(items=frozenset(Item.values) - {"child_name"})
def test_whatever_an_agreement_lists_nothing_else_ever_leaves(db: None, items: frozenset[str]) -> None:
    """Over every set of the items that an agreement can list: an alert carries what it may of them, or does not leave at all."""
    with transaction.atomic():
        with fixtures():
            world = World()
            AgreementItem.objects.filter(agreement=world.agreement).delete()
            AgreementItem.objects.bulk_create(
                AgreementItem(agreement=world.agreement, key=key, justification="Needed.") for key in items
            )
        alert = told(world)
        if {"child_name", "incident_kind"} <= items:
            assert set(alert.items) <= items
            assert leaks(ways_out(world, alert), items) == []
        else:
            assert (alert.status, alert.withheld_reason) == ("withheld", "no_items")
            assert signed_in(world.dsl).get(f"/alerts/{alert.ref}/").status_code == 404
            assert emails() == []
        transaction.set_rollback(True)  # every World brings the same schools


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


def decide_to_share(alert: Alert, *, by: User) -> None:
    """The hub decides to tell the setting whom it is about and that it happened, and no more (SHR-02)."""
    by_duty = {"basis": Basis.DUTY, "duty": Duty.WELFARE, "article_6": "6_1_c"}
    decide(alert.ref, sharing(alert.setting.slug, **by_duty), by=by)


@pytest.mark.req("AGR-07", "SHR-02")
def test_a_withheld_alert_leaves_once_by_terms_accepted_for_the_case(world: World) -> None:
    alert = withheld(world)
    said = {"gateway": "single_case", "reason": "By telephone.", "accepted_by": "Wren Oakley", "post": "Manager"}
    for person, gateway in ((world.officer, "single_case"), (world.manager, "override"), (world.dsl, "single_case")):
        with as_user(person), pytest.raises(NotVisible):
            let_leave_once(alert, by=person, **{**said, "gateway": gateway})
    with as_user(world.manager), pytest.raises(Refused, match="Nobody has decided to share this"):
        let_leave_once(alert, by=world.manager, **said)
    decide_to_share(alert, by=world.manager)
    with as_user(world.manager):
        left = let_leave_once(alert, by=world.manager, **said)
        assert (left.status, left.gateway) == ("sent", "single_case")
        assert (left.adults, left.items) == ([], ["child_name", "incident_kind"]), "no more than the decision covers"
        with pytest.raises(Refused, match="not withheld"):
            let_leave_once(alert, by=world.manager, **said)


@pytest.mark.req("AGR-07", "AGR-10")
def test_letting_it_leave_is_a_page_of_its_own(world: World) -> None:
    alert = withheld(world)
    path = f"/sent/{alert.ref}/let-leave/"
    assert signed_in(world.officer).get(path).status_code == 404
    manager = signed_in(world.manager)
    first = manager.get(path)
    assert first.status_code == 302, "a disclosure is decided first"
    assert first["Location"].startswith(f"/decisions/new/?about={alert.ref}&to={world.school.slug}&items=")
    decide_to_share(alert, by=world.officer)
    assert world.officer.name in manager.get(path).content.decode()
    assert path in manager.get(f"/sent/{alert.ref}/").content.decode()
    wrong = manager.post(path, {"gateway": "single_case", "reason": "By telephone."}).content.decode()
    assert "Say who accepted the terms" in wrong
    said = {"gateway": "single_case", "reason": "By telephone.", "accepted_by": "Wren Oakley", "post": "Manager"}
    assert manager.post(path, said).status_code == 302
    page = manager.get(f"/sent/{alert.ref}/").content.decode()
    assert "Terms accepted for this one case" in page
