"""The Celery application: workers carry ids only, never case data."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, task_received, worker_init, worker_ready
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

app = Celery("safeguarding")
app.config_from_object("django.conf:settings", namespace="CELERY")


def rooms_with_tasks() -> Iterator[str]:
    """Celery looks for `tasks` beside an app only; our tasks lie one floor down, in its rooms."""
    for config in apps.get_app_configs():
        if Path(config.path).is_relative_to(settings.ROOT_DIR):
            for module in sorted(Path(config.path).glob("**/tasks.py")):
                inside = module.parent.relative_to(config.path).parts
                yield ".".join([config.name, *inside])


app.autodiscover_tasks(lambda: list(rooms_with_tasks()))


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Connected so that Celery leaves the logging alone: its own formats print task results."""


@worker_init.connect
@beat_init.connect
def look_at_the_database(**_: object) -> None:
    """A worker could read past the walls as well as a web process: it refuses the same roles, and the same wrong keys."""
    from safeguarding.runtime.start import refuse_to_start

    try:
        refuse_to_start()
    except ImproperlyConfigured as error:
        # Celery logs an error of a signal's receiver and starts all the same; it does not hold this one back.
        sys.exit(str(error))
    connections.close_all()


@worker_ready.connect
def watch_over_the_worker(**_: object) -> None:
    from celery.worker import state

    from safeguarding.runtime import stalled

    ear = stalled.Ear()
    task_received.connect(lambda **_: ear.took(), weak=False)
    stalled.watch(ear, waiting_messages, lambda: len(state.reserved_requests), stalled.end_now)


def waiting_messages() -> int:
    """How many messages lie on the queue, asked on a connection of its own; kombu's own question forgets our prefix."""
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        return int(channel.client.llen(app.conf.task_default_queue))
