"""The doors of /api/; each room keeps its own list, and whatever is not listed is a problem+json 404."""

from django.urls import include, path, re_path

from alerts.intake import api as intake
from alerts.response import api as response
from safeguarding.web.api.openapi import SchemaView
from safeguarding.web.api.problems import not_found

app_name = "api"
urlpatterns = [
    path("v1/", include(intake.urlpatterns)),
    path("v1/", include(response.urlpatterns)),
    path("v1/schema/", SchemaView.as_view(), name="schema"),
    re_path(r"", not_found, name="not-found"),
]
