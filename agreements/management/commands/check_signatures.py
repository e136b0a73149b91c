"""Checks every signature of the register: text, digest and seal (AGR-02)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agreements.register.models import Signature
from agreements.register.signing import check


class Command(BaseCommand):
    help = "Checks that every signed agreement still says what was signed. Ends with 1 when one does not."

    def handle(self, *args: Any, **options: Any) -> None:
        signed = Signature.objects.exclude(signed_at=None).select_related("agreement", "agency").order_by("pk")
        count = bad = 0
        for signature in signed.iterator(chunk_size=500):
            count += 1
            result = check(signature)
            bad += not result.is_good
            for fault in result.faults:
                self.stderr.write(f"{signature.agreement.ref} {signature.agency.slug}: {fault}")
        entered = Signature.objects.filter(signed_at=None, signed_on__isnull=False).count()
        if bad:
            raise CommandError(f"{bad} of {count} signatures do not check.")
        self.stdout.write(f"{count} signatures check. {entered} more were entered by hand and have no seal.")
