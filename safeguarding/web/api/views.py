"""What every view of the API does: bearer token, scope, principal, problems."""

from contextlib import ExitStack
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.agencies import clearance, tokens
from safeguarding.agencies.enums import Scope
from safeguarding.agencies.models import ApiToken, User
from safeguarding.web.api import problems
from safeguarding.web.api.bodies import content_length, drain
from safeguarding.web.api.throttling import PerMinute
from safeguarding.web.requests import ApiRequest

_LONGEST_TOKEN = 200


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>` and nothing else: a signed-in browser has no way in here."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2 or len(parts[1]) > _LONGEST_TOKEN:
            raise exceptions.AuthenticationFailed
        token = tokens.find(parts[1].decode("latin-1"))
        if token is None:
            raise exceptions.AuthenticationFailed
        tokens.note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class Negotiation(DefaultContentNegotiation):
    """By the Accept header alone; `?format=` is no parameter of ours."""

    def filter_renderers(self, renderers: Any, format: str | None) -> Any:
        return renderers

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        accepted = {kind.split(";")[0].strip().lower() for kind in self.get_accept_list(request)}
        # Who reads problems only still gets the answer: it is JSON.
        if problems.MEDIA_TYPE in accepted:
            return renderers[0], renderers[0].media_type
        return super().select_renderer(request, renderers, None)


class ApiView(APIView):
    """`scopes` names the scope that each method needs; `holder` says whose token it must be, an agency's or a person's."""

    authentication_classes = [BearerAuthentication]
    permission_classes: list[Any] = [IsAuthenticated]
    throttle_classes = [PerMinute]
    renderer_classes = [JSONRenderer]
    parser_classes: list[Any] = []
    content_negotiation_class = Negotiation
    metadata_class = None
    scopes: dict[str, Scope] = {}
    holder = ""

    def get_exception_handler(self) -> Any:
        return problems.handle

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with ExitStack() as self.acting:
            answer = super().dispatch(request, *args, **kwargs)
        drain(request)
        return answer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.auth is not None:
            self._check_token(cast(ApiRequest, request))
        if content_length(request._request) > settings.API_BODY_LIMIT:
            raise problems.Problem(413)

    def _check_token(self, request: ApiRequest) -> None:
        """Token, then scope, then the principal that both walls ask (NTK-01)."""
        asker = current()
        principal = Principal(
            user_id=request.user.pk,
            purpose="api",
            remote_addr=asker.remote_addr or request.META.get("REMOTE_ADDR"),
            request_id=getattr(request._request, "request_id", ""),
        )
        self.acting.enter_context(acting_as(principal))
        if not tokens.is_still_used(request.auth):
            raise exceptions.AuthenticationFailed
        # A HEAD is a GET whose body is not sent; it asks for the same scope.
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method not in self.scopes:
            raise exceptions.MethodNotAllowed(method)
        holder = "agency" if request.auth.agency_id else "person"
        if self.scopes[method] not in request.auth.scopes or holder != self.holder:
            raise problems.Problem(403, "This token lacks the scope that is needed here.")
        # An empty list would say that nothing waits (NTK-06).
        if holder == "person" and clearance.is_lacking_everywhere(request.user):
            raise problems.Problem(403, "Training or acknowledgement is missing. Sign in to see what, and to renew it.")
