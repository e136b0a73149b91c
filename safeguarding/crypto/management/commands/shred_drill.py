import secrets
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from safeguarding import env
from safeguarding.crypto.drill import CannotDrill, Drill, Scratch
from safeguarding.runtime.layout import Layout
from safeguarding.runtime.postgres import EmbeddedPostgres
from safeguarding.runtime.supervisor import Supervisor


class Command(BaseCommand):
    help = (
        "Prove on a scratch database that a back-up forgets what was shredded: back up, shred, restore, replay, rotate, try "
        "every key. Touches no live data."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--admin-url",
            default=env.text("DATABASE_ADMIN_URL"),
            help="a superuser of a server on which two databases may be made and dropped; else a server of its own",
        )

    def handle(self, *_: Any, admin_url: str, **__: Any) -> None:
        with tempfile.TemporaryDirectory(prefix="hub-drill-") as place:
            directory = Path(place)
            directory.chmod(0o711)
            try:
                with self.server(admin_url, directory) as url:
                    passed = self.drill(Scratch(url, directory, secrets.token_hex(4)))
            except CannotDrill as error:
                raise CommandError(str(error)) from None
            except psycopg.OperationalError as error:
                raise CommandError(f"The server does not let us in: {str(error).strip().splitlines()[-1]}") from None
        self.stdout.write("The drill passed." if passed else "THE DRILL FAILED: see the steps above and docs/keys.md.")
        if not passed:
            sys.exit(1)

    def drill(self, scratch: Scratch) -> bool:
        try:
            return Drill(scratch, self.tell).run()
        finally:
            scratch.drop_all()

    def tell(self, good: bool, words: str) -> None:
        self.stdout.write(f"{'OK    ' if good else 'FAILED'}  {words}")
        self.stdout.flush()

    @contextmanager
    def server(self, admin_url: str, directory: Path) -> Iterator[str]:
        if admin_url:
            yield admin_url
            return
        postgres = EmbeddedPostgres(Layout(directory), durable=False)
        try:
            postgres.layout.make_places()
            postgres.prepare()
        except FileNotFoundError:
            raise CannotDrill(
                "There is no server to drill on. Name one with --admin-url; any PostgreSQL that holds nothing of yours will do."
            ) from None
        with Supervisor(settings.ROOT_DIR) as supervisor:
            supervisor.start(postgres.program())
            supervisor.wait_until(postgres.answers, 60, "PostgreSQL did not answer within a minute.")
            yield postgres.layout.postgres_url("postgres", "postgres")
