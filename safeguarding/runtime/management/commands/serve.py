import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from safeguarding.runtime.parts import PARTS
from safeguarding.runtime.start import refuse_to_start


class Command(BaseCommand):
    help = "Becomes one part of the Hub (web, worker, beat, relay, sealer): what each container runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=PARTS)

    def handle(self, *_: Any, part: str, **__: Any) -> None:
        refuse_to_start()
        # beat writes down when it last rang, and does not start where it cannot
        Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        argv = PARTS[part]().argv
        # Becomes it, rather than starting it: the container's signals reach the part itself.
        os.execv(argv[0], argv)  # noqa: S606 - our own table of programs, no shell
