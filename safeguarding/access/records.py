"""What every case row carries: the partnership (the column to distribute by) and the agency that controls it."""

from django.db import models


class CaseRecord(models.Model):
    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True
