"""Alerts are prepared, pass the gate or are withheld, and the police content goes (ALR-04 to ALR-10)."""

import datetime as dt

from django.db import connection, transaction
from django.utils import timezone

from agreements.register.enums import Gateway
from agreements.register.life import allow_single_case
from agreements.register.selectors import GatewayDecision, gateway_for
from alerts.delivery import messages, policies, selectors
from alerts.delivery.enums import AlertStatus
from alerts.delivery.instead import attended, pass_to_authority, without_dsl
from alerts.delivery.models import Alert
from alerts.delivery.querysets import AlertQuerySet
from alerts.files.services import file_alert
from alerts.intake.content import PoliceNotification
from alerts.intake.enums import ChildState, NotificationStatus
from alerts.intake.models import Notification
from alerts.states import NOTIFICATION
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.access.posts import agencies_where
from safeguarding.access.principal import acting_as, as_dispatch, current
from safeguarding.agencies.calendars import LONDON, SchoolCalendar, calendar_of
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Agency, Membership, Partnership, User
from safeguarding.agencies.selectors import members_of
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, NotVisible
from safeguarding.notifications.services import enqueue
from safeguarding.refs import normalise_ref


@transaction.atomic
def prepare_alerts(notification: Notification, *, by: User | None) -> list[Alert]:
    """One alert for each settled child and its setting, and the promise to send it; asked again it adds what is new (ALR-04).

    `by` decided it; where nobody did, or a service stands in for a person, dispatch prepares.
    """
    principal = current() if by is not None and current().user_id == by.pk else as_dispatch("prepare alerts")
    with acting_as(principal):
        held = _for_update(notification)
        if held.purged_at is not None or held.content is None:
            raise Conflict(
                "The police content of this notification has been deleted. Nothing more can be sent from it."
            )
        there = set(Alert.objects.filter(notification=held).values_list("child_id", "setting_id"))
        wanted = [alert for alert in alerts_wanted(held) if (alert.child_id, alert.setting_id) not in there]
        alerts = Alert.objects.bulk_create(wanted)
        for alert in alerts:
            record("alert.prepared", alert, facts={"notification": held.ref})
            enqueue("alert.send", {"alert": alert.pk})
        if not alerts and not Alert.objects.filter(notification=held, status=AlertStatus.QUEUED).exists():
            enqueue("notification.settle", {"notification": held.pk})
    return alerts


def _for_update(notification: Notification) -> Notification:
    return (
        Notification.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partnership", "source", "crypto_key")
        .get(pk=notification.pk)
    )


def alerts_wanted(notification: Notification) -> list[Alert]:
    """Exactly ALR-04's fields out of the envelope, and the partnership's own words; nothing of the incident (ALR-05, ALR-10).

    For each settled child and each setting it attends; due before the bell of the setting's next school day (ALR-23).
    """
    children = notification.children.filter(state=ChildState.SETTLED).order_by("position")
    rows = list(children.select_related("setting", "second_setting", "child"))
    assert notification.content is not None
    content = PoliceNotification.from_json(notification.content)
    partnership, now = notification.partnership, timezone.now()
    contacts = partnership.query_contacts
    origin = _origin(notification)
    alerts = []
    for row, setting, instead_of in [(each, *where) for each in rows for where in attended(each, partnership)]:
        assert row.child is not None
        person = content.people[row.position]
        calendar = calendar_for(setting, partnership=partnership)
        alerts.append(
            Alert(
                partnership=partnership,
                controller_id=notification.controller_id,
                notification=notification,
                child=row.child,
                setting=setting,
                instead_of=instead_of,
                route=row.route,
                kind=notification.kind,
                child_given_name=person.given_name,
                child_family_name=person.family_name,
                child_date_of_birth=person.date_of_birth,
                child_expected_on=person.expected_on,
                adults=content.named_adults,
                incident_on=notification.occurred_at.astimezone(LONDON).date(),
                disclaimer=partnership.disclaimer,
                query_contact=contacts.get(notification.kind) or contacts.get("*") or {},
                origin=origin,
                incident=notification.incident,
                created_at=now,
                due_at=calendar.next_bell(now),
                bell_at=calendar.next_bell(notification.occurred_at),
                received_at=notification.received_at,
            )
        )
    return alerts


def calendar_for(setting: Agency, *, partnership: Partnership) -> SchoolCalendar:
    """A setting's school days; a council's home-education officer works through the school holidays (ALR-06, ALR-23)."""
    if setting.is_setting:
        return calendar_of(setting, partnership)
    return SchoolCalendar(bell_at=setting.bell_at, terms=(), closures=())


def holiday_due(alert: Alert, *, calendar: SchoolCalendar, now: dt.datetime) -> dt.datetime | None:
    """In the holidays, by when the contact should have opened it: the bell's hour on the next working day (ALR-07, ALR-23)."""
    told = bool(alert.audience & AUDIENCE_BITS[Role.HOLIDAY_CONTACT])
    return calendar.next_working_bell(now) if told and calendar.on_holiday(now) else None


def _origin(notification: Notification) -> str:
    """The police force whose report it is and stays, also when the hub typed it in (ALR-10)."""
    if notification.source.kind != AgencyKind.POLICE:
        force = members_of(notification.partnership).filter(kind=AgencyKind.POLICE).order_by("pk").first()
        if force is not None:
            return force.name
    return notification.source.name


@transaction.atomic
def send(alert_id: int) -> None:
    """The gate is asked now, whatever it said before; sent or withheld, once (ALR-08). Runs as dispatch."""
    alert = alert_for_update(alert_id)
    if alert is None or alert.status != AlertStatus.QUEUED:
        return
    _pass_the_gate(alert, timezone.now())
    settle(alert.notification)


def alert_for_update(alert_id: int) -> Alert | None:
    return (
        Alert.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partnership", "setting", "controller", "crypto_key", "notification")
        .filter(pk=alert_id)
        .first()
    )


def gate_for(alert: Alert, *, at: dt.datetime) -> GatewayDecision:
    """Whether the setting may be told now, and of what (ALR-08)."""
    return gateway_for(
        partnership=alert.partnership,
        sender=alert.controller,
        setting=alert.setting,
        kind=alert.kind,
        at=at,
        born=alert.child_date_of_birth,
        ref=alert.ref,
    )


def _pass_the_gate(alert: Alert, now: dt.datetime) -> None:
    decision = gate_for(alert, at=now)
    alert.failed_at = None
    if decision.allowed:
        _deliver(alert, decision, now)
    else:
        _withhold(alert, decision, now)


def _deliver(alert: Alert, decision: GatewayDecision, now: dt.datetime) -> None:
    """To the roles that the partnership names, holiday contact and stand-ins where needed (ALR-04, ALR-06, ALR-07)."""
    calendar = calendar_for(alert.setting, partnership=alert.partnership)
    holders = messages.holders_for(alert)
    on_holiday = calendar.on_holiday(now)
    named = policies.roles_addressed(alert.partnership, alert.setting, on_holiday=on_holiday, route=alert.route)
    roles = _roles_that_can_read(alert, named, holders)
    if alert.status == AlertStatus.WITHHELD:
        alert.due_at = calendar.next_bell(now)
    alert.status, alert.sent_at = AlertStatus.SENT, now
    alert.audience = policies.audience_of(roles)
    alert.gateway, alert.agreement = decision.gateway or "", decision.agreement
    alert.withheld_reason, alert.withheld_at = "", None
    policies.keep_only(alert, decision.items)
    alert.holiday_due_at = holiday_due(alert, calendar=calendar, now=now)
    alert.chased, alert.next_chase_at = 0, policies.chase_time(alert)
    alert.save(update_fields=_DELIVERED)
    readers = messages.tell(alert, holders, roles, template=messages.SENT, occasion="sent")
    record(
        "alert.sent",
        alert,
        facts={
            "gateway": alert.gateway,
            "agreement": alert.agreement_id,
            "items": alert.items,
            "roles": sorted(roles),
            "people": readers,
            "due_at": alert.due_at.isoformat(),
        },
    )
    file_alert(alert)
    pass_to_authority(alert, roles, holders)


def address_anew(alert: Alert, *, occasion: str) -> None:
    """Somebody addressed was shut out: who stands in is addressed and told now, so that nobody waits (ALR-23, MRC-18).

    Runs as dispatch. When nobody is left at the setting it goes to the local authority, and the hub's board says so.
    """
    held = alert_for_update(alert.pk)
    assert held is not None
    holders = messages.holders_for(held)
    addressed = set(policies.roles_of(held.audience))
    roles = _roles_that_can_read(held, {str(role) for role in addressed}, holders)
    if new := roles - addressed:
        held.audience = policies.audience_of(roles)
        held.save(update_fields=["audience"])
        people = messages.tell(held, holders, new, template=messages.PASSED_ON, occasion=occasion)
        record("alert.escalated", held, facts={"to": sorted(new)[0], "people": people})
    pass_to_authority(held, roles, holders)


def _roles_that_can_read(alert: Alert, roles: set[str], holders: messages.Holders) -> set[str]:
    open_now = messages.roles_that_open(alert.setting, holders)
    has_dsl = alert.setting.pk not in without_dsl([alert.setting.pk])
    return policies.roles_that_can_read(roles, alert.setting, open_now, route=alert.route, has_dsl=has_dsl)


_DELIVERED = [
    *("status", "sent_at", "audience", "gateway", "agreement", "withheld_reason", "withheld_at"),
    *("failed_at", "due_at", "holiday_due_at", "chased", "next_chase_at"),
    *("items", "child_date_of_birth", "child_expected_on", "adults", "incident_on", "bell_at"),
]


def _withhold(alert: Alert, decision: GatewayDecision, now: dt.datetime) -> None:
    """Kept back, with the reason; the hub sees it and may try again (ALR-08)."""
    alert.status, alert.withheld_at = AlertStatus.WITHHELD, now
    alert.withheld_reason = decision.withheld_reason or ""
    alert.save(update_fields=["status", "withheld_at", "withheld_reason", "failed_at"])
    record("alert.withheld", alert, facts={"reason": alert.withheld_reason})


@transaction.atomic
def retry_withheld(alert: Alert, *, by: User) -> Alert:
    """A person of the hub asks the gate again: at once for a withheld alert, by the queue for one whose sending failed (ALR-08)."""
    mine = Alert.objects.visible_to(by).filter(controller__in=agencies_where(by, "sent_alert"), pk=alert.pk)
    if not mine.exists() or (held := alert_for_update(alert.pk)) is None:
        raise NotVisible
    policies.check_can_try_again(held)
    record("alert.retried", held)
    if held.status == AlertStatus.QUEUED:
        held.failed_at = None
        held.save(update_fields=["failed_at"])
        enqueue("alert.send", {"alert": held.pk})
        return held
    with acting_as(as_dispatch("retry withheld")):
        _pass_the_gate(held, timezone.now())
        settle(held.notification)
    return held


@transaction.atomic
def let_leave_once(
    alert: Alert, *, gateway: str, reason: str, accepted_by: str = "", post: str = "", by: User
) -> Alert:
    """A withheld alert leaves once by terms accepted for the case, or by a reasoned override, where the partnership allows it (AGR-07).

    Somebody has decided to share it before, and no more leaves than that decision covers (SHR-02).
    """
    if (held := alert_for_update(alert.pk)) is None or gateway not in exceptions_open_to(held, for_user=by):
        raise NotVisible
    policies.check_can_let_leave(held)
    decision = selectors.decision_to_let_leave(held)
    allow_single_case(
        partnership=held.partnership,
        agency=held.setting,
        ref=held.ref,
        gateway=gateway,
        reason=reason,
        accepted_by=accepted_by,
        post=post,
        items=decision.items,
        by=by,
    )
    return retry_withheld(held, by=by)


def exceptions_open_to(alert: Alert, *, for_user: User) -> list[str]:
    """By which exceptions this person may let the alert leave: the partnership names the roles (AGR-07)."""
    roles = Membership.objects.filter(user=for_user, agency_id=alert.controller_id, ended_at=None)
    held = set(roles.values_list("role", flat=True))
    allowed = alert.partnership.exceptions
    return [gateway for gateway in (Gateway.SINGLE_CASE, Gateway.OVERRIDE) if held & set(allowed.get(gateway, []))]


@transaction.atomic
def sending_gave_up(alert: int) -> None:
    """The machine has tried often enough: the hub sees it on its board and may try again (ALR-23). Runs as dispatch."""
    stuck = alert_for_update(alert)
    if stuck is None or stuck.status != AlertStatus.QUEUED:
        return
    stuck.failed_at = timezone.now()
    stuck.save(update_fields=["failed_at"])
    record("alert.failed", stuck, outcome="failed")


@transaction.atomic
def settle(notification: Notification) -> None:
    """When no alert is under way and no child waits: sent or withheld, and the police content is deleted (ALR-09).

    What stays says that an alert was sent, to which setting, when.
    """
    with acting_as(as_dispatch("settle")):
        held = _for_update(notification)
        closed = held.status == NotificationStatus.CLOSED
        alerts = Alert.objects.filter(notification=held)
        if held.status == NotificationStatus.RECEIVED or alerts.filter(status=AlertStatus.QUEUED).exists():
            return
        if not closed and held.children.filter(state=ChildState.WAITING).exists():
            return
        if not closed:
            _close_accounts(held, alerts)
        if held.purged_at is None:
            _purge(held)


@transaction.atomic
def settling_gave_up(notification: int) -> None:
    """Police content that the machine could not delete is shown to the hub, which may try again (ALR-09). Runs as dispatch."""
    held = _for_update(Notification(pk=notification))
    if held.purged_at is not None:
        return
    held.settle_failed_at = timezone.now()
    held.save(update_fields=["settle_failed_at"])
    record("notification.settle_failed", held, outcome="failed")


@transaction.atomic
def retry_settle(ref: str, *, by: User) -> Notification:
    """A person of the hub has the content of a notification deleted after all (ALR-09)."""
    mine = Notification.objects.visible_to(by).filter(controller__in=agencies_where(by, "sent_alert"))
    found = mine.select_for_update(of=("self",)).filter(ref=normalise_ref(ref), settle_failed_at__isnull=False).first()
    if found is None:
        raise NotVisible
    found.settle_failed_at = None
    found.save(update_fields=["settle_failed_at"])
    record("notification.settle_retried", found)
    enqueue("notification.settle", {"notification": found.pk})
    return found


def _close_accounts(notification: Notification, alerts: AlertQuerySet) -> None:
    """Sent when one left, withheld when all are kept back, closed when there is nobody to tell; the first time stays."""
    status, field = NotificationStatus.CLOSED, "closed_at"
    if alerts.at_the_setting().exists():
        status, field = NotificationStatus.SENT, "sent_at"
    elif alerts.filter(status=AlertStatus.WITHHELD).exists():
        status, field = NotificationStatus.WITHHELD, "withheld_at"
    if status not in NOTIFICATION[NotificationStatus(notification.status)]:
        return
    notification.status = status
    setattr(notification, field, getattr(notification, field) or timezone.now())
    notification.save(update_fields=["status", field])


def _purge(notification: Notification) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.purge_notification(%s)", [notification.pk])
    record("notification.purged", notification)
