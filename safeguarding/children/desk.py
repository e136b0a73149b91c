"""What a hub's people see of children on record: searches, one child, two records side by side. Every look is remembered."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from safeguarding.access.posts import agencies_or_absent
from safeguarding.agencies.models import Agency, User
from safeguarding.agencies.selectors import partnerships_of
from safeguarding.audit.record import Shown, record, record_listing
from safeguarding.children import search
from safeguarding.children.chapters import Chapter, chapters_of
from safeguarding.children.enums import PairState, Purpose
from safeguarding.children.lookup import holders_of
from safeguarding.children.matching import Likeness, common_ground
from safeguarding.children.models import Child, PossibleDuplicate
from safeguarding.children.search import Criteria
from safeguarding.children.selectors import details_of, records_of, settings_attended, survivors_of
from safeguarding.children.tokens import Token, seal_values
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page

MOST_SHOWN = 20
# So many are opened and weighed for a search by a person, who waits; a widened one may take longer.
MOST_WEIGHED, MOST_WEIGHED_WIDELY = 200, 1000


def hubs_of(user: User) -> list[Agency]:
    """The hubs for which this person works on children's records; to everybody else none of this is there (NTK-02)."""
    return list(Agency.objects.filter(pk__in=agencies_or_absent(user, "child")).order_by("pk"))


def _visible(user: User) -> Any:
    """Children whom this person may see and whose key has not been destroyed."""
    return Child.objects.visible_to(user).with_keys().filter(crypto_key__destroyed_at=None)


# ---------------------------------------------------------------- searching
@dataclass(frozen=True)
class Hit:
    child: Child
    reasons: Sequence[str]
    settings: Sequence[Agency]


@dataclass(frozen=True)
class Results:
    """The best first; `more`: others fit as well; `capped`: what was typed is too common to compare everybody."""

    hits: Sequence[Hit]
    more: bool
    capped: bool


def find(criteria: Criteria, *, purpose: Purpose, widen: bool, for_user: User) -> Results:
    """Children who fit what was typed, with the reasons; remembered with the kinds of field and no value (ALR-03, AUD-01).

    What the reader may not see is not found, not counted, and leaves no gap (NTK-01).
    """
    hubs = hubs_of(for_user)
    ids, capped = _candidates(criteria, hubs, widen=widen)
    children = list(_visible(for_user).filter(Q(pk__in=ids) | Q(ref=normalise_ref(criteria.ref) or "-")))
    standing = survivors_of(children)
    survivors = {child.pk: child for child in _visible(for_user).filter(pk__in=set(standing.values()))}
    best: dict[int, Likeness] = {}
    for child in children:
        key = standing[child.pk]
        likeness = search.fit(criteria, key, details_of(child), widen=widen) if key in survivors else None
        if likeness and (key not in best or likeness.score > best[key].score):
            best[key] = likeness
    ranked = sorted(best.values(), key=lambda each: (-each.score, -each.key))
    shown = ranked[:MOST_SHOWN]
    attended = settings_attended([each.key for each in shown])
    hits = [Hit(survivors[each.key], each.reasons, attended.get(each.key, [])) for each in shown]
    record_listing(
        "child.searched",
        [Shown(hit.child.ref, hit.child.controller_id, hit.child.controller_id) for hit in hits],
        purpose=purpose.label,
        facts={"fields": criteria.kinds, "found": len(hits), "more": len(ranked) > len(shown), "widened": widen},
    )
    return Results(hits, len(ranked) > len(shown), capped)


def _candidates(criteria: Criteria, hubs: Iterable[Agency], *, widen: bool) -> tuple[set[int], bool]:
    values = list(search.values_for(criteria, widen=widen))
    most = MOST_WEIGHED_WIDELY if widen else MOST_WEIGHED
    ids: set[int] = set()
    capped = False
    for partnership in {each for hub in hubs for each in partnerships_of(hub)}:
        wanted: set[Token] = seal_values(partnership.pk, values)
        holders = holders_of(partnership.pk, wanted)
        likeliest = holders.likeliest(wanted, most + 1)
        capped = capped or len(likeliest) > most or any(len(each) >= holders.cap for each in holders.by_token.values())
        ids.update(likeliest[:most])
    return ids, capped


# ---------------------------------------------------------------- one child
@dataclass(frozen=True)
class Pair:
    """Two children who may be one: the records that stand for them, and why somebody should look."""

    one: Child
    other: Child
    row: PossibleDuplicate

    def beside(self, child: Child) -> Child:
        return self.other if self.one.pk == child.pk else self.one


@dataclass(frozen=True)
class ChildRecord:
    child: Child
    joined: Sequence[Child]
    settings: Sequence[Agency]
    pairs: Sequence[Pair]
    decided: Sequence[PossibleDuplicate]
    chapters: Sequence[Chapter]


def get_child(ref: str, *, for_user: User) -> Child:
    """The record with this reference; absent and another hub's are the same (NTK-01)."""
    child = _visible(for_user).filter(ref=normalise_ref(ref) or "").first()
    if child is None:
        raise NotVisible
    return child


def standing_for(child: Child, *, for_user: User) -> Child:
    """The record that stands for the child of this one."""
    return child if child.merged_into_id is None else _one(survivors_of([child])[child.pk], for_user)


def _one(pk: int, user: User) -> Child:
    child = _visible(user).filter(pk=pk).first()
    if child is None:
        raise NotVisible
    return child


def open_record(child: Child, *, purpose: Purpose, for_user: User) -> ChildRecord:
    """All that the hub holds on one child, by all of its records; opening it is remembered with its purpose (AUD-01)."""
    ids = records_of([child.pk])
    joined = list(
        _visible(for_user).filter(pk__in=ids.keys() - {child.pk}).select_related("merged_into").order_by("pk")
    )
    touching = Q(first__in=ids) | Q(second__in=ids)
    pairs = _pairs(PossibleDuplicate.objects.visible_to(for_user).filter(touching, state=PairState.OPEN), for_user)
    decided = PossibleDuplicate.objects.visible_to(for_user).filter(touching).exclude(state=PairState.OPEN)
    found = ChildRecord(
        child=child,
        joined=joined,
        settings=settings_attended([child.pk]).get(child.pk, []),
        pairs=pairs,
        decided=list(decided.select_related("first", "second", "decided_by").order_by("-decided_at")[:50]),
        chapters=chapters_of(ids.keys(), for_user=for_user),
    )
    others = [pair.beside(child).ref for pair in pairs]
    record("child.opened", child, purpose=purpose.label, shown=[child.ref, *(each.ref for each in joined), *others])
    return found


# ---------------------------------------------------------------- two records
@dataclass(frozen=True)
class PairPage:
    rows: Sequence[Pair]
    older: str | None
    is_first: bool


def open_pairs(*, cursor: str, for_user: User) -> PairPage:
    """Pairs that wait for a person, the newest first; looking at the list is remembered (ALR-03, AUD-01)."""
    hubs = [hub.pk for hub in hubs_of(for_user)]
    waiting = PossibleDuplicate.objects.visible_to(for_user).filter(controller__in=hubs, state=PairState.OPEN)
    page: KeysetPage = keyset_page(waiting, field="found_at", cursor=cursor)
    pairs = _pairs(page, for_user)
    shown = {child.pk: child for pair in pairs for child in (pair.one, pair.other)}
    seen = [Shown(each.ref, each.controller_id, each.controller_id) for each in shown.values()]
    record_listing("child.pairs_listed", seen, purpose=Purpose.RECORD.label)
    return PairPage(pairs, page.older, page.is_first)


def _pairs(rows: Iterable[PossibleDuplicate], user: User) -> list[Pair]:
    """Each two children once, by the records that stand for them; what was joined or told apart since is left out."""
    rows = list(rows)
    records = {child.pk: child for child in _visible(user).filter(pk__in=_ends(rows))}
    standing = survivors_of(records.values())
    survivors = {child.pk: child for child in _visible(user).filter(pk__in=set(standing.values()))}
    settled = _settled_between(survivors, user)
    found: dict[frozenset[int], Pair] = {}
    for row in rows:
        ends = [standing.get(row.first_id), standing.get(row.second_id)]
        both = frozenset(end for end in ends if end is not None and end in survivors)
        if len(both) == 2 and both not in settled and both not in found:
            one, other = sorted(both)
            found[both] = Pair(survivors[one], survivors[other], row)
    return list(found.values())


def _ends(rows: Iterable[PossibleDuplicate]) -> set[int]:
    return {pk for row in rows for pk in (row.first_id, row.second_id)}


def _settled_between(ids: Collection[int], user: User) -> set[frozenset[int]]:
    decided = PossibleDuplicate.objects.visible_to(user).filter(first__in=ids, second__in=ids)
    return {frozenset(each) for each in decided.exclude(state=PairState.OPEN).values_list("first_id", "second_id")}


@dataclass(frozen=True)
class Side:
    child: Child
    settings: Sequence[Agency]
    notifications: int


@dataclass(frozen=True)
class Comparison:
    """Two records side by side, why they may be one child, and what speaks for twins."""

    sides: Sequence[Side]
    reasons: Sequence[str]
    may_be_twins: bool
    state: str

    @property
    def refs(self) -> list[str]:
        return [side.child.ref for side in self.sides]


def compare_records(one: Child, other: Child, *, for_user: User) -> Comparison:
    """Both records for a person to decide by; remembered with both references (ALR-03, AUD-01)."""
    if one.pk == other.pk or one.controller_id != other.controller_id:
        raise NotVisible
    first, second = sorted((one, other), key=lambda child: child.pk)
    pair = PossibleDuplicate.objects.visible_to(for_user).filter(first=first, second=second).first()
    attended = settings_attended([first.pk, second.pk])
    counted = _counted([first, second], for_user)
    record("child.compared", first, purpose=Purpose.RECORD.label, shown=[first.ref, second.ref])
    return Comparison(
        sides=[Side(child, attended.get(child.pk, []), counted[child.pk]) for child in (first, second)],
        reasons=common_ground(details_of(first), details_of(second)),
        may_be_twins=_may_be_twins(first, second),
        state=pair.state if pair else PairState.OPEN,
    )


def _may_be_twins(one: Child, other: Child) -> bool:
    """The same day of birth and family name, and given names that are not the same (spec v1, twins)."""
    return (
        one.date_of_birth is not None
        and one.date_of_birth == other.date_of_birth
        and one.given_name.casefold() != other.given_name.casefold()
    )


def _counted(children: Sequence[Child], user: User) -> dict[int, int]:
    """How many lines other rooms hold under each record, as far as the reader may see."""
    counts: dict[int, int] = defaultdict(int)
    for child in children:
        for chapter in chapters_of(records_of([child.pk]), for_user=user)[:1]:
            counts[child.pk] += len(chapter.lines)
    return counts
