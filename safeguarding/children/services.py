"""Writes of children on record."""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.utils import timezone

from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.audit.record import record
from safeguarding.children import policies, selectors
from safeguarding.children.enums import PairState, PlacementSource
from safeguarding.children.matching import Details, Likeness, compare
from safeguarding.children.models import Child, ChildToken, Placement, PossibleDuplicate
from safeguarding.children.tokens import GENERATION, tokens_of
from safeguarding.errors import NotVisible

# One person at a time joins or separates records of a partnership: two who join in a ring would lose both children.
_LOCK_RECORDS = 7303


@transaction.atomic(savepoint=False)
def register(*, partnership: Partnership, hub: Agency, details: Details, home_educated: bool = False) -> Child:
    """A child that nobody sure was on record for, with its tokens; whoever is alike is put on the list (ALR-03)."""
    child = Child.objects.create(
        partnership=partnership,
        controller=hub,
        given_name=details.given_name,
        family_name=details.family_name,
        date_of_birth=details.date_of_birth,
        upn=details.upn,
        nhs_number=details.nhs_number,
        home_educated=home_educated,
        tokens_made=GENERATION,
    )
    give_tokens([child])
    find_duplicates_of([child])
    return child


def give_tokens(children: Sequence[Child]) -> int:
    """The tokens that these children do not have yet; giving them again changes nothing (design §4)."""
    made = [
        ChildToken(
            partnership_id=child.partnership_id,
            controller_id=child.controller_id,
            child=child,
            kind=kind,
            token=token,
        )
        for child in children
        for kind, token in sorted(tokens_of(child.partnership_id, selectors.details_of(child)))
    ]
    ChildToken.objects.bulk_create(made, ignore_conflicts=True, batch_size=2000)
    return len(made)


def renew_tokens(*, children: Sequence[Child]) -> int:
    """Children of an older generation of tokens get today's (design §4)."""
    made = give_tokens(children)
    Child.objects.filter(pk__in=[child.pk for child in children]).update(tokens_made=GENERATION)
    return made


def find_duplicates_of(children: Sequence[Child]) -> int:
    """Who else on record may be one of these: a pair for the MASH to look at, once for each two (ALR-03).

    All of one partnership. A pair that a person has decided on stays decided.
    """
    pairs = [
        _pair(children[number], likeness)
        for number, judgement in enumerate(selectors.judge_records(children))
        for likeness in judgement.alike
    ]
    made = PossibleDuplicate.objects.bulk_create(pairs, ignore_conflicts=True)
    return len(made)


def _pair(child: Child, likeness: Likeness) -> PossibleDuplicate:
    first, second = sorted((child.pk, likeness.key))
    return PossibleDuplicate(
        partnership_id=child.partnership_id,
        controller_id=child.controller_id,
        first_id=first,
        second_id=second,
        score=likeness.score,
        reasons=list(likeness.reasons),
    )


@transaction.atomic(savepoint=False)
def place(*, child: Child, setting: Agency, source: PlacementSource) -> None:
    """The child attends this setting; a place at another stays until somebody ends it (ALR-03)."""
    Placement.objects.get_or_create(
        child=child,
        setting=setting,
        ends_on=None,
        defaults={"partnership_id": child.partnership_id, "controller_id": child.controller_id, "source": source},
    )


@transaction.atomic(savepoint=False)
def leave(*, child: Child, setting: Agency) -> None:
    """The child attends this setting no longer; that it did stays on record (ALR-28)."""
    today = timezone.localdate()
    for placement in Placement.objects.filter(child=child, setting=setting, ends_on=None):
        placement.ends_on = max(today, placement.starts_on)
        placement.save(update_fields=["ends_on"])


@transaction.atomic
def join(*, kept: Child, joined: Child, by: User) -> Child:
    """A person says that two records are one child; both stay, and what hangs on either is shown with the child (ALR-03).

    Nothing that was written is rewritten, so that it can be undone.
    """
    survivor, other = _two_for_update(kept, joined, by)
    policies.check_can_join(survivor, other)
    other.merged_into = survivor
    other.save(update_fields=["merged_into"])
    pair = _decide(survivor, other, PairState.SAME, by)
    record("child.merged", survivor, shown=[survivor.ref, other.ref], facts={"joined": other.ref, "score": pair.score})
    return survivor


@transaction.atomic
def separate(*, joined: Child, ask_again: bool, by: User) -> Child:
    """Undo: the record stands by itself again, exactly as it was; whether to ask about the two again is said here."""
    _lock(joined.partnership_id)
    child = _for_update([joined.pk], by)[0]
    policies.check_can_separate(child)
    survivor = child.merged_into
    assert survivor is not None
    child.merged_into = None
    child.save(update_fields=["merged_into"])
    _decide(survivor, child, PairState.OPEN if ask_again else PairState.DIFFERENT, by)
    record(
        "child.unmerged",
        survivor,
        shown=[survivor.ref, child.ref],
        facts={"separated": child.ref, "ask_again": ask_again},
    )
    return child


@transaction.atomic
def tell_apart(*, child: Child, other: Child, by: User) -> None:
    """A person says that two records are two children; it is remembered and not asked again (ALR-03)."""
    one, two = _two_for_update(child, other, by)
    policies.check_can_tell_apart(_known_pair(one, two))
    _decide(one, two, PairState.DIFFERENT, by)
    record("child.told_apart", one, shown=[one.ref, two.ref], facts={"other": two.ref})


def tell_apart_all(*, child: Child, others: Iterable[Child], by: User) -> None:
    """Deciding that a child is new says that it is none of those who stood beside it (ALR-03)."""
    for other in others:
        if other.pk != child.pk:
            tell_apart(child=child, other=other, by=by)


def _lock(partnership_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::int, %s::int)", [_LOCK_RECORDS, partnership_id])


def _two_for_update(one: Child, other: Child, by: User) -> tuple[Child, Child]:
    _lock(one.partnership_id)
    found = {child.pk: child for child in _for_update(sorted({one.pk, other.pk}), by)}
    return found[one.pk], found[other.pk]


def _for_update(ids: Sequence[int], by: User) -> list[Child]:
    """As they are now, and only those whom this person may see (NTK-01)."""
    visible = Child.objects.visible_to(by).filter(pk__in=ids).select_related("crypto_key", "merged_into__crypto_key")
    found = list(visible.select_for_update(of=("self",)).order_by("pk"))
    if len(found) != len(ids):
        raise NotVisible
    return found


def _known_pair(one: Child, other: Child) -> PossibleDuplicate | None:
    first, second = sorted((one.pk, other.pk))
    return PossibleDuplicate.objects.filter(first=first, second=second).first()


def _decide(one: Child, other: Child, state: PairState, by: User) -> PossibleDuplicate:
    first, second = sorted((one, other), key=lambda child: child.pk)
    likeness = compare(selectors.details_of(first), second.pk, selectors.details_of(second))
    decided = {"state": state, "decided_by": by, "decided_at": timezone.now()}
    pair, _ = PossibleDuplicate.objects.update_or_create(
        first=first,
        second=second,
        defaults=decided,
        create_defaults={
            **decided,
            "partnership_id": one.partnership_id,
            "controller_id": one.controller_id,
            "score": likeness.score if likeness else 0,
            "reasons": list(likeness.reasons) if likeness else [],
        },
    )
    return pair
