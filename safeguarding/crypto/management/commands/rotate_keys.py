import signal
import sys
import time
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from safeguarding.agencies.models import Partnership
from safeguarding.crypto import rotation, stock
from safeguarding.crypto.rotation import CannotRotate, Progress
from safeguarding.runtime.start import refuse_wrong_keys

STOPPED = 130


class Command(BaseCommand):
    help = (
        "Change keys while the Hub works. Without an option: go on with a rotation that was stopped. "
        "Ctrl-C ends after the batch at hand. docs/keys.md says which option when."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group()
        one.add_argument(
            "--root", action="store_true", help="take the newest root key into use and wrap all keys by it"
        )
        one.add_argument(
            "--kek", nargs=2, metavar=("PARTNERSHIP", "BUCKET"), help="new key for one bucket of one partnership"
        )
        one.add_argument("--all", action="store_true", help="new keys for every bucket of every partnership")
        one.add_argument(
            "--retire", action="store_true", help="destroy the old keys; refuses while anything hangs on one"
        )
        one.add_argument(
            "--after-shredding",
            action="store_true",
            help="make back-ups forget what was shredded; needs a new root key",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        refuse_wrong_keys()
        self.asked, self.spoke = Event(), 0.0
        before = {
            number: signal.signal(number, lambda *_: self.asked.set()) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            self._do(options)
        except CannotRotate as error:
            raise CommandError(str(error)) from None
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _do(self, options: dict[str, Any]) -> None:
        if options["root"]:
            self._root()
        elif options["retire"]:
            self._retire()
        elif options["after_shredding"]:
            self._after_shredding()
        else:
            self._rotate(options)

    def _root(self) -> None:
        current = stock.roots_in_use()[-1].version if stock.roots_in_use() else 0
        behind = stock.alive().filter(root_version__lt=current).count()
        root = current if behind else rotation.take_new_root()
        count = rotation.wrap_all_by(root)
        self.stdout.write(f"{count} keys are wrapped by root key {root} now. Next: rotate_keys --retire.")

    def _rotate(self, options: dict[str, Any]) -> None:
        if stock.unfinished():
            self.stdout.write("A rotation was stopped before its end; going on with that one.")
        elif options["all"]:
            rotation.begin(stock.rotatable())
        elif options["kek"]:
            slug, bucket = options["kek"]
            partnership = Partnership.objects.filter(slug=slug).first()
            if partnership is None:
                raise CommandError(f"There is no partnership {slug}.")
            rotation.begin([(partnership.pk, bucket)])
        else:
            self.stdout.write("No rotation was stopped; nothing to go on with.")
            return
        self._end(rotation.move_all(self._progress()), "Next: rotate_keys --retire.")

    def _after_shredding(self) -> None:
        done = rotation.close_off(self._progress())
        if done is None:
            self.stdout.write("Nothing was shredded since the keys in use were made.")
            return
        if done.retired:
            self._say_held_back(done.retired)
        gone = ", ".join(str(number) for number in done.retired.roots) if done.retired else ""
        self._end(
            done.finished,
            f"Root key {gone} opens nothing here any more. Now destroy every copy of it, the one in the safe too: then what "
            f"was shredded until {done.root.since:%d %B %Y at %H:%M} UTC opens from no back-up.\n"
            "Make a back-up now: older ones need its key tables.",
        )

    def _retire(self) -> None:
        done = rotation.retire()
        self.stdout.write(f"{done.keks} old keys destroyed.")
        for version in done.roots:
            self.stdout.write(f"Root key {version} is retired: take it out of the environment, and of the safe.")
        self._say_held_back(done)
        if done.held_back:
            raise CommandError("Not everything could be retired; nothing that is in use was touched.")

    def _say_held_back(self, done: rotation.Retired) -> None:
        for sentence in done.held_back:
            self.stderr.write(sentence)

    def _end(self, finished: bool, then: str) -> None:
        if not finished:
            self.stdout.write("Stopped before the end. Nothing is lost: run the same command again and it goes on.")
            sys.exit(STOPPED)
        self.stdout.write(f"Done. {then}")

    # ------------------------------------------------------------ saying how far it is
    def _progress(self) -> Progress:
        return Progress(tell=self._tell, stop=self.asked.is_set)

    def _tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.left and now - self.spoke < 1:
            return
        self.spoke = now
        eta = progress.left / progress.rate if progress.rate else 0
        self.stdout.write(
            f"{progress.done:,} data keys done, {progress.left:,} left, {progress.rate:,.0f} a second, about {eta:.0f} s to go"
        )
        self.stdout.flush()
