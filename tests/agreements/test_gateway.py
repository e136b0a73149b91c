"""The gate's truth table: who may be told, by which right, on which day, and why not (ALR-08)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from agreements.models import Signature
from agreements.register.enums import Gateway, PartyRole, SignatureState, WithheldReason
from agreements.register.policies import why_not_in_force
from agreements.register.selectors import GatewayDecision, gateway_for
from safeguarding.agencies.enums import SETTING_KINDS, AgencyKind
from safeguarding.agencies.models import Agency, Partnership
from tests.factories import ALERT_ITEMS, AgencyFactory, AgreementFactory, PartnershipFactory, SignatureFactory
from tests.support.db import fixtures

LONDON = ZoneInfo("Europe/London")
DAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=LONDON)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)
LONG_AGO = dt.date(2025, 1, 1)
CHILD, ADULT = dt.date(2016, 5, 4), dt.date(2008, 11, 20)

S, W = SignatureState, WithheldReason
SIGNATURES = [
    ({"state": S.SIGNED, "signed_on": LONG_AGO}, None),
    ({"state": S.SIGNED, "signed_on": DAY}, None),
    ({"state": S.SIGNED, "signed_on": AFTER}, W.NOT_YET),
    ({"state": S.SIGNED, "signed_on": LONG_AGO, "leaves_on": BEFORE}, W.WITHDREW),
    ({"state": S.WITHDRAWN, "signed_on": LONG_AGO, "leaves_on": AFTER}, None),
    ({"state": S.WITHDRAWN, "signed_on": LONG_AGO, "leaves_on": DAY}, None),
    ({"state": S.WITHDRAWN, "signed_on": LONG_AGO, "leaves_on": BEFORE}, W.WITHDREW),
    ({"state": S.WITHDRAWN, "signed_on": None, "leaves_on": BEFORE}, W.WITHDREW),
    ({"state": S.WITHDRAWN, "signed_on": None, "leaves_on": AFTER}, W.NEVER_SIGNED),
    ({"state": S.WITHDRAWN, "signed_on": AFTER, "leaves_on": AFTER}, W.NOT_YET),
    ({"state": S.INVITED}, W.NEVER_SIGNED),
    ({"state": S.REFUSED}, W.REFUSED),
    (None, W.NEVER_SIGNED),
]


@pytest.mark.req("ALR-08")
@pytest.mark.parametrize(("fields", "reason"), SIGNATURES)
def test_a_signature_on_a_day(fields: dict | None, reason: WithheldReason | None) -> None:
    signature = None if fields is None else Signature(**fields)
    assert why_not_in_force(signature, DAY) == reason


def ask(
    partnership: Partnership,
    setting: Agency,
    kind: str = "domestic_abuse",
    at: dt.datetime = NOON,
    born: dt.date | None = CHILD,
) -> GatewayDecision:
    """As the partnership's hub asks, which signed every agreement long ago."""
    with fixtures():
        hub = AgencyFactory(kind=AgencyKind.MASH, partnership=partnership)
        for agreement in partnership.agreements.all():
            SignatureFactory(agreement=agreement, agency=hub, role=PartyRole.BOTH)
    return gateway_for(partnership=partnership, sender=hub, setting=setting, kind=kind, at=at, born=born)


@pytest.mark.req("ALR-08")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("agreement", "allowed"),
    [
        ({}, True),
        ({"starts_on": DAY, "ends_on": DAY}, True),
        ({"starts_on": AFTER}, False),
        ({"ends_on": BEFORE}, False),
        ({"kinds": ["missing_episode"]}, False),
        ({"kinds": []}, False),
    ],
)
def test_the_agreement_must_be_in_force_for_this_kind(agreement: dict, allowed: bool) -> None:
    with fixtures():
        partnership = PartnershipFactory()
        signature = SignatureFactory(
            agreement=AgreementFactory(partnership=partnership, **agreement), agency__partnership=partnership
        )
    decision = ask(partnership, signature.agency)
    if allowed:
        assert decision == GatewayDecision(
            gateway=Gateway.AGREEMENT, agreement=signature.agreement, items=frozenset(ALERT_ITEMS)
        )
    else:
        assert decision == GatewayDecision(withheld_reason=W.NO_AGREEMENT)


@pytest.mark.req("ALR-08")
@pytest.mark.django_db
def test_another_partnerships_agreement_opens_nothing() -> None:
    with fixtures():
        here, there = PartnershipFactory(), PartnershipFactory()
        setting = AgencyFactory(partnership=here)
        SignatureFactory(agreement=AgreementFactory(partnership=there), agency=setting)
        AgreementFactory(partnership=here)
    assert ask(there, setting).allowed
    assert ask(here, setting).withheld_reason == W.NEVER_SIGNED


@pytest.mark.req("ALR-08")
@pytest.mark.django_db
def test_one_signature_in_force_is_enough_and_the_nearest_reason_is_told() -> None:
    with fixtures():
        partnership = PartnershipFactory()
        setting, late, refuser = (AgencyFactory(partnership=partnership) for _ in range(3))
        old, new = (AgreementFactory(partnership=partnership, starts_on=dt.date(year, 1, 1)) for year in (2024, 2026))
        SignatureFactory(agreement=old, agency=setting)
        SignatureFactory(agreement=new, agency=setting, state=S.WITHDRAWN, leaves_on=BEFORE)
        SignatureFactory(agreement=old, agency=late, state=S.WITHDRAWN, leaves_on=BEFORE)
        SignatureFactory(agreement=new, agency=late, signed_on=AFTER)
        SignatureFactory(agreement=new, agency=refuser, state=S.REFUSED)
    assert ask(partnership, setting).agreement == old
    assert ask(partnership, late).withheld_reason == W.NOT_YET
    assert ask(partnership, refuser).withheld_reason == W.REFUSED


DUTY = [
    *(
        (kind, "domestic_abuse", NOON, CHILD, kind not in {"nursery", "pre_school", "childminder", "childrens_centre"})
        for kind in SETTING_KINDS
    ),
    (AgencyKind.COUNCIL, "domestic_abuse", NOON, CHILD, False),
    (AgencyKind.SCHOOL, "missing_episode", NOON, CHILD, False),
    (AgencyKind.SCHOOL, "domestic_abuse", NOON, None, True),
    (AgencyKind.SCHOOL, "domestic_abuse", NOON, ADULT, False),
    (AgencyKind.SCHOOL, "domestic_abuse", NOON, ADULT + dt.timedelta(days=1), True),
    (AgencyKind.SCHOOL, "domestic_abuse", dt.datetime(2025, 11, 6, 23, 59, tzinfo=LONDON), CHILD, False),
    (AgencyKind.SCHOOL, "domestic_abuse", dt.datetime(2025, 11, 7, 0, 0, tzinfo=LONDON), CHILD, True),
]


@pytest.mark.req("ALR-08")
@pytest.mark.django_db
@pytest.mark.parametrize(("setting_kind", "kind", "at", "born", "allowed"), DUTY)
def test_the_statutory_duty_reaches_so_far(
    setting_kind: str, kind: str, at: dt.datetime, born: dt.date | None, allowed: bool
) -> None:
    with fixtures():
        partnership = PartnershipFactory(gateways={"*": ["statutory_duty"]})
        setting = AgencyFactory(partnership=partnership, kind=setting_kind)
    decision = ask(partnership, setting, kind, at, born)
    assert decision.gateway == (Gateway.STATUTORY_DUTY if allowed else None)
    assert decision.withheld_reason == (None if allowed else W.NO_GATEWAY)
    assert decision.agreement is None


@pytest.mark.req("ALR-08")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("gateways", "signed", "expected"),
    [
        ({"*": ["agreement"]}, True, Gateway.AGREEMENT),
        ({"*": ["agreement"]}, False, W.NEVER_SIGNED),
        ({"*": ["agreement", "statutory_duty"]}, True, Gateway.AGREEMENT),
        ({"*": ["agreement", "statutory_duty"]}, False, Gateway.STATUTORY_DUTY),
        ({"*": ["statutory_duty", "agreement"]}, True, Gateway.STATUTORY_DUTY),
        ({"school": ["statutory_duty"], "*": ["agreement"]}, False, Gateway.STATUTORY_DUTY),
        ({"college": ["statutory_duty"], "*": ["agreement"]}, False, W.NEVER_SIGNED),
        ({"school": [], "*": ["agreement"]}, True, W.NO_GATEWAY),
        ({}, True, W.NO_GATEWAY),
    ],
)
def test_the_partnership_chooses_the_gateways(gateways: dict, signed: bool, expected: str) -> None:
    with fixtures():
        partnership = PartnershipFactory(gateways=gateways)
        setting = AgencyFactory(partnership=partnership)
        agreement = AgreementFactory(partnership=partnership)
        if signed:
            SignatureFactory(agreement=agreement, agency=setting)
    decision = ask(partnership, setting)
    assert (decision.gateway or decision.withheld_reason) == expected
    assert decision.allowed == (decision.withheld_reason is None)


@pytest.mark.req("ALR-06", "ALR-08")
@pytest.mark.django_db
@pytest.mark.parametrize("signed", [True, False])
def test_the_council_of_a_child_educated_at_home_is_a_party_like_any_other(signed: bool) -> None:
    with fixtures():
        partnership = PartnershipFactory(gateways={"*": ["agreement", "statutory_duty"]})
        council = AgencyFactory(partnership=partnership, kind=AgencyKind.COUNCIL)
        agreement = AgreementFactory(partnership=partnership)
        if signed:
            SignatureFactory(agreement=agreement, agency=council)
    decision = ask(partnership, council)
    assert decision.allowed == signed
    assert decision.withheld_reason == (None if signed else W.NEVER_SIGNED)


@pytest.mark.req("ALR-08")
@pytest.mark.django_db
def test_a_closed_setting_is_told_nothing_whatever_was_signed() -> None:
    with fixtures():
        partnership = PartnershipFactory(gateways={"*": ["agreement", "statutory_duty"]})
        setting = AgencyFactory(partnership=partnership, is_active=False)
        SignatureFactory(agreement=AgreementFactory(partnership=partnership), agency=setting)
    assert ask(partnership, setting).withheld_reason == W.CLOSED


@pytest.mark.req("ALR-08")
@pytest.mark.django_db
def test_the_day_is_londons() -> None:
    """In summer London's day begins an hour before Greenwich's."""
    with fixtures():
        partnership = PartnershipFactory()
        setting = AgencyFactory(partnership=partnership)
        SignatureFactory(
            agreement=AgreementFactory(partnership=partnership), agency=setting, signed_on=dt.date(2026, 7, 2)
        )
    eve = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    assert ask(partnership, setting, at=eve).allowed
    assert ask(partnership, setting, at=eve - dt.timedelta(hours=1)).withheld_reason == W.NOT_YET
