"""Recording what is known of places and patterns (MSH-10)."""

import datetime as dt

from django.db import transaction

from alerts.intake.selectors import Sender
from alerts.intake.services import as_matching
from alerts.patterns import policies
from alerts.patterns.enums import Currency, Nature, PatternKind
from alerts.patterns.models import Pattern
from alerts.patterns.selectors import refused_today
from alerts.referrals.selectors import senders_for
from safeguarding.agencies.models import User
from safeguarding.agencies.selectors import hub_of
from safeguarding.audit.record import record
from safeguarding.children.selectors import somebody_is_called
from safeguarding.errors import NotVisible


@transaction.atomic
def record_pattern(
    *,
    sender: Sender,
    kind: PatternKind,
    place: str,
    area: str,
    what: str,
    seen_on: dt.date,
    nature: Nature,
    currency: Currency,
    by: User,
) -> Pattern:
    """A member of any partner says what they know; a text that names a child is refused, and goes to the child's record."""
    if sender not in senders_for(by):
        raise NotVisible
    policies.check_does_not_try_names(refused_today(by))
    text = f"{place}\n{what}"
    with as_matching("is a child named"):
        named = somebody_is_called(sender.partnership, policies.names_in(text))
    policies.check_names_no_child(text, on_record=named)
    pattern = Pattern.objects.create(
        partnership=sender.partnership,
        controller=hub_of(sender.partnership),
        source=sender.agency,
        made_by=by,
        kind=kind,
        place=place,
        area=area,
        what=what,
        seen_on=seen_on,
        nature=nature,
        currency=currency,
    )
    record("pattern.recorded", pattern, facts={"kind": str(kind), "area": area}, at=sender.agency.pk)
    return pattern
