"""Alerts over HTTP, for the systems of the people whom they are addressed to (spec v1)."""

from typing import Any

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.response import Response

from alerts.delivery.enums import AT_THE_SETTING
from alerts.delivery.models import Alert
from alerts.intake.enums import NotificationKind
from alerts.response import selectors, services
from alerts.response.guards import changed_words
from safeguarding.agencies.enums import Scope
from safeguarding.errors import NotVisible
from safeguarding.web.api.openapi import problem_responses
from safeguarding.web.api.pagination import HIGHEST_LIMIT, bad_parameter, choice, limit, next_address
from safeguarding.web.api.views import ApiView
from safeguarding.web.requests import ApiRequest

_TEXT = {"type": "string"}
_MOMENT = {"type": "string", "format": "date-time"}
_MOMENT_OR_NULL = {**_MOMENT, "nullable": True}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(properties),
    }


ALERT = _object(
    ref={"type": "string", "pattern": "^A-[0-9A-Z]{4}-[0-9A-Z]{4}$"},
    kind={"type": "string", "enum": NotificationKind.values},
    status={"type": "string", "enum": [str(status) for status in AT_THE_SETTING]},
    sent_at=_MOMENT,
    opened_at=_MOMENT_OR_NULL,
    acknowledged_at=_MOMENT_OR_NULL,
    child=_object(
        given_name=_TEXT, family_name=_TEXT, date_of_birth={"type": "string", "format": "date", "nullable": True}
    ),
    adults={"type": "array", "items": _TEXT},
    incident_on={"type": "string", "format": "date", "nullable": True},
    setting=_object(urn={"type": "string", "nullable": True}, name=_TEXT),
    disclaimer=_TEXT,
    query_contact=_object(name=_TEXT, phone=_TEXT, email=_TEXT),
)
_REF = OpenApiParameter("ref", OpenApiTypes.STR, OpenApiParameter.PATH, description="A short reference, as A-7K3M-Q9XD")
_PAGE = _object(results={"type": "array", "items": ALERT}, next={"type": "string", "format": "uri", "nullable": True})
_FILTERS = [
    OpenApiParameter("status", {"type": "string", "enum": [str(status) for status in AT_THE_SETTING]}),
    OpenApiParameter("kind", {"type": "string", "enum": NotificationKind.values}),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": HIGHEST_LIMIT}),
    OpenApiParameter("cursor", {"type": "string"}, description="As given in next"),
]


class AlertsView(ApiView):
    scopes = {"GET": Scope.ALERTS_READ}
    holder = "person"

    @extend_schema(
        operation_id="alerts_list",
        summary="Alerts addressed to the person, newest first",
        parameters=_FILTERS,
        responses={200: OpenApiResponse(_PAGE, "A page"), **problem_responses(401, 403, 406, 422, 429)},
    )
    def get(self, request: ApiRequest) -> Response:
        """Being listed is not an opening."""
        filters = selectors.Filters(
            status=choice(request, "status", AT_THE_SETTING),
            kind=choice(request, "kind", NotificationKind.values),
            cursor=request.query_params.get("cursor", ""),
        )
        try:
            page = selectors.inbox_page(filters, for_user=request.user, limit=limit(request), whole=True)
        except NotVisible:
            raise bad_parameter("cursor", "Use the address in next as it was given.") from None
        selectors.remember_listing(page.rows, for_user=request.user)
        results = [alert_body(alert) for alert in page.rows]
        return Response({"results": results, "next": next_address(request, page.older)})


class AlertView(ApiView):
    scopes = {"GET": Scope.ALERTS_READ}
    holder = "person"

    @extend_schema(
        operation_id="alerts_read",
        summary="One alert; reading it is an opening",
        parameters=[_REF],
        responses={200: OpenApiResponse(ALERT, "The alert"), **problem_responses(401, 403, 404, 406, 429)},
    )
    def get(self, request: ApiRequest, ref: str) -> Response:
        """It is logged, and counts as opened (ALR-23, AUD-01)."""
        alert = selectors.get_alert(ref, for_user=request.user)
        return Response(alert_body(services.open_alert(alert, by=request.user, purpose="api")))


class AcknowledgeView(ApiView):
    scopes = {"POST": Scope.ALERTS_WRITE}
    holder = "person"

    @extend_schema(
        operation_id="alerts_acknowledge",
        summary="Say that the alert was read and is being acted on",
        parameters=[_REF],
        request=None,
        responses={200: OpenApiResponse(ALERT, "The alert"), **problem_responses(401, 403, 404, 406, 409, 413, 429)},
    )
    def post(self, request: ApiRequest, ref: str) -> Response:
        """A second time is 200 and changes nothing."""
        alert = selectors.get_alert(ref, for_user=request.user)
        return Response(alert_body(services.acknowledge(alert, by=request.user)))


def alert_body(alert: Alert) -> dict[str, Any]:
    """Exactly the fields of spec v1, and nothing of the incident (ALR-04)."""
    return {
        "ref": alert.ref,
        "kind": alert.kind,
        "status": alert.status,
        "sent_at": alert.sent_at,
        "opened_at": alert.opened_at,
        "acknowledged_at": alert.acknowledged_at,
        "child": {
            "given_name": alert.child_given_name,
            "family_name": alert.child_family_name,
            "date_of_birth": alert.child_date_of_birth,
        },
        "adults": alert.adults,
        "incident_on": alert.incident_on,
        "setting": {"urn": alert.setting.urn, "name": alert.setting.name},
        "disclaimer": " ".join(filter(None, (changed_words(alert), alert.disclaimer))),
        "query_contact": {name: alert.query_contact.get(name, "") for name in ("name", "phone", "email")},
    }


urlpatterns = [
    path("alerts/", AlertsView.as_view(), name="alerts"),
    path("alerts/<str:ref>/", AlertView.as_view(), name="alert"),
    path("alerts/<str:ref>/acknowledge/", AcknowledgeView.as_view(), name="acknowledge"),
]
