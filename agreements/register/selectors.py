"""The gate: whether an alert may leave, by which right, and if not, why (ALR-08)."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from agreements.register import policies
from agreements.register.enums import Gateway, WithheldReason
from agreements.register.models import Agreement, Signature
from safeguarding.agencies.models import Agency, Partnership

# When several agreements are in force, the reason that is nearest to a "yes" is told.
_NEAREST_FIRST = (
    WithheldReason.NOT_YET,
    WithheldReason.WITHDREW,
    WithheldReason.REFUSED,
    WithheldReason.NEVER_SIGNED,
)


@dataclass(frozen=True)
class GatewayDecision:
    """Either a gateway (and its agreement), or the reason for withholding."""

    gateway: Gateway | None = None
    agreement: Agreement | None = None
    withheld_reason: WithheldReason | None = None

    @property
    def allowed(self) -> bool:
        return self.gateway is not None


def gateway_for(
    *, partnership: Partnership, setting: Agency, kind: str, at: dt.datetime, born: dt.date | None = None
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
                return GatewayDecision(gateway=Gateway.STATUTORY_DUTY)
        elif gateway == Gateway.AGREEMENT:
            found = _by_agreement(partnership, setting, kind, day)
            if isinstance(found, Agreement):
                return GatewayDecision(gateway=Gateway.AGREEMENT, agreement=found)
            refusal = found
    return GatewayDecision(withheld_reason=refusal)


def _by_agreement(partnership: Partnership, setting: Agency, kind: str, day: dt.date) -> Agreement | WithheldReason:
    """The agreement that lets the setting be told that day, newest first; else the reason why none does."""
    in_force = {
        agreement.pk: agreement
        for agreement in Agreement.objects.filter(partnership=partnership).order_by("-starts_on", "-pk")
        if policies.agreement_covers(agreement, kind, day)
    }
    if not in_force:
        return WithheldReason.NO_AGREEMENT
    signatures = {
        signature.agreement_id: signature
        for signature in Signature.objects.filter(agreement__in=list(in_force), agency=setting)
    }
    reasons = set()
    for agreement in in_force.values():
        reason = policies.why_not_in_force(signatures.get(agreement.pk), day)
        if reason is None:
            return agreement
        reasons.add(reason)
    return next(reason for reason in _NEAREST_FIRST if reason in reasons)
