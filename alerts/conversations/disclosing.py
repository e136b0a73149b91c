"""The hub discloses content to named people at the setting, for a time, on a decision to share it (ALR-13, SHR-02)."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone

from agreements.decisions.enums import Basis, Currency, Duty, Nature, Purpose
from agreements.decisions.models import Decision
from agreements.decisions.selectors import share_decision
from agreements.decisions.subjects import Subject
from agreements.register.enums import Item
from alerts.conversations import policies, selectors, services
from alerts.conversations.models import Conversation, Disclosure
from alerts.conversations.selectors import Place
from alerts.readers.policies import check_can_last, end_of
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused
from safeguarding.refs import normalise_ref

# What can be disclosed after talking: what happened, and what the hub makes of it (ALR-13).
DISCLOSABLE = (Item.INCIDENT_CONTENT, Item.RISK, Item.LEVEL_OF_NEED)


def subject(ref: str, user: User) -> Subject:
    """A conversation as something to decide about: for the hub, towards the setting of the alert (SHR-02)."""
    hubs = agencies_where(user, "sent_alert")
    mine = Conversation.objects.visible_to(user).filter(ref=ref, controller_id__in=hubs)
    talk = mine.select_related("alert", "setting", "controller", "partnership").first()
    if talk is None:
        raise NotVisible
    return Subject(
        ref=talk.ref,
        title=f"What {talk.setting.name} may be told about alert {talk.alert.ref}",
        partnership=talk.partnership,
        controller=talk.controller,
        items=DISCLOSABLE,
        recipients=(talk.setting,),
        purpose=Purpose.SUPPORT,
        basis=Basis.DUTY,
        duty=Duty.WELFARE,
        child_id=talk.alert.child_id,
        alert_id=talk.alert_id,
        notification_id=talk.alert.notification_id,
        href=f"/talk/{talk.alert.ref}/",
    )


def stop(decision: Decision, by: User) -> int:
    """A decision that ends takes what rests on it with it (SHR-04)."""
    mine = Disclosure.objects.visible_to(by).filter(decision=decision.ref, withdrawn_at=None)
    return mine.update(withdrawn_at=timezone.now(), withdrawn_by=by)


@transaction.atomic
def disclose(
    where: Place,
    *,
    content: str,
    nature: Nature,
    currency: Currency,
    originator: str,
    originated_on: dt.date,
    people: Collection[str],
    until: dt.date,
    by: User,
) -> Sequence[Disclosure]:
    """To each of `people` (by code), who can open the alert, a copy that ends by itself; nothing leaves without a decision (SHR-02)."""
    where = services.again(where, by=by)
    if not where.at_hub or where.talk is None:
        raise NotVisible
    alert, talk = where.alert, where.talk
    check_can_last(alert.partnership, until)
    chosen = [person for person in selectors.people_at_setting(where) if person.code in people]
    if len(chosen) != len(set(people)):
        raise Refused("Somebody you chose can no longer open the alert. Nothing was disclosed. Choose again.")
    decision = share_decision(talk.ref, to=alert.setting, items=[Item.INCIDENT_CONTENT], by=alert.controller)
    made = []
    for person in chosen:
        made.append(
            Disclosure.objects.create(
                partnership_id=alert.partnership_id,
                controller_id=alert.controller_id,
                alert=alert,
                user=person,
                agency_id=alert.setting_id,
                content=content,
                nature=nature,
                currency=currency,
                originator=originator,
                originated_on=originated_on,
                marking=alert.partnership.marking,
                decision=decision.ref,
                disclosed_by=by,
                expires_at=end_of(until),
            )
        )
    facts = {"talk": talk.ref, "decision": decision.ref, "to": [person.pk for person in chosen], "until": f"{until}"}
    record("talk.disclosed", talk, facts=facts, at=alert.controller_id)
    services.tell_of_disclosure(alert, made=made)
    return made


@transaction.atomic
def end(where: Place, ref: str, *, by: User) -> Disclosure:
    """From the next request on it is closed to this person; what was read was read (ALR-13)."""
    where = services.again(where, by=by)
    mine = Disclosure.objects.visible_to(by).filter(alert=where.alert, ref=normalise_ref(ref) or "")
    held = mine.select_related("user").select_for_update(of=("self",)).first() if where.at_hub else None
    if held is None:
        raise NotVisible
    policies.check_can_end(held)
    held.withdrawn_at, held.withdrawn_by = timezone.now(), by
    held.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("talk.disclosure_ended", held, facts={"to": held.user_id}, at=where.alert.controller_id)
    return held
