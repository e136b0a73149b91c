"""Courses and terms of the demo's partnerships, and who has done what: everybody everything, but for one person each (NTK-06)."""

import datetime as dt

from django.utils import timezone

from safeguarding.access.handlers import CONTENT_ROLES
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import (
    Acknowledgement,
    Course,
    CourseRequirement,
    Membership,
    Partnership,
    Terms,
    TrainingRecord,
    User,
)
from safeguarding.agencies.training import end_of_validity
from safeguarding.demo.shapes import PartnershipData

# key, name, months, whose content needs it; no role: everybody's
COURSES: tuple[tuple[str, str, int, tuple[str, ...]], ...] = (
    ("sharing", "Sharing information safely", 24, ("",)),
    ("alerts", "Receiving alerts as a designated lead", 36, (Role.DSL, Role.DEPUTY_DSL, Role.HOLIDAY_CONTACT)),
)
TERMS = (
    "I open records only for my work with the children whom they are about.",
    "I open records only for my work with the children whom they are about.\n\n"
    "I tell nobody what I read here who does not need it to keep a child safe, and nobody at home.\n\n"
    "I copy nothing out of the Hub that my agency's own record does not need, and I say at once when something has gone astray.",
)


def load_conditions(data: PartnershipData, partnership: Partnership) -> None:
    """What the partnership asks for, and the records of all who are not on record yet."""
    for key, name, months, roles in COURSES:
        course, _ = Course.objects.get_or_create(
            partnership=partnership, key=key, defaults={"name": name, "months": months}
        )
        for role in roles:
            CourseRequirement.objects.get_or_create(course=course, role=role)
    since = timezone.now() - dt.timedelta(days=400)
    for version, text in enumerate(TERMS, start=1):
        Terms.objects.get_or_create(
            partnership=partnership,
            version=version,
            defaults={"text": text, "required_from": since + dt.timedelta(days=200 * (version - 1))},
        )
    clear_everybody(partnership, but=data.email_of(*data.lapsed) if all(data.lapsed) else "")


def clear_everybody(partnership: Partnership, *, but: str = "") -> None:
    """Plausible dates for everybody who has none; `but` did everything once, and nothing since."""
    courses = list(partnership.courses.order_by("pk"))
    old, new = partnership.terms.order_by("version")
    held = Membership.objects.filter(
        agency__partnerships=partnership, role__in=CONTENT_ROLES, ended_at=None, user__training=None
    )
    people: dict[int, tuple[User, int]] = {}
    for membership in held.select_related("user").order_by("pk"):
        people.setdefault(membership.user_id, (membership.user, membership.agency_id))
    today = timezone.localdate()
    Acknowledgement.objects.bulk_create(
        Acknowledgement(user=user, terms=old if user.email == but else new) for user, _ in people.values()
    )
    records = []
    for number, (user, agency_id) in enumerate(people.values()):
        for course in courses:
            ago = course.months * 31 + 12 if user.email == but else 45 + number * 37 % 500
            day = today - dt.timedelta(days=ago)
            records.append(
                TrainingRecord(
                    user=user,
                    course=course,
                    agency_id=agency_id,
                    completed_on=day,
                    expires_at=end_of_validity(day, course.months),
                    evidence=f"Certificate {1000 + number}",
                )
            )
    TrainingRecord.objects.bulk_create(records)
