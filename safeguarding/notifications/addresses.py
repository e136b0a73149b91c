"""Whether an address may be written to: with a link that opens nothing without sign-in or code, or with content (SHR-10).

No e-mail of the Hub carries content: each is a link to what is kept here, encrypted. So any address that works may get one.
Where people send content themselves, the address must be secure, or somebody says why it may go there all the same.
"""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from safeguarding.errors import Refused
from safeguarding.notifications.enums import Standing
from safeguarding.notifications.models import MailDomain


def standing_of(address: str, *, day: dt.date | None = None) -> tuple[Standing, str]:
    """The standing of an address on a day, and the domain by which it is known (SHR-10)."""
    when = day or timezone.localdate()
    labels = address.rpartition("@")[2].strip().lower().rstrip(".").split(".")
    suffixes = [".".join(labels[start:]) for start in range(len(labels))]
    in_force = Q(valid_from__lte=when) & (Q(valid_to=None) | Q(valid_to__gte=when))
    known = {each.domain: each for each in MailDomain.objects.filter(in_force, domain__in=suffixes)}
    for suffix in suffixes:  # the longest first
        if suffix in known:
            return Standing(known[suffix].standing), suffix
    return Standing.OTHER, ""


def check_works(address: str) -> None:
    """A link may go to any address but one that was switched off years ago (SHR-10)."""
    standing, domain = standing_of(address)
    if standing == Standing.DEAD:
        raise Refused(
            f"Addresses at {domain} were switched off in 2019 and reach nobody. Nothing was sent. Ask for the new address."
        )


def check_may_carry_content(address: str, *, override: str = "") -> None:
    """Content goes to a secure domain; to any other only with a reason that is recorded (SHR-10)."""
    check_works(address)
    if standing_of(address)[0] == Standing.OTHER and not override.strip():
        raise Refused(
            "This address is not of a secure domain. Nothing was sent. Use the encrypted link, or say why it may go there."
        )
