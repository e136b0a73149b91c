"""Who may do what with a notification in which state, as truth tables."""

import datetime as dt

import pytest

from alerts.intake.enums import NotificationStatus
from alerts.models import Notification
from alerts.screening import policies
from alerts.screening.enums import Decision, Rag
from safeguarding.agencies.models import Partnership, User
from safeguarding.errors import Conflict, Refused
from tests.factories import PartnershipFactory

NOW = dt.datetime(2026, 11, 20, 21, 40, tzinfo=dt.UTC)
ME, COLLEAGUE = User(pk=1, name="Priya Dunmore"), User(pk=2, name="Tamsin Okafor")
RECEIVED, SCREENED, SENT, WITHHELD, CLOSED = NotificationStatus


def a_notification(status: str = RECEIVED, holder: User | None = None, *, screens: bool = True) -> Notification:
    return Notification(
        partnership=Partnership(screens=screens),
        status=status,
        claimed_by=holder,
        claimed_at=NOW if holder else None,
    )


@pytest.mark.parametrize(
    ("status", "holder", "claim", "release", "screen"),
    [
        (RECEIVED, None, True, False, True),
        (RECEIVED, ME, True, True, True),
        (RECEIVED, COLLEAGUE, False, False, False),
        (SCREENED, None, False, False, False),
        (SCREENED, ME, False, False, False),
        (SENT, ME, False, False, False),
        (WITHHELD, ME, False, False, False),
        (CLOSED, ME, False, False, False),
        (CLOSED, COLLEAGUE, False, False, False),
    ],
)
@pytest.mark.req("MSH-01")
def test_what_a_state_and_a_claim_allow(
    status: str, holder: User | None, claim: bool, release: bool, screen: bool
) -> None:
    notification = a_notification(status, holder)
    assert policies.can_claim(notification, by=ME) is claim
    assert policies.can_release(notification, by=ME) is release
    assert policies.can_screen(notification, by=ME) is screen


def test_a_colleagues_claim_is_refused_with_her_name_and_taken_over_only_by_who_was_shown_it() -> None:
    held = a_notification(holder=COLLEAGUE)
    with pytest.raises(Conflict, match="Tamsin Okafor has claimed"):
        policies.check_can_claim(held, by=ME)
    assert policies.can_claim(held, by=ME, held_since=NOW)
    assert not policies.can_claim(held, by=ME, held_since=NOW - dt.timedelta(minutes=1))


def test_a_partnership_that_does_not_screen_has_nobody_screen_and_sends_once() -> None:
    assert not policies.can_screen(a_notification(screens=False), by=ME)
    policies.check_can_go_unscreened(a_notification(screens=False))
    with pytest.raises(Conflict):
        policies.check_can_go_unscreened(a_notification(SCREENED, screens=False))
    with pytest.raises(Refused, match="screens every notification"):
        policies.check_can_go_unscreened(a_notification())


@pytest.mark.parametrize(
    ("level", "decision", "allowed"),
    [
        (1, Decision.SEND, True),
        (1, Decision.SEND_AND_CONTACT, False),
        (1, Decision.NO_ALERT, True),
        (3, Decision.SEND, True),
        (3, Decision.SEND_AND_CONTACT, False),
        (4, Decision.SEND, False),
        (4, Decision.SEND_AND_CONTACT, True),
        (4, Decision.NO_ALERT, True),
        (5, Decision.SEND, False),
        (0, Decision.NO_ALERT, False),
    ],
)
@pytest.mark.req("ALR-11", "MSH-01")
def test_contact_goes_with_the_levels_that_the_partnership_says(level: int, decision: Decision, allowed: bool) -> None:
    assert policies.can_decide(PartnershipFactory.build(), level, decision) is allowed


@pytest.mark.req("MSH-01")
def test_the_continuum_is_the_partnerships_own() -> None:
    own = Partnership(continuum=[{"level": 2, "name": "Getting Help", "description": "", "contact": True}])
    assert policies.can_decide(own, 2, Decision.SEND_AND_CONTACT)
    with pytest.raises(Refused, match="At Getting Help the setting is contacted"):
        policies.check_can_decide(own, 2, Decision.SEND)
    assert not policies.can_decide(own, 1, Decision.SEND)


@pytest.mark.parametrize(
    ("risk", "rag", "hours"),
    [
        ("high", Rag.RED, 4),
        ("medium", Rag.AMBER, 24),
        ("", Rag.AMBER, 24),
        (None, Rag.AMBER, 24),
        ("standard", Rag.GREEN, 72),
    ],
)
@pytest.mark.req("MSH-01")
def test_the_clock_follows_the_risk(risk: str | None, rag: Rag, hours: int) -> None:
    assert policies.rag_of(risk) is rag
    assert policies.due_at(Partnership(), risk, NOW) == NOW + dt.timedelta(hours=hours)


def test_a_partnership_sets_its_own_hours() -> None:
    own = Partnership(clocks={"red": 2, "amber": 8})
    assert policies.due_at(own, "high", NOW) == NOW + dt.timedelta(hours=2)
    assert policies.due_at(own, "medium", NOW) == NOW + dt.timedelta(hours=8)
    assert policies.due_at(own, "standard", NOW) == NOW + dt.timedelta(hours=72)
