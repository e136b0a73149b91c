"""The way to a file for a setting that is not in the Hub: a link, and a code by a second e-mail (ALR-28, AGR-02)."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from alerts.moves import policies
from alerts.moves.models import Transfer, TransferLink
from safeguarding.access.principal import Principal
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.guests import services as guests
from safeguarding.notifications.addresses import check_works
from safeguarding.notifications.services import queue_email

LINK_LIFETIME = dt.timedelta(days=14)


def as_guest() -> Principal:
    """A guest has no account: what they do is done by the hub's own service, and remembered so."""
    return guests.as_dispatch("guest receives a file")


@transaction.atomic
def send_link(transfer: Transfer, *, by: User) -> str:
    """A link that runs out, to the address that the sender gave; the one before is worth nothing any more."""
    policies.check_waits_outside(transfer)
    where = transfer.outside or {}
    check_works(where["email"])
    withdraw_links(transfer)
    secret, digest = guests.new_secret()
    now = timezone.now()
    link = TransferLink.objects.create(
        transfer=transfer, name=where["name"], email=where["email"].strip().lower(), link_digest=digest, created_at=now,
        expires_at=now + LINK_LIFETIME,
    )  # fmt: skip
    address = f"{settings.SITE_URL}/receive/{secret}/"
    queue_email(
        to=link.email,
        template="transfer_guest_link",
        context={
            "setting": transfer.controller.name,
            "ref": transfer.ref,
            "link": address,
            "days": LINK_LIFETIME.days,
            "marking": transfer.partnership.marking,
        },
        dedupe_key=f"transfer link {link.pk}",
        by=by,
        about=transfer,
    )
    record("transfer.link_sent", transfer, at=transfer.controller_id)
    return address


def withdraw_links(transfer: Transfer) -> None:
    TransferLink.objects.filter(transfer=transfer, used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
