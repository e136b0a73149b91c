"""Who in the house may open content: training, terms, suspensions and reviews (NTK-06, NTK-07)."""

from safeguarding.agencies.models import (
    AccessReview,
    Acknowledgement,
    CourseRequirement,
    Membership,
    Partnership,
    PartnershipAgency,
    ReviewItem,
    Suspension,
    Terms,
    TrainingRecord,
)
from tests.access.plan import DAY, NOW, House
from tests.factories import acknowledged, require_clearance, trained

# Who lacks what, and since when: everybody else is trained and has acknowledged (NTK-06).
UNTRAINED = (
    "untrained_here",
    "half_trained_here",
    "untrained_officer_here",
    "untrained_admin_here",
    "untrained_ig_lead_here",
    "granted_untrained",
    "head_untrained_here",
    "invited_untrained",
    "changed_hats",
)
LAPSED = ("lapsed_here", "lapsed_constable_here")
TRAINING_WITHDRAWN = ("training_withdrawn_here",)
UNACKNOWLEDGED = ("unacknowledged_here", "granted_unacknowledged")
OLD_TERMS = ("old_terms_here",)


def conditions(house: House) -> None:
    """Each partnership asks for a course and its terms, of DSLs for one more course; the next terms are not due yet."""
    here, there = (world.partnership for world in house.worlds)
    for partnership in Partnership.objects.all():
        require_clearance(partnership, dsl_course=True)
        Terms.objects.create(partnership=partnership, version=9, text="Later", required_from=NOW + DAY)
    # the others ask for newer terms; everybody has read those, and what they themselves are asked for stands beside
    Terms.objects.create(partnership=there, version=5, text="More", required_from=NOW - DAY)
    for name, person in house.people.items():
        acknowledged(person, there, version=5)
        if name not in UNACKNOWLEDGED:
            acknowledged(person, here, version=1 if name in OLD_TERMS else 2)
        if name not in UNTRAINED:
            ends = NOW - DAY if name in LAPSED else NOW + DAY
            withdrawn = NOW if name in TRAINING_WITHDRAWN else None
            trained(person, there if name.endswith("_there") else here, expires_at=ends, withdrawn_at=withdrawn)
    # one course is not the other
    for name, key in (("untrained_here", "dsl"), ("half_trained_here", "sharing"), ("changed_hats", "sharing")):
        TrainingRecord.objects.create(
            user=house.people[name], course=here.courses.get(key=key), agency=house.worlds[0].school, evidence="Certificate 7",
            completed_on=NOW.date(), expires_at=NOW + DAY,
        )  # fmt: skip
    # not a DSL: the course that is asked of DSLs alone is none of a head's business
    TrainingRecord.objects.filter(user=house.people["head_untrained_here"], course__key="dsl").delete()
    for name in ("head_here", "deputy_here"):
        TrainingRecord.objects.filter(user=house.people[name], course__key="dsl").delete()
    # two partnerships, and nothing missing in one of them: shut all the same
    for joined in PartnershipAgency.objects.filter(left_on=None):
        house.joined.setdefault(joined.agency_id, set()).add(joined.partnership_id)
    # somebody suspended at two agencies, and a review at each
    for name in ("inactive_here", "inactive_officer_here"):
        membership = Membership.objects.get(user=house.people[name])
        agency, by = membership.agency, house.people["hub_admin_here"]
        house.keep(Suspension.objects.create(user=membership.user, agency=agency, reason="CANARY", suspended_by=by))
        review = AccessReview.objects.create(agency=agency, due_at=NOW + DAY)
        for each in Membership.objects.filter(agency=agency).order_by("pk")[:3]:
            house.keep(ReviewItem.objects.create(review=review, agency=agency, membership=each))
    house.terms = list(Terms.objects.all())
    house.requirements = list(CourseRequirement.objects.select_related("course"))
    for row in (*TrainingRecord.objects.all(), *Acknowledgement.objects.select_related("terms")):
        house.keep(row)
