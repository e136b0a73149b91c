"""Signing the exact version: by a senior officer with an account, or by a guest with a link and a code (AGR-02)."""

import datetime as dt
import json
import re
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from agreements.register import policies, selectors, text
from agreements.register.enums import Capacity, SignatureState
from agreements.register.models import GuestInvitation, Signature
from agreements.states import SIGNATURE
from safeguarding.access.principal import Principal
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.crypto import installation
from safeguarding.errors import Refused
from safeguarding.guests import services as guests
from safeguarding.notifications.addresses import check_works
from safeguarding.notifications.services import queue_email

PURPOSE = "agreement-seal"
LINK_LIFETIME = dt.timedelta(days=14)
# A letter or two and digits, as the regulator issues them today: a hint for people, and no reason to refuse (rules.md).
_USUAL_ICO = re.compile(r"[A-Z]{1,2}[0-9A-Z]{6,8}")


def as_guest() -> Principal:
    """A guest has no account: what they sign is signed by the hub's own service, and remembered so."""
    return guests.as_dispatch("guest signature")


@dataclass(frozen=True)
class Signatory:
    """Who signs, as it will stand in the register (AGR-02)."""

    name: str
    post: str
    email: str
    capacity: str
    ico_registration: str


@transaction.atomic
def sign(signature: Signature, signatory: Signatory, *, digest: str, by: User) -> Signature:
    """A member who may sign for the agency signs the text that they were shown, by its digest (AGR-02)."""
    held = _held(signature)
    selectors.check_can_sign_for(held.agency, for_user=by)
    return _sign(held, signatory, digest, by=by)


@transaction.atomic
def invite_guest(signature: Signature, *, name: str, email: str, by: User) -> str:
    """A small nursery has no account: a link that runs out, opened with a code that goes to the same address (AGR-02)."""
    held = _held(signature)
    selectors.check_owns(held.agreement, for_user=by)
    policies.check_can_sign(held.agreement, held, timezone.localdate())
    check_works(email)
    now = timezone.now()
    held.invitations.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    secret, digest = guests.new_secret()
    invitation = GuestInvitation.objects.create(
        signature=held,
        name=name,
        email=email.strip().lower(),
        link_digest=digest,
        invited_by=by,
        created_at=now,
        expires_at=now + LINK_LIFETIME,
    )
    link = f"{settings.SITE_URL}/sign/{secret}/"
    queue_email(
        to=invitation.email,
        template="agreement_guest_link",
        context={"title": held.agreement.title, "agency": held.agency.name, "link": link, "days": LINK_LIFETIME.days},
        dedupe_key=f"guest {invitation.pk}",
        by=by,
        about=held.agreement,
    )
    record("agreement.guest_invited", held)
    return link


def open_invitations() -> QuerySet[GuestInvitation]:
    return GuestInvitation.objects.select_related("signature__agreement", "signature__agency", "invited_by")


@transaction.atomic
def sign_as_guest(invitation: GuestInvitation, signatory: Signatory, *, digest: str) -> Signature:
    """The guest signs once; the link is worth nothing afterwards (AGR-02)."""
    held = guests.held(invitation)
    if guests.is_over(held):
        raise Refused("This link has been used or has run out. Nothing was signed. Ask the owner for a new one.")
    signature = _sign(_held(held.signature), signatory, digest, by=None)
    held.used_at, held.code_digest = timezone.now(), None
    held.save(update_fields=["used_at", "code_digest"])
    return signature


def _sign(held: Signature, signatory: Signatory, digest: str, *, by: User | None) -> Signature:
    policies.check_can_sign(held.agreement, held, timezone.localdate())
    if digest != held.agreement.digest:
        raise Refused("The text has changed since you were shown it. Nothing was signed. Read it again, then sign.")
    if signatory.capacity not in Capacity.values:
        raise Refused("Choose in what capacity you sign. Nothing was signed.")
    ico = check_ico(signatory.ico_registration, held.agency.ico_registration)
    now = timezone.now()
    held.state = SignatureState.SIGNED
    held.signed_at, held.signed_on = now, timezone.localdate(now)
    held.signed_by, held.as_guest = by, by is None
    held.signatory, held.post, held.email = signatory.name, signatory.post, signatory.email
    held.capacity, held.ico_registration = signatory.capacity, ico
    held.digest = digest
    held.refused_on, held.notice_given_on, held.leaves_on, held.reason = None, None, None, ""
    record("agreement.signed", held, facts={"digest": digest, "seal": seal(held).hex(), "guest": held.as_guest})
    held.save()
    return held


def seal(signature: Signature) -> bytes:
    """Puts the installation's seal on what the register says of the signing; to be saved by the caller (AGR-02)."""
    signature.seal_key, signature.seal = installation.sign(PURPOSE, statement_of(signature))
    return signature.seal


def check_ico(given: str, registered: str) -> str:
    """Free text, as it was issued; but not another number than the register of controllers has for the agency (IGV-07)."""
    ico = " ".join(given.split()).upper()
    if not ico:
        raise Refused("Enter the ICO registration of your organisation. Nothing was signed.")
    if registered and ico != registered.strip().upper():
        raise Refused(
            "This is not the ICO registration that the register of controllers has for this agency. Nothing was signed. "
            "Check the number, or have the register corrected first."
        )
    return ico


def ico_hint(ico: str) -> str:
    """What a person is told of a number of an unusual form; it is kept as it was given (IGV-07)."""
    if _USUAL_ICO.fullmatch(ico):
        return ""
    return f"The ICO registration {ico} is not of the usual form, like ZA123456. Check it on the regulator's register."


@transaction.atomic
def refuse(signature: Signature, *, reason: str, by: User) -> Signature:
    """A body may refuse; the register says so, and nothing is shared with it under this agreement (AGR-06)."""
    held = _held(signature)
    selectors.check_can_sign_for(held.agency, for_user=by)
    if SignatureState.REFUSED not in SIGNATURE[SignatureState(held.state)]:
        raise Refused("Only who has not signed can refuse. Nothing was changed. To leave, give notice.")
    held.state, held.refused_on, held.reason = SignatureState.REFUSED, timezone.localdate(), reason
    held.save(update_fields=["state", "refused_on", "reason"])
    record("agreement.refused", held)
    return held


def statement_of(signature: Signature) -> bytes:
    """What the seal is over: the version by its digest, and everything that the register says of the signing (AGR-02)."""
    assert signature.signed_at is not None
    said = {
        "form": 1,
        "agreement": signature.agreement.ref,
        "version": signature.agreement.version,
        "digest": signature.digest,
        "agency": signature.agency.slug,
        "role": signature.role,
        "signatory": signature.signatory,
        "post": signature.post,
        "email": signature.email,
        "capacity": signature.capacity,
        "ico_registration": signature.ico_registration,
        "guest": signature.as_guest,
        "signed_at": signature.signed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Check:
    """What a later look at a signature found, in sentences; none means that all is as it was signed."""

    signature: Signature
    faults: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.faults


def check(signature: Signature) -> Check:
    """Anyone can check later that this agency signed these very words (AGR-02)."""
    faults = []
    agreement = signature.agreement
    if text.digest_of(agreement.text) != agreement.digest:
        faults.append(
            "The text of the agreement is not the one whose digest was kept when it was opened for signature."
        )
    if signature.digest != agreement.digest:
        faults.append("What was signed is another text than the one in the register.")
    if signature.signed_at is None or signature.seal is None:
        faults.append("There is no seal: the signature was entered and not made here.")
    elif not installation.is_signed(PURPOSE, signature.seal_key, statement_of(signature), bytes(signature.seal)):
        faults.append("The seal does not fit what the register says of this signature: something in it was altered.")
    return Check(signature, tuple(faults))


def _held(signature: Signature) -> Signature:
    return (
        Signature.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agreement", "agreement__superseded_by", "agency")
        .get(pk=signature.pk)
    )
