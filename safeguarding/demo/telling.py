"""Lets the demo's people do their work: every notification and alert is made by the same services as real ones."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils import timezone

from alerts.delivery.enums import AlertStatus, RedirectedBecause
from alerts.delivery.recalls import redirect
from alerts.intake import services as intake
from alerts.intake.corrections import correct, withdraw
from alerts.intake.enums import Channel, NotificationKind, NotificationStatus, WithdrawnBecause
from alerts.intake.models import Notification
from alerts.intake.parsing import parse
from alerts.models import Alert
from alerts.response import services as response
from alerts.screening import services as screening
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies import selectors as agencies
from safeguarding.agencies.enums import SETTING_KINDS
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.children.enums import PlacementSource
from safeguarding.children.matching import Details
from safeguarding.children.models import Child
from safeguarding.children.services import join, place, register
from safeguarding.demo.agreements import load_draft
from safeguarding.demo.data.stories import CHILDREN, JOINED, STORIES, ChildData, Sent, Story
from safeguarding.demo.loading import PARTNERSHIPS
from safeguarding.notifications.models import OutboxMessage
from safeguarding.notifications.outbox import work_off
from safeguarding.web.api.strict_json import canonical

PURPOSE = "load_demo"
MATCHING = Principal(service="matching", purpose=PURPOSE)
DISPATCH = Principal(service="dispatch", purpose=PURPOSE)
# E-mails wait for the relay: a mail server need not answer while the demo world is loaded.
NOT_NOW = ("email.send",)
_DATA = {data.slug: data for data in PARTNERSHIPS}


def put_children_on_record() -> None:
    with acting_as(MATCHING):
        on_record = {(each.partnership, (each.given_name, each.family_name)): _put_on_record(each) for each in CHILDREN}
    for partnership, kept, joined in JOINED:
        officer = User.objects.get(email=_DATA[partnership].email_of("officer", "mash"))
        with acting_as(_as(officer)):
            join(kept=on_record[partnership, kept], joined=on_record[partnership, joined], by=officer)


def _put_on_record(each: ChildData) -> Child:
    partnership = Partnership.objects.get(slug=each.partnership)
    details = Details(each.given_name, each.family_name, dt.date.fromisoformat(each.born), each.upn, each.nhs_number)
    hub = agencies.hub_of(partnership)
    child = register(partnership=partnership, hub=hub, details=details, home_educated=each.setting is None)
    if each.setting:
        place(child=child, setting=_agency(each.partnership, each.setting), source=PlacementSource.REGISTER)
    return child


def tell_all() -> None:
    for story in STORIES:
        tell(story)
    lead = User.objects.get(email="ig@council.wexbourne.example")
    with acting_as(Principal(user_id=lead.pk, purpose=PURPOSE)):
        load_draft(Partnership.objects.get(slug="wexbourne"), Agency.objects.get(slug="council"), by=lead)


def tell(story: Story) -> None:
    """One notification from the police to as far as its story goes."""
    receipt = post(story)
    officer = _person(story, "officer", "mash")
    with acting_as(_as(officer)):
        notification = Notification.objects.get(pk=receipt.notification.pk)
        if story.claimed:
            screening.claim(notification=notification, by=officer)
        if story.screened:
            screening.screen(
                notification,
                level=story.screened.level,
                decision=story.screened.decision,
                reason=story.screened.reason,
                version=notification.version,
                by=officer,
            )
    work_off_everything()
    _read_at_the_settings(story, notification)
    _change_afterwards(story, notification)
    _date_back(story, notification)


def post(story: Story, *, at: dt.datetime | None = None) -> intake.Receipt:
    """As the police's own system sends it; `at`: the moment from which the story counts its hours."""
    constable = _person(story, "officer", story.source)
    body = body_of(story, at or timezone.now())
    with acting_as(_as(constable)):
        return intake.receive(
            content=parse(body, now=timezone.localtime()),
            body=canonical(body),
            source=_agency(story.partnership, story.source),
            partnership=Partnership.objects.get(slug=story.partnership),
            channel=Channel.API if story.source == "police" else Channel.FORM,
            by=constable,
        )


def work_off_everything() -> None:
    """What the workers would do, here and now, until nothing is left but e-mails."""
    while waiting := _waiting():
        done = [work_off(number) for number in waiting]
        if not any(done):
            raise RuntimeError("The demo's alerts could not be sent; the reason is in the log above.")


def _waiting() -> list[int]:
    with acting_as(DISPATCH):
        messages = OutboxMessage.objects.filter(done_at=None, given_up_at=None).exclude(topic__in=NOT_NOW)
        return list(messages.order_by("pk").values_list("pk", flat=True))


def _read_at_the_settings(story: Story, notification: Notification) -> None:
    if not story.opened:
        return
    with acting_as(DISPATCH):
        alerts = list(Alert.objects.filter(notification=notification).select_related("setting"))
    for alert in alerts:
        short = alert.setting.slug.removesuffix(f"-{story.partnership}")
        lead = _person(story, "dsl" if alert.setting.kind in SETTING_KINDS else "ehe", short)
        with acting_as(_as(lead)):
            response.open_alert(alert, by=lead, purpose="demo world")
            if story.acknowledged:
                response.acknowledge(alert, by=lead)


def _change_afterwards(story: Story, notification: Notification) -> None:
    """The police put it right or take it back; the hub finds out that it was the wrong school."""
    constable, officer = _person(story, "officer", "police"), _person(story, "officer", "mash")
    if story.born_after_all:
        children = [replace(child, born=story.born_after_all) for child in story.children]
        body = body_of(replace(story, children=children), timezone.now())
        body["occurred_at"] = notification.occurred_at.isoformat()
        with acting_as(_as(constable)):
            content = parse(body, now=timezone.localtime())
            correct(notification, content=content, body=canonical(body), channel=Channel.API, by=constable)
    if story.withdrawn:
        with acting_as(_as(constable)):
            withdraw(notification, because=WithdrawnBecause.WRONG_PEOPLE, channel=Channel.FORM, by=constable)
    if story.redirected:
        with acting_as(_as(officer)):
            [alert] = Alert.objects.filter(notification=notification)
            where = _agency(story.partnership, story.redirected)
            redirect(alert, setting=where, because=RedirectedBecause.NOT_ON_ROLL, by=officer)
    work_off_everything()


def _date_back(story: Story, notification: Notification) -> None:
    """The queue's clocks run since the night; the overdue alert left yesterday. The audit keeps the hour of loading."""
    earlier = dt.timedelta(hours=story.hours_ago - 1)
    with acting_as(DISPATCH):
        waiting = Notification.objects.filter(pk=notification.pk)
        if story.overdue or waiting.filter(status=NotificationStatus.RECEIVED).exists():
            notification = waiting.get()
            waiting.update(
                received_at=notification.received_at - earlier,
                due_at=notification.due_at - min(earlier, dt.timedelta(hours=23)),
            )
        if story.overdue:
            now = timezone.now()
            Alert.objects.filter(notification=notification, status=AlertStatus.SENT).update(
                sent_at=now - dt.timedelta(hours=20), due_at=now - dt.timedelta(hours=2), next_chase_at=now
            )


def body_of(story: Story, at: dt.datetime) -> dict[str, Any]:
    """The JSON that a police system would post."""
    happened = at - dt.timedelta(hours=story.hours_ago)
    people: list[dict[str, Any]] = [
        _adult(role, name, works=name == story.works_with_children)
        for role, name in zip(("victim", "perpetrator"), story.adults, strict=True)
        if name
    ]
    child_role = "missing_child" if story.kind == NotificationKind.MISSING_EPISODE else "child"
    people += [_child(story, child_role, child, adults=len(people)) for child in story.children]
    return {
        "reference": f"{story.partnership[:2].upper()}/{happened.year}/{story.number:07d}",
        "kind": str(story.kind),
        "occurred_at": happened.replace(microsecond=0).isoformat(),
        "risk": str(story.risk),
        "family_informed": True,
        "narrative": story.narrative,
        "location": {"lines": [f"{story.number % 90 + 1} Invented Street"], "postcode": None, "uprn": None},
        "people": people,
    }


def _adult(role: str, name: str, *, works: bool) -> dict[str, Any]:
    given, _, family = name.partition(" ")
    return {"role": role, "given_name": given, "family_name": family, "works_with_children": works or None}


def _child(story: Story, role: str, child: Sent, *, adults: int) -> dict[str, Any]:
    setting = None
    if child.setting:
        agency = _agency(story.partnership, child.setting)
        setting = {"urn": agency.urn, "name": agency.name}
    elif child.setting_name:
        setting = {"urn": None, "name": child.setting_name}
    return {
        "role": role,
        "given_name": child.given_name,
        "family_name": child.family_name,
        "date_of_birth": child.born,
        "expected_on": child.expected_in_days
        and (timezone.localdate() + dt.timedelta(days=child.expected_in_days)).isoformat(),
        "present": child.present,
        "upn": child.upn,
        "home_educated": child.home_educated,
        "setting": setting,
        "relationships": [{"to": adult, "kind": "child"} for adult in range(adults)],
    }


def _agency(partnership: str, short: str) -> Agency:
    return Agency.objects.get(slug=_DATA[partnership].slug_of(short))


def _person(story: Story, local: str, short: str) -> User:
    return User.objects.get(email=_DATA[story.partnership].email_of(local, short))


def _as(user: User) -> Principal:
    return Principal(user_id=user.pk, purpose=PURPOSE)
