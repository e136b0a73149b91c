"""What a house is: who lives in it, and the rows that stand in it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils import timezone

from safeguarding.agencies.models import (
    Agency,
    CourseRequirement,
    PartnershipAgency,
    Terms,
    User,
)
from tests.factories import (
    MembershipFactory,
    World,
)

NOW = timezone.now()

DAY = dt.timedelta(days=1)
# How long an emergency opens a record here, where a partnership gives minutes: the longest run must not outlast it.
GLASS = DAY

SERVICES = ("dispatch", "matching", "setup", "relay", "door", "sealing", "keys", "watch", "guest", "unheard-of")


@dataclass
class House:
    """`people` by name, and `rows`: every walled row that was written, by model label.

    `joined` says which partnerships an agency is in now; `terms` and `requirements` what each of them asks for, `bodies` who is in it.
    """

    people: dict[str, User] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)
    joined: dict[int, set[int]] = field(default_factory=dict)
    terms: list[Terms] = field(default_factory=list)
    requirements: list[CourseRequirement] = field(default_factory=list)
    bodies: dict[int, list[PartnershipAgency]] = field(default_factory=dict)
    # "guest:" and the number of a link: whoever came by it
    guests: list[str] = field(default_factory=list)
    # by partnership: who may open a record in an emergency
    glass_roles: dict[int, list[str]] = field(default_factory=dict)
    worlds: list[World] = field(default_factory=list)

    def keep(self, row: Model) -> Any:
        self.rows.setdefault(row._meta.label, []).append(row)
        return row


def resident(agency: Agency, role: str, **fields: Any) -> User:
    return MembershipFactory(agency=agency, role=role, **fields).user
