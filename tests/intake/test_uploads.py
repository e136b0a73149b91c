"""Files through the pages and the worker: good rows go in once, whatever happens on the way (issue 2, bad input)."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from alerts.intake import uploads
from alerts.intake.models import Notification, Upload, UploadProblem
from alerts.intake.selectors import Sender
from safeguarding.agencies.models import User
from safeguarding.notifications.models import OutboxMessage
from safeguarding.notifications.outbox import work_off
from tests.factories import World
from tests.intake.test_csv import row, text
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

Browser = Callable[[User], Client]


def upload(client: Client, data: bytes) -> HttpResponse:
    return client.post("/notifications/uploads/new/", {"file": SimpleUploadedFile("list.csv", data)}, follow=True)


def waiting() -> list[int]:
    with as_service("relay"):
        return list(
            OutboxMessage.objects.filter(topic=uploads.TOPIC, done_at=None).order_by("pk").values_list("pk", flat=True)
        )


def work_all_off() -> int:
    steps = 0
    while messages := waiting():
        assert work_off(messages[0])
        steps += 1
    return steps


def the_upload(world: World) -> Upload:
    with as_user(world.constable):
        return Upload.objects.latest("pk")


def received(world: World) -> list[str]:
    with as_user(world.officer):
        return list(Notification.objects.order_by("pk").values_list("reference", flat=True))


@pytest.mark.req("ALR-01")
def test_good_rows_go_in_and_bad_ones_are_listed(world: World, browser: Browser) -> None:
    data = text(row(reference="1"), row(reference="2", child_date_of_birth="30/02/2016"), row(reference="3"))
    page = upload(browser(world.constable), data.encode("cp1252"))
    assert page.status_code == 200
    assert "0 of 3 rows read" in page.content.decode()
    work_all_off()
    assert received(world) == ["1", "3"]
    done = the_upload(world)
    assert (done.status, done.notifications_new, done.rows_bad, done.rows_read) == ("done", 2, 1, 3)
    assert done.body is None
    shown = browser(world.constable).get(f"/notifications/uploads/{done.ref}/").content.decode()
    assert "Row 3" in shown
    assert "There is no such date." in shown
    assert "CANARY" not in shown
    assert "Ottilie" not in shown


@pytest.mark.req("ALR-01")
def test_the_same_file_twice_doubles_nothing(world: World, browser: Browser) -> None:
    data = text(row(reference="1"), row(reference="2")).encode()
    for _ in range(2):
        upload(browser(world.constable), data)
        work_all_off()
    assert received(world) == ["1", "2"]
    again = the_upload(world)
    assert (again.notifications_new, again.notifications_known, again.rows_bad) == (0, 2, 0)


@pytest.mark.req("ALR-01")
def test_a_reference_with_another_content_is_told_and_the_first_stays(world: World, browser: Browser) -> None:
    upload(browser(world.constable), text(row(reference="1")).encode())
    work_all_off()
    upload(browser(world.constable), text(row(reference="1", risk="high"), row(reference="2")).encode())
    work_all_off()
    assert received(world) == ["1", "2"]
    with as_user(world.constable):
        problem = UploadProblem.objects.get(upload=the_upload(world))
    assert (problem.row_number, problem.column) == (2, "reference")
    assert "received before" in problem.reason


def test_steps_go_on_where_the_last_one_ended(world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "STEP_SECONDS", 0)
    upload(browser(world.constable), text(*(row(reference=str(number)) for number in range(4))).encode())
    assert work_off(waiting()[0])
    answer = browser(world.constable).get(f"/notifications/uploads/{the_upload(world).ref}/progress/").json()
    assert answer == {"total": 4, "done": 1, "words": "1 of 4 rows read", "finished": False}
    assert work_all_off() == 3
    assert received(world) == ["0", "1", "2", "3"]


def test_a_step_that_dies_leaves_nothing_half_done(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is killed after the second reference: its step is undone whole, and done again by the next one."""
    upload(browser(world.constable), text(*(row(reference=str(number)) for number in range(4))).encode())
    take_in, taken = uploads._take_in, []

    def dies(*args: object) -> None:
        take_in(*args)  # type: ignore[arg-type]  # as it was called
        taken.append(args)
        if len(taken) == 2:
            raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(uploads, "_take_in", dies)
        (message,) = waiting()
        assert not work_off(message)
    assert received(world) == []
    assert the_upload(world).rows_read == 0
    assert work_off(message)
    assert received(world) == ["0", "1", "2", "3"]
    assert the_upload(world).notifications_new == 4


def test_a_file_that_never_ends_says_so_and_is_deleted(world: World, sender: Sender) -> None:
    with as_user(world.constable):
        taken = uploads.take_file(data=text(row()).encode(), file_name="x.csv", sender=sender, by=world.constable)
    with as_service("relay"):
        uploads.refuse(taken.pk)
    refused = the_upload(world)
    assert (refused.status, refused.body) == ("refused", None)
    assert refused.refusal


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 CANARY", "This is a spreadsheet"),
        (b"CANARY;Ottilie\n1;2", "columns are missing"),
        (text(row()).replace("upn,", "urn,", 1).encode(), "stands twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_on_the_form(
    world: World, browser: Browser, data: bytes, sentence: str
) -> None:
    page = upload(browser(world.constable), data).content.decode()
    assert sentence in page
    assert "There is a problem" in page
    assert "CANARY" not in page
    assert "Ottilie" not in page
    assert waiting() == []


def test_no_file_and_a_file_too_large_are_told(world: World, browser: Browser, settings: object) -> None:
    settings.UPLOAD_LIMIT = 1000  # type: ignore[attr-defined]  # pytest-django's wrapper
    client = browser(world.constable)
    for data in ({}, {"file": SimpleUploadedFile("list.csv", b"x" * 2000)}):
        page = client.post("/notifications/uploads/new/", data).content.decode()
        assert "Choose a CSV file of up to 32 MB" in page


@pytest.mark.req("NTK-02")
def test_a_file_is_its_sender_s_alone(world: World, browser: Browser) -> None:
    upload(browser(world.constable), text(row()).encode())
    path = f"/notifications/uploads/{the_upload(world).ref}/"
    assert browser(world.constable).get(path).status_code == 200
    for stranger in (world.dsl, world.tutor, world.ig_lead, world.officer):
        assert browser(stranger).get(path).status_code == 404
        assert browser(stranger).get(f"{path}progress/").status_code == 404


def test_the_file_is_kept_sealed(world: World, sender: Sender) -> None:
    with as_user(world.constable):
        taken = uploads.take_file(data=text(row()).encode(), file_name="CANARY.csv", sender=sender, by=world.constable)
    with fixtures(), connection.cursor() as cursor:
        cursor.execute("SELECT u::text FROM alerts_upload u WHERE id = %s", [taken.pk])
        stored = cursor.fetchone()[0]
    assert "CANARY" not in stored
    assert b"CANARY".hex() not in stored
