"""What a setting says in public about the scheme, and where families find help; no case content."""

from django.db import models
from django.utils import timezone

from alerts.documents.enums import DocumentKind, ForWhom


class Wording(models.Model):
    """A partnership's own text of a ready document, in place of the one that comes with the Hub (ALR-25).

    The newest row counts; older ones stay, so that what a setting was given can be shown.
    """

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="wordings")
    kind = models.CharField(max_length=8, choices=DocumentKind)
    text = models.TextField()
    changed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["partnership", "kind", "-changed_at"], name="wording_newest")]


class SettingDetails(models.Model):
    """How a setting names itself and its leads in what it gives to parents (ALR-25)."""

    setting = models.OneToOneField("agencies.Agency", on_delete=models.PROTECT, related_name="public_details")
    leads = models.JSONField(default=list)
    signed_by = models.CharField(max_length=120, blank=True)
    signed_as = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    website = models.CharField(max_length=200, blank=True)
    changed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)


class OwnText(models.Model):
    """A setting's own text of one document, where it changed what the partnership gives; the newest row counts (ALR-25).

    An empty text goes back to the partnership's.
    """

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="+")
    setting = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="own_texts")
    kind = models.CharField(max_length=8, choices=DocumentKind)
    text = models.TextField(blank=True)
    changed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["setting", "kind", "-changed_at"], name="own_text_newest")]


class Publication(models.Model):
    """A setting's confirmation that a document is out: where and since when, and the very words (ALR-25)."""

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="+")
    setting = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="publications")
    kind = models.CharField(max_length=8, choices=DocumentKind)
    published_on = models.DateField()
    where = models.CharField(max_length=300)
    text = models.TextField()
    confirmed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["partnership", "setting", "kind", "-confirmed_at"], name="publication_newest")]


class SupportService(models.Model):
    """A service or a practical step to point people to, as the partnership's data, checked now and then (ALR-27)."""

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="support_services")
    for_whom = models.CharField(max_length=9, choices=ForWhom)
    name = models.CharField(max_length=120)
    words = models.CharField(max_length=300)
    phone = models.CharField(max_length=30, blank=True)
    website = models.CharField(max_length=200, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    checked_on = models.DateField(default=timezone.localdate)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "for_whom", "name"],
                condition=models.Q(retired_on=None),
                name="support_service_once",
            )
        ]
