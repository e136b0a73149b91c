"""The Safeguarding Hub: project settings and the kernel that every room shares."""

from safeguarding.celery import app as celery_app

__all__ = ["celery_app"]
