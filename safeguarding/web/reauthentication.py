"""Password or second factor once more, before something that binds an organisation (AGR-02)."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def asked_again(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Who has not proved in the last five minutes who they are is asked before the post; nothing typed is lost.

    A demonstration has no second factor and asks nobody.
    """
    guarded = reauthentication_required(view, allow_get=True)

    def ask(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (view if settings.DEMO else guarded)(request, *args, **kwargs)

    return ask
