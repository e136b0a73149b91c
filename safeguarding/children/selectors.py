"""Reads of children on record; a hub's members and the matching service alone see any (access/rules.py)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from safeguarding.agencies.models import Agency, Partnership
from safeguarding.children.enums import TokenKind
from safeguarding.children.matching import Details, Judgement, judge
from safeguarding.children.models import Child, ChildToken, Placement
from safeguarding.children.tokens import tokens_of

# More bearers of one name or birthday than this would not help a person to decide.
MOST_CANDIDATES = 500


def details_of(child: Child) -> Details:
    return Details(
        given_name=child.given_name,
        family_name=child.family_name,
        date_of_birth=child.date_of_birth,
        upn=child.upn,
        nhs_number=child.nhs_number,
    )


def judge_all(partnership: Partnership, sought: Sequence[Details]) -> list[Judgement]:
    """For each child of a notification: who on record it is or may be, in two queries for all of them (ALR-03)."""
    wanted = [tokens_of(partnership.pk, details) for details in sought]
    by_token: dict[tuple[str, bytes], set[int]] = defaultdict(set)
    for kind, token, child_id in _rows(partnership, set().union(*wanted)):
        by_token[kind, bytes(token)].add(child_id)
    ids = {child_id for group in by_token.values() for child_id in group}
    known = {child.pk: details_of(child) for child in Child.objects.with_keys().filter(pk__in=ids)}
    judgements = []
    for details, tokens in zip(sought, wanted, strict=True):
        keys = set().union(*(by_token[kind, token] for kind, token in tokens))
        judgements.append(judge(details, [(key, known[key]) for key in sorted(keys)]))
    return judgements


def _rows(partnership: Partnership, tokens: set[tuple[TokenKind, bytes]]) -> Iterable[tuple[str, Any, int]]:
    by_kind: dict[str, list[bytes]] = defaultdict(list)
    for kind, token in tokens:
        by_kind[kind].append(token)
    if not by_kind:
        return []
    any_of = reduce(or_, (Q(kind=kind, token__in=values) for kind, values in by_kind.items()))
    rows = ChildToken.objects.filter(any_of, partnership=partnership).order_by("-pk")
    return rows.values_list("kind", "token", "child_id")[: MOST_CANDIDATES * len(by_kind)]


def settings_attended(child_ids: Iterable[int]) -> dict[int, list[Agency]]:
    """The settings that each child attends now, in one query (ALR-03)."""
    attended: dict[int, list[Agency]] = defaultdict(list)
    current = Placement.objects.filter(child_id__in=list(child_ids), ends_on=None).select_related("setting")
    for placement in current.order_by("-starts_on", "-pk"):
        if placement.setting.is_active:
            attended[placement.child_id].append(placement.setting)
    return attended
