"""Training and acknowledgement: what a member acknowledges, and what an administrator records (NTK-06, AGR-08, ALR-26)."""

import calendar
import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from safeguarding.access.handlers import CONTENT_ROLES
from safeguarding.agencies import clearance, selectors
from safeguarding.agencies.models import (
    Acknowledgement,
    Agency,
    Course,
    Membership,
    Partnership,
    Terms,
    TrainingRecord,
    User,
)
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.services import queue_email


@transaction.atomic
def acknowledge(*, partnership: str, version: int, by: User) -> Terms:
    """A person acknowledges the terms in force, for themselves alone, before first access (NTK-06, AGR-08)."""
    standing = next((each for each in clearance.standings(by) if each.partnership.slug == partnership), None)
    if standing is None or standing.terms is None:
        raise NotVisible
    terms = standing.terms
    if terms.version != version:
        raise Conflict(
            "There is a newer version of these terms. Nothing was recorded. Read the new one, then acknowledge it."
        )
    if standing.acknowledged is None:
        given = Acknowledgement.objects.create(user=by, terms=terms)
        record("terms.acknowledged", given, facts={"version": terms.version})
    return terms


@transaction.atomic
def ask_for_more(partnership: Partnership, undertaking: str, *, instead_of: str, from_day: dt.date) -> Terms:
    """An agreement asks something of every member: a new version of the terms says so, in place of what it asked before (AGR-08).

    From that day content is shut to whoever has not acknowledged it.
    """
    newest = partnership.terms.order_by("-version").first()
    said = newest.text.split("\n\n") if newest else []
    kept = [paragraph for paragraph in said if not paragraph.startswith(instead_of)]
    start = timezone.make_aware(dt.datetime.combine(from_day, dt.time()))
    asked = Terms.objects.create(
        partnership=partnership,
        version=newest.version + 1 if newest else 1,
        text="\n\n".join([*kept, " ".join(undertaking.split())]),
        required_from=max(timezone.now(), start),
    )
    record("terms.published", asked, facts={"version": asked.version})
    return asked


@transaction.atomic
def record_training(
    *, agency: Agency, user: User, course: Course, completed_on: dt.date, evidence: str, by: User
) -> TrainingRecord:
    """An administrator records that a colleague has completed a course, and on what evidence (NTK-06, ALR-26)."""
    if not selectors.administered(by).filter(pk=agency.pk).exists():
        raise NotVisible
    if not Membership.objects.filter(agency=agency, user=user, ended_at=None).exists():
        raise NotVisible
    if not agency.partnerships.filter(partnershipagency__left_on=None, courses=course).exists():
        raise NotVisible
    if completed_on > timezone.localdate():
        raise Refused(
            "That day is still to come. Nothing was recorded. Enter the day on which the course was completed."
        )
    expires_at = end_of_validity(completed_on, course.months)
    if expires_at <= timezone.now():
        raise Refused(
            f"A course completed on that day counted until {clearance.last_day(expires_at):%-d %B %Y}. "
            "Nothing was recorded. It has to be done again."
        )
    done = TrainingRecord.objects.create(
        user=user,
        course=course,
        agency=agency,
        completed_on=completed_on,
        expires_at=expires_at,
        evidence=evidence,
        recorded_by=by,
    )
    record("training.recorded", done, facts={"user": user.pk, "course": course.key, "until": expires_at.isoformat()})
    return done


def end_of_validity(completed_on: dt.date, months: int) -> dt.datetime:
    """The midnight after the same day so many months later; the last of a shorter month (NTK-06)."""
    year, month = divmod(completed_on.year * 12 + completed_on.month - 1 + months, 12)
    last = dt.date(year, month + 1, min(completed_on.day, calendar.monthrange(year, month + 1)[1]))
    midnight = dt.datetime.combine(last + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(midnight)


@transaction.atomic
def remind_of_lapse() -> int:
    """Thirty days before anything lapses an e-mail says so, once for that day; runs as dispatch (NTK-06)."""
    now = timezone.now()
    near = Membership.objects.filter(
        ended_at=None,
        role__in=CONTENT_ROLES,
        user__is_active=True,
        cleared_until__gt=now,
        cleared_until__lte=now + clearance.SOON,
    )
    first: dict[int, Membership] = {}
    for membership in near.select_related("user").order_by("-cleared_until", "pk"):
        first[membership.user_id] = membership
    told = 0
    for membership in first.values():
        ends = clearance.last_day(membership.cleared_until)
        sent = queue_email(
            to=membership.user.email,
            template="clearance_ending",
            context={"day": f"{ends:%-d %B %Y}", "link": f"{settings.SITE_URL}/clearance/"},
            dedupe_key=f"clearance {membership.user_id} {ends.isoformat()}",
            recipient=membership.user,
        )
        told += sent is not None
    return told
