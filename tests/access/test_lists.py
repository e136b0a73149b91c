"""Lists: each wall alone gives the right ones, and what is listed is what opens, on pages and by the API."""

import hashlib
import re
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.utils import timezone

from alerts.models import Alert, Notification, Upload
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, Membership
from tests.access.doors import DOORS, filled
from tests.access.place import Place
from tests.access.test_doors import call, knock  # noqa: F401 - a fixture
from tests.factories import AlertFactory, ChildFactory, MembershipFactory, NotificationFactory
from tests.support.db import fixtures

pytestmark = pytest.mark.django_db
REFERENCE = re.compile(r"\b[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@pytest.fixture
def town(place: Place) -> Place:
    """Beside the one alert of `place`: one at the next school, and a case of another partnership, which has a lead, too."""
    world = place.world
    with fixtures():
        world.alert(
            setting=world.other_school, notification=world.notification(status="sent", reference="55/2026/7000001")
        )
        hub = Agency.objects.get(memberships__user=place.people["stranger"])
        part = {"partnership": hub.partnerships.get(), "controller": hub}
        school = Membership.objects.get(user=world.other_dsl).agency
        theirs = NotificationFactory(source=hub, status="sent", reference="55/2026/7000002", **part)
        AlertFactory(setting=school, notification=theirs, child=ChildFactory(**part), **part)
        NotificationFactory(source=hub, reference="55/2026/7000003", **part)
        Upload.objects.create(
            source=hub, uploaded_by=place.people["stranger"], file_name="theirs.csv", digest=b"3" * 32, **part
        )
        MembershipFactory(user=place.people["stranger"], agency=hub, role=Role.AGENCY_ADMIN)
    return place


def references(response: HttpResponse) -> set[str]:
    """What a page names; of a PDF, whose letters are numbers of glyphs, the whole."""
    if response.status_code != 200:
        return set()
    if response["Content-Type"] == "application/pdf":
        return {hashlib.sha256(response.content).hexdigest()}
    return set(REFERENCE.findall(response.content.decode()))


# Pages that name a record by its reference as far as the second wall lets them, and say so here; shorten this list.
LEANING = {"/emergency/reviews/", "/emergency/reviews/{glass}/"}


@pytest.mark.prove
@pytest.mark.req("NTK-01", "NTK-02")
def test_no_page_leans_on_the_second_wall(town: Place) -> None:
    """With row-level security out of the way each page shows what it showed before: its queries carry `visible_to` themselves.

    What is named here forgot the filter: the database still gives the right rows, and nobody would notice.
    """
    forgot = []
    for pattern, expected in DOORS.items():
        for name in sorted(expected.get | {"other_dsl"}):
            path = filled(pattern, town)
            # a PDF says when it was made
            with time_machine.travel(timezone.now(), tick=False):
                behind_both = knock(town.clients[name], "get", path)
                with fixtures():
                    first_alone = knock(town.clients[name], "get", path)
            more = references(first_alone) - references(behind_both)
            if more or first_alone.status_code != behind_both.status_code:
                forgot.append((pattern, name, behind_both.status_code, first_alone.status_code, more))
    assert {pattern for pattern, *_ in forgot} == LEANING, forgot


# list → (what opens one of its rows, every row there is)
LISTS: dict[str, tuple[str, Any]] = {
    "/alerts/": ("/alerts/{}/", Alert),
    "/sent/": ("/sent/{}/", Alert),
    "/queue/?view=all": ("/queue/{}/", Notification),
    "/notifications/": ("/notifications/{}/", Notification),
    "/notifications/uploads/": ("/notifications/uploads/{}/", Upload),
}


@pytest.mark.prove
@pytest.mark.req("NTK-02")
def test_what_is_listed_is_what_opens(town: Place, call: Any) -> None:  # noqa: F811 - the fixture
    wrong, listed_somewhere = [], set()
    for address, (detail, model) in LISTS.items():
        with fixtures():
            rows = model._base_manager.all()
            # what is decided has left the queue and still opens
            rows = rows.exclude(status__in=("sent", "closed")) if address.startswith("/queue/") else rows
            there = set(rows.values_list("ref", flat=True))
        for name, client in town.clients.items():
            listed = references(knock(client, "get", address)) & there
            opens = {ref for ref in there if knock(client, "get", detail.format(ref)).status_code == 200}
            listed_somewhere |= {(address, name)} if listed else set()
            # the hub has a notification in its queue, and its sender in its list: one page of each for each
            if listed != opens and (address, name) not in {
                ("/notifications/", "officer"),
                ("/notifications/", "stranger"),
            }:
                wrong.append((address, name, listed ^ opens))
            if address == "/alerts/":
                by_api = {each["ref"] for each in call(name, "alerts/").json()["results"]}
                if by_api != listed:
                    wrong.append(("api", name, by_api ^ listed))
    assert not wrong
    assert {("/alerts/", "dsl"), ("/alerts/", "other_dsl"), ("/sent/", "officer"), ("/sent/", "stranger"),
            ("/queue/?view=all", "officer"), ("/notifications/", "constable")} <= listed_somewhere  # fmt: skip
