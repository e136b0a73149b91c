"""Requests as views know them, for the type checker: the middleware has already turned everybody else away."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from rest_framework.request import Request

if TYPE_CHECKING:
    from safeguarding.agencies.models import ApiToken, User


class SignedInRequest(HttpRequest):
    """Behind SignInRequiredMiddleware: `user` is a person."""

    user: "User"


class ApiRequest(Request):
    """Behind ApiView's check of the token: `user` is its holder."""

    user: "User"
    auth: "ApiToken"
