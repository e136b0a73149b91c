from django.db import models
from django.utils import timezone


class DemoMark(models.Model):
    """Left by `load_demo`: the passwords of a demo world are known, and production refuses to start on one."""

    loaded_at = models.DateTimeField(default=timezone.now)
