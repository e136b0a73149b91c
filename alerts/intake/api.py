"""Police notifications over HTTP (spec v1)."""

from dataclasses import asdict
from typing import Any

from django.urls import path, reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from alerts.intake import schema, selectors
from alerts.intake.content import PoliceNotification, Remark, warnings
from alerts.intake.corrections import correct, withdraw
from alerts.intake.enums import Channel, WithdrawnBecause
from alerts.intake.models import Amendment, Notification
from alerts.intake.parsing import Invalid, parse
from alerts.intake.services import Receipt, receive
from safeguarding.agencies.enums import Scope
from safeguarding.web.api.bodies import json_body
from safeguarding.web.api.openapi import problem_responses
from safeguarding.web.api.problems import Problem
from safeguarding.web.api.strict_json import canonical
from safeguarding.web.api.views import ApiView
from safeguarding.web.requests import ApiRequest

_TIMES = ("received_at", "screened_at", "sent_at", "withheld_at", "closed_at")


class NotificationsView(ApiView):
    scopes = {"POST": Scope.NOTIFICATIONS_WRITE}
    holder = "agency"

    @extend_schema(
        operation_id="notifications_create",
        summary="Send a police notification",
        request={"application/json": schema.NOTIFICATION},
        responses={
            201: schema.RECEIPT_CREATED,
            200: schema.RECEIPT_KNOWN,
            **problem_responses(400, 401, 403, 406, 409, 413, 415, 422, 429),
        },
    )
    def post(self, request: ApiRequest) -> Response:
        """The same reference with the same body again is 200 and the same answer; with another body 409."""
        body = json_body(request)
        content = parsed(body)
        token = request.auth
        assert token.agency is not None, "the holder was checked"
        assert token.partnership is not None, "issued with one"
        receipt = receive(
            content=content,
            body=canonical(body),
            source=token.agency,
            partnership=token.partnership,
            channel=Channel.API,
            by=request.user,
        )
        where = request.build_absolute_uri(reverse("api:notification", args=[receipt.notification.ref]))
        status = 201 if receipt.is_new else 200
        return Response(receipt_body(receipt, content), status=status, headers={"Location": where})


class NotificationView(ApiView):
    scopes = {"GET": Scope.NOTIFICATIONS_READ}
    holder = "agency"

    @extend_schema(
        operation_id="notifications_read",
        summary="Status of a notification of one's own agency",
        parameters=[schema.REF],
        responses={200: schema.STATUS, **problem_responses(401, 403, 404, 406, 429)},
    )
    def get(self, request: ApiRequest, ref: str) -> Response:
        """Status and times only: the content is never read back."""
        return Response(status_body(selectors.get_sent(ref, for_user=request.user, agency=request.auth.agency)))


class CorrectionView(ApiView):
    scopes = {"POST": Scope.NOTIFICATIONS_WRITE}
    holder = "agency"

    @extend_schema(
        operation_id="notifications_correct",
        summary="Correct a notification: the whole of it again",
        parameters=[schema.REF],
        request={"application/json": schema.NOTIFICATION},
        responses={200: schema.AMENDED, **problem_responses(400, 401, 403, 404, 406, 409, 413, 415, 422, 429)},
    )
    def post(self, request: ApiRequest, ref: str) -> Response:
        """Reference and kind stay; the same correction again is 200 and the same answer. A withdrawn one is 409."""
        notification = selectors.get_amendable(ref, for_user=request.user, agency=request.auth.agency)
        body = json_body(request)
        content = parsed(body)
        amendment = correct(notification, content=content, body=canonical(body), channel=Channel.API, by=request.user)
        return Response(amended_body(notification.ref, amendment))


class WithdrawalView(ApiView):
    scopes = {"POST": Scope.NOTIFICATIONS_WRITE}
    holder = "agency"

    @extend_schema(
        operation_id="notifications_withdraw",
        summary="Withdraw a notification",
        parameters=[schema.REF],
        request={"application/json": schema.WITHDRAWAL},
        responses={200: schema.AMENDED, **problem_responses(400, 401, 403, 404, 406, 413, 415, 422, 429)},
    )
    def post(self, request: ApiRequest, ref: str) -> Response:
        """Every setting that was told is told that it counts as not sent; a second time changes nothing."""
        notification = selectors.get_amendable(ref, for_user=request.user, agency=request.auth.agency)
        body = json_body(request)
        because = body.get("because") if isinstance(body, dict) else None
        if because not in WithdrawnBecause.values or len(body) > 1:
            words = f"Give one of: {', '.join(WithdrawnBecause.values)}, and nothing else."
            raise Problem(422, errors=[{"pointer": "/because", "detail": words}])
        amendment = withdraw(notification, because=WithdrawnBecause(because), channel=Channel.API, by=request.user)
        return Response(amended_body(notification.ref, amendment))


def parsed(body: object) -> PoliceNotification:
    """The notification in a body, or every fault of it by its place (spec v1)."""
    try:
        return parse(body, now=timezone.localtime())
    except Invalid as error:
        raise Problem(422, errors=[asdict(remark) for remark in error.remarks[:100]]) from None


def amended_body(ref: str, amendment: Amendment) -> dict[str, Any]:
    return {
        "ref": ref,
        "kind": amendment.kind,
        "made_at": amendment.made_at,
        "changed": amendment.parts,
        "settings_told": amendment.settings_told,
    }


def receipt_body(receipt: Receipt, content: PoliceNotification) -> dict[str, Any]:
    """The answer on receipt; names come from the body just sent, so that it is the same after the purge (ALR-09)."""
    remarks: list[Remark] = warnings(content)
    return {
        "ref": receipt.notification.ref,
        "reference": receipt.notification.reference,
        "status": receipt.notification.status,
        "children": [
            {
                "given_name": content.people[child.position].given_name,
                "match": child.match,
                "setting": child.answered_setting
                and {"urn": child.answered_setting.urn, "name": child.answered_setting.name},
            }
            for child in receipt.children
        ],
        "warnings": [asdict(remark) for remark in remarks],
    }


def status_body(notification: Notification) -> dict[str, Any]:
    return {
        "ref": notification.ref,
        "reference": notification.reference,
        "status": notification.status,
        "occurred_at": notification.occurred_at,
        **{name: getattr(notification, name) for name in _TIMES},
    }


urlpatterns = [
    path("notifications/", NotificationsView.as_view(), name="notifications"),
    path("notifications/<str:ref>/", NotificationView.as_view(), name="notification"),
    path("notifications/<str:ref>/correction/", CorrectionView.as_view(), name="notification_correction"),
    path("notifications/<str:ref>/withdrawal/", WithdrawalView.as_view(), name="notification_withdrawal"),
]
