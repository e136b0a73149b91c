"""No log line holds what people wrote: not a value, not an error's text, not a path's secret."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from celery import Celery
from celery.app.trace import build_tracer
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from safeguarding.runtime.logs import ConsoleFormatter, JsonFormatter, logging_config
from tests.support.db import fixtures

CANARY = "Canary-Name-of-a-child"


def crash(request):
    raise ValueError(f"{CANARY} {request.GET.get('q')}")


def answer(request, secret):
    return HttpResponse(secret)


urlpatterns = [path("help/crash/", crash), path("help/invitations/<str:secret>/", answer)]


@pytest.fixture(params=[JsonFormatter, ConsoleFormatter])
def lines(request) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def test_an_errors_text_is_left_out_and_its_place_is_kept(lines: io.StringIO) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("hub").exception("it failed")
    assert CANARY not in lines.getvalue()
    assert "ValueError" in lines.getvalue()
    assert "test_logs.py" in lines.getvalue()


def test_an_error_about_settings_keeps_its_sentence(lines: io.StringIO) -> None:
    try:
        raise ImproperlyConfigured("EMAIL_HOST is missing.")
    except ImproperlyConfigured:
        logging.getLogger("hub").exception("it failed")
    assert "EMAIL_HOST is missing." in lines.getvalue()


def test_extras_that_nobody_foresaw_are_dropped(lines: io.StringIO) -> None:
    logging.getLogger("hub").warning("said", extra={"narrative": CANARY, "count": 3})
    assert CANARY not in lines.getvalue()
    assert "3" in lines.getvalue()


@pytest.mark.django_db
def test_a_database_error_is_known_by_its_constraint_only(lines: io.StringIO) -> None:
    insert = "INSERT INTO agencies_partnership_copy VALUES (%s)"
    with fixtures(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE agencies_partnership_copy (name text CONSTRAINT only_once UNIQUE)")
        cursor.execute(insert, [CANARY])
        try:
            with transaction.atomic():
                cursor.execute(insert, [CANARY])
        except DatabaseError:
            logging.getLogger("hub").exception("it failed")
    assert CANARY not in lines.getvalue()
    assert "only_once" in lines.getvalue()
    assert "23505" in lines.getvalue()


def test_a_failed_task_is_known_by_its_name_only(lines: io.StringIO) -> None:
    app = Celery("logs", set_as_current=False)

    @app.task(name="tests.fails", shared=False)
    def fails() -> None:
        raise ValueError(CANARY)

    @app.task(name="tests.succeeds", shared=False)
    def succeeds() -> str:
        return CANARY

    for number, task in enumerate((fails, succeeds)):
        build_tracer(task.name, task, app=app)(f"id-{number}", [], {})
    assert CANARY not in lines.getvalue()
    assert re.search(r"Task tests\.fails\[.*\] failed", lines.getvalue())
    assert re.search(r"Task tests\.succeeds\[.*\] succeeded", lines.getvalue())


@pytest.mark.django_db
@pytest.mark.urls("tests.runtime.test_logs")
def test_a_crash_is_logged_without_query_or_text(lines: io.StringIO) -> None:
    answered = Client(raise_request_exception=False).get("/help/crash/", {"q": CANARY})
    assert answered.status_code == 500
    assert CANARY not in lines.getvalue()
    assert CANARY not in answered.content.decode()
    assert "ValueError" in lines.getvalue()


@pytest.mark.django_db
@pytest.mark.urls("tests.runtime.test_logs")
def test_a_request_is_logged_by_its_pattern(lines: io.StringIO) -> None:
    Client().get("/help/invitations/s3cret-t0ken/")
    assert "s3cret" not in lines.getvalue()
    assert "/help/invitations/<str:secret>/" in lines.getvalue()


def test_every_line_is_one_json_object() -> None:
    record = logging.LogRecord("hub", logging.INFO, __file__, 1, "two\nlines “quoted”", None, None)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines “quoted”"


def test_statements_with_their_values_are_never_logged() -> None:
    loggers = logging_config("json", "DEBUG")["loggers"]
    assert loggers["django.db.backends"]["level"] == "WARNING"
