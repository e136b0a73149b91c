"""Reads of children on record; a hub's members and the matching service alone see any (access/rules.py)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q

from safeguarding.agencies.models import Agency, Partnership
from safeguarding.children import names
from safeguarding.children.lookup import holders_of
from safeguarding.children.matching import Details, Judgement, Likeness, Verdict, alike, judge
from safeguarding.children.models import Child, Placement
from safeguarding.children.tokens import name_alone, seal_values, tokens_to_match


def details_of(child: Child) -> Details:
    return Details(
        given_name=child.given_name,
        family_name=child.family_name,
        date_of_birth=child.date_of_birth,
        upn=child.upn,
        nhs_number=child.nhs_number,
    )


def judge_all(partnership: Partnership, sought: Sequence[Details]) -> list[Judgement]:
    """For each child of a notification: who on record it is or may be, in a fixed number of queries (ALR-03)."""
    wanted = [tokens_to_match(partnership.pk, details) for details in sought]
    holders = holders_of(partnership.pk, set().union(*wanted))
    likeliest = [holders.likeliest(tokens) for tokens in wanted]
    known = on_record(set().union(*likeliest))
    return [
        judge(details, [known[key] for key in keys if key in known])
        for details, keys in zip(sought, likeliest, strict=True)
    ]


def judge_family(partnership: Partnership, sought: Sequence[Details]) -> list[Judgement]:
    """Two children who come in together are two children: the second to look like one on record waits (ALR-03)."""
    judged: list[Judgement] = []
    taken: set[int] = set()
    for judgement in judge_all(partnership, sought):
        if judgement.verdict is Verdict.SURE and judgement.best is not None:
            if judgement.best.key in taken:
                judgement = Judgement(Verdict.POSSIBLE, judgement.alike)  # noqa: PLW2901  # the second is less sure
            taken.add(judgement.alike[0].key)
        judged.append(judgement)
    return judged


def somebody_is_called(partnership: Partnership, pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a child on record has one of these names, exactly (MSH-10): by tokens alone, no record is opened."""
    keys = {value for given, family in pairs for value in name_alone(names.key(given), names.key(family))}
    wanted = seal_values(partnership.pk, keys)
    return any(holders_of(partnership.pk, wanted, cap=1).by_token.values())


def judge_records(children: Sequence[Child]) -> list[Judgement]:
    """For each record of one partnership: which other children's records may be the same child (ALR-03)."""
    if not children:
        return []
    partnership_id = children[0].partnership_id
    details = [details_of(child) for child in children]
    wanted = [tokens_to_match(partnership_id, each) for each in details]
    holders = holders_of(partnership_id, set().union(*wanted))
    likeliest = [holders.likeliest(tokens) for tokens in wanted]
    known = on_record({child.pk for child in children}.union(*likeliest))
    return [
        Judgement(Verdict.POSSIBLE, _others(child, each, [known[key] for key in keys if key in known], known))
        for child, each, keys in zip(children, details, likeliest, strict=True)
    ]


def _others(
    child: Child, details: Details, known: Sequence[tuple[int, Details]], standing: Mapping[int, tuple[int, Details]]
) -> tuple[Likeness, ...]:
    """All who are alike, also beside a sure one; not the child itself by another of its records."""
    itself = standing[child.pk][0]
    return alike(details, [(key, each) for key, each in known if key not in (child.pk, itself)])


def on_record(ids: Iterable[int]) -> dict[int, tuple[int, Details]]:
    """What each of these records says, and under whose id: a record that was joined into another is that child."""
    # whose key was destroyed says nothing any more
    children = list(Child.objects.with_keys().filter(pk__in=list(ids), crypto_key__destroyed_at=None))
    standing = survivors_of(children)
    return {child.pk: (standing[child.pk], details_of(child)) for child in children}


def survivors_of(children: Iterable[Child]) -> dict[int, int]:
    """For each record the one that stands for the child now; itself, unless it was joined into another (ALR-03)."""
    ends = {child.pk: child.merged_into_id or child.pk for child in children}
    to_look_at = {end for pk, end in ends.items() if end != pk}
    while to_look_at:
        further = _joined(Q(pk__in=to_look_at, merged_into__isnull=False))
        ends = {pk: further.get(end, end) for pk, end in ends.items()}
        to_look_at = set(further.values())
    return ends


def records_of(child_ids: Iterable[int]) -> dict[int, int]:
    """Every record of these children, the joined ones too, each with the id of its child."""
    owners = {child_id: child_id for child_id in child_ids}
    newest = set(owners)
    while newest:
        joined = _joined(Q(merged_into__in=newest))
        newest = joined.keys() - owners.keys()
        owners |= {pk: owners[joined[pk]] for pk in newest}
    return owners


def records_of_same(child_ids: Iterable[int]) -> set[int]:
    """Every record of the children whom these records speak of, whichever of their records is named (ALR-03)."""
    named = Child.objects.filter(pk__in=set(child_ids)).only("pk", "merged_into")
    return set(records_of(survivors_of(named).values()))


def _joined(condition: Q) -> dict[int, int]:
    rows = Child.objects.filter(condition).values_list("pk", "merged_into_id")
    return {pk: into for pk, into in rows if into is not None}


def settings_attended(child_ids: Iterable[int]) -> dict[int, list[Agency]]:
    """The settings that each child attends now, by all of its records (ALR-03)."""
    owners = records_of(child_ids)
    attended: dict[int, list[Agency]] = defaultdict(list)
    current = Placement.objects.filter(child_id__in=list(owners), ends_on=None).select_related("setting")
    for placement in current.order_by("-starts_on", "-pk"):
        settings = attended[owners[placement.child_id]]
        if placement.setting.is_active and placement.setting not in settings:
            settings.append(placement.setting)
    return attended


def settings_left(child_ids: Iterable[int]) -> dict[int, list[Agency]]:
    """The settings that each child attended and has left, by all of its records (ALR-03, ALR-28)."""
    owners = records_of(child_ids)
    found: dict[int, list[Agency]] = defaultdict(list)
    attends: set[tuple[int, int]] = set()
    for placement in Placement.objects.filter(child_id__in=list(owners)).select_related("setting").order_by("-pk"):
        owner = owners[placement.child_id]
        if placement.ends_on is None:
            attends.add((owner, placement.setting_id))
        elif placement.setting not in found[owner]:
            found[owner].append(placement.setting)
    return {owner: [each for each in left if (owner, each.pk) not in attends] for owner, left in found.items()}
