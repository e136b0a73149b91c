"""Reads of requests: the hub's, the asked agency's, and the team's that a package reached (MSH-02 to MSH-04)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from agreements.decisions.enums import Basis, Duty, Purpose
from agreements.decisions.models import Decision
from agreements.decisions.subjects import Subject
from agreements.register.enums import Item
from agreements.register.selectors import items_between
from alerts.requests import policies
from alerts.requests.enums import AskState, Onward, PackageState, RequestState
from alerts.requests.models import Ask, HeldItem, InformationRequest, Package, PackageItem, RequestsQuerySet
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.posts import agencies_or_absent, agencies_where
from safeguarding.access.told import not_to_be_told, people_at
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.agencies.selectors import members_of
from safeguarding.audit.record import Shown, record_listing
from safeguarding.children.selectors import settings_attended
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page

_SHOWN_WHEN_ASKED = (
    "ref", "state", "asked_at", "due_at", "controller_id", "agency_id", "child_given_name", "child_family_name",
    "crypto_key__kek_id", "crypto_key__wrapped",
)  # fmt: skip
# To be asked at all, an agency has to learn which child it is about.
IDENTITY = (Item.CHILD_NAME, Item.CHILD_BIRTH)
# What a decision about a package has to cover at least.
TOLD_BY_A_PACKAGE = (*IDENTITY, Item.INCIDENT_CONTENT)
# What a package can tell of what partners hold.
IN_A_PACKAGE = (*IDENTITY, Item.INCIDENT_CONTENT, Item.RISK, Item.HEALTH, Item.SCHOOL_CONCERNS, Item.RELATIONSHIPS)


# ---------------------------------------------------------------- the hub
def works_for_hub(user: User) -> set[int]:
    """Ids of the hubs for which this person works on cases; to everybody else the requests are not there (NTK-01)."""
    return set(agencies_or_absent(user, "notification"))


def requests_page(*, cursor: str, for_user: User) -> KeysetPage:
    """The hub's requests, newest first."""
    hubs = works_for_hub(for_user)
    mine = (
        InformationRequest.objects.visible_to(for_user)
        .filter(controller_id__in=hubs)
        .select_related("asked_by", "child")
    )
    open_asks = Ask.objects.filter(request=OuterRef("pk"), state=AskState.ASKED)
    counted = mine.annotate(waiting=_number_of(open_asks), late=_number_of(open_asks.filter(due_at__lt=timezone.now())))
    return keyset_page(counted, cursor=cursor, field="created_at")


def _number_of(asks: RequestsQuerySet) -> Coalesce:
    """Counted for the rows that are shown: a join would count for every request there is."""
    return Coalesce(Subquery(asks.order_by().values("request").annotate(n=Count("pk")).values("n")), 0)


def get_request(ref: str, *, for_user: User) -> InformationRequest:
    """One request of my hub; absent and another's are the same (NTK-01)."""
    mine = InformationRequest.objects.visible_to(for_user).select_related(
        "crypto_key", "controller", "partnership", "asked_by", "child__crypto_key"
    )
    found = mine.filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class Chosen:
    """An agency to be asked: by which right it may learn whom it is about, or that somebody has to decide first."""

    agency: Agency
    decision: Decision | None
    by_agreement: bool

    @property
    def covered(self) -> bool:
        return self.decision is not None or self.by_agreement


def chosen(request: InformationRequest, *, for_user: User) -> list[Chosen]:
    """Whom a request in preparation goes to, with the right for each (SHR-02)."""
    agencies = list(members_of(request.partnership).filter(slug__in=request.agencies).order_by("name", "pk"))
    live = Decision.objects.visible_to(for_user).live().filter(about=request.ref, recipient__in=agencies)
    decided = {each.recipient_id: each for each in live if {str(item) for item in IDENTITY} <= set(each.items)}
    return [
        Chosen(agency, decided.get(agency.pk), agency.pk not in decided and _agreed(request, agency))
        for agency in agencies
    ]


def _agreed(request: InformationRequest, agency: Agency) -> bool:
    """An agreement in force lets the hub tell this agency who the child is (AGR-03)."""
    wanted = {str(item) for item in IDENTITY}
    return any(wanted <= items for items in items_between(request.partnership, request.controller, agency).values())


def can_be_asked(partnership: Partnership, hub: Agency, child_id: int) -> list[Agency]:
    """The partnership's services, and the settings that this child attends; other settings are none of its business."""
    attended = [setting.pk for setting in settings_attended([child_id]).get(child_id, [])]
    bodies = members_of(partnership).exclude(pk=hub.pk).order_by("name", "pk")
    return _heard((body for body in bodies if not body.is_setting or body.pk in attended), child_id)


def who_answers(agencies: Iterable[Agency], *, child_id: int) -> dict[int, list[User]]:
    """Who answers questions and reads packages about this child at each agency; nobody who is shut out of it (MSH-02, MRC-18)."""
    return people_at([each.pk for each in agencies], HANDLERS["asked"], shut=not_to_be_told(child_id=child_id))


def _heard(agencies: Iterable[Agency], child_id: int) -> list[Agency]:
    """Without those where nobody would get the question or the package: they are phoned (MSH-02)."""
    bodies = list(agencies)
    answered = who_answers(bodies, child_id=child_id)
    return [body for body in bodies if body.pk in answered]


def asks_of(request: InformationRequest) -> list[Ask]:
    """Whom it went to, and what each has said (MSH-02)."""
    asks = request.asks.select_related("agency", "answered_by", "crypto_key")
    return list(asks.order_by("agency__name", "pk"))


def items_of(request: InformationRequest, *, for_user: User) -> list[HeldItem]:
    """Everything that partners gave to this request, with whose it is (MSH-03)."""
    given = HeldItem.objects.visible_to(for_user).filter(ask__request=request, ask__state=AskState.ANSWERED)
    return list(given.select_related("crypto_key", "controller", "onward_by").order_by("ask_id", "position"))


def get_item(request: InformationRequest, ref: str, position: int, *, for_user: User) -> HeldItem:
    given = HeldItem.objects.visible_to(for_user).filter(ask__request=request, ask__ref=normalise_ref(ref) or "")
    return _one(given.filter(position=position).select_related("crypto_key", "controller", "ask"))


def _one(rows: RequestsQuerySet) -> HeldItem:
    found = rows.first()
    if found is None:
        raise NotVisible
    item: HeldItem = found
    return item


def requests_about(child_ids: Collection[int], *, for_user: User) -> list[InformationRequest]:
    """For the child's page: references, dates and states."""
    mine = InformationRequest.objects.visible_to(for_user).filter(child__in=child_ids)
    return list(mine.order_by("-created_at", "-pk")[:50])


# ---------------------------------------------------------------- the asked agency
def _answers_for(user: User) -> list[int]:
    """The agencies for which this person answers; to everybody else none of this is there (NTK-01)."""
    return agencies_or_absent(user, "asked")


def asked_page(*, cursor: str, for_user: User) -> KeysetPage:
    """What the reader's agencies were asked, newest first (MSH-02)."""
    mine = Ask.objects.visible_to(for_user).filter(agency_id__in=_answers_for(for_user))
    shown = mine.select_related("crypto_key").only(*_SHOWN_WHEN_ASKED).annotate(hub_name=F("controller__name"))
    return keyset_page(shown, cursor=cursor, field="asked_at")


def remember_asked(page: KeysetPage) -> None:
    record_listing("request.listed", [Shown(ask.ref, ask.controller_id, ask.agency_id) for ask in page.rows])


def get_ask(ref: str, *, for_user: User) -> Ask:
    """What my agency was asked; absent and another's are the same (NTK-01)."""
    mine = Ask.objects.visible_to(for_user).filter(agency__in=agencies_where(for_user, "asked"))
    found = mine.select_related("crypto_key", "agency", "controller", "partnership").filter(
        ref=normalise_ref(ref) or ""
    )
    ask = found.first()
    if ask is None:
        raise NotVisible
    return ask


def given_to(ask: Ask, *, for_user: User) -> list[HeldItem]:
    """What this agency has given, in order."""
    mine = HeldItem.objects.visible_to(for_user).filter(ask=ask)
    return list(mine.select_related("crypto_key", "given_by", "onward_by").order_by("position"))


def given_item(ask: Ask, position: int, *, for_user: User) -> HeldItem:
    mine = HeldItem.objects.visible_to(for_user).filter(ask=ask, position=position)
    return _one(mine.select_related("crypto_key", "controller", "ask"))


# ---------------------------------------------------------------- packages
def may_compose(user: User) -> bool:
    """Only senior staff of the hub join the discussion of what enters a package (MSH-04)."""
    return bool(agencies_where(user, "package"))


def packages_of(request: InformationRequest, *, for_user: User) -> list[Package]:
    mine = Package.objects.visible_to(for_user).filter(request=request)
    return list(mine.select_related("sent_to", "settled_by").order_by("-created_at", "-pk"))


def get_package(ref: str, *, for_user: User) -> Package:
    """A package of my hub, or one that was sent to my team; absent and another's are the same (NTK-01)."""
    mine = Package.objects.visible_to(for_user).select_related(
        "crypto_key", "controller", "partnership", "sent_to", "settled_by", "composed_by"
    )
    found = mine.filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


def request_of(package: Package, *, for_user: User) -> InformationRequest | None:
    """What it was composed from, for the hub; to the team that it reached the request is not there (NTK-01)."""
    return InformationRequest.objects.visible_to(for_user).filter(pk=package.request_id).first()


def decided_to_send(package: Package, *, for_user: User) -> Decision | None:
    """The newest decision that lets it go to a team (SHR-02)."""
    live = Decision.objects.visible_to(for_user).live().filter(about=package.ref, recipient__isnull=False)
    wanted = {str(item) for item in TOLD_BY_A_PACKAGE}
    return next(
        (each for each in live.select_related("recipient").order_by("-decided_at", "-pk") if wanted <= set(each.items)),
        None,
    )


def packed(package: Package, *, for_user: User) -> list[PackageItem]:
    """What stands in it."""
    return list(_packed(package, for_user).order_by("originator", "pk"))


def packed_with_names(package: Package, *, for_user: User) -> list[PackageItem]:
    """The same for who composes, each with the answer and the place in it by which it is named."""
    return list(_packed(package, for_user).select_related("item__ask").order_by("originator", "pk"))


def get_packed(package: Package, ref: str, position: int, *, for_user: User) -> PackageItem:
    """One item of a package, by the answer that it came with; one that a colleague took out is gone (MSH-04)."""
    mine = PackageItem.objects.visible_to(for_user).filter(
        package=package, item__ask__ref=normalise_ref(ref) or "", item__position=position
    )
    found: PackageItem | None = mine.select_related("crypto_key").first()
    if found is None:
        raise NotVisible
    policies.check_is_in(found)
    return found


def packed_for_update(package: Package, *, for_user: User) -> list[PackageItem]:
    """The same for the hub, with the item that each was taken from: its originator waits until this is through (MSH-03)."""
    whole = _packed(package, for_user).select_related("item").order_by("originator", "pk")
    return list(whole.select_for_update(of=("self", "item"), no_key=True))


def _packed(package: Package, user: User) -> RequestsQuerySet:
    mine = PackageItem.objects.visible_to(user).filter(package=package, left_out=False)
    return mine.select_related("crypto_key")


def can_be_packed(package: Package, *, for_user: User) -> list[HeldItem]:
    """Permitted items of the request that are not in it yet (MSH-03)."""
    taken = PackageItem.objects.visible_to(for_user).filter(package=package, left_out=False).values("item_id")
    given = HeldItem.objects.visible_to(for_user).filter(ask__request=package.request_id, onward=Onward.PERMITTED)
    return list(
        given.exclude(pk__in=taken).select_related("crypto_key", "controller", "ask").order_by("ask_id", "position")
    )


def teams_of(package: Package) -> list[Agency]:
    """Operational teams that a package can go to: the partnership's services, no setting."""
    bodies = members_of(package.partnership).exclude(pk=package.controller_id).order_by("name", "pk")
    return _heard((body for body in bodies if not body.is_setting), package.child_id)


# ---------------------------------------------------------------- what is decided about, and what waits
def subject_of_request(ref: str, user: User) -> Subject:
    """Who the child is goes to each agency that is asked; the hub decides (SHR-02, MSH-02)."""
    request = get_request(ref, for_user=user)
    return _subject(
        request, IDENTITY, [each.agency for each in chosen(request, for_user=user)], f"/requests/{request.ref}/"
    )


def subject_of_package(ref: str, user: User) -> Subject:
    """What partners hold goes to an operational team; the hub's senior staff decide (MSH-04)."""
    package = get_package(ref, for_user=user)
    if package.controller_id not in agencies_where(user, "package"):
        raise NotVisible
    return _subject(package, IN_A_PACKAGE, teams_of(package), f"/packages/{package.ref}/")


def _subject(
    case: InformationRequest | Package, items: tuple[Item, ...], recipients: Iterable[Agency], href: str
) -> Subject:
    return Subject(
        ref=case.ref,
        title="Request for information" if isinstance(case, InformationRequest) else "Intelligence package",
        partnership=case.partnership,
        controller=case.controller,
        items=items,
        recipients=tuple(recipients),
        purpose=Purpose.ASSESS,
        basis=Basis.DUTY,
        duty=Duty.ARRANGEMENTS,
        child_id=case.child_id,
        href=href,
    )


def waiting_answers(*, for_user: User) -> dict[str, Any]:
    """How many questions wait for the reader's agencies, and the first that is due; at the hub, how many are late."""
    mine = Ask.objects.visible_to(for_user).filter(state=AskState.ASKED, agency__in=agencies_where(for_user, "asked"))
    return mine.aggregate(count=Count("pk"), first=Min("due_at"))


def late_answers(*, for_user: User) -> int:
    hubs = agencies_where(for_user, "notification")
    late = Ask.objects.visible_to(for_user).filter(state=AskState.ASKED, due_at__lt=timezone.now(), controller__in=hubs)
    return late.count()


def permissions_waiting(*, for_user: User) -> int:
    """Items whose originator is asked to let them be passed on (MSH-03)."""
    mine = HeldItem.objects.visible_to(for_user).filter(onward=Onward.ASKED)
    return mine.filter(controller__in=agencies_where(for_user, "asked")).count()


def unread_packages(*, for_user: User) -> Sequence[Package]:
    """Packages that reached the reader's team, newest first (MSH-04)."""
    mine = Package.objects.visible_to(for_user).filter(
        state=PackageState.SENT, sent_to__in=agencies_where(for_user, "asked")
    )
    return list(mine.select_related("controller").order_by("-sent_at", "-pk")[:50])


def open_requests(*, for_user: User) -> int:
    hubs = agencies_where(for_user, "notification")
    drafts = InformationRequest.objects.visible_to(for_user).filter(state=RequestState.DRAFT, controller__in=hubs)
    return drafts.filter(asked_by=for_user).count()
