"""What the board of a partnership reads: agreements, reviews, who left, exceptions, and what was not shared (AGR-10)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from agreements.corrections.models import Correction
from agreements.decisions.enums import Outcome
from agreements.decisions.models import Decision
from agreements.register import policies
from agreements.register.enums import AgreementState, Gateway, ReturnState, SignatureState, Standing
from agreements.register.models import Agreement, ReturnTask, Signature, SingleCase
from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.access.rules import DISPATCH
from safeguarding.agencies.models import Partnership
from safeguarding.web.small_numbers import shown


@dataclass(frozen=True)
class Line:
    """One figure; what counts records about people is written as it may be read."""

    words: str
    figure: str


@dataclass
class Report:
    partnership: Partnership
    since: dt.date
    until: dt.date
    agreements: list[tuple[Agreement, Standing, int, int]] = field(default_factory=list)
    sections: list[tuple[str, list[Line]]] = field(default_factory=list)


# A later room (incidents, complaints) adds a section; asked as dispatch.
Section = Callable[[Partnership, dt.date, dt.date], list[Line]]
_sections: dict[str, Section] = {}


def register(title: str, section: Section) -> None:
    _sections[title] = section


def board_report(partnership: Partnership, since: dt.date, until: dt.date, today: dt.date) -> Report:
    """Counts alone: whoever reads it may open none of the records behind them (AGR-10, NTK-01)."""
    made = Report(partnership, since, until, _agreements(partnership, today))
    made.sections = [
        ("Agreements", _standings(made.agreements)),
        ("Signatures and withdrawals", _signatures(partnership, since, until, today)),
        ("Exceptions to the agreements", _exceptions(partnership, since, until)),
    ]
    with acting_as(Principal(service=DISPATCH, purpose="board report", request_id=current().request_id)):
        made.sections += [(title, section(partnership, since, until)) for title, section in _sections.items()]
    return made


def _of(partnership: Partnership, path: str = "") -> Q:
    return Q(**{f"{path}partnership": partnership}) | Q(**{f"{path}joined_by": partnership})


def _agreements(partnership: Partnership, today: dt.date) -> list[tuple[Agreement, Standing, int, int]]:
    found = Agreement.objects.filter(_of(partnership)).exclude(state=AgreementState.ABANDONED)
    counted = found.annotate(
        parties=Count("signatures", distinct=True),
        signed=Count("signatures", filter=Q(signatures__state=SignatureState.SIGNED), distinct=True),
    )
    rows = counted.select_related("superseded_by").order_by("title", "-starts_on", "-pk")
    return [(each, policies.standing(each, today), each.signed, each.parties) for each in rows]


def _standings(agreements: list[tuple[Agreement, Standing, int, int]]) -> list[Line]:
    def count(*standings: Standing) -> str:
        return str(sum(standing in standings for _, standing, _, _ in agreements))

    in_force = (Standing.IN_FORCE, Standing.REVIEW_DUE, Standing.REVIEW_OVERDUE, Standing.RUNNING_OUT)
    return [
        Line("In force", count(*in_force)),
        Line("Review due within a month", count(Standing.REVIEW_DUE)),
        Line("Review overdue", count(Standing.REVIEW_OVERDUE)),
        Line("Running out, a newer version is open", count(Standing.RUNNING_OUT)),
        Line("Lapsed", count(Standing.LAPSED)),
        Line("Being drafted", count(Standing.DRAFT)),
    ]


def _signatures(partnership: Partnership, since: dt.date, until: dt.date, today: dt.date) -> list[Line]:
    of_it = Signature.objects.filter(_of(partnership, "agreement__"))

    def period(name: str) -> dict[str, Any]:
        return {f"{name}__gte": since, f"{name}__lte": until}

    tasks = ReturnTask.objects.filter(_of(partnership, "signature__agreement__"), state=ReturnState.OPEN)
    reviewed = Agreement.objects.filter(_of(partnership), **period("reviewed_on"))
    waiting = of_it.filter(state=SignatureState.INVITED, agreement__state=AgreementState.OPEN)
    return [
        Line("Reviews held", str(reviewed.distinct().count())),
        Line("Signed", str(of_it.filter(**period("signed_on")).distinct().count())),
        Line("Asked and not signed yet", str(waiting.distinct().count())),
        Line("Refused to sign", str(of_it.filter(**period("refused_on")).distinct().count())),
        Line("Notices given", str(of_it.filter(**period("notice_given_on")).distinct().count())),
        Line(
            "Withdrawals that took effect",
            str(of_it.filter(state=SignatureState.WITHDRAWN, **period("leaves_on")).distinct().count()),
        ),
        Line("Returns or destructions not confirmed", str(tasks.distinct().count())),
        Line("Of these overdue", str(tasks.filter(due_on__lt=today).distinct().count())),
    ]


def _exceptions(partnership: Partnership, since: dt.date, until: dt.date) -> list[Line]:
    """Each is one child's alert, so small numbers are hidden."""
    cases = SingleCase.objects.filter(
        partnership=partnership, recorded_at__date__gte=since, recorded_at__date__lte=until
    )
    return [
        Line("Terms accepted for one case", shown(cases.filter(gateway=Gateway.SINGLE_CASE).count())),
        Line("Reasoned overrides", shown(cases.filter(gateway=Gateway.OVERRIDE).count())),
    ]


def decisions(partnership: Partnership, since: dt.date, until: dt.date) -> list[Line]:
    """How often it was decided to share, not to share, or to ask first (SHR-01)."""
    made = Decision.objects.filter(partnership=partnership, decided_at__date__gte=since, decided_at__date__lte=until)
    counts = dict(made.values_list("outcome").annotate(Count("pk")).order_by())
    return [Line(str(outcome.label), shown(counts.get(outcome.value, 0))) for outcome in Outcome]


def corrections(partnership: Partnership, since: dt.date, until: dt.date) -> list[Line]:
    """How often an item was held to be wrong, and what its originator said (SHR-14)."""
    asked = Correction.objects.filter(partnership=partnership, asked_at__date__gte=since, asked_at__date__lte=until)
    counts = dict(asked.values_list("state").annotate(Count("pk")).order_by())
    return [
        Line("Waiting for the originator", shown(counts.get("asked", 0))),
        Line("Corrected", shown(counts.get("corrected", 0))),
        Line("Not changed, with the reason", shown(counts.get("declined", 0))),
    ]


register("Decisions to share", decisions)
register("Items that were questioned", corrections)
