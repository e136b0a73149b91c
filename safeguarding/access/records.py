"""What every case row carries: the partnership (the column to distribute by) and the agency that controls it."""

from collections.abc import Collection
from typing import Any, Self

from django.db import models


class CaseRecord(models.Model):
    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **more: Any) -> Self:
        """As a set of names: Django looks each column of a row up in them, and our rows are wide and many are asked for in part."""
        return super().from_db(db, frozenset(field_names), values, **more)
