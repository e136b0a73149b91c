"""The published description of the API: problems that every operation shares, and the bearer token."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from safeguarding.web.api.problems import MEDIA_TYPE
from safeguarding.web.api.views import ApiView

_PLACE = {
    "type": "object",
    "properties": {
        "pointer": {"type": "string", "description": "RFC 6901, into the body"},
        "parameter": {"type": "string", "description": "of the query"},
        "detail": {"type": "string"},
    },
    "required": ["detail"],
}
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _PLACE},
    },
    "required": ["type", "title", "status", "detail"],
}
_WORDS = {
    400: "Malformed JSON",
    401: "No token in force",
    403: "The token lacks the scope",
    404: "Absent, or not yours",
    406: "Only JSON is answered",
    409: "Conflict",
    413: "Larger than 1 MiB",
    415: "Not application/json",
    422: "Invalid fields",
    429: "Too many requests; see Retry-After",
}


def problem_responses(*statuses: int) -> dict[Any, OpenApiResponse]:
    return {(status, MEDIA_TYPE): OpenApiResponse(PROBLEM, _WORDS[status]) for status in statuses}


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "safeguarding.web.api.views.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SchemaView(ApiView):
    """Public: it says how to ask, and nothing of what is here."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The OpenAPI document of every endpoint."""
        return Response(SchemaGenerator().get_schema(request=None, public=True))
