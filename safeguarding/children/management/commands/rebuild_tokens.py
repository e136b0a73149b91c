from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from safeguarding.children.batches import in_batches
from safeguarding.children.services import renew_tokens
from safeguarding.children.tokens import GENERATION


class Command(BaseCommand):
    help = "Give children on record the tokens of this release. May be stopped at any time; goes on where it stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        old = Q(tokens_made__lt=GENERATION)
        done = tokens = 0
        for children, made in in_batches("rebuild_tokens", lambda batch: renew_tokens(children=batch), old):
            before, done, tokens = done, done + children, tokens + made
            if done // 5000 != before // 5000:
                self.stdout.write(f"{done:,} children have their new tokens …")
        self.stdout.write(f"{done:,} children had older tokens and have {tokens:,} of generation {GENERATION} now.")
