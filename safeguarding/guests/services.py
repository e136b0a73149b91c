"""Links and codes for people without an account: one way for every room (AGR-02, MSH-05)."""

import datetime as dt
import hmac
import secrets
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.access.rules import DISPATCH
from safeguarding.agencies.tokens import digest_of
from safeguarding.errors import Refused
from safeguarding.guests.models import GuestLink
from safeguarding.notifications.addresses import check_works
from safeguarding.notifications.services import queue_email

CODE_LIFETIME = dt.timedelta(minutes=15)
MOST_WRONG_CODES = 5

Link = TypeVar("Link", bound=GuestLink)


def as_dispatch(purpose: str) -> Principal:
    """A guest has no account: what is done for them is done by the hub's own service, for that purpose, and remembered so."""
    asker = current()
    return Principal(service=DISPATCH, purpose=purpose, remote_addr=asker.remote_addr, request_id=asker.request_id)


def new_secret() -> tuple[str, bytes]:
    """What stands in the link, and what is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, digest_of(secret)


def find(links: QuerySet[Link], *, secret: str) -> Link | None:
    """The link that this secret opens; none once it was used, withdrawn or has run out."""
    return links.filter(
        link_digest=digest_of(secret), used_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).first()


def held(link: Link) -> Link:
    """The link again, for update."""
    again: Link = type(link)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
    return again


def is_over(link: GuestLink) -> bool:
    return bool(link.used_at or link.withdrawn_at) or link.expires_at <= timezone.now()


@transaction.atomic
def send_code(link: GuestLink) -> None:
    """Six digits by a second e-mail, good for a quarter of an hour: whoever has only the link gets nowhere (AGR-02)."""
    again = held(link)
    check_works(again.email)
    if again.wrong_codes >= MOST_WRONG_CODES:
        raise Refused("Too many wrong codes were tried. Nothing was opened or changed. Ask for a new link.")
    code = f"{secrets.randbelow(10**6):06d}"
    again.code_digest = _digest(again, code)
    again.code_expires_at = timezone.now() + CODE_LIFETIME
    again.save(update_fields=["code_digest", "code_expires_at"])
    context: dict[str, Any] = {"code": code, "minutes": int(CODE_LIFETIME.total_seconds() // 60)}
    with acting_as(as_dispatch("guest code")):
        queue_email(
            to=again.email,
            template="guest_code",
            context=context,
            dedupe_key=f"guest code {again._meta.label} {again.pk} {again.code_digest.hex()[:16]}",
        )


@transaction.atomic
def try_code(link: GuestLink, *, code: str) -> bool:
    """Whether the code is right; a wrong one is counted, and five end the link."""
    again = held(link)
    in_time = again.code_expires_at is not None and again.code_expires_at > timezone.now()
    if again.wrong_codes < MOST_WRONG_CODES and in_time:
        if hmac.compare_digest(_digest(again, code.strip()), bytes(again.code_digest or b"")):
            return True
        again.wrong_codes += 1
        again.save(update_fields=["wrong_codes"])
    return False


def _digest(link: GuestLink, code: str) -> bytes:
    """Bound to the very link: the code of one room's is none of another's."""
    return digest_of(f"{link._meta.label}:{link.pk}:{code}")
