"""What leaves: the outbox written with the change it announces, and the e-mails (design §6)."""

from django.db import models
from django.utils import timezone

from safeguarding.access.querysets import VisibleQuerySet


class OutboxMessage(models.Model):
    """One piece of work that a commit promised; carries ids only, and is done exactly once (design §6)."""

    topic = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    acts_for = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=80, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                name="outbox_waiting",
                condition=models.Q(done_at__isnull=True, given_up_at__isnull=True),
            )
        ]


class Email(models.Model):
    """An e-mail by type, reference and link; it never carries a name of a child or adult (ALR-04, design §6)."""

    to = models.EmailField()
    template = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    context = models.JSONField(default=dict)
    created_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    dedupe_key = models.CharField(max_length=120, unique=True)

    objects = VisibleQuerySet.as_manager()
