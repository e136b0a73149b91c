"""Who at an agency hears of a case: whoever holds the role there now, and nobody who is shut out of it (MRC-18, NTK-04)."""

from collections.abc import Collection, Iterable

from django.db import connection

from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.models import Membership, User
from safeguarding.errors import Refused


def not_to_be_told(
    *, child_id: int | None = None, notification_id: int | None = None, referral_id: int | None = None
) -> set[int]:
    """Everybody who is shut out of one of these: an e-mail would tell them that there is something to learn (MRC-18)."""
    with acting_as(as_dispatch("find whom not to tell")), connection.cursor() as cursor:
        cursor.execute("SELECT app.not_to_be_told_of(%s, %s, %s)", [child_id, notification_id, referral_id])
        return {row[0] for row in cursor.fetchall()}


def people_at(agency_ids: Iterable[int], roles: Iterable[str], *, shut: Collection[int] = ()) -> dict[int, list[User]]:
    """By agency, everybody who holds one of `roles` there now, without `shut`; the asker need not know them (NTK-02)."""
    found: dict[int, dict[int, User]] = {}
    with acting_as(as_dispatch("find whom to tell")):
        held = Membership.objects.filter(
            agency__in=list(agency_ids),
            role__in=list(roles),
            ended_at=None,
            user__is_active=True,
            user__is_integration=False,
        )
        for each in held.exclude(user__in=list(shut)).select_related("user").order_by("pk"):
            found.setdefault(each.agency_id, {})[each.user_id] = each.user
    return {agency: list(people.values()) for agency, people in found.items()}


def one_or_all(people: list[User], *, person_id: int | None) -> list[User]:
    """Whoever has it in hand is told alone while they are among these; everybody who could take it over otherwise (NTK-07)."""
    return [person for person in people if person.pk == person_id] or people


def check_is_heard(unheard: Iterable[str], *, does: str, then: str) -> None:
    """Nothing goes to an agency where nobody would get it (MSH-02, ALR-14, STR-01)."""
    if names := " and ".join(unheard):
        raise Refused(f"At {names} nobody {does}. {then}")
