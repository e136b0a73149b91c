"""Reads of concerns about adults who work with children: for who told, for the hub, for the LADO (ALR-14)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from agreements.decisions.enums import Basis, Duty, Purpose
from agreements.decisions.models import Decision
from agreements.decisions.selectors import share_decision
from agreements.decisions.subjects import Subject
from agreements.register.enums import Item
from alerts.delivery.models import Alert
from alerts.intake.content import PoliceNotification
from alerts.intake.models import Notification
from alerts.lado.enums import ConcernState
from alerts.lado.models import AdultConcern, LadoReferral
from alerts.screening.selectors import get_notification
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import User
from safeguarding.agencies.selectors import council_of
from safeguarding.audit.record import Shown, record_listing
from safeguarding.errors import NotVisible, Refused
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page


def alert_to_tell_of(ref: str, *, for_user: User) -> Alert:
    """The alert on which somebody it is addressed to can answer the one question (ALR-14)."""
    mine = Alert.objects.addressed_by_role(for_user).filter(ref=normalise_ref(ref) or "")
    found = mine.select_related("crypto_key", "setting", "controller", "partnership").first()
    if found is None:
        raise NotVisible
    return found


def told_about(alert: Alert, *, for_user: User) -> list[AdultConcern]:
    """What the setting has told the hub, and that it was judged; what was decided is not the setting's to know (ALR-14)."""
    mine = AdultConcern.objects.visible_to(for_user).filter(alert=alert)
    return list(mine.select_related("crypto_key", "told_by").order_by("told_at", "pk"))


@dataclass(frozen=True)
class AtWork:
    """An adult of whom the police say that they work with children, and whether the hub has noted it already."""

    name: str
    noted: bool


@dataclass(frozen=True)
class FromPolice:
    """What the police's own words bring up, while they are still there (ALR-14)."""

    notification: Notification
    adults: Sequence[AtWork]

    @property
    def to_note(self) -> Sequence[AtWork]:
        return [adult for adult in self.adults if not adult.noted]


def from_police(ref: str, *, for_user: User) -> FromPolice:
    notification = get_notification(ref, for_user=for_user)
    return FromPolice(notification, adults_at_work(notification, for_user=for_user))


def adults_at_work(notification: Notification, *, for_user: User) -> list[AtWork]:
    """Once the content is deleted nothing is left to be asked about: hence at screening (ALR-09, ALR-14)."""
    if notification.content is None:
        return []
    content = PoliceNotification.from_json(notification.content)
    working = [person.name for person in content.people if not person.is_child and person.works_with_children]
    if not working:
        return []
    noted = AdultConcern.objects.visible_to(for_user).filter(notification=notification).select_related("crypto_key")
    known = {concern.adult for concern in noted}
    return [AtWork(name, name in known) for name in working]


# -- the hub and the LADO


def _concerns(user: User) -> QuerySet[AdultConcern]:
    """Of the hub's, and of those that were referred to this LADO; who told is not meant, and to others there are none."""
    hubs, lados = agencies_where(user, "sent_alert"), agencies_where(user, "lado")
    if not hubs and not lados:
        raise NotVisible
    mine = AdultConcern.objects.visible_to(user).filter(Q(controller_id__in=hubs) | Q(lado_agency_id__in=lados))
    # a LADO sees neither notification nor alert: to join them would hide the concern
    return mine.select_related("crypto_key", "told_by", "agency", "partnership", "controller")


def concerns_page(*, for_user: User, cursor: str) -> KeysetPage:
    """One page, newest first; the names stand on the concern's own page alone."""
    narrow = _concerns(for_user).select_related(None).defer("adult", "work")
    told = narrow.annotate(agency_name=F("agency__name"), received_at=F("referral__received_at"))
    return keyset_page(told, field="told_at", cursor=cursor)


def remember_concerns(page: KeysetPage) -> None:
    shown = [Shown(each.ref, each.controller_id, each.lado_agency_id or each.controller_id) for each in page]
    record_listing("lado.listed", shown)


@dataclass(frozen=True)
class Concern:
    """One concern on its page: what was told, what was decided, and as whom it is read."""

    concern: AdultConcern
    referral: LadoReferral | None
    judges: bool
    is_lado: bool

    @property
    def may_judge(self) -> bool:
        return self.judges and self.concern.state == ConcernState.TOLD

    @property
    def may_receive(self) -> bool:
        return self.is_lado and self.referral is not None and self.referral.received_at is None


def concern(ref: str, *, for_user: User) -> Concern:
    found = _concerns(for_user).filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    referrals = LadoReferral.objects.visible_to(for_user).filter(concern=found)
    referral = referrals.select_related("crypto_key", "decided_by", "lado_agency", "received_by").first()
    judges = found.controller_id in agencies_where(for_user, "threshold")
    lado = referral is not None and referral.lado_agency_id in agencies_where(for_user, "lado")
    return Concern(found, referral, judges=judges, is_lado=lado)


# What a referral to the LADO passes on: who the adult is, and why it is asked about.
PASSED_ON = (Item.ADULTS_NAMES, Item.INCIDENT_KIND)


def subject(ref: str, user: User) -> Subject:
    """A concern as something to decide about: for the hub, towards the council at which the LADO works (SHR-02)."""
    hubs = agencies_where(user, "sent_alert")
    found = _concerns(user).filter(ref=ref, controller_id__in=hubs).first()
    if found is None:
        raise NotVisible
    council = council_of(found.partnership)
    return Subject(
        ref=found.ref,
        title="An adult who works with children",
        partnership=found.partnership,
        controller=found.controller,
        items=PASSED_ON,
        recipients=(council,) if council else (),
        purpose=Purpose.PROTECT,
        basis=Basis.DUTY,
        duty=Duty.WELFARE,
        alert_id=found.alert_id,
        notification_id=found.notification_id,
        href=f"/adults/{found.ref}/",
    )


def decision_to_refer(concern: AdultConcern) -> Decision | None:
    """The live decision to share it with the LADO's council; none is no error, there is a way to one (SHR-02)."""
    council = council_of(concern.partnership)
    if council is None:
        return None
    try:
        return share_decision(concern.ref, to=council, items=PASSED_ON, by=concern.controller)
    except Refused:
        return None


def to_judge(user: User) -> QuerySet[AdultConcern]:
    """What waits for a manager of the hub, the soonest due first."""
    mine = AdultConcern.objects.visible_to(user).filter(controller_id__in=agencies_where(user, "threshold"))
    return mine.filter(state=ConcernState.TOLD).order_by("due_at", "pk")


def to_receive(user: User) -> QuerySet[LadoReferral]:
    mine = LadoReferral.objects.visible_to(user).filter(lado_agency_id__in=agencies_where(user, "lado"))
    return mine.filter(received_at=None).order_by("decided_at", "pk")
