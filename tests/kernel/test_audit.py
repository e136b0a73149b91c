"""What is remembered, by whom it can be written, and what never gets into it."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, connections, transaction
from django.http import HttpResponse, HttpResponseNotFound, HttpResponseServerError
from django.test import RequestFactory

from agreements.models import Signature
from alerts.models import Alert
from safeguarding.access.principal import NOBODY, Principal, acting_as
from safeguarding.agencies.models import Agency, Membership, User
from safeguarding.audit.configuration import MASK
from safeguarding.audit.events import EVENTS
from safeguarding.audit.middleware import RefusalMiddleware
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record, record_outside
from tests.factories import World
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with fixtures():
        world = World()
        world.one = world.alert()
        AuditEntry.objects.all().delete()
    return world


def entries(**fields: Any) -> list[AuditEntry]:
    with fixtures():
        return list(AuditEntry.objects.filter(**fields).order_by("pk"))


@pytest.mark.req("AUD-01")
def test_an_entry_says_who_what_when_why_and_from_where(world: World) -> None:
    principal = Principal(user_id=world.dsl.pk, purpose="web", remote_addr="192.0.2.7", request_id="R1")
    with acting_as(principal):
        record("alert.opened", world.one, purpose="to support the child", facts={"level": 2})
    (entry,) = entries()
    assert (entry.actor_id, entry.event, entry.purpose, entry.remote_addr, entry.cid) == (
        world.dsl.pk, "alert.opened", "to support the child", "192.0.2.7", "R1",
    )  # fmt: skip
    assert (entry.alert_id, entry.object_repr, entry.agency_id) == (world.one.pk, world.one.ref, world.mash.pk)
    assert entry.timestamp is not None
    assert entry.additional_data == {"level": 2}


def test_an_event_that_is_not_listed_cannot_be_recorded(world: World) -> None:
    with as_user(world.dsl), pytest.raises(ValueError, match="events"):
        record("alert.peeked", world.one)


@pytest.mark.parametrize("words", EVENTS.values())
def test_every_event_has_its_words(words: str) -> None:
    assert words[0].isupper()


@pytest.mark.req("AUD-02")
def test_if_it_cannot_be_remembered_it_does_not_happen(world: World) -> None:
    with as_user(world.dsl), pytest.raises(DatabaseError), transaction.atomic():
        Alert.objects.filter(pk=world.one.pk).update(chased=5)
        record("alert.opened", world.one, purpose="x" * 121)
    with as_user(world.dsl):
        assert Alert.objects.get().chased == 0
    assert entries() == []


@pytest.mark.req("AUD-01")
def test_nobody_writes_in_another_s_name(world: World) -> None:
    for actor in (world.other_dsl.pk, None):
        with as_user(world.dsl), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            AuditEntry.objects.create(event="alert.opened", action=3, actor_id=actor, object_repr="")
    with acting_as(NOBODY), pytest.raises(DatabaseError, match="no principal"), transaction.atomic():
        record("alert.opened", world.one)


@pytest.mark.req("AUD-02")
def test_configuration_is_diffed_with_who_and_why(world: World) -> None:
    with as_user(world.admin, purpose="members"):
        membership = Membership.objects.create(user=world.tutor, agency=world.school, role="deputy_dsl")
    (entry,) = entries()
    assert (entry.event, entry.actor_id, entry.purpose) == ("configuration.added", world.admin.pk, "members")
    assert (entry.agency_id, entry.object_repr) == (world.school.pk, f"agencies.Membership {membership.pk}")
    assert entry.changes["role"] == ["None", "deputy_dsl"]
    with as_service("setup"):
        signature = Signature.objects.get(agency=world.school)
        signature.state, signature.leaves_on = "withdrawn", signature.signed_on
        signature.save()
    entry = entries()[-1]
    assert (entry.event, entry.service, entry.agency_id) == ("configuration.changed", "setup", world.school.pk)
    assert entry.changes["state"] == ["signed", "withdrawn"]
    with as_service("setup"):
        Agency.objects.get(pk=world.school.pk).save()
    assert entries()[-1].pk == entry.pk, "nothing changed, nothing to tell"


@pytest.mark.req("AUD-02")
def test_a_password_is_masked_whole_and_a_sign_in_time_is_no_change(world: World) -> None:
    with acting_as(NOBODY):  # a forgotten password is set by somebody who is not signed in
        world.dsl.set_password("correct horse battery staple")
        world.dsl.save(update_fields=["password"])
        world.dsl.save(update_fields=["last_login"])
    (entry,) = entries()
    assert entry.changes == {"password": [MASK, MASK]}
    assert entry.service == "door"


@pytest.mark.req("AUD-01", "NTK-07")
def test_coming_in_failing_to_and_leaving_are_remembered(world: World) -> None:
    request = RequestFactory().post("/accounts/login/", REMOTE_ADDR="192.0.2.9")
    request.session = SessionStore()
    request.user = AnonymousUser()
    with acting_as(NOBODY):
        user_logged_in.send(User, request=request, user=world.dsl)
        user_logged_out.send(User, request=request, user=world.dsl)
        assert authenticate(request, email=world.dsl.email, password="a secret guess") is None
        assert authenticate(request, email="my-password-by-mistake", password="a secret guess") is None
    came, went, failed, unknown = entries(event__startswith="user.")
    assert (came.event, came.actor_id, came.service) == ("user.signed_in", world.dsl.pk, "door")
    assert went.event == "user.signed_out"
    assert (failed.event, failed.outcome, failed.actor_id) == ("user.sign_in_failed", "denied", None)
    assert failed.object_id == world.dsl.pk
    assert unknown.object_id is None
    assert {entry.remote_addr for entry in (came, went, failed, unknown)} == {"192.0.2.9"}
    assert not any("mistake" in str(vars(entry)) or "guess" in str(vars(entry)) for entry in entries())


@pytest.mark.req("AUD-01")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("status", "event"), [(404, "access.denied"), (403, "access.denied"), (500, "access.failed"), (200, None)]
)
def test_refusals_and_crashes_are_remembered_by_door_and_reference(
    world: World, status: int, event: str | None
) -> None:
    answers = {404: HttpResponseNotFound, 500: HttpResponseServerError}
    request = RequestFactory().get("/alerts/")
    request.resolver_match = _Match("alerts/<ref>/", {"ref": world.one.ref, "name": "Ottilie"})
    with as_user(world.other_dsl):
        RefusalMiddleware(lambda r: answers.get(status, HttpResponse)(status=status))(request)
    found = entries(event__startswith="access.")
    if event is None:
        assert found == []
        return
    (entry,) = found
    assert (entry.event, entry.actor_id) == (event, world.other_dsl.pk)
    assert entry.additional_data == {"status": status, "route": "alerts/<ref>/", "ref": world.one.ref}


class _Match:
    def __init__(self, route: str, kwargs: dict[str, str]):
        self.route, self.kwargs = route, kwargs


@pytest.mark.django_db(transaction=True)
def test_a_wrong_address_is_not_a_refusal_and_what_was_typed_is_not_kept(world: World) -> None:
    request = RequestFactory().get("/children/Ottilie/")
    request.resolver_match = None
    with as_user(world.dsl):
        RefusalMiddleware(lambda r: HttpResponseNotFound())(request)
        request.resolver_match = _Match("alerts/<ref>/", {"ref": "Ottilie Quillfeather"})
        RefusalMiddleware(lambda r: HttpResponseNotFound())(request)
    (entry,) = entries()
    assert entry.additional_data["ref"] == ""


@pytest.mark.req("AUD-01")
@pytest.mark.django_db(transaction=True)
def test_a_denial_outlives_the_request_that_rolls_back() -> None:
    with fixtures():
        world = World()
        alert = world.alert()
    with as_user(world.dsl), pytest.raises(ZeroDivisionError), transaction.atomic():
        record("alert.opened", alert)
        record_outside("access.failed", outcome="failed", facts={"status": 500})
        backends = {connections[alias].connection.info.backend_pid for alias in ("default", "outside")}
        assert len(backends) == 2
        raise ZeroDivisionError
    assert [(entry.event, entry.actor_id) for entry in entries(event__in=["alert.opened", "access.failed"])] == [
        ("access.failed", world.dsl.pk)
    ]
