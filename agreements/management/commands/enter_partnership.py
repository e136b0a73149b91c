import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agreements.register.services import enter_partnership
from safeguarding.access.principal import Principal, acting_as
from safeguarding.errors import HubError


class Command(BaseCommand):
    help = "Enters a partnership, its agencies and their administrators from a file; deploy/partnership.example.json shows how."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_: Any, file: Path, **__: Any) -> None:
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} cannot be read as JSON: {error}") from None
        with acting_as(Principal(service="setup", purpose="enter_partnership")):
            try:
                partnership = enter_partnership(data)
            except HubError as error:
                raise CommandError(error.sentence) from None
        self.stdout.write(
            f"{partnership.name} is entered. Its administrators choose a password with “I have forgotten my password”, "
            "then invite their colleagues."
        )
