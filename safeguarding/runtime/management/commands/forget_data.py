import fcntl
import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Removes the files of this installation's own servers: the demo world, its mailbox and its keys."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        layout = settings.LAYOUT
        layout.make_places()
        with layout.lock_file.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise CommandError("The Hub is running on this data; stop it first.") from None
            for place in (layout.postgres_away, layout.run_dir, layout.data_dir):
                if place is not None:
                    shutil.rmtree(place, ignore_errors=True)
        self.stdout.write(f"{settings.DATA_DIR} is empty again.")
