from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Q

from safeguarding.children.batches import in_batches
from safeguarding.children.services import find_duplicates_of


class Command(BaseCommand):
    help = "Look through all children on record for two records that may be one child, and list them for the MASH."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        for children, _ in in_batches("find_duplicates", find_duplicates_of, Q(merged_into=None)):
            before, done = done, done + children
            if done // 5000 != before // 5000:
                self.stdout.write(f"{done:,} children compared …")
        self.stdout.write(f"{done:,} children compared. What is alike waits on the list of possible duplicates.")
