"""Every door of the house; each room keeps its own list. Health probes are answered by middleware, before any door."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
