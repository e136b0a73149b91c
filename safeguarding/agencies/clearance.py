"""What a person lacks before content opens, and what waits meanwhile (NTK-06, AGR-08)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from safeguarding.access.handlers import CONTENT_ROLES
from safeguarding.access.posts import Post, posts_of
from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.access.rules import DISPATCH
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import (
    Acknowledgement,
    Agency,
    CourseRequirement,
    Membership,
    Partnership,
    Terms,
    TrainingRecord,
    User,
)

SOON = dt.timedelta(days=30)


@dataclass
class CourseStanding:
    """One course that a person needs, and the latest record of it."""

    name: str
    record: TrainingRecord | None

    @property
    def is_current(self) -> bool:
        return self.record is not None and self.record.expires_at > timezone.now()

    @property
    def ends_soon(self) -> bool:
        return self.record is not None and self.is_current and self.record.expires_at <= timezone.now() + SOON

    @property
    def last_day(self) -> dt.date | None:
        return last_day(self.record.expires_at) if self.record else None


@dataclass
class Standing:
    """How a person stands in one partnership: courses, terms, and the agencies at which content hangs on them."""

    partnership: Partnership
    agencies: list[Agency] = field(default_factory=list)
    courses: list[CourseStanding] = field(default_factory=list)
    terms: Terms | None = None
    acknowledged: Acknowledgement | None = None

    @property
    def lacks_terms(self) -> bool:
        return self.terms is not None and self.acknowledged is None

    @property
    def missing_courses(self) -> list[CourseStanding]:
        return [course for course in self.courses if not course.is_current]

    @property
    def is_complete(self) -> bool:
        return not self.lacks_terms and not self.missing_courses


def last_day(expires_at: dt.datetime) -> dt.date:
    return timezone.localtime(expires_at - dt.timedelta(seconds=1)).date()


def lapsed(posts: Iterable[Post]) -> list[Post]:
    """Those that would open content, were training and acknowledgement current."""
    now = timezone.now()
    return [each for each in posts if each.role in CONTENT_ROLES and each.cleared_until <= now]


def ending_soon(posts: Iterable[Post]) -> list[Post]:
    now = timezone.now()
    return [each for each in posts if each.role in CONTENT_ROLES and now < each.cleared_until <= now + SOON]


def is_lacking(user: User) -> bool:
    """Some content is shut for this person only because training or acknowledgement is missing (NTK-06)."""
    return bool(lapsed(posts_of(user).held))


def is_lacking_everywhere(user: User) -> bool:
    """No role of this person's opens any content now, and one would (NTK-06)."""
    posts = posts_of(user)
    return bool(lapsed(posts.held)) and not posts.holding(CONTENT_ROLES)


def standings(user: User) -> list[Standing]:
    """One for each partnership in which a role of this person's needs something; seven queries whatever there is."""
    found: dict[int, Standing] = {}
    roles: dict[int, set[str]] = {}
    held = Membership.objects.filter(user=user, ended_at=None, role__in=CONTENT_ROLES).select_related("agency")
    for membership in held.prefetch_related("agency__partnershipagency_set__partnership").order_by(
        "agency__name", "pk"
    ):
        for joined in membership.agency.partnershipagency_set.all():
            if joined.left_on is None:
                standing = found.setdefault(joined.partnership_id, Standing(joined.partnership))
                roles.setdefault(joined.partnership_id, set()).add(membership.role)
                if membership.agency not in standing.agencies:
                    standing.agencies.append(membership.agency)
    _fill_terms(found, user)
    _fill_courses(found, roles, user)
    return [each for each in found.values() if each.terms or each.courses]


def _fill_terms(found: dict[int, Standing], user: User) -> None:
    read = Acknowledgement.objects.filter(user=user, terms__partnership__in=found).select_related("terms")
    newest = {each.terms.partnership_id: each for each in read.order_by("terms__version")}
    in_force = Terms.objects.filter(partnership__in=found, required_from__lte=timezone.now())
    for terms in in_force.order_by("version"):
        own = newest.get(terms.partnership_id)
        standing = found[terms.partnership_id]
        standing.terms = terms
        standing.acknowledged = own if own and own.terms.version >= terms.version else None


def _fill_courses(found: dict[int, Standing], roles: dict[int, set[str]], user: User) -> None:
    done: dict[int, TrainingRecord] = {}
    records = TrainingRecord.objects.filter(user=user, withdrawn_at=None, course__partnership__in=found)
    for record in records.order_by("expires_at", "pk"):
        done[record.course_id] = record
    seen = set()
    needed = CourseRequirement.objects.filter(course__partnership__in=found).select_related("course")
    for each in needed.order_by("course__name", "pk"):
        place = each.course.partnership_id
        if (not each.role or each.role in roles[place]) and each.course_id not in seen:
            seen.add(each.course_id)
            found[place].courses.append(CourseStanding(each.course.name, done.get(each.course_id)))


def waiting_at(user: User) -> dict[int, int]:
    """How many unopened alerts are addressed to roles of the reader's at each setting: a number and nothing else (NTK-06)."""
    if current().user_id != user.pk:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency_id, waiting FROM app.alerts_waiting()")
        return dict(cursor.fetchall())


def administrators_of(agencies: Iterable[Agency]) -> dict[int, list[str]]:
    """Who can record training at each agency; a member may ask whom to turn to, and is told names only (NTK-06)."""
    asker = current()
    service = Principal(
        service=DISPATCH, purpose="clearance", remote_addr=asker.remote_addr, request_id=asker.request_id
    )
    found: dict[int, list[str]] = {}
    with acting_as(service):
        held = Membership.objects.filter(
            agency__in=list(agencies), role=Role.AGENCY_ADMIN, ended_at=None, user__is_active=True
        )
        for membership in held.select_related("user").order_by("user__name", "pk"):
            found.setdefault(membership.agency_id, []).append(membership.user.name)
    return found


@dataclass(frozen=True)
class Place:
    """One agency at which something is shut: who mends it, and what waits."""

    agency: Agency
    administrators: list[str]
    waiting: int


@dataclass(frozen=True)
class Gap:
    """A partnership in which something is missing, with the agencies where that shuts content."""

    standing: Standing
    places: list[Place]


def gaps(user: User) -> list[Gap]:
    """What is missing, how it is mended, and how much waits meanwhile; empty when content opens everywhere (NTK-06)."""
    short = [standing for standing in standings(user) if not standing.is_complete]
    if not short:
        return []
    waiting = waiting_at(user)
    administrators = administrators_of(agency for standing in short for agency in standing.agencies)
    return [
        Gap(
            standing,
            [
                Place(agency, administrators.get(agency.pk, []), waiting.get(agency.pk, 0))
                for agency in standing.agencies
            ],
        )
        for standing in short
    ]
