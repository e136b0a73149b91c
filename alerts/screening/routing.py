"""An adult who is named may be on the staff of the child's setting: the hub looks, and says who is told instead (MRC-18)."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from alerts.intake.content import PoliceNotification
from alerts.intake.enums import Route
from alerts.intake.models import Notification, NotificationChild
from alerts.screening import policies
from alerts.screening.services import locked
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership, User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.governance.rules import family_names


def alike_at_settings(notification: Notification, rows: Sequence[NotificationChild]) -> Mapping[int, Sequence[Role]]:
    """By place of the child: the roles at its settings whose holders have the family name of an adult who is named.

    One query, whatever there is; compared in memory, and kept nowhere (AUD-06, MRC-18).
    """
    if notification.content is None:
        return {}
    content = PoliceNotification.from_json(notification.content)
    names = {name for person in content.people if not person.is_child for name in family_names(person.name)}
    attended = {row.position: {at for at in (row.setting_id, row.second_setting_id) if at is not None} for row in rows}
    settings = set[int]().union(*attended.values())
    with acting_as(as_dispatch("compare family names")):
        held = Membership.objects.filter(
            agency_id__in=settings, role__in=list(AUDIENCE_BITS), ended_at=None, user__is_active=True
        )
        alike = [(each.agency_id, Role(each.role)) for each in held.select_related("user").order_by("pk")
                 if names & set(family_names(each.user.name))]  # fmt: skip
    found = {row.position: [role for at, role in alike if at in attended[row.position]] for row in rows}
    return {position: list(dict.fromkeys(roles)) for position, roles in found.items() if roles}


def child_to_route(notification: Notification, position: int, *, for_user: User) -> NotificationChild:
    """A child that the police name now, with a setting, before it is decided; absent and decided are the same (MRC-18)."""
    rows = NotificationChild.objects.visible_to(for_user).filter(notification=notification, position=position)
    row = rows.filter(generation=notification.generation).select_related("setting").first()
    if row is None or row.setting is None or not row.setting.is_setting or policies.is_decided(notification):
        raise NotVisible
    return row


@transaction.atomic
def route(notification: Notification, *, position: int, to: Route, by: User) -> NotificationChild:
    """Who at this child's setting is told; whoever looked at the notification before reads it again before deciding (MRC-18)."""
    held = locked(notification, by=by)
    policies.check_can_route(held, by=by)
    row = child_to_route(held, position, for_user=by)
    if row.route == to:
        return row
    row.route = to
    row.save(update_fields=["route"])
    held.version += 1
    held.save(update_fields=["version"])
    record("notification.routed", held, facts={"child": position, "route": to})
    return row
