"""What every link for somebody without an account consists of."""

from django.db import models
from django.utils import timezone


class GuestLink(models.Model):
    """A link that runs out, and a one-time code sent apart from it (AGR-02, MSH-05); both are kept as hashes."""

    name = models.CharField(max_length=120)
    email = models.EmailField()
    link_digest = models.BinaryField(max_length=32, unique=True)
    code_digest = models.BinaryField(max_length=32, null=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
