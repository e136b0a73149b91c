"""What leaves: the outbox written with the change it announces, and the e-mails (design §6)."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.utils import timezone

from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.notifications.enums import EmailFailure, Standing


class OutboxMessage(models.Model):
    """One piece of work that a commit promised; carries ids only, and is done exactly once (design §6).

    `published` counts how often it was put on the queue, `tries` how often the work itself failed.
    """

    topic = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    acts_for = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now)
    published = models.PositiveIntegerField(default=0)
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
    """An e-mail by type, reference and link; it never carries a name of a child or adult (ALR-04, design §6).

    `about` is the record it speaks of, so that a failure shows in that record's history. `context` is emptied once it is out.
    """

    to = models.EmailField()
    recipient = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    template = models.CharField(max_length=40)
    context = models.JSONField(default=dict)
    about_type = models.ForeignKey(
        "contenttypes.ContentType", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    about_id = models.BigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    created_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=12, choices=EmailFailure, blank=True)
    dedupe_key = models.CharField(max_length=120, unique=True)

    objects = VisibleQuerySet.as_manager()


class MailDomain(models.Model):
    """A mail domain and all below it, and from when until when it is secure, or dead; the longest that fits counts (SHR-10)."""

    domain = models.CharField(max_length=80)
    standing = models.CharField(
        max_length=6, choices=[(each.value, each.label) for each in (Standing.SECURE, Standing.DEAD)]
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    superseded_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["domain", "valid_from"], name="mail_domain_once_from_a_day"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="mail_domain_ends_after_start",
            ),
        ]
