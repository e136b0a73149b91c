import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from safeguarding.runtime.parts import PARTS
from safeguarding.runtime.start import refuse_unfit_database


class Command(BaseCommand):
    help = "Becomes one part of the Hub (web, worker, beat, relay): what each container runs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=PARTS)

    def handle(self, *_: Any, part: str, **__: Any) -> None:
        refuse_unfit_database()
        argv = PARTS[part]().argv
        # Becomes it, rather than starting it: the container's signals reach the part itself.
        os.execv(argv[0], argv)  # noqa: S606 - our own table of programs, no shell
