"""An alert's items can be questioned by whoever received it; the police, whose report it is made from, answer (SHR-14, ALR-10)."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse

from agreements.corrections.subjects import Holder, Room, Subject, register
from agreements.register.enums import IN_AN_ALERT, Item
from alerts.delivery import messages, policies
from alerts.delivery.models import Alert
from alerts.intake.models import Notification
from alerts.response.selectors import get_alert, may_answer
from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.access.rules import DISPATCH
from safeguarding.agencies.models import User
from safeguarding.errors import NotVisible

# Other children of the same incident have a name and a birthday of their own.
_OF_ONE_CHILD = (Item.CHILD_NAME, Item.CHILD_BIRTH)


def about(ref: str, user: User) -> Subject:
    """Whoever it is addressed to at the setting: a grant lets read, not answer (NTK-03).

    The police's own reference is read as dispatch, for no setting may (NTK-02).
    """
    alert = get_alert(ref, for_user=user)
    if not may_answer(alert, for_user=user):
        raise NotVisible
    with acting_as(Principal(service=DISPATCH, purpose="correction", request_id=current().request_id)):
        origin = Notification.objects.select_related("source").only("ref", "source").get(pk=alert.notification_id)
    return Subject(
        ref=alert.ref,
        title=f"Alert {alert.ref}",
        href=reverse("response:alert", args=[alert.ref]),
        partnership=alert.partnership,
        controller=alert.controller,
        originator=origin.source,
        held_by=alert.setting,
        items=tuple(item for item in IN_AN_ALERT if item not in alert.not_shared),
        known_as=origin.ref,
        alert_id=alert.pk,
    )


def holders(ref: str, item: Item) -> Iterator[Holder]:
    """Every alert of the same incident with which the item left, and those there who are told; asked as dispatch."""
    for alert in _with_the_item(ref, item).select_related("setting").order_by("pk"):
        held = messages.holders_for(alert)
        people = {user.pk: user for role in policies.roles_of(alert.audience) for user in held.get(role, [])}
        where = reverse("response:alert", args=[alert.ref])
        yield Holder(alert.ref, where, alert.setting, tuple(people.values()), alert_id=alert.pk)


def _with_the_item(ref: str, item: Item) -> QuerySet[Alert]:
    asked = Alert.objects.only("notification_id", "child_id").get(ref=ref)
    alike = Alert.objects.at_the_setting().filter(notification=asked.notification_id)
    if item in _OF_ONE_CHILD:
        alike = alike.filter(child=asked.child_id)
    return alike.filter(pk__in=[each.pk for each in alike.only("items") if item not in each.not_shared])


def register_alerts() -> None:
    register(Alert.REF_PREFIX, Room(resolve=about, holders=holders))
