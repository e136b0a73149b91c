"""`manage.py export_audit`: the log, or one agency's part of it, as a file that checks without the Hub (AUD-03)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from safeguarding.agencies.models import Agency
from safeguarding.audit.export import export_lines
from safeguarding.audit.management.commands.verify_audit import day


class Command(BaseCommand):
    help = "Write the sealed log into a file; docs/verify_audit_export.py checks it anywhere."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", metavar="SLUG", help="only the entries of this agency; of others their hashes")
        parser.add_argument("--since", metavar="2026-11-22")
        parser.add_argument("--until", metavar="2026-11-23")

    def handle(self, *, file: Path, agency: str | None, since: str | None, until: str | None, **options: Any) -> None:
        agency_id = None
        if agency:
            agency_id = Agency.objects.filter(slug=agency).values_list("pk", flat=True).first()
            if agency_id is None:
                raise CommandError(f"There is no agency {agency}.")
        lines = export_lines(settings.AUDIT_HEADS, agency_id=agency_id, since=day(since), until=day(until))
        try:
            with file.open("x", encoding="ascii") as out:
                count = sum(1 for line in lines if out.write(line))
        except FileExistsError:
            raise CommandError(f"{file} is there already; nothing was written.") from None
        self.stdout.write(f"{count - 2:,} lines of seals were written to {file}. Whoever has it may check it.")
