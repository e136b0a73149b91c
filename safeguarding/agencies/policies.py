"""What the state of an agency allows: which roles it can give, and who may not leave it yet."""

from collections.abc import Iterable

from django.utils import timezone

from safeguarding.agencies.enums import SETTING_KINDS, AgencyKind, Role
from safeguarding.agencies.models import Agency, Invitation
from safeguarding.errors import Refused

_SETTING = (Role.DSL, Role.DEPUTY_DSL, Role.HEAD, Role.HOLIDAY_CONTACT, Role.SETTING_STAFF)
_OWN: dict[str, tuple[Role, ...]] = {
    AgencyKind.POLICE: (Role.POLICE_OFFICER, Role.PRACTITIONER),
    AgencyKind.MASH: (Role.MASH_OFFICER, Role.MASH_MANAGER, Role.PRACTITIONER),
    AgencyKind.COUNCIL: (
        Role.SOCIAL_CARE_MANAGER,
        Role.SOCIAL_WORKER,
        Role.EHE_OFFICER,
        Role.AUTHORITY_CONTACT,
        Role.LADO,
        Role.PRACTITIONER,
    ),
    AgencyKind.IDVA: (Role.IDVA, Role.PRACTITIONER),
    AgencyKind.MARAC: (Role.COORDINATOR, Role.CHAIR, Role.PRACTITIONER),
    **dict.fromkeys(SETTING_KINDS, _SETTING),
}


def roles_for(kind: str) -> tuple[Role, ...]:
    """The roles that an administrator can give at this kind of agency; a system's role is never among them (NTK-02)."""
    # at a setting the safeguarding lead answers what the hub asks
    desk = () if kind in SETTING_KINDS else (Role.INFORMATION_DESK,)
    return (*_OWN.get(kind, (Role.PRACTITIONER,)), *desk, Role.SIGNATORY, Role.IG_LEAD, Role.AGENCY_ADMIN)


def check_can_give(agency: Agency, roles: Iterable[str], *, held: Iterable[str] = ()) -> None:
    """Nobody gives a role that this kind of agency does not have; who holds one already may keep it (NTK-02)."""
    wanted = set(roles)
    if not wanted:
        raise Refused("Choose at least one role. Nothing was changed.")
    if not wanted <= {str(role) for role in roles_for(agency.kind)} | set(held):
        raise Refused(f"{agency.name} cannot give one of these roles. Nothing was changed.")


def not_given_here(agency: Agency, roles: Iterable[str]) -> list[Role]:
    """Roles that are held and could not be given again, because this kind of agency does not have them."""
    return sorted(Role(role) for role in set(roles) - {str(role) for role in roles_for(agency.kind)})


def check_can_lose_administrator(agency: Agency, *, others: int) -> None:
    """An agency is never left without anybody who can end a leaver's membership (NTK-07)."""
    if others == 0:
        raise Refused(
            f"This person is the only administrator of {agency.name}. Nothing was changed. "
            "Make somebody else an administrator first."
        )


def is_open(invitation: Invitation) -> bool:
    """An invitation works once, and until it is withdrawn or runs out (NTK-07)."""
    used = invitation.accepted_at or invitation.withdrawn_at
    return used is None and invitation.expires_at > timezone.now()
