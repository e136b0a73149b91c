from typing import Any

from django.core.management.base import BaseCommand, CommandError

from safeguarding.crypto import ledger
from safeguarding.runtime.start import refuse_unfit_database


class Command(BaseCommand):
    help = "After a restore: destroy again every key that the ledger outside says was destroyed. As often as you like."

    def handle(self, *_: Any, **__: Any) -> None:
        refuse_unfit_database()
        if not ledger.place().exists():
            raise CommandError(
                f"There is no ledger at {ledger.place()}. Nothing was changed. Look at SHREDDING_LEDGER."
            )
        try:
            done = ledger.replay()
        except ledger.LedgerUnreadable as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        self.stdout.write(
            f"{done.lines:,} lines read, {done.lost:,} of them unknown to this database. {done.destroyed:,} keys destroyed again."
        )
