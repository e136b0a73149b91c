"""Reads of children on record; a hub's members and the matching service alone see any (access/rules.py)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from safeguarding.agencies.models import Agency, Partnership
from safeguarding.children.lookup import holders_of
from safeguarding.children.matching import Details, Judgement, judge
from safeguarding.children.models import Child, Placement
from safeguarding.children.tokens import tokens_to_match

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


def on_record(ids: Iterable[int]) -> dict[int, tuple[int, Details]]:
    """What each of these records says, and under whose id: a record that was joined into another is that child."""
    children = list(Child.objects.with_keys().filter(pk__in=list(ids)))
    standing = survivors_of(children)
    return {child.pk: (standing[child.pk], details_of(child)) for child in children}


def survivors_of(children: Iterable[Child]) -> dict[int, int]:
    """For each record the one that stands for the child now; itself, unless it was joined into another (ALR-03)."""
    ends = {child.pk: child.merged_into_id or child.pk for child in children}
    while True:
        further = dict(
            Child.objects.filter(pk__in=set(ends.values()), merged_into__isnull=False).values_list("pk", "merged_into")
        )
        if not further:
            return ends
        ends = {pk: further.get(end, end) for pk, end in ends.items()}


def records_of(child_ids: Iterable[int]) -> dict[int, int]:
    """Every record of these children, the joined ones too, each with the id of its child."""
    owners = {child_id: child_id for child_id in child_ids}
    newest = set(owners)
    while newest:
        joined = dict(Child.objects.filter(merged_into__in=newest).values_list("pk", "merged_into"))
        newest = joined.keys() - owners.keys()
        owners |= {pk: owners[into] for pk, into in joined.items() if pk in newest}
    return owners


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
