"""The shapes in which the demo world is written down; the data is in safeguarding/demo/data/."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safeguarding.agencies.enums import AgencyKind, Role

Span = tuple[dt.date, dt.date]

# What stands before the @ of a demo person's address.
LOCAL_PARTS: dict[str, tuple[Role, ...]] = {
    "dsl": (Role.DSL,),
    "deputy": (Role.DEPUTY_DSL,),
    "head": (Role.HEAD,),
    "tutor": (Role.SETTING_STAFF,),
    "holiday": (Role.HOLIDAY_CONTACT,),
    "admin": (Role.AGENCY_ADMIN,),
    "officer": (Role.MASH_OFFICER,),
    "manager": (Role.MASH_MANAGER,),
    "ehe": (Role.EHE_OFFICER,),
    "lado": (Role.LADO,),
    "safeguarding": (Role.AUTHORITY_CONTACT,),
    "ig": (Role.IG_LEAD,),
    "coordinator": (Role.COORDINATOR,),
    "chair": (Role.CHAIR,),
    "idva": (Role.IDVA,),
    "chief": (Role.SIGNATORY,),
    "practitioner": (Role.PRACTITIONER,),
    "desk": (Role.INFORMATION_DESK,),
    "sergeant": (Role.PRACTITIONER,),
    "nurse": (Role.PRACTITIONER,),
    "caremanager": (Role.SOCIAL_CARE_MANAGER,),
    "socialworker": (Role.SOCIAL_WORKER,),
}
SETTING_PEOPLE = ("dsl", "head", "admin")


def roles_of(local: str, kind: AgencyKind) -> tuple[Role, ...]:
    """`officer` is another role at a police force than at a hub; a childminder is everybody at once."""
    if local == "officer" and kind == AgencyKind.POLICE:
        return (Role.POLICE_OFFICER,)
    if kind == AgencyKind.CHILDMINDER:
        return (Role.DSL, Role.HEAD, Role.AGENCY_ADMIN)
    return LOCAL_PARTS[local]


@dataclass(frozen=True)
class AgencyData:
    """One body; `short` is its slug in wexbourne, and what stands after the @ everywhere."""

    short: str
    name: str
    kind: AgencyKind
    people: Sequence[str]
    urn: str | None = None
    phone: str = ""
    bell_at: dt.time = dt.time(8, 45)
    # its own terms in place of the partnership's, and days on which it is closed
    terms: Sequence[Span] = ()
    inset: Sequence[dt.date] = ()


@dataclass(frozen=True)
class AgreementData:
    """An agreement and who is its party; `settings`: the education settings and the council are."""

    title: str
    version: str
    kinds: Sequence[str]
    starts_on: dt.date
    settings: bool = True
    parties: Sequence[str] = ()


@dataclass(frozen=True)
class PartnershipData:
    slug: str
    name: str
    config: Mapping[str, Any]
    terms: Sequence[tuple[str, Span]]
    agencies: Sequence[AgencyData]
    agreements: Sequence[AgreementData]
    # how long before today quay gave its notice up
    notice_days: int = 30
    # whose training lapsed: the local part and the agency
    lapsed: tuple[str, str] = ("", "")
    never_signed: str = "larch"
    withdrew: str = "quay"

    def slug_of(self, short: str) -> str:
        """Slugs are unique in the installation; wexbourne's are the bare ones (spec v1, settled questions)."""
        return short if self.slug == "wexbourne" else f"{short}-{self.slug}"

    def email_of(self, local: str, short: str) -> str:
        return f"{local}@{short}.{self.slug}.example"
