from django.db import models
from django.utils import timezone


class DemoMark(models.Model):
    """Its one row says that this database holds the demo world; production refuses such a database."""

    loaded_at = models.DateTimeField(default=timezone.now)
