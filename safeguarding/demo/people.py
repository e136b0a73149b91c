"""Who lives in the demo world, for the page on which a visitor chooses whom to be."""

from dataclasses import dataclass, field

from django.db.models import Q

from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import SETUP
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership, Partnership, User

DOMAIN = ".example"
MOST_AGENCIES = 60

# The people of the tour, in the order in which an alert meets them.
TOUR = (
    ("officer@police.wexbourne.example", "Sends a notification"),
    ("officer@mash.wexbourne.example", "Screens it, and settles who the child is"),
    ("dsl@meadow.wexbourne.example", "Reads the alert and acknowledges it"),
    ("manager@mash.wexbourne.example", "Sees what was opened, withheld or is overdue"),
    ("admin@meadow.wexbourne.example", "Invites colleagues and ends memberships"),
    ("deputy@thornbank.wexbourne.example", "Training has lapsed: sees what is missing, and no record"),
    ("dsl@harbour.wexbourne.example", "At the next school: sees nothing of Meadow's"),
    ("ehe@council.wexbourne.example", "Gets the alerts of children who learn at home"),
    ("lado@council.wexbourne.example", "Receives what the MASH refers about adults who work with children"),
    ("caremanager@council.wexbourne.example", "Convenes strategy discussions, chairs and records them"),
    ("ig@council.wexbourne.example", "Sees who opened what, and nothing of what it says"),
    ("head@meadow.nenevale.example", "Gets alerts without screening, in another partnership"),
)


@dataclass
class DemoPerson:
    name: str
    email: str
    roles: list[str] = field(default_factory=list)
    note: str = ""
    agency: str = ""


@dataclass
class DemoAgency:
    name: str
    kind: str
    people: list[DemoPerson] = field(default_factory=list)


@dataclass
class DemoPartnership:
    name: str
    agencies: list[DemoAgency] = field(default_factory=list)
    more: int = 0


def find(email: str) -> User | None:
    """A person of the demo world, and nobody else's account, may be entered without a password."""
    return User.objects.filter(
        email=email.lower(), email__endswith=DOMAIN, is_active=True, is_integration=False
    ).first()


def everybody(text: str = "") -> tuple[list[DemoPerson], list[DemoPartnership]]:
    """First the people of the tour, then the others by partnership and agency; `text` narrows by name of the agency."""
    with acting_as(Principal(service=SETUP, purpose="demo people")):
        return _tour(), [_of(partnership, text) for partnership in Partnership.objects.order_by("-name")]


def _tour() -> list[DemoPerson]:
    notes = dict(TOUR)
    people: dict[str, DemoPerson] = {}
    for membership in _memberships().filter(user__email__in=notes):
        _add(people, membership, note=notes[membership.user.email])
    return [people[email] for email, _ in TOUR if email in people]


def _of(partnership: Partnership, text: str) -> DemoPartnership:
    agencies = partnership.agencies.filter(partnershipagency__left_on=None).filter(
        Q(name__icontains=text) if text else Q()
    )
    shown = list(agencies.order_by("pk")[:MOST_AGENCIES])
    found = {agency.pk: DemoAgency(agency.name, agency.get_kind_display()) for agency in shown}
    people: dict[int, dict[str, DemoPerson]] = {agency.pk: {} for agency in shown}
    others = _memberships() if text else _memberships().exclude(user__email__in=dict(TOUR))
    for membership in others.filter(agency__in=shown):
        _add(people[membership.agency_id], membership)
    for pk, agency in found.items():
        agency.people = list(people[pk].values())
    inhabited = [agency for agency in found.values() if agency.people]
    return DemoPartnership(partnership.name, inhabited, max(0, agencies.count() - MOST_AGENCIES))


def _memberships():  # type: ignore[no-untyped-def]  # a queryset of a manager that mypy cannot name
    active = Membership.objects.filter(ended_at=None, user__is_active=True, user__email__endswith=DOMAIN)
    return active.select_related("user", "agency").order_by("pk")


def _add(people: dict[str, DemoPerson], membership: Membership, note: str = "") -> None:
    email = membership.user.email
    person = people.setdefault(email, DemoPerson(membership.user.name, email, note=note, agency=membership.agency.name))
    person.roles.append(str(Role(membership.role).label))
