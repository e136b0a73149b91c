"""The originator decides about passing on, senior staff about what enters a package, and a decision about sending it (MSH-03, MSH-04)."""

import re

import pytest
from django.utils import timezone

from agreements.decisions import services as decisions
from agreements.decisions.answers import Answers
from agreements.decisions.enums import Duty, Outcome, Purpose, Told
from alerts.models import HeldItem, Package
from alerts.requests import answering, paper, selectors, services
from safeguarding.agencies.models import User
from safeguarding.errors import Conflict, NotVisible, Refused
from tests.delivery.support import emails
from tests.requests.conftest import BY_DUTY, ITEM, Place
from tests.support.db import as_user, fixtures
from tests.support.pdf import words
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db


def item_of(place: Place, **item: object) -> HeldItem:
    ask = place.answered(**item)
    with as_user(place.world.officer):
        [found] = selectors.items_of(ask.request, for_user=place.world.officer)
    return found


def package_of(place: Place, item: HeldItem) -> Package:
    manager = place.world.manager
    with as_user(manager):
        request = selectors.get_request(item.ask.request.ref, for_user=manager)
        package = services.compose(request, summary="CANARY what we make of it", by=manager)
        services.pack(package, items=[item], by=manager)
        return package


def decided(place: Place, package: Package) -> None:
    manager = place.world.manager
    answers = Answers(
        outcome=Outcome.SHARE, to=place.health.slug, items=selectors.TOLD_BY_A_PACKAGE, purpose=Purpose.PROTECT,
        **BY_DUTY, duty=Duty.NEED, reason="The team works with the family", use="To plan support", told=Told.TOLD,
    )  # fmt: skip
    with as_user(manager):
        decisions.decide(selectors.subject_of_package(package.ref, manager), answers=answers, by=manager)


@pytest.mark.req("MSH-03")
def test_what_was_given_for_the_hub_only_is_passed_on_by_nobody(place: Place) -> None:
    item = item_of(place)
    with pytest.raises(Refused, match="has not let this item be passed on"):
        package_of(place, item)


@pytest.mark.req("MSH-03")
def test_the_originator_is_asked_and_alone_may_permit_and_refuse(place: Place) -> None:
    item, manager = item_of(place), place.world.manager
    with as_user(place.world.officer):
        services.ask_permission(item, by=place.world.officer)
        with pytest.raises(Conflict):
            services.ask_permission(item, by=place.world.officer)
    assert [each.recipient for each in emails() if each.template == "request_permission"] == [place.desk]
    for other in (place.world.officer, manager, place.nurse):
        with as_user(other), pytest.raises(NotVisible):
            answering.say_onward(item, permitted=True, limits="", by=other)
    with as_user(place.desk):
        said = answering.say_onward(item, permitted=True, limits="Not to be told to the family", by=place.desk)
    assert (said.onward, said.onward_by, said.onward_limits) == (
        "permitted",
        place.desk,
        "Not to be told to the family",
    )
    with as_user(manager):
        [packed] = selectors.packed(package_of(place, said), for_user=manager)
    assert (packed.limits, packed.originator) == ("Not to be told to the family", "Council")


@pytest.mark.req("MSH-04")
@pytest.mark.parametrize("who", ["officer", "dsl", "ig_lead"])
def test_only_senior_staff_of_the_hub_compose(place: Place, who: str) -> None:
    request, user = place.prepared(), getattr(place.world, who)
    with as_user(user), pytest.raises(NotVisible):
        services.compose(request, summary="x", by=user)


@pytest.mark.req("MSH-03", "MSH-04", "SHR-02")
def test_a_package_goes_to_one_team_by_a_decision_and_only_there(place: Place) -> None:
    package, manager = package_of(place, item_of(place, onward=True)), place.world.manager
    assert not reads(place.nurse, package)
    with as_user(manager):
        with pytest.raises(Conflict):
            services.send(package, to=place.health, by=manager)
        services.settle(package, by=manager)
        with pytest.raises(Refused, match="Nobody has decided"):
            services.send(package, to=place.health, by=manager)
    decided(place, package)
    with as_user(manager):
        services.send(package, to=place.health, by=manager)
        with pytest.raises(Conflict):
            services.pack(package, items=[], by=manager)
    assert [reads(who, package) for who in (place.nurse, place.desk, place.world.dsl)] == [True, False, False]
    answer = signed_in(place.nurse).get(f"/packages/{package.ref}/").content.decode()
    assert "CANARY seen twice" in answer
    assert "Council" in answer
    assert [each.recipient for each in emails() if each.template == "package_sent"] == [place.nurse]


def reads(user: User, package: Package) -> bool:
    with as_user(user):
        return Package.objects.visible_to(user).filter(pk=package.pk).exists()


@pytest.mark.req("MSH-04")
def test_what_was_decided_and_not_sent_says_so_and_reaches_nobody_who_is_not_there(place: Place) -> None:
    package, manager = package_of(place, item_of(place, onward=True)), place.world.manager
    with as_user(manager):
        services.settle(package, by=manager)
    page, notice = f"/packages/{package.ref}/", "It has not been sent yet"
    assert notice not in signed_in(manager).get(page).content.decode()
    decided(place, package)
    answer = signed_in(manager).get(page).content.decode()
    assert notice in answer
    assert f'<option value="{place.health.slug}" selected>' in answer
    with fixtures():
        place.nurse.memberships.update(ended_at=timezone.now())
    with as_user(manager), pytest.raises(Refused, match="Phone them, or choose another"):
        services.send(package, to=place.health, by=manager)


@pytest.mark.req("MSH-03")
def test_permission_that_is_taken_back_before_sending_stops_it(place: Place) -> None:
    item = item_of(place, onward=True)
    package, manager = package_of(place, item), place.world.manager
    with as_user(manager):
        services.settle(package, by=manager)
    decided(place, package)
    with as_user(place.desk):
        answering.say_onward(item, permitted=False, limits="", by=place.desk)
    with as_user(manager), pytest.raises(Refused, match="no longer lets"):
        services.send(package, to=place.health, by=manager)


def limited(place: Place, item: HeldItem, limits: str = "Not to be told to the family") -> None:
    with as_user(place.desk):
        answering.say_onward(item, permitted=True, limits=limits, by=place.desk)


@pytest.mark.req("MSH-03")
def test_limits_that_are_set_before_settling_are_taken_in_first(place: Place) -> None:
    item, manager = item_of(place, onward=True), place.world.manager
    package = package_of(place, item)
    limited(place, item)
    with as_user(manager):
        with pytest.raises(Refused, match=r"Council has changed the limits .* settled\. Leave it out"):
            services.settle(package, by=manager)
        services.leave_out(package, positions=selectors.packed(package, for_user=manager), by=manager)
        services.pack(package, items=selectors.can_be_packed(package, for_user=manager), by=manager)
        assert services.settle(package, by=manager).state == "settled"
        [packed] = selectors.packed(package, for_user=manager)
    assert packed.limits == "Not to be told to the family"


@pytest.mark.req("MSH-03")
@pytest.mark.parametrize("permitted", [True, False])
def test_what_its_originator_changed_after_settling_leaves_with_another_package_only(
    place: Place, *, permitted: bool
) -> None:
    item, manager = item_of(place, onward=True), place.world.manager
    package = package_of(place, item)
    with as_user(manager):
        services.settle(package, by=manager)
    decided(place, package)
    with as_user(place.desk):
        answering.say_onward(item, permitted=permitted, limits="Not to be told to the family", by=place.desk)
    refused = signed_in(manager).post(f"/packages/{package.ref}/send/", {"team": place.health.slug})
    said = refused.content.decode()
    assert refused.status_code == 409
    assert "Nothing was sent. Drop this package and compose another one." in said
    assert "Decide first" not in said
    assert not reads(place.nurse, package)


@pytest.mark.req("MSH-04")
def test_an_item_is_left_out_by_its_name_and_never_another_in_its_place(place: Place) -> None:
    ask, manager = place.asked(), place.world.manager
    with as_user(place.desk):
        for text in ("First thing", "Second thing", "Third thing"):
            answering.add_item(ask, by=place.desk, **{**ITEM, "text": text, "onward": True})
        answering.finish(ask, by=place.desk)
    with as_user(manager):
        package = services.compose(ask.request, summary="x", by=manager)
        services.pack(package, items=selectors.can_be_packed(package, for_user=manager), by=manager)
    client, page = signed_in(manager), f"/packages/{package.ref}/"
    handles = re.findall(r'action="([^"]+/leave-out/[^"]+)"', client.get(page).content.decode())
    assert len(handles) == 3
    assert client.post(handles[0]).status_code == 302
    assert client.post(handles[1]).status_code == 302  # as it stood on the page that was open before
    again = client.post(handles[1])
    assert again.status_code == 409
    assert "has taken this item out already" in again.content.decode()
    with as_user(manager):
        assert [each.text for each in selectors.packed(package, for_user=manager)] == ["Third thing"]
    assert client.post(f"{page}leave-out/{ask.ref}/9/").status_code == 404
    assert client.post(f"{page}leave-out/H-0000-0000/1/").status_code == 404


@pytest.mark.req("MSH-04", "SHR-08", "SHR-09")
def test_the_package_on_paper_says_whose_each_item_is(place: Place) -> None:
    package, manager = package_of(place, item_of(place, onward=True)), place.world.manager
    with as_user(manager):
        items = selectors.packed(package, for_user=manager)
        whole = selectors.get_package(package.ref, for_user=manager)
        made = paper.package(whole, items, at=package.created_at)
        assert made == paper.package(whole, items, at=package.created_at)
    assert b"/StructTreeRoot" in made
    said = words(made).splitlines()
    assert said[said.index("Council") : said.index("Council") + 2] == ["Council", "Fact, current"]
    assert "CANARY seen twice with bruises" in said
    assert place.world.partnership.marking in said
    file = signed_in(manager).get(f"/packages/{package.ref}/pdf/")
    assert file["Content-Disposition"] == f'attachment; filename="package-{package.ref}.pdf"'


@pytest.mark.req("MSH-02", "MSH-03", "MSH-04")
def test_the_whole_way_in_the_pages(place: Place) -> None:
    hub, desk, manager = (signed_in(who) for who in (place.world.officer, place.desk, place.world.manager))
    due = {"due_on_0": "1", "due_on_1": "6", "due_on_2": "2030"}
    new = f"/requests/new/{place.child.ref}/"
    assert "Enter what you want to know" in hub.post(new, {}).content.decode()
    asked = hub.post(new, {"question": "What do you know?", "agencies": [place.world.council.slug], **due})
    assert "By agreement" in hub.get(asked.url).content.decode()
    assert "Say whether the family knows" in hub.post(asked.url, {}).content.decode()
    assert hub.post(asked.url, {"told": "risk", "told_words": "He may hurt her."}).status_code == 302
    with as_user(place.desk):
        [ask] = selectors.asked_page(cursor="", for_user=place.desk)
    assert ask.ref in desk.get("/asked/").content.decode()
    at = f"/asked/{ask.ref}/"
    item = {"text": "Held text", "nature": "opinion", "currency": "historical", "onward": "no"}
    assert desk.post(f"{at}add/", item).status_code == 302
    assert "Held text" in desk.get(at).content.decode()
    assert desk.post(f"{at}finish/").status_code == 302
    assert "Held text" in hub.get(asked.url).content.decode()
    assert hub.post(f"{asked.url}items/{ask.ref}/1/").status_code == 302
    assert "The hub asks to pass it on" in desk.get(at).content.decode()
    assert desk.post(f"{at}items/1/", {"permitted": "yes", "limits": ""}).status_code == 302
    begun = manager.post(f"{asked.url}package/", {"summary": "What we make of it"})
    assert manager.post(f"{begun.url}pack/", {"items": [f"{ask.ref}/1"]}).status_code == 302
    assert "Held text" in manager.get(begun.url).content.decode()
    assert manager.post(f"{begun.url}settle/").status_code == 302
    refused = manager.post(f"{begun.url}send/", {"team": place.health.slug})
    assert refused.status_code == 409
    assert "/decisions/new/?about=" in refused.content.decode()
    assert hub.post(f"{begun.url}settle/").status_code == 404
