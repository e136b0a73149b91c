"""Drafting: a version is written, completed and opened for signature; from then on its text never changes (AGR-01, AGR-02)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.register import policies, selectors, telling, text
from agreements.register.enums import AgreementState, Controllership, Item, PartyRole, SignatureState
from agreements.register.models import Agreement, AgreementItem, Signature
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.agencies.selectors import settings_of
from safeguarding.agencies.training import ask_for_more
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, Refused

# What a new version takes over from the one that it follows; state, days and text begin anew.
CARRIED = (
    *("title", "owner", "kinds", "purposes", "identifies_people", "dpia_reference", "no_dpia_because"),
    *("privacy_notice_given", "people_are_aware", "privacy_words", "article_6", "article_9", "schedule_1", "part_3"),
    *("article_10_identified", "legislation", "marking", "transfer_methods", "transfer_frequency", "transfer_measures"),
    *("transfer_risks", "transfer_assessed_on", "retention", "disposal", "incidents_to", "access_requests_to"),
    "undertaking",
    *("notice_months", "notice_weeks", "first_review_months", "review_months"),
)
# What the pages of a draft may write, section by section.
WRITABLE = frozenset({*CARRIED, "version", "starts_on", "ends_on", "old_holds_until"})


@transaction.atomic
def draft(*, partnership: Partnership, owner: Agency, title: str, version: str, by: User) -> Agreement:
    """An IG lead of the owning agency begins an agreement; nobody is bound by a draft (AGR-01)."""
    selectors.check_can_draft(owner, partnership, for_user=by)
    agreement = Agreement(
        partnership=partnership,
        owner=owner,
        title=title,
        version=version,
        state=AgreementState.DRAFT,
        starts_on=timezone.localdate(),
        marking=partnership.marking,
    )
    return _created(agreement)


@transaction.atomic
def draft_next(agreement: Agreement, *, version: str, by: User) -> Agreement:
    """A new version begins with all that the last one says, its items and its parties; all are asked to sign again (AGR-02)."""
    held = _held(agreement, by=by)
    if held.state != AgreementState.OPEN or hasattr(held, "superseded_by"):
        raise Refused("A new version follows the newest one that is open. Nothing was drafted.")
    following = Agreement(
        partnership=held.partnership,
        version=version,
        supersedes=held,
        state=AgreementState.DRAFT,
        starts_on=timezone.localdate(),
        **{name: getattr(held, name) for name in CARRIED},
    )
    _created(following)
    following.joined_by.set(held.joined_by.all())
    AgreementItem.objects.bulk_create(
        AgreementItem(
            agreement=following,
            key=item.key,
            justification=item.justification,
            special_category=item.special_category,
        )
        for item in held.items.all()
    )
    today = timezone.localdate()
    Signature.objects.bulk_create(
        Signature(
            agreement=following,
            agency_id=party.agency_id,
            role=party.role,
            controllership=party.controllership,
            responsible=party.responsible,
        )
        for party in held.signatures.select_related("agency")
        if party.agency.is_active and (party.leaves_on is None or party.leaves_on >= today)
    )
    return following


def _created(agreement: Agreement) -> Agreement:
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError:
        raise Conflict("There is an agreement with this title and version already. Nothing was drafted.") from None
    record("agreement.drafted", agreement)
    return agreement


@transaction.atomic
def write(agreement: Agreement, fields: Mapping[str, Any], *, by: User) -> Agreement:
    """One section of a draft (AGR-01)."""
    unknown = set(fields) - WRITABLE
    if unknown:
        raise ValueError(f"not a part of a draft: {', '.join(sorted(unknown))}")
    held = _held(agreement, by=by)
    policies.check_can_change(held)
    for name, value in fields.items():
        setattr(held, name, value)
    held.save(update_fields=list(fields))
    return held


@transaction.atomic
def list_items(agreement: Agreement, items: Mapping[str, tuple[str, bool]], *, by: User) -> None:
    """The data items that may leave: key to (justification, special category); each needs its reason (AGR-01)."""
    held = _held(agreement, by=by)
    policies.check_can_change(held)
    unknown = set(items) - set(Item.values)
    if unknown or not all(why.strip() for why, _ in items.values()):
        raise Refused("Every data item needs a reason why it is needed for the purpose. Nothing was saved.")
    held.items.exclude(key__in=list(items)).delete()
    for key, (justification, special) in items.items():
        AgreementItem.objects.update_or_create(
            agreement=held, key=key, defaults={"justification": justification, "special_category": special}
        )


@transaction.atomic
def name_party(
    agreement: Agreement,
    agency: Agency,
    *,
    role: str = PartyRole.RECIPIENT,
    controllership: str = Controllership.CONTROLLER,
    responsible: str = "",
    by: User,
) -> Signature:
    """A party with its part in the sharing; also after opening, for a body that joins later (AGR-03)."""
    held = _held(agreement, by=by)
    if held.state not in (AgreementState.DRAFT, AgreementState.OPEN):
        raise Refused("This version takes no more parties. Nothing was changed.")
    party, new = Signature.objects.get_or_create(
        agreement=held,
        agency=agency,
        defaults={"role": role, "controllership": controllership, "responsible": responsible},
    )
    if not new:
        policies.check_can_change(held)
        party.role, party.controllership, party.responsible = role, controllership, responsible
        party.save(update_fields=["role", "controllership", "responsible"])
    return party


@transaction.atomic
def name_every_setting(agreement: Agreement, *, by: User) -> int:
    """Every setting of the partnership that is no party yet, as a recipient; how many (ALR-08)."""
    held = _held(agreement, by=by)
    there = set(held.signatures.values_list("agency_id", flat=True))
    missing = [setting for setting in settings_of(held.partnership).order_by("pk") if setting.pk not in there]
    for setting in missing:
        name_party(held, setting, by=by)
    return len(missing)


@transaction.atomic
def open_for_signing(agreement: Agreement, *, by: User) -> Agreement:
    """The text is fixed and its digest kept; every party is asked to sign, and told until when the old version holds (AGR-02)."""
    held = _held(agreement, by=by)
    parties = list(held.signatures.select_related("agency"))
    policies.check_can_open(held, list(held.items.values_list("key", flat=True)), parties)
    today = timezone.localdate()
    if held.supersedes is not None:
        if held.old_holds_until is None or held.old_holds_until < today:
            raise Refused("Say until when the old version holds: today or later. Nothing was changed.")
        held.supersedes.state = AgreementState.SUPERSEDED
        held.supersedes.save(update_fields=["state"])
    held.state, held.opened_at = AgreementState.OPEN, timezone.now()
    held.review_due_on = policies.first_review(held, today)
    held.text = text.text_of(held)
    held.digest = text.digest_of(held.text)
    held.save(update_fields=["state", "opened_at", "review_due_on", "text", "digest"])
    record("agreement.opened", held, facts={"digest": held.digest, "parties": len(parties)})
    _ask_members(held)
    telling.ask_to_sign(held, _agencies(parties))
    return held


def _ask_members(agreement: Agreement) -> None:
    """Each member acknowledges for themselves before first access: the undertaking joins the partnership's terms (AGR-08)."""
    if not agreement.undertaking.strip():
        return
    said = f"Under {agreement.title}, version {agreement.version} ({agreement.ref}): {agreement.undertaking.strip()}"
    for partnership in (agreement.partnership, *agreement.joined_by.all()):
        ask_for_more(partnership, said, instead_of=f"Under {agreement.title}, version ", from_day=agreement.starts_on)


@transaction.atomic
def abandon(agreement: Agreement, *, by: User) -> None:
    """A draft that is not wanted any more stays in the register as abandoned (AGR-09)."""
    held = _held(agreement, by=by)
    policies.check_can_change(held)
    held.state, held.supersedes = AgreementState.ABANDONED, None
    held.save(update_fields=["state", "supersedes"])
    record("agreement.abandoned", held)


def _agencies(parties: Iterable[Signature]) -> list[Agency]:
    return [party.agency for party in parties if party.state == SignatureState.INVITED]


def _held(agreement: Agreement, *, by: User) -> Agreement:
    """Read again for update; only an IG lead of the owner writes in it (AGR-01)."""
    held = Agreement.objects.select_for_update(of=("self",), no_key=True).get(pk=agreement.pk)
    selectors.check_owns(held, for_user=by)
    return held
