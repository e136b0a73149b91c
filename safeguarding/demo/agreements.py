"""The demo's agreements, each with its text, and signed with a seal as the product itself would have it."""

import datetime as dt

from django.utils import timezone

from agreements.models import Agreement, AgreementItem, PrivacyNotice, Signature
from agreements.register import drafting, life, policies, signing, text
from agreements.register.enums import AgreementState, Capacity, PartyRole, SignatureState
from safeguarding.agencies.enums import SETTING_KINDS, AgencyKind
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.demo.data import names
from safeguarding.demo.data.agreements import ASSESSED_ON, TERMS
from safeguarding.demo.shapes import AgreementData, PartnershipData

_SOURCES = (AgencyKind.POLICE, AgencyKind.MASH)


def load_agreements(partnership: Partnership, data: PartnershipData, agencies: dict[str, Agency]) -> None:
    for each in data.agreements:
        agreement = _agreement(partnership, agencies["council"], each)
        parties = _parties(data, each)
        for party in parties:
            role = PartyRole.BOTH if agencies[party].kind in _SOURCES else PartyRole.RECIPIENT
            Signature.objects.get_or_create(
                agreement=agreement,
                agency=agencies[party],
                defaults={
                    "role": role if each.settings else PartyRole.BOTH,
                    "controllership": TERMS[each.title].get("controllership", "controller"),
                },
            )
        if not agreement.text:
            _open(agreement)
            for number, party in enumerate(parties):
                _sign(agreement.signatures.get(agency=agencies[party]), data, party, number)


def _agreement(partnership: Partnership, owner: Agency, data: AgreementData) -> Agreement:
    terms = {name: value for name, value in TERMS[data.title].items() if name not in ("items", "controllership")}
    agreement, _ = Agreement.objects.get_or_create(
        partnership=partnership,
        title=data.title,
        version=data.version,
        defaults={"kinds": list(data.kinds), "starts_on": data.starts_on},
    )
    if not agreement.text:
        agreement.owner, agreement.transfer_assessed_on = owner, ASSESSED_ON
        for name, value in terms.items():
            setattr(agreement, name, value)
        agreement.save()
        for key, why in TERMS[data.title]["items"].items():
            AgreementItem.objects.update_or_create(
                agreement=agreement,
                key=key,
                defaults={"justification": why, "special_category": key == "health"},
            )
    return agreement


def _open(agreement: Agreement) -> None:
    """Opened on its first day and reviewed since, so that the next review lies ahead."""
    due = policies.first_review(agreement, agreement.starts_on)
    while due <= timezone.localdate():
        agreement.reviewed_on, due = due, policies.next_review(agreement, due)
    agreement.review_due_on = due
    agreement.opened_at = _noon(agreement.starts_on)
    agreement.text = text.text_of(agreement)
    agreement.digest = text.digest_of(agreement.text)
    agreement.save()


def _parties(data: PartnershipData, agreement: AgreementData) -> list[str]:
    settings = [each.short for each in data.agencies if each.urn] if agreement.settings else []
    council = ["council"] if agreement.settings else []
    return list(dict.fromkeys((*agreement.parties, "mash", *council, *settings)))


def _sign(party: Signature, data: PartnershipData, short: str, number: int) -> None:
    """larch never signed; quay gave its notice and has left; all others signed within a month."""
    if short == data.never_signed:
        return
    is_setting = party.agency.kind in SETTING_KINDS
    party.signed_on = party.agreement.starts_on + dt.timedelta(days=len(short) % 28)
    party.signed_at = _noon(party.signed_on)
    party.signatory = names.person(400 + number)
    party.post = "Head" if is_setting else "Director"
    party.capacity = Capacity.HEAD if is_setting else Capacity.SIRO
    party.email = f"signs@{short}.{data.slug}.example"
    party.ico_registration = f"ZA9{party.agency_id:05d}"
    party.agency.ico_registration = party.ico_registration
    party.agency.save(update_fields=["ico_registration"])
    party.state, party.digest = SignatureState.SIGNED, party.agreement.digest
    if short == data.withdrew:
        party.state = SignatureState.WITHDRAWN
        party.leaves_on = timezone.localdate() - dt.timedelta(days=data.notice_days)
        party.notice_given_on = party.leaves_on - dt.timedelta(days=data.notice_days)
    signing.seal(party)
    party.save()
    if short == data.withdrew:
        life.open_return_tasks(party, timezone.localdate())


def load_draft(partnership: Partnership, owner: Agency, by: User) -> None:
    """The council is at work on the next version of its newest agreement, so that a visitor sees a draft."""
    newest = Agreement.objects.filter(partnership=partnership, owner=owner, kinds__contains="domestic_abuse")
    agreement = newest.order_by("-starts_on", "-pk")[0]
    if agreement.state != AgreementState.OPEN or hasattr(agreement, "superseded_by"):
        return
    following = drafting.draft_next(agreement, version=f"{int(agreement.version) + 1}", by=by)
    drafting.write(following, {"retention": "In the setting's safeguarding file, until the child is 25."}, by=by)


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def load_controllers(agencies: dict[str, Agency]) -> None:
    """Some have said where their privacy notice is; one of them should have looked at it again (IGV-07)."""
    today = timezone.localdate()
    for short, months in (("police", 8), ("mash", 3), ("council", 14), ("meadow", 11)):
        if not agencies[short].privacy_notices.exists():
            published = today - dt.timedelta(days=31 * months)
            PrivacyNotice.objects.create(
                agency=agencies[short],
                address=f"https://www.{agencies[short].slug}.example/privacy",
                published_on=published,
                review_due_on=published + dt.timedelta(days=365),
            )
