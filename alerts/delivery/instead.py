"""Where nobody at a setting may read an alert, or is there to, it goes to the local authority instead (ALR-23, MRC-18)."""

from collections.abc import Collection, Iterable, Mapping

from django.utils import timezone

from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert
from alerts.intake.enums import Route
from alerts.intake.models import NotificationChild
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, Membership, Partnership
from safeguarding.agencies.selectors import council_of
from safeguarding.audit.record import record
from safeguarding.notifications.services import enqueue

# What the copy for the authority says as the setting's own would have.
_COPIED = (
    *("partnership_id", "controller_id", "notification_id", "child_id", "kind"),
    *("child_given_name", "child_family_name", "child_date_of_birth", "child_expected_on", "adults", "incident_on"),
    *("disclaimer", "query_contact", "origin", "incident", "due_at", "bell_at", "received_at"),
)


def attended(row: NotificationChild, partnership: Partnership) -> list[tuple[Agency, Agency | None]]:
    """Where a child's alerts go, and instead of which setting, where the hub said so at screening (ALR-04, MRC-18).

    A child who is registered at two settings has an alert at each.
    """
    council = council_of(partnership) if row.route == Route.AUTHORITY else None
    if council is not None:
        return [(council, row.setting if row.setting != council else None)]
    return [(setting, None) for setting in (row.setting, row.second_setting) if setting is not None]


def pass_to_authority(alert: Alert, roles: Collection[str], holders: Mapping[str, Collection[object]]) -> Alert | None:
    """The council's own alert, for the same child; one, however often it is asked for. Runs as dispatch.

    `roles`: by which it could be read at the setting, stand-ins and all; `holders`: who holds one, and is not shut out of it.
    """
    if not alert.setting.is_setting or any(holders.get(role) for role in roles):
        return None
    council = council_of(alert.partnership)
    if council is None:
        return None
    same = Alert.objects.filter(notification=alert.notification_id, child=alert.child_id, setting=council)
    if same.exists():
        return None
    passed = Alert(
        setting=council,
        instead_of=alert.setting,
        route=Route.AUTHORITY,
        created_at=timezone.now(),
        **{name: getattr(alert, name) for name in _COPIED},
    )
    passed.save()
    record("alert.passed_to_authority", alert, facts={"as": passed.ref})
    record("alert.prepared", passed, facts={"instead_of": alert.ref})
    enqueue("alert.send", {"alert": passed.pk})
    return passed


def without_dsl(settings: Iterable[int]) -> set[int]:
    """Which of these settings have nobody on record as Designated Safeguarding Lead; read as dispatch, one query (ALR-23)."""
    asked = set(settings)
    held = Membership.objects.filter(agency_id__in=asked, role=Role.DSL, ended_at=None)
    return asked - set(held.values_list("agency_id", flat=True))


def passed_on(alerts: Iterable[Alert]) -> dict[int, Alert]:
    """By the alert of a setting, the one that went to the authority instead; one query for a whole page (MRC-18)."""
    of_settings = {(alert.notification_id, alert.child_id, alert.setting_id): alert.pk for alert in alerts}
    found = Alert.objects.filter(notification__in={key[0] for key in of_settings}, instead_of__isnull=False)
    found = found.exclude(
        status=AlertStatus.WITHHELD
    )  # it stands in the list of withheld ones, and says instead of whom
    shown = found.select_related("setting").only(
        "ref", "status", "notification", "child", "instead_of", "setting__name"
    )
    by_key = {(each.notification_id, each.child_id, each.instead_of_id): each for each in shown}
    return {of_settings[key]: each for key, each in by_key.items() if key in of_settings}
