"""Reads of the ready documents: what a setting gives out, whether it said so, and where families find help (ALR-25, ALR-27)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils import timezone

from alerts.documents import policies
from alerts.documents.enums import CONFIRMED_YEARLY, DocumentKind, ForWhom, Standing
from alerts.documents.models import OwnText, Publication, SettingDetails, SupportService, Wording
from alerts.documents.texts import DEFAULTS
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import Agency, Membership, Partnership, User
from safeguarding.agencies.selectors import hub_of, partnerships_of, settings_of
from safeguarding.errors import NotVisible

# A line to write on, where the setting has not said.
BLANK = "________"
Row = TypeVar("Row", OwnText, Wording, Publication)


@dataclass(frozen=True)
class Document:
    """One document of one setting: its words with everything filled in, and whether it is out."""

    kind: DocumentKind
    text: str
    is_own: bool
    newest: Publication | None
    standing: Standing | None

    @property
    def due_on(self) -> dt.date | None:
        return policies.due_on(self.newest) if self.newest else None


@dataclass(frozen=True)
class Desk:
    """A setting whose documents this person looks after, and the partnership whose scheme it is."""

    setting: Agency
    partnership: Partnership


def desks_of(user: User) -> list[Desk]:
    """The settings at which this person looks after what is told to parents: lead, deputy, head, administrator (ALR-25)."""
    mine = Agency.objects.filter(pk__in=agencies_where(user, "documents")).order_by("name", "pk")
    return [Desk(each, _scheme_of(each)) for each in mine if each.is_setting]


def _scheme_of(setting: Agency) -> Partnership:
    """A setting in two partnerships gives out the words of the first; it may write its own."""
    return partnerships_of(setting)[0]


def get_desk(slug: str, *, for_user: User) -> Desk:
    found = next((desk for desk in desks_of(for_user) if desk.setting.slug == slug), None)
    if found is None:
        raise NotVisible
    return found


def details_of(setting: Agency) -> SettingDetails | None:
    return SettingDetails.objects.filter(setting=setting).first()


def wording(partnership: Partnership, kind: str) -> str:
    """The partnership's own text, or the one that comes with the Hub, with its names in braces (ALR-25)."""
    own = Wording.objects.filter(partnership=partnership, kind=kind).order_by("-changed_at", "-pk").first()
    return own.text if own else DEFAULTS[kind]


def filled_in(desk: Desk) -> dict[str, str]:
    """What stands in the place of each name in braces; a line to write on where the setting has not said (ALR-25)."""
    partnership, details = desk.partnership, details_of(desk.setting)
    contacts = partnership.query_contacts
    query: dict[str, str] = contacts.get("*") or next(iter(contacts.values()), {})
    leads = [str(lead) for lead in details.leads] if details else []
    return {
        "setting": desk.setting.name,
        "partnership": partnership.name,
        "hub": hub_of(partnership).name,
        "incidents": _incidents(partnership),
        "when": "before the school day begins, or as soon as it can",
        "leads": _and(leads) or BLANK,
        "phone": (details.phone if details else "") or desk.setting.phone or BLANK,
        "website": (details.website if details else "") or BLANK,
        "signed_by": (details.signed_by if details else "") or BLANK,
        "signed_as": (details.signed_as if details else "") or BLANK,
        "query": str(query.get("name") or hub_of(partnership).name),
        "told": "who the child is, which adults were involved and that something happened, and not what happened",
    }


def _incidents(partnership: Partnership) -> str:
    kinds = {"domestic_abuse": "domestic abuse at home", "missing_episode": "a child who was missing"}
    return (
        _and([words for kind, words in kinds.items() if kind in partnership.titles], word="or")
        or kinds["domestic_abuse"]
    )


def _and(words: Sequence[str], *, word: str = "and") -> str:
    return f" {word} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def documents_of(desk: Desk) -> list[Document]:
    """All four, with five queries whatever stands in the tables."""
    names, today = filled_in(desk), timezone.localdate()
    own = _newest(
        OwnText.objects.filter(setting=desk.setting, partnership=desk.partnership).order_by("changed_at", "pk")
    )
    theirs = _newest(Wording.objects.filter(partnership=desk.partnership).order_by("changed_at", "pk"))
    out = _newest(
        Publication.objects.filter(setting=desk.setting, partnership=desk.partnership).order_by("confirmed_at", "pk")
    )
    found = []
    for kind in DocumentKind:
        changed, given = own.get(kind), theirs.get(kind)
        is_own = changed is not None and bool(changed.text)
        source = changed.text if changed is not None and is_own else given.text if given else DEFAULTS[kind]
        text, newest = source.format_map(names), out.get(kind)
        due = policies.standing(newest, text, today) if kind in CONFIRMED_YEARLY else None
        found.append(Document(kind, text, is_own, newest, due))
    return found


def _newest(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.kind: row for row in rows}


def document(desk: Desk, kind: str) -> Document:
    found = next((each for each in documents_of(desk) if each.kind == kind), None)
    if found is None:
        raise NotVisible
    return found


def source_of(desk: Desk, kind: str) -> str:
    """What the setting edits: its own text or the partnership's, with the names in braces."""
    own = OwnText.objects.filter(setting=desk.setting, partnership=desk.partnership, kind=kind).order_by(
        "-changed_at", "-pk"
    )
    newest = own.first()
    return newest.text if newest and newest.text else wording(desk.partnership, kind)


def publications_of(desk: Desk, kind: str) -> list[Publication]:
    """The evidence: every confirmation, newest first (ALR-25)."""
    rows = Publication.objects.filter(setting=desk.setting, partnership=desk.partnership, kind=kind)
    return list(rows.select_related("confirmed_by").order_by("-confirmed_at", "-pk")[:20])


# ---------------------------------------------------------------- the hub
def worded_by(user: User) -> Partnership:
    """The partnership whose words and services a manager of the hub looks after."""
    hub = Agency.objects.filter(pk__in=agencies_where(user, "wording")).order_by("pk").first()
    if hub is None:
        raise NotVisible
    return partnerships_of(hub)[0]


@dataclass(frozen=True)
class Confirmed:
    """How far one setting has got: the last day that each yearly document was said to be out."""

    setting: Agency
    days: list[tuple[DocumentKind, dt.date | None, bool]]


def confirmations(partnership: Partnership) -> list[Confirmed]:
    """Every setting of the partnership and what it has confirmed within a year; two queries (ALR-25)."""
    today = timezone.localdate()
    rows = Publication.objects.filter(partnership=partnership).order_by("confirmed_at", "pk")
    newest = {
        (row.setting_id, row.kind): row for row in rows.only("setting_id", "kind", "published_on", "confirmed_at")
    }
    found = []
    for setting in settings_of(partnership).order_by("name", "pk"):
        mine = [(kind, newest.get((setting.pk, kind))) for kind in CONFIRMED_YEARLY]
        found.append(
            Confirmed(
                setting,
                [
                    (kind, row.published_on if row else None, bool(row and policies.due_on(row) > today))
                    for kind, row in mine
                ],
            )
        )
    return found


# ---------------------------------------------------------------- where families find help
@dataclass(frozen=True)
class Section:
    for_whom: ForWhom
    services: list[SupportService]


def support_of(partnership: Partnership) -> list[Section]:
    """Services and the practical checklist, by whom they help (ALR-27)."""
    rows = list(SupportService.objects.filter(partnership=partnership, retired_on=None).order_by("name", "pk"))
    return [Section(whom, [row for row in rows if row.for_whom == whom]) for whom in ForWhom]


def partnership_of_reader(user: User) -> Partnership:
    """Anybody with work in a partnership may read whom to point families to (ALR-27)."""
    mine = Membership.objects.visible_to(user).filter(user=user, ended_at=None).values("agency_id")
    found = (
        Partnership.objects.filter(partnershipagency__agency__in=mine, partnershipagency__left_on=None)
        .order_by("pk")
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def service_called(partnership: Partnership, for_whom: str, name: str) -> SupportService:
    found = SupportService.objects.filter(
        partnership=partnership, for_whom=for_whom, name=name, retired_on=None
    ).first()
    if found is None:
        raise NotVisible
    return found


def stale(partnership: Partnership) -> int:
    """How many listed services nobody has checked for a year (ALR-27)."""
    oldest = timezone.localdate() - policies.SERVICE_CHECKED_FOR
    return SupportService.objects.filter(partnership=partnership, retired_on=None, checked_on__lte=oldest).count()


# ---------------------------------------------------------------- what needs somebody
def to_confirm(*, for_user: User) -> int:
    """Documents of this person's settings that nobody has said to be out; a month before the year is over they count again (ALR-25)."""
    settings = [desk.setting.pk for desk in desks_of(for_user)]
    since = timezone.localdate() - policies.CONFIRMED_FOR + policies.REMINDED_BEFORE
    out = Publication.objects.filter(setting__in=settings, published_on__gt=since).values_list("setting_id", "kind")
    return len(settings) * len(CONFIRMED_YEARLY) - len(set(out))
