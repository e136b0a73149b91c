"""The register, who may write in it, and the gate: whether an alert may leave, by which right, and if not, why (ALR-08)."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from agreements.register import policies, text
from agreements.register.enums import AgreementState, Gateway, WithheldReason
from agreements.register.models import Agreement, AgreementItem, ReturnTask, Signature, SingleCase
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import Agency, Membership, Partnership, User
from safeguarding.agencies.selectors import partnerships_of
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref

# When several agreements are in force, the reason that is nearest to a "yes" is told.
_NEAREST_FIRST = (
    WithheldReason.NO_ITEMS,
    WithheldReason.NOT_SOURCE,
    WithheldReason.NOT_RECIPIENT,
    WithheldReason.NOT_YET,
    WithheldReason.WITHDREW,
    WithheldReason.REFUSED,
    WithheldReason.NEVER_SIGNED,
)


@dataclass(frozen=True)
class GatewayDecision:
    """Either a gateway (its agreement, and the data items that it lists), or the reason for withholding."""

    gateway: Gateway | None = None
    agreement: Agreement | None = None
    items: frozenset[str] = frozenset()
    withheld_reason: WithheldReason | None = None

    @property
    def allowed(self) -> bool:
        return self.gateway is not None


def gateway_for(
    *,
    partnership: Partnership,
    sender: Agency,
    setting: Agency,
    kind: str,
    at: dt.datetime,
    born: dt.date | None = None,
    ref: str = "",
) -> GatewayDecision:
    """Asked at the moment of sending, and again at every further try: what was true yesterday opens nothing (ALR-08).

    The home-education officer's council passes the same gate as a school: it receives as a party to the agreement (ALR-06).
    """
    if not setting.is_active:
        return GatewayDecision(withheld_reason=WithheldReason.CLOSED)
    day = timezone.localdate(at)
    refusal = WithheldReason.NO_GATEWAY
    for gateway in partnership.gateways.get(setting.kind, partnership.gateways.get("*", [])):
        if gateway == Gateway.STATUTORY_DUTY:
            if policies.duty_reaches(setting_kind=setting.kind, kind=kind, day=day, born=born):
                return GatewayDecision(gateway=Gateway.STATUTORY_DUTY, items=policies.DUTY_ITEMS)
        elif gateway == Gateway.AGREEMENT:
            found = _by_agreement(partnership, sender, setting, kind, day)
            if isinstance(found, GatewayDecision):
                return found
            refusal = found
    return _for_this_case(partnership, setting, ref) or GatewayDecision(withheld_reason=refusal)


def _for_this_case(partnership: Partnership, setting: Agency, ref: str) -> GatewayDecision | None:
    """Terms accepted for one case, or an override with its reason, open the gate for that record alone (AGR-07)."""
    case = SingleCase.objects.filter(partnership=partnership, agency=setting, ref=ref).first() if ref else None
    if case is None:
        return None
    extent = policies.DUTY_ITEMS & set(case.items) if case.items else policies.DUTY_ITEMS
    return GatewayDecision(gateway=Gateway(case.gateway), items=extent)


def _by_agreement(
    partnership: Partnership, sender: Agency, setting: Agency, kind: str, day: dt.date
) -> GatewayDecision | WithheldReason:
    """The agreement that lets the setting be told that day, newest first, and what it lists; else the reason why none does."""
    of_the_partnership = Agreement.objects.filter(Q(partnership=partnership) | Q(joined_by=partnership)).distinct()
    in_force = {
        agreement.pk: agreement
        for agreement in of_the_partnership.select_related("superseded_by").order_by("-starts_on", "-pk")
        if policies.agreement_covers(agreement, kind, day)
    }
    if not in_force:
        return WithheldReason.NO_AGREEMENT
    signatures = {
        (signature.agreement_id, signature.agency_id): signature
        for signature in Signature.objects.filter(agreement__in=list(in_force), agency__in=[sender, setting])
    }
    items: dict[int, set[str]] = defaultdict(set)
    for agreement_id, key in AgreementItem.objects.filter(agreement__in=list(in_force)).values_list("agreement", "key"):
        items[agreement_id].add(key)
    reasons = set()
    for agreement in in_force.values():
        signature = signatures.get((agreement.pk, setting.pk))
        reason = policies.why_not_in_force(signature, day)
        if reason is None and not policies.may_receive_now(signature, day):
            reason = WithheldReason.NOT_RECIPIENT
        if reason is None and not policies.may_send(signatures.get((agreement.pk, sender.pk)), day):
            reason = WithheldReason.NOT_SOURCE
        if reason is None and not policies.enough_for_an_alert(items[agreement.pk]):
            reason = WithheldReason.NO_ITEMS
        if reason is None:
            return GatewayDecision(gateway=Gateway.AGREEMENT, agreement=agreement, items=frozenset(items[agreement.pk]))
        reasons.add(reason)
    return next(reason for reason in _NEAREST_FIRST if reason in reasons)


def items_between(partnership: Partnership, sender: Agency, receiver: Agency) -> dict[int, set[str]]:
    """What the agreements in force today let one body tell the other, by agreement, newest first (AGR-01, AGR-03)."""
    day = timezone.localdate()
    of_the_partnership = Agreement.objects.filter(Q(partnership=partnership) | Q(joined_by=partnership)).distinct()
    in_force = {
        agreement.pk: agreement
        for agreement in of_the_partnership.select_related("superseded_by").order_by("-starts_on", "-pk")
        if policies.is_in_force(agreement, day)
    }
    signed = {
        (signature.agreement_id, signature.agency_id): signature
        for signature in Signature.objects.filter(agreement__in=list(in_force), agency__in=[sender, receiver])
    }
    found: dict[int, set[str]] = {
        number: set()
        for number in in_force
        if policies.may_send(signed.get((number, sender.pk)), day)
        and policies.may_receive_now(signed.get((number, receiver.pk)), day)
    }
    for number, key in AgreementItem.objects.filter(agreement__in=list(found)).values_list("agreement", "key"):
        found[number].add(key)
    return found


# ---------------------------------------------------------------- who may do what with an agreement
def check_can_draft(owner: Agency, partnership: Partnership, *, for_user: User) -> None:
    """An IG lead drafts for their own agency, in a partnership that it belongs to (AGR-01)."""
    if owner.pk not in agencies_where(for_user, "agreement"):
        raise NotVisible
    if partnership not in partnerships_of(owner):
        raise NotVisible


def check_owns(agreement: Agreement, *, for_user: User) -> None:
    """The owner's IG leads write in an agreement and look after it; nobody else does (AGR-01)."""
    if agreement.owner_id not in agencies_where(for_user, "agreement"):
        raise NotVisible


def owns(agreement: Agreement, *, for_user: User) -> bool:
    try:
        check_owns(agreement, for_user=for_user)
    except NotVisible:
        return False
    return True


def check_can_sign_for(agency: Agency, *, for_user: User) -> None:
    """A senior officer of the agency itself signs, refuses and gives notice for it (AGR-02)."""
    if agency.pk not in agencies_where(for_user, "signing"):
        raise NotVisible


def check_answers_for(agency: Agency, *, for_user: User) -> None:
    """A senior officer or IG lead of the holder confirms what became of the data (AGR-05)."""
    kinds = ("signing", "agreement")
    if not any(agency.pk in agencies_where(for_user, kind) for kind in kinds):
        raise NotVisible


def signable_by(for_user: User) -> QuerySet[Signature]:
    """The parties for which this person may sign."""
    mine = Signature.objects.filter(agency__in=agencies_where(for_user, "signing"))
    return mine.select_related("agreement", "agreement__superseded_by", "agency")


# ---------------------------------------------------------------- the register
def register(*, for_user: User) -> QuerySet[Agreement]:
    """All agreements of the partnerships that the reader's agencies belong to; open to partners, drafts to their owners (AGR-09)."""
    memberships = Membership.objects.visible_to(for_user).filter(user=for_user, ended_at=None)
    mine = Partnership.objects.filter(
        partnershipagency__agency__in=memberships.values("agency_id"), partnershipagency__left_on=None
    )
    shown = Agreement.objects.filter(Q(partnership__in=mine) | Q(joined_by__in=mine))
    draft = Q(state__in=[AgreementState.DRAFT, AgreementState.ABANDONED])
    own = Q(owner__in=agencies_where(for_user, "agreement"))
    return shown.filter(~draft | own).distinct().select_related("partnership", "owner", "superseded_by", "supersedes")


def agreement_by_ref(ref: str, *, for_user: User) -> Agreement:
    """One version; absent and another partnership's are the same (NTK-01)."""
    found = register(for_user=for_user).filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


def parties_of(agreement: Agreement) -> list[Signature]:
    """Who is a party, and who signed what and when (AGR-09)."""
    return list(agreement.signatures.select_related("agency", "agreement").order_by("agency__name", "pk"))


def return_tasks_of(for_user: User) -> QuerySet[ReturnTask]:
    """What the reader's agencies have to return or destroy after a withdrawal (AGR-05)."""
    mine = Q(holder__in=agencies_where(for_user, "signing")) | Q(holder__in=agencies_where(for_user, "agreement"))
    tasks = ReturnTask.objects.filter(mine).select_related("signature__agreement", "signature__agency", "holder")
    return tasks.order_by("due_on", "pk")


def text_now(agreement: Agreement) -> str:
    """The text that was fixed when it was opened; of a draft, what would be fixed today (AGR-02)."""
    return agreement.text or text.text_of(agreement)


def words_of(agreement: Agreement) -> list[tuple[str, list[str]]]:
    """What the agreement says, by section, for a page; the parties have a table of their own."""
    return [(title, lines) for title, lines in text.sections_of(agreement) if title != "Parties"]


def public_words_of(agreement: Agreement) -> list[tuple[str, list[str]]]:
    """The same for a copy that anybody may read: without whom to turn to at the parties (AGR-09)."""
    return [(title, lines) for title, lines in words_of(agreement) if title not in text.CONTACTS]
