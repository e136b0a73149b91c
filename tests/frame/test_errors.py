"""Pages about what went wrong: a sentence, a reference to quote, and nothing of anybody's record."""

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.web.views import HubView
from tests.factories import World
from tests.support.db import as_service
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db
CANARY = "Ottilie Quillfeather, 1 Example Road"
WRONG: dict[str, Exception] = {
    "crash": RuntimeError(CANARY),
    "denied": PermissionDenied(CANARY),
    "suspicious": SuspiciousOperation(CANARY),
    "absent": Http404(CANARY),
}
SAID: dict[str, Exception] = {
    "refused": Refused("This alert was closed. Nothing was changed."),
    "conflict": Conflict("Somebody was faster. Nothing was changed."),
    "hidden": NotVisible(CANARY),
}


def wrong(request: HttpRequest, kind: str) -> HttpResponse:
    raise WRONG[kind]


class Said(HubView):
    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        raise SAID[kind]

    post = get


urlpatterns = [
    path("wrong/<str:kind>/", wrong),
    path("said/<str:kind>/", Said.as_view()),
    path("api/wrong/<str:kind>/", wrong),
    path("", include("safeguarding.urls")),
]
handler400 = "safeguarding.web.views.bad_request"
handler403 = "safeguarding.web.views.permission_denied"
handler404 = "safeguarding.web.views.not_found"
handler500 = "safeguarding.web.views.server_error"


@pytest.fixture
def client(world: World) -> Iterator[Client]:
    """Somebody signed in, in a house with a few doors behind which things go wrong."""
    client = signed_in(world.dsl)
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        yield client


def without_reference(page: bytes) -> str:
    """The page but for what differs at every request: its reference, and the mask of the form's token."""
    before, _, after = page.decode().partition("Reference to quote")
    assert after
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", before + after.partition("</p>")[2])


def test_the_house_itself_names_the_same_handlers() -> None:
    from safeguarding import urls

    for name in ("handler400", "handler403", "handler404", "handler500"):
        assert getattr(urls, name) == globals()[name]


@pytest.mark.req("AUD-02")
@pytest.mark.parametrize(("kind", "status"), [("crash", 500), ("denied", 404), ("suspicious", 400), ("absent", 404)])
def test_an_error_page_has_words_and_a_reference_and_nothing_else(client: Client, kind: str, status: int) -> None:
    response = client.get(f"/wrong/{kind}/")
    page = response.content.decode()
    assert response.status_code == status
    assert "Reference to quote" in page
    assert "999" in page
    for leak in (CANARY, "Quillfeather", "Traceback", "RuntimeError", "test_errors"):
        assert leak not in page
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.req("NTK-01")
def test_forbidden_hidden_and_absent_are_one_page(client: Client) -> None:
    pages = {
        without_reference(client.get(door).content) for door in ("/wrong/denied/", "/wrong/absent/", "/said/hidden/")
    }
    assert len(pages) == 1


@pytest.mark.req("AUD-01")
@pytest.mark.django_db(transaction=True)
def test_the_reference_of_a_page_finds_its_entry_in_the_audit(client: Client) -> None:
    page = client.get("/wrong/crash/").content.decode()
    with as_service("dispatch"), transaction.atomic():
        entry = AuditEntry.objects.filter(event="access.failed").latest("pk")
    assert entry.cid
    assert entry.cid in page


@pytest.mark.parametrize("kind", ["refused", "conflict"])
def test_what_a_rule_forbids_is_said_in_its_own_sentence(client: Client, kind: str) -> None:
    response = client.post(f"/said/{kind}/")
    assert response.status_code == 409
    assert str(SAID[kind]) in response.content.decode()


def test_a_form_from_another_site_is_refused_with_a_page_that_helps(world: World) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = signed_in(world.dsl).cookies
    response = careful.post("/alerts/A-0000-0000/acknowledge/")
    assert response.status_code == 403
    assert "Nothing was" in response.content.decode()


@pytest.mark.parametrize("many", [False, True], ids=["long", "many"])
def test_a_form_too_large_to_be_one_is_refused(client: Client, many: bool) -> None:
    fields = {f"field{n}": "x" for n in range(1_100)} if many else {"purpose": "x" * (2 * 1024 * 1024 + 1)}
    response = client.post("/alerts/A-0000-0000/acknowledge/", fields, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 404


@pytest.mark.parametrize("path_", ["/alerts/%00/", "/alerts/%FF%FE/", "/help/?x=%00", "/alerts/?cursor=%00&status=%ff"])
def test_bytes_that_are_no_text_break_nothing(client: Client, path_: str) -> None:
    assert client.get(path_).status_code < 500


def test_a_program_gets_a_problem_and_not_a_page(client: Client) -> None:
    response = client.get("/api/wrong/crash/")
    assert (response.status_code, response.headers["Content-Type"]) == (500, "application/problem+json")
    assert CANARY not in response.content.decode()


def test_with_the_database_away_there_is_still_a_page() -> None:
    """In a process of its own, whose database does not answer."""
    script = """
        import django
        django.setup()
        from django.test import Client
        client = Client(raise_request_exception=False)
        client.cookies["hub_session"] = "a" * 32
        for path in ("/", "/accounts/login/", "/alerts/", "/api/v1/alerts/"):
            answer = client.get(path)
            print(answer.status_code, answer.headers["Content-Type"].partition(";")[0],
                  "Content-Security-Policy" in answer.headers, b"psycopg" in answer.content)
    """
    away = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "DATABASE_OWNER_URL": ""}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)],
        env=away,
        capture_output=True,
        text=True,
        check=False,
    )
    page, problem = "500 text/html True False", "500 application/problem+json True False"
    assert done.stdout.splitlines() == [page, page, page, problem], done.stderr
