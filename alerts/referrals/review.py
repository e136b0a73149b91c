"""The weekly review: all contacts and referrals of a week, how far they came, what became of them (MSH-07)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from alerts import small_numbers
from alerts.intake.models import Notification
from alerts.referrals import hiding
from alerts.referrals.enums import Outcome, Stage
from alerts.referrals.models import Referral, WeeklyReview
from alerts.referrals.selectors import hubs_of
from alerts.screening.enums import Decision
from alerts.screening.models import Screening
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.enums import AgencyKind
from safeguarding.agencies.models import Agency, User
from safeguarding.errors import NotVisible
from safeguarding.web.charts import Chart

WEEKS = 8
WEEK = dt.timedelta(days=7)
NOT_DECIDED = "Not decided yet"
DEFINITIONS = (
    "A contact is a police notification or a referral that came in. It is accepted as a referral when social care takes it "
    "up: a notification at a level at which the setting is contacted, a referral with a single assessment, a strategy "
    "discussion or a section 47 enquiry. Each stage counts what came at least so far."
)
# How far a referral with this outcome has come; what is not named here came in and no further.
_REACHED: dict[str, Sequence[Stage]] = {
    Outcome.ASSESSMENT: (Stage.REFERRAL, Stage.ASSESSMENT),
    Outcome.STRATEGY: (Stage.REFERRAL, Stage.ASSESSMENT, Stage.STRATEGY),
    Outcome.ENQUIRY: (Stage.REFERRAL, Stage.ASSESSMENT, Stage.STRATEGY, Stage.ENQUIRY),
}


@dataclass(frozen=True)
class Figures:
    """Numbers by kind of source and stage, and by outcome, as they are: nobody but the hub's review reads them so."""

    stages: dict[str, dict[str, int]]
    outcomes: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        return {"stages": self.stages, "outcomes": self.outcomes}


@dataclass(frozen=True)
class Table:
    """Numbers in words, small ones hidden: the rows, and the total under them."""

    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    total: Sequence[str]


@dataclass(frozen=True)
class Week:
    first: dt.date
    reviewed: bool

    @property
    def last(self) -> dt.date:
        return self.first + dt.timedelta(days=6)


@dataclass(frozen=True)
class Review:
    """One week on one page."""

    hub: Agency
    week: Week
    weeks: Sequence[Week]
    by_source: Table
    outcomes: Table
    chart: Chart
    closed: WeeklyReview | None
    can_close: bool


def week_of(day: dt.date) -> dt.date:
    """Its Monday."""
    return day - dt.timedelta(days=day.weekday())


def last_whole_week(today: dt.date) -> dt.date:
    return week_of(today) - WEEK


def hub_for(user: User, slug: str = "") -> Agency:
    """The hub whose week it is; who works for several says which."""
    hubs = hubs_of(user)
    named = [hub for hub in hubs if hub.slug == slug]
    if slug and not named:
        raise NotVisible
    return (named or hubs)[0]


def review_of(hub: Agency, first: dt.date, *, for_user: User, today: dt.date | None = None) -> Review:
    """A fixed number of queries, however much came in; a closed week shows the numbers that were looked at (MSH-07)."""
    today = today or timezone.localdate()
    newest = max(week_of(today), first)
    since = newest - (WEEKS - 1) * WEEK
    counted = _count(hub, min(since, first), newest, for_user)
    kept = WeeklyReview.objects.visible_to(for_user).with_keys().filter(controller=hub, week__gte=min(since, first))
    closed = {each.week: each for each in kept.select_related("reviewed_by")}
    weeks = [newest - number * WEEK for number in range(WEEKS)]
    mine = closed.get(first)
    shown = counted | {week: Figures(**each.figures) for week, each in closed.items()}
    by_source, outcomes = _tables(shown.get(first, Figures({}, {})))
    return Review(
        hub=hub,
        week=Week(first, mine is not None),
        weeks=[Week(each, each in closed) for each in weeks if each < week_of(today)],
        by_source=by_source,
        outcomes=outcomes,
        chart=_chart(shown, weeks[::-1]),
        closed=mine,
        can_close=mine is None and first < week_of(today) and may_close(for_user, hub),
    )


def figures_of(hub: Agency, first: dt.date, *, for_user: User) -> Figures:
    return _count(hub, first, first, for_user).get(first, Figures({}, {}))


def may_close(user: User, hub: Agency) -> bool:
    return hub.pk in agencies_where(user, "weekly_review")


def to_review(*, for_user: User) -> tuple[list[Agency], dt.date]:
    """Which of this manager's hubs have not closed the last whole week, and which week that is (MSH-07)."""
    week = last_whole_week(timezone.localdate())
    closed = WeeklyReview.objects.visible_to(for_user).filter(week=week).values("controller_id")
    mine = Agency.objects.filter(pk__in=agencies_where(for_user, "weekly_review"))
    return list(mine.exclude(pk__in=closed).order_by("pk")), week


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=LONDON)


def _count(hub: Agency, first: dt.date, last: dt.date, user: User) -> dict[dt.date, Figures]:
    """By week; two queries for all of them."""
    span = Q(received_at__gte=_midnight(first), received_at__lt=_midnight(last + WEEK))
    contacted = Screening.objects.filter(notification=OuterRef("pk"), decision=Decision.SEND_AND_CONTACT)
    sent = (
        Notification.objects.visible_to(user)
        .filter(span, controller=hub)
        .annotate(week=TruncWeek("received_at"), accepted=Exists(contacted))
        .values("week", "source__kind")
        .annotate(number=Count("pk"), taken_up=Count("pk", filter=Q(accepted=True)))
        .order_by()
    )
    referred = (
        Referral.objects.visible_to(user)
        .filter(span, controller=hub)
        .annotate(week=TruncWeek("received_at"))
        .values("week", "source_kind", "outcome")
        .annotate(number=Count("pk"))
        .order_by()
    )
    found: dict[dt.date, Figures] = {}
    for told in sent:
        stages = _stages(found, told["week"], told["source__kind"])
        stages[Stage.CONTACT] += told["number"]
        stages[Stage.REFERRAL] += told["taken_up"]
    for row in referred:
        stages = _stages(found, row["week"], row["source_kind"])
        for stage in (Stage.CONTACT, *_REACHED.get(row["outcome"], ())):
            stages[stage] += row["number"]
        outcomes = found[timezone.localdate(row["week"])].outcomes
        outcomes[row["outcome"]] = outcomes.get(row["outcome"], 0) + row["number"]
    return found


def _stages(found: dict[dt.date, Figures], moment: dt.datetime, kind: str) -> dict[str, int]:
    figures = found.setdefault(timezone.localdate(moment), Figures({}, {}))
    return figures.stages.setdefault(kind, {stage.value: 0 for stage in Stage})


def _tables(figures: Figures) -> tuple[Table, Table]:
    """How far they came, by source, and what was decided; together they give no small number away (MSH-07)."""
    kinds = sorted(figures.stages, key=lambda kind: (-figures.stages[kind][Stage.CONTACT], kind))
    known = [*((each.value, each.label) for each in Outcome), ("", NOT_DECIDED)]
    stages = list(Stage)
    words = hiding.words(
        [[figures.stages[kind][stage.value] for stage in stages] for kind in kinds] or [[0] * len(stages)],
        [figures.outcomes.get(value, 0) for value, _ in known],
        {place: stages.index(_REACHED[value][-1]) for place, (value, _) in enumerate(known) if value in _REACHED},
    )
    *rows, total = words.stages
    by_source = [(AgencyKind(kind).label, row) for kind, row in zip(kinds, rows, strict=False)]
    *decided, referrals = words.outcomes
    outcomes = [(label, [word]) for (_, label), word in zip(known, decided, strict=True)]
    return Table([stage.label for stage in stages], by_source, total), Table(["Referrals"], outcomes, [referrals])


def _chart(shown: dict[dt.date, Figures], weeks: Sequence[dt.date]) -> Chart:
    """The sums of each week as that week's own page says them: what is hidden there is hidden here."""
    contacts, accepted = (list(Stage).index(stage) for stage in (Stage.CONTACT, Stage.REFERRAL))
    totals = [_tables(shown.get(week, Figures({}, {})))[0].total for week in weeks]
    printed = tuple(
        (f"{week.day} {week:%B}", total[contacts], total[accepted]) for week, total in zip(weeks, totals, strict=True)
    )
    return Chart(
        "weeks", "Contacts by week, and those accepted as referrals", "Contacts", "Accepted as referrals",
        tuple((label, small_numbers.drawn(one), small_numbers.drawn(two)) for label, one, two in printed),
        column="Week from", words=printed,
    )  # fmt: skip
