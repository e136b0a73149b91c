"""The record of processing, made of the agreements and of what really left; the register of controllers (IGV-07, IGV-08)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from dateutil.relativedelta import relativedelta
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from agreements.processing import policies
from agreements.processing.models import Flow, PrivacyNotice
from agreements.register import policies as register
from agreements.register.enums import AgreementState, Article6, Article9, Gateway, Item, Schedule1
from agreements.register.models import Agreement, Signature
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.enums import AgencyKind
from safeguarding.agencies.models import Agency, Membership, Partnership, User
from safeguarding.agencies.selectors import members_of
from safeguarding.errors import NotVisible
from safeguarding.web.small_numbers import shown

# Whose data the partnerships' agreements are about; each agreement says for which purposes.
PEOPLE = "Children, their parents and carers, adults involved in an incident"
SECURITY = (
    "Sign-in with a second factor; each record encrypted with a key of its own; two walls decide who reads; "
    "every opening remembered in a sealed log"
)
DUTY = "Domestic Abuse Act 2021, section 49A"


def reports_for(user: User) -> list[Partnership]:
    """The partnerships whose reports an IG lead or a manager of the hub reads (AGR-10)."""
    mine = Q(agency_id__in=agencies_where(user, "agreement")) | Q(agency_id__in=agencies_where(user, "sampling"))
    return _joined_by(user, mine)


def partnerships_of_mine(user: User) -> list[Partnership]:
    """The register of controllers is open to partners, as the register of agreements is (IGV-07, AGR-09)."""
    return _joined_by(user, Q())


def _joined_by(user: User, at: Q) -> list[Partnership]:
    agencies = Membership.objects.visible_to(user).filter(at, user=user, ended_at=None).values("agency_id")
    joined = Partnership.objects.filter(partnershipagency__agency__in=agencies, partnershipagency__left_on=None)
    return list(joined.distinct().order_by("name"))


def chosen(slug: str, found: list[Partnership]) -> Partnership:
    """The one that was asked for, else the first; nobody else has any (NTK-01)."""
    fitting = [each for each in found if not slug or each.slug == slug]
    if not fitting:
        raise NotVisible
    return fitting[0]


@dataclass
class Activity:
    """One entry of the record of processing (Article 30): what is shared, why, with whom, and how often it really was."""

    name: str
    ref: str
    controllers: list[str]
    purposes: list[str]
    people: str
    items: list[str]
    bases: list[str]
    recipients: list[str]
    retention: str
    security: str
    flows: list[tuple[str, str, str]] = field(default_factory=list)


def record_of_processing(partnership: Partnership, today: dt.date) -> list[Activity]:
    """Every agreement in force, then what left by law or for one case; the same few queries whatever there is (IGV-08)."""
    flows = _flows(partnership, today)
    found = [_activity(each, flows.pop(each.pk, [])) for each in _in_force(partnership, today)]
    rest = [line for lines in flows.values() for line in lines]
    return [*found, *_without_agreement(partnership, rest)]


def _in_force(partnership: Partnership, today: dt.date) -> list[Agreement]:
    of_it = Agreement.objects.filter(Q(partnership=partnership) | Q(joined_by=partnership)).distinct()
    open_ones = of_it.filter(state__in=[AgreementState.OPEN, AgreementState.SUPERSEDED])
    full = open_ones.select_related("owner", "superseded_by").prefetch_related("items", "signatures__agency")
    return [each for each in full.order_by("title", "-starts_on", "pk") if register.is_in_force(each, today)]


def _activity(agreement: Agreement, flows: list[tuple[str, str, str]]) -> Activity:
    signed = [each for each in agreement.signatures.all() if each.signed_on is not None]
    return Activity(
        name=f"{agreement.title}, version {agreement.version}",
        ref=agreement.ref,
        controllers=_controllers(signed),
        purposes=agreement.purposes,
        people=PEOPLE if agreement.identifies_people else "Nobody: nothing identifies a person",
        items=[Item(item.key).label for item in sorted(agreement.items.all(), key=lambda item: item.key)],
        bases=[
            *(Article6(code).label for code in agreement.article_6),
            *(Article9(code).label for code in agreement.article_9),
            *(f"Schedule 1, {Schedule1(code).label}" for code in agreement.schedule_1),
        ],
        recipients=_kinds(each for each in signed if register.may_receive(each)),
        retention=" ".join(filter(None, (agreement.retention, agreement.disposal))),
        security=agreement.transfer_measures or SECURITY,
        flows=flows,
    )


def _controllers(signed: list[Signature]) -> list[str]:
    """The sources by name; recipients, of whom there may be hundreds, by kind further on."""
    return sorted(
        f"{each.agency.name} ({each.get_controllership_display().lower()})"
        for each in signed
        if each.role != "recipient"
    )


def _kinds(signatures: Iterable[Signature]) -> list[str]:
    counts: dict[str, int] = defaultdict(int)
    for each in signatures:
        counts[each.agency.kind] += 1
    return [f"{AgencyKind(kind).label}: {count}" for kind, count in sorted(counts.items())]


def _flows(partnership: Partnership, today: dt.date) -> dict[int | None, list[tuple[str, str, str]]]:
    """Of the last twelve months: (right, kind of recipient, how many), by agreement; small numbers hidden."""
    since = today.replace(day=1) - relativedelta(months=11)
    lines = Flow.objects.filter(partnership=partnership, month__gte=since).values(
        "agreement", "gateway", "recipient_kind"
    )
    found: dict[int | None, list[tuple[str, str, str]]] = defaultdict(list)
    for line in lines.annotate(total=Sum("count")).order_by("agreement", "gateway", "recipient_kind"):
        kind = AgencyKind(line["recipient_kind"]).label
        found[line["agreement"]].append((Gateway(line["gateway"]).label, kind, shown(line["total"])))
    return found


def _without_agreement(partnership: Partnership, flows: list[tuple[str, str, str]]) -> list[Activity]:
    if not flows:
        return []
    return [
        Activity(
            name="By law, or for one case",
            ref="",
            controllers=[agency.name for agency in members_of(partnership).filter(kind=AgencyKind.MASH)],
            purposes=["Settings support a child early after an incident"],
            people=PEOPLE,
            items=[Item(key).label for key in sorted(register.DUTY_ITEMS)],
            bases=[DUTY, "Terms accepted for one case, or a reasoned override"],
            recipients=sorted({kind for _, kind, _ in flows}),
            retention="As under the agreements of the partnership",
            security=SECURITY,
            flows=flows,
        )
    ]


# ---------------------------------------------------------------- controllers
@dataclass(frozen=True)
class ControllerRow:
    """One body: its registration with the regulator, its newest notice, and how that stands today (IGV-07)."""

    agency: Agency
    notice: PrivacyNotice | None
    standing: str
    colour: str
    mine: bool


def controllers(partnership: Partnership, *, for_user: User) -> list[ControllerRow]:
    """Every body of the partnership; three queries whatever there is."""
    today = timezone.localdate()
    newest = {each.agency_id: each for each in notices().filter(agency__partnershipagency__partnership=partnership)}
    mine = set(answers_for(for_user).values_list("pk", flat=True))
    rows = []
    for agency in members_of(partnership).order_by("name", "pk"):
        notice = newest.get(agency.pk)
        words, colour = policies.notice_standing(notice.review_due_on if notice else None, today)
        rows.append(ControllerRow(agency, notice, words, colour, agency.pk in mine))
    return rows


def notices() -> QuerySet[PrivacyNotice]:
    """Oldest first, so that the newest of an agency is the last that is seen."""
    return PrivacyNotice.objects.order_by("agency", "recorded_at", "pk")


def answers_for(user: User) -> QuerySet[Agency]:
    """The agencies whose entry in the register of controllers this person keeps: IG lead, signatory or head (IGV-07)."""
    mine = Q(pk__in=agencies_where(user, "agreement")) | Q(pk__in=agencies_where(user, "signing"))
    return Agency.objects.filter(mine)


def keeps(slug: str, *, for_user: User) -> Agency:
    found = answers_for(for_user).filter(slug=slug).first()
    if found is None:
        raise NotVisible
    return found


def notices_of(agency: Agency) -> list[PrivacyNotice]:
    """As they stood, the newest first; none is ever overwritten (IGV-07)."""
    return list(agency.privacy_notices.order_by("-recorded_at", "-pk")[:20])


def notices_due(user: User, today: dt.date) -> int:
    """Of the agencies whose entry this person keeps, those whose newest notice is to be looked at again (IGV-07)."""
    newest = PrivacyNotice.objects.filter(agency=OuterRef("pk")).order_by("-recorded_at", "-pk")
    mine = answers_for(user).annotate(due=Subquery(newest.values("review_due_on")[:1]))
    return mine.filter(due__lte=today).count()
