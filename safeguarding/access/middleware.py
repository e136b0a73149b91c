from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from safeguarding.access import posts
from safeguarding.access.principal import NOBODY, Principal, acting_as
from safeguarding.refs import random_token


class PrincipalMiddleware:
    """Sets who acts, once for each request (NTK-01); views name the purpose with `for_purpose`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        posts.forget()
        request.request_id = random_token(8)  # type: ignore[attr-defined]  # read by error pages and the audit
        user = request.user
        principal = NOBODY
        if user.is_authenticated and user.is_active:
            principal = Principal(
                user_id=user.pk,
                purpose="web",
                remote_addr=request.META.get("REMOTE_ADDR"),
                request_id=request.request_id,  # type: ignore[attr-defined]  # set two lines above
            )
        with acting_as(principal):
            return self.get_response(request)
