"""Logs that may be read by people who may not read the records: never a body, a query, a value or an error's text."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

# The only extras that are ever written; anything else given to a log call is dropped.
EXTRAS = (
    "method",
    "route",
    "status",
    "milliseconds",
    "request_id",
    "user_id",
    "task",
    "task_id",
    "ref",
    "count",
    "part",
)
# Errors of these kinds speak of code and settings only; every other error's text may hold case data.
_SPEAKING = (
    "ImproperlyConfigured",
    "ImportError",
    "ModuleNotFoundError",
    "TemplateDoesNotExist",
    "CommandError",
)


def describe(error: BaseException) -> dict[str, Any]:
    """An error by its kind and place; of a database error also its code and constraint, never its values."""
    kind = type(error).__name__
    told: dict[str, Any] = {"error": kind}
    cause = error.__cause__ or error
    for name, value in (
        ("sqlstate", getattr(cause, "sqlstate", None)),
        ("constraint", getattr(getattr(cause, "diag", None), "constraint_name", None)),
        ("table", getattr(getattr(cause, "diag", None), "table_name", None)),
    ):
        if value:
            told[name] = value
    if kind in _SPEAKING:
        told["text"] = str(error)
    told["at"] = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
    ][-12:]
    return told


class SafeFormatter(logging.Formatter):
    """The fields that both forms of a line have."""

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
        }
        line |= {name: value for name in EXTRAS if (value := getattr(record, name, None)) is not None}
        if record.exc_info and record.exc_info[1] is not None:
            line |= describe(record.exc_info[1])
        return line

    @staticmethod
    def message(record: logging.LogRecord) -> str:
        # Celery puts a task's return value and the repr of its error into the message.
        data = getattr(record, "data", None)
        if record.name == "celery.app.trace" and isinstance(data, dict):
            outcome = "succeeded" if record.levelno <= logging.INFO else "failed"
            return f"Task {data.get('name')}[{data.get('id')}] {outcome}"
        # Gunicorn fills a request's whole address into this one.
        if record.name == "gunicorn.error" and record.exc_info:
            return str(record.msg)
        return record.getMessage()


class JsonFormatter(SafeFormatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.fields(record), default=str, ensure_ascii=False)


class ConsoleFormatter(SafeFormatter):
    """The same for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        line = self.fields(record)
        frames = line.pop("at", [])
        head = f"{line.pop('time')[11:19]} {line.pop('level').lower():<7} {line.pop('message')}"
        logger = line.pop("logger")
        rest = "".join(f" {name}={value}" for name, value in line.items())
        where = "" if logger == "hub.request" else f" ({logger})"
        return "\n".join([f"{head}{rest}{where}", *(f"    {frame}" for frame in frames)])


def logging_config(form: str, level: str) -> dict[str, Any]:
    formatter = "console" if form == "console" else "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "safeguarding.runtime.logs.JsonFormatter"},
            "console": {"()": "safeguarding.runtime.logs.ConsoleFormatter"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": formatter}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own loggers would print SQL with its values, and paths with their secrets.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.db.backends": {"level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": False},
            "django.request": {"level": "CRITICAL", "propagate": True},
            "celery.worker.strategy": {"level": "WARNING", "propagate": True},
            # The mailbox's own talk of every command, addresses included.
            "mail.log": {"level": "ERROR", "propagate": True},
            "gunicorn.access": {"handlers": [], "propagate": False},
            "gunicorn.error": {"level": "WARNING", "propagate": True},
        },
    }
