"""The hub's board of what it sent, what was withheld, and what nobody has opened (ALR-08, ALR-23)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F
from django.utils import timezone

from agreements.decisions.selectors import share_decision
from agreements.register.enums import NEEDED_FOR_AN_ALERT
from alerts.delivery import policies
from alerts.delivery.enums import AlertStatus, BoardView
from alerts.delivery.instead import passed_on, without_dsl
from alerts.delivery.models import Alert
from alerts.delivery.querysets import AlertQuerySet
from alerts.intake.models import Notification
from safeguarding.access.posts import agencies_or_absent
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.enums import SETTING_KINDS
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import Shown, record, record_listing
from safeguarding.children.selectors import settings_attended
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page

if TYPE_CHECKING:
    from agreements.decisions.models import Decision

_LONGEST_HISTORY = 200
_MOST_UNSETTLED = 20
# What the board's rows show, and no more.
SHOWN_ON_THE_BOARD = (
    "ref", "kind", "status", "created_at", "sent_at", "due_at", "opened_at", "failed_at", "chased", "withheld_reason",
    "corrected_at", "recalled_at", "recalled_because", "holiday_due_at", "sent_back_at",
    "controller_id", "setting_id", "partnership_id", "notification_id", "child_id", "instead_of_id",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One alert on the board, and what somebody should do something about."""

    alert: Alert
    nobody_reads: bool
    email_failed: bool
    no_dsl: bool
    passed_on: Alert | None

    @property
    def phone_now(self) -> bool:
        return policies.has_come_to_the_hub(self.alert)


@dataclass(frozen=True)
class BoardPage:
    rows: list[Row]
    older: str | None
    is_first: bool


def hubs_of(user: User) -> list[int]:
    """The hubs in which this person looks after what was sent (NTK-02)."""
    return agencies_or_absent(user, "sent_alert")


def board(view: BoardView, *, for_user: User) -> AlertQuerySet:
    """The alerts of my hub; overdue ones are unopened after the bell (ALR-23)."""
    return _of_hubs(view, hubs_of(for_user), for_user)


def boards(views: Iterable[BoardView], *, for_user: User) -> dict[BoardView, AlertQuerySet]:
    """Several of them, and my hubs asked for once."""
    hubs = hubs_of(for_user)
    return {view: _of_hubs(view, hubs, for_user) for view in views}


def _of_hubs(view: BoardView, hubs: list[int], user: User) -> AlertQuerySet:
    # one hub by equality, so that the board's own indexes give the order
    mine = Alert.objects.filter(controller=hubs[0]) if len(hubs) == 1 else Alert.objects.filter(controller__in=hubs)
    mine = mine.not_shut_to(user)
    match view:
        case BoardView.OVERDUE:
            return mine.filter(status=AlertStatus.SENT, due_at__lte=timezone.now())
        case BoardView.HOLIDAY:
            now = timezone.now()
            return mine.filter(status=AlertStatus.SENT, due_at__gt=now, holiday_due_at__lte=now)
        case BoardView.SENT_BACK:
            return mine.filter(sent_back_at__isnull=False, recalled_at=None)
        case BoardView.WITHHELD:
            return mine.filter(status=AlertStatus.WITHHELD)
        case BoardView.SENDING:
            return mine.filter(status=AlertStatus.QUEUED)
    return mine


def board_page(view: BoardView, *, cursor: str, for_user: User) -> BoardPage:
    """One page: the longest overdue first, everything else newest first; no name of a child or adult (ALR-09)."""
    overdue = view == BoardView.OVERDUE
    page: KeysetPage = keyset_page(
        shown_on_the_board(board(view, for_user=for_user)),
        field="due_at" if overdue else "created_at",
        cursor=cursor,
        ascending=overdue,
    )
    _with_partnerships(page.rows)
    alone = nobody_reads(alert for alert in page if alert.status == AlertStatus.SENT)
    failed = with_failed_emails(page)
    no_dsl, passed = without_dsl_at(page), passed_on(page)
    rows = [
        Row(alert, alert.pk in alone, alert.pk in failed, alert.setting_id in no_dsl, passed.get(alert.pk))
        for alert in page
    ]
    return BoardPage(rows, page.older, page.is_first)


def shown_on_the_board(alerts: AlertQuerySet) -> AlertQuerySet:
    """The name of the setting alone, as `setting_name`: an agency and a partnership for each row cost more than the walls."""
    return alerts.only(*SHOWN_ON_THE_BOARD).annotate(
        setting_name=F("setting__name"), instead_name=F("instead_of__name")
    )


def _with_partnerships(alerts: list[Alert]) -> None:
    """The few partnerships once, not once for each row."""
    partnerships = Partnership.objects.in_bulk({alert.partnership_id for alert in alerts})
    for alert in alerts:
        alert.partnership = partnerships[alert.partnership_id]


def nobody_reads(alerts: Iterable[Alert]) -> set[int]:
    """Which of these nobody at the setting can read now, as the walls themselves say; one query (ALR-23, NTK-08)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked.id FROM unnest(%s::bigint[]) AS asked(id) WHERE NOT EXISTS"
            " (SELECT FROM app.alert_readers(asked.id) AS reader WHERE reader.why IN ('addressed', 'granted'))",
            [[alert.pk for alert in alerts]],
        )
        return {row[0] for row in cursor.fetchall()}


def without_dsl_at(alerts: Iterable[Alert]) -> set[int]:
    """Settings of unopened alerts that have no DSL on record: somebody phones them (ALR-23)."""
    settings = {alert.setting_id for alert in alerts if alert.status == AlertStatus.SENT and not alert.instead_of_id}
    if not settings:
        return set()
    with acting_as(as_dispatch("look for a DSL")):
        return without_dsl(Agency.objects.filter(pk__in=settings, kind__in=SETTING_KINDS).values_list("pk", flat=True))


def lacks_dsl(alert: Alert) -> bool:
    """Nobody is on record as DSL where it went: whoever reads it in their place is told so (ALR-23)."""
    if not alert.setting.is_setting:
        return False
    with acting_as(as_dispatch("look for a DSL")):
        return bool(without_dsl([alert.setting_id]))


def with_failed_emails(alerts: Iterable[Alert]) -> set[int]:
    """Which of these an e-mail could not be sent for (ALR-23)."""
    entries = AuditEntry.objects.filter(alert_id__in=[alert.pk for alert in alerts], event="email.failed")
    return set(entries.values_list("alert_id", flat=True))


def unsettled(*, for_user: User) -> list[Notification]:
    """Closed notifications of my hubs whose police content could not be deleted; references only (ALR-09)."""
    mine = Notification.objects.visible_to(for_user).filter(controller__in=hubs_of(for_user))
    failed = mine.filter(settle_failed_at__isnull=False).only("ref", "settle_failed_at").order_by("pk")
    return list(failed[:_MOST_UNSETTLED])


def remember_board(page: BoardPage) -> None:
    alerts = [row.alert for row in page.rows]
    record_listing("alert.listed", [Shown(alert.ref, alert.controller_id, alert.controller_id) for alert in alerts])


def sent_alert(ref: str, *, for_user: User) -> Alert:
    """One alert of my hub; absent and another's are the same (NTK-01, NTK-02)."""
    mine = board(BoardView.ALL, for_user=for_user).filter(ref=normalise_ref(ref) or "")
    found = mine.select_related(
        "crypto_key",
        "setting",
        "controller",
        "partnership",
        "notification",
        "follows",
        "agreement",
        "instead_of",
        "opened_by",
        "acknowledged_by",
        "sent_back_by",
    ).first()
    if found is None:
        raise NotVisible
    return found


def where_else(alert: Alert) -> list[Agency]:
    """Other settings that the child attends by our record, to choose from (ALR-03)."""
    attended = settings_attended([alert.child_id]).get(alert.child_id, [])
    return [setting for setting in attended if setting.pk != alert.setting_id]


def decision_to_let_leave(alert: Alert) -> "Decision":
    """A withheld alert that leaves all the same is a disclosure like any other: the hub has decided it (SHR-02)."""
    return share_decision(alert.ref, to=alert.setting, items=NEEDED_FOR_AN_ALERT, by=alert.controller)


def remember_look(alert: Alert) -> None:
    record("alert.checked", alert)


def history(alert: Alert) -> list[AuditEntry]:
    """What happened to an alert of my hub, newest first; the wall lets those read it who may see the alert (AUD-01)."""
    entries = AuditEntry.objects.filter(alert_id=alert.pk).exclude(event="alert.checked")
    return list(entries.select_related("actor").order_by("-timestamp", "-pk")[:_LONGEST_HISTORY])
