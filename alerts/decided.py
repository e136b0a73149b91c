"""What can be decided about here: alerts and notifications, for the hub, for the setting and for the force (SHR-02)."""

from agreements.decisions import subjects
from agreements.decisions.enums import Basis, Duty, Purpose
from agreements.decisions.subjects import Subject
from agreements.register.enums import IN_AN_ALERT, Gateway
from alerts.conversations import disclosing
from alerts.conversations.models import Conversation
from alerts.delivery.models import Alert
from alerts.intake.content import IN_A_NOTIFICATION
from alerts.intake.enums import NotificationKind
from alerts.intake.models import Notification
from alerts.lado import selectors as lado
from alerts.lado.models import AdultConcern
from alerts.readers.services import stop_access
from alerts.requests import selectors as requests
from alerts.requests.models import InformationRequest, Package
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.enums import SETTING_KINDS
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.agencies.selectors import members_of
from safeguarding.errors import NotVisible


def bodies_of(partnership: Partnership, without: Agency) -> list[Agency]:
    """The bodies of the partnership that are no settings; a setting is told by an alert, or found by its own page."""
    others = members_of(partnership).exclude(kind__in=SETTING_KINDS).exclude(pk=without.pk)
    return list(others.order_by("name", "pk")[:_MOST_BODIES])


_MOST_BODIES = 30


def alert(ref: str, user: User) -> Subject:
    """For the hub that sent it, or for the setting whose people it is addressed to; nobody else passes it on (NTK-02)."""
    found = (
        Alert.objects.visible_to(user).select_related("partnership", "controller", "setting").filter(ref=ref).first()
    )
    if found is None:
        raise NotVisible
    hub = found.controller_id in agencies_where(user, "sent_alert")
    if not hub and not Alert.objects.addressed_by_role(user).filter(pk=found.pk).exists():
        raise NotVisible
    by_duty = found.gateway == Gateway.STATUTORY_DUTY
    return Subject(
        ref=found.ref,
        title=f"{NotificationKind(found.kind).label} alert",
        partnership=found.partnership,
        controller=found.controller if hub else found.setting,
        items=IN_AN_ALERT,
        recipients=(found.setting, *bodies_of(found.partnership, found.controller)) if hub else (found.controller,),
        purpose=Purpose.SUPPORT if hub else Purpose.PROTECT,
        basis=Basis.DUTY if by_duty else "",
        duty=Duty.DOMESTIC_ABUSE if by_duty else "",
        child_id=found.child_id,
        alert_id=found.pk,
        notification_id=found.notification_id,
        href=f"/sent/{found.ref}/" if hub else f"/alerts/{found.ref}/",
    )


def notification(ref: str, user: User) -> Subject:
    """For the hub that took it in, or for the force that sent it (NTK-02)."""
    visible = Notification.objects.visible_to(user).select_related("partnership", "controller", "source")
    found = visible.filter(ref=ref).first()
    if found is None:
        raise NotVisible
    hub = found.controller_id in agencies_where(user, "notification")
    if not hub and found.source_id not in agencies_where(user, "own_notification"):
        raise NotVisible
    return Subject(
        ref=found.ref,
        title=f"{NotificationKind(found.kind).label} notification",
        partnership=found.partnership,
        controller=found.controller if hub else found.source,
        items=IN_A_NOTIFICATION,
        recipients=tuple(bodies_of(found.partnership, found.controller if hub else found.source)),
        purpose=Purpose.PROTECT,
        notification_id=found.pk,
        href=f"/queue/{found.ref}/" if hub else f"/notifications/{found.ref}/",
    )


def register() -> None:
    subjects.register(Alert.REF_PREFIX, alert, stops=stop_access)
    subjects.register(Notification.REF_PREFIX, notification, stops=stop_access)
    subjects.register(Conversation.REF_PREFIX, disclosing.subject, stops=disclosing.stop)
    subjects.register(AdultConcern.REF_PREFIX, lado.subject)
    subjects.register(InformationRequest.REF_PREFIX, requests.subject_of_request)
    subjects.register(Package.REF_PREFIX, requests.subject_of_package)
