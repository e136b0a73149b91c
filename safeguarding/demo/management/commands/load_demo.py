from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from safeguarding.access.principal import Principal, acting_as
from safeguarding.audit import record as audit
from safeguarding.demo.asking import ask_partners
from safeguarding.demo.bells import tell_of_last_weeks
from safeguarding.demo.decisions import decide_some
from safeguarding.demo.loading import load_register
from safeguarding.demo.morning import PARTNERSHIP, USUAL, post_morning
from safeguarding.demo.moving import move_a_child
from safeguarding.demo.password import demo_password
from safeguarding.demo.referring import refer_all
from safeguarding.demo.responses import respond
from safeguarding.demo.scale import load_scale
from safeguarding.demo.strategy import convene_all
from safeguarding.demo.talking import talk_about_alerts
from safeguarding.demo.telling import put_children_on_record, tell_all
from safeguarding.demo.traces import leave_traces
from safeguarding.runtime.models import DemoMark


class Command(BaseCommand):
    help = (
        "Load the demo world: three invented partnerships, their people, and some notifications. Again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, default=0, metavar="N", help="add N settings with plausible volume")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same volume (default 1)")

        parser.add_argument(
            "--morning",
            type=int,
            nargs="?",
            const=USUAL,
            default=0,
            metavar="N",
            help=f"post N notifications (default {USUAL}) to the first hub, as at 07:30; again on one day doubles nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo world is not loaded: this is not demo mode, and everybody knows a demo's password. "
                "Nothing was changed. Use another, empty database with DEMO=1."
            )
        password = demo_password()
        with acting_as(Principal(service="setup", purpose="load_demo")):
            self._load(password)
            if options["scale"]:
                alerts = sum(load_scale(options["scale"], options["seed"], make_password(password)))
                self.stdout.write(f"Volume: {options['scale']} settings; {alerts} alerts were added.")
        if options["morning"]:
            new = post_morning(options["morning"])
            self.stdout.write(f"Morning: {new} notifications are new in the queue of {PARTNERSHIP}.")
        self.stdout.write(f"The demo world is in. Address: {settings.SITE_URL}/")
        self.stdout.write(f"Password of every demo person: {password}")

    @transaction.atomic
    def _load(self, password: str) -> None:
        load_register(password)
        if not DemoMark.objects.exists():
            DemoMark.objects.create()
            audit.record("demo.loaded")
            put_children_on_record()
            tell_all()
            refer_all()
            tell_of_last_weeks()
            talk_about_alerts()
            respond()
            move_a_child()
            convene_all()
            leave_traces()
            ask_partners()
            decide_some()
