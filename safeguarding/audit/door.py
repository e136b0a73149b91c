"""Who came in, who tried to, who left (AUD-01, NTK-07)."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import models, transaction
from django.dispatch import receiver
from django.http import HttpRequest

from safeguarding.access.principal import Principal, acting_as
from safeguarding.audit.record import record

PURPOSE = "sign-in"


def _remember(
    event: str, request: HttpRequest | None, user: models.Model | None, *, actor_id: int | None, outcome: str = "done"
) -> None:
    principal = Principal(
        user_id=actor_id,
        service="door",
        purpose=PURPOSE,
        remote_addr=request.META.get("REMOTE_ADDR") if request else None,
        request_id=getattr(request, "request_id", ""),
    )
    with acting_as(principal), transaction.atomic():
        record(event, user, outcome=outcome)


@receiver(user_logged_in, dispatch_uid="audit-signed-in")
def signed_in(request: HttpRequest | None, user: models.Model, **_: object) -> None:
    _remember("user.signed_in", request, user, actor_id=user.pk)


@receiver(user_logged_out, dispatch_uid="audit-signed-out")
def signed_out(request: HttpRequest | None, user: models.Model | None, **_: object) -> None:
    if user is not None and user.pk is not None:
        _remember("user.signed_out", request, user, actor_id=user.pk)


@receiver(user_login_failed, dispatch_uid="audit-sign-in-failed")
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: object) -> None:
    """Whose account was tried, when there is one; what was typed is kept nowhere: it may be a password."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    user = get_user_model()._default_manager.filter(email__iexact=typed).first() if "\0" not in typed else None
    _remember("user.sign_in_failed", request, user, actor_id=None, outcome="denied")
