from typing import Any

from django.core.management.base import BaseCommand

from safeguarding.crypto import canaries, ledger, roots, stock


class Command(BaseCommand):
    help = "Show which keys there are, what hangs on them, what can be retired, and what back-ups could still open."

    def handle(self, *_: Any, **__: Any) -> None:
        self._roots()
        self._keks()
        self._shredded()

    def _roots(self) -> None:
        held, retired = roots.provider().versions(), canaries.still_held_though_retired()
        self.stdout.write("Root keys")
        for root in stock.root_stock():
            state = root.state if root.version in held or root.state == "retired" else f"{root.state}, NOT HELD HERE"
            if root.version in retired:
                state = "retired, BUT STILL HELD HERE: destroy it"
            self.stdout.write(f"  {root.version:>3}  since {root.since:%d %b %Y}  wraps {root.keks:>4} keys  {state}")
        for version in held:
            if version not in {root.version for root in stock.root_stock()}:
                self.stdout.write(f"  {version:>3}  held here, not in use yet: rotate_keys --root")

    def _keks(self) -> None:
        self.stdout.write("\nKey-encryption keys")
        self.stdout.write(
            f"  {'partnership':<20} {'bucket':<14} {'version':>7} {'root':>4} {'made':<11} {'data keys':>9}  {'oldest':<11}  state"
        )
        for kek in stock.kek_stock():
            oldest = f"{kek.oldest:%d %b %Y}" if kek.oldest else ""
            self.stdout.write(
                f"  {kek.partnership:<20} {kek.bucket:<14} {kek.version:>7} {kek.root:>4} {kek.made:%d %b %Y} {kek.in_use:>9,}"
                f"  {oldest:<11}  {kek.state}"
            )

    def _shredded(self) -> None:
        waiting, exposed = ledger.waiting(), stock.exposed()
        self.stdout.write(f"\nLedger of what was shredded: {ledger.place()}")
        self.stdout.write(f"  {len(ledger.lines()):,} lines outside, {waiting.count:,} wait for their copy")
        if missing := len(ledger.unknown_here()):
            self.stdout.write(f"  {missing:,} OF THEM UNKNOWN TO THIS DATABASE: manage.py replay_shredding")
        if exposed.count and exposed.since:
            self.stdout.write(
                f"  {exposed.count:,} records shredded since {exposed.since:%d %b %Y} would open from a full back-up made before, with\n"
                "  the keys of today. rotate_keys --after-shredding ends that; so does keeping key tables out of long back-ups."
            )
