"""Access reviews: confirmed by a date, or ended; a school keeps its last lead and its last administrator (NTK-07)."""

import datetime as dt

import pytest
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from safeguarding.agencies import reviews, selectors, services, tokens
from safeguarding.agencies.enums import ReviewDecision, Role
from safeguarding.agencies.models import AccessReview, Membership, PartnershipAgency, ReviewItem
from safeguarding.agencies.tasks import review_access
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import MembershipFactory, World, member
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def opened(world: World) -> AccessReview:
    with as_service("setup"):
        review = reviews.open_review(world.school)
    assert review is not None
    return review


def active(world: World) -> set[str]:
    with fixtures():
        return set(Membership.objects.filter(agency=world.school, ended_at=None).values_list("role", flat=True))


def run_out(review: AccessReview) -> None:
    AccessReview.objects.filter(pk=review.pk).update(due_at=timezone.now() - DAY)
    review_access()


@pytest.mark.req("NTK-07")
def test_a_review_opens_by_itself_when_the_partnerships_months_are_over_and_once_only(world: World) -> None:
    review_access()
    assert not AccessReview.objects.exists()
    PartnershipAgency.objects.filter(agency=world.school).update(joined_on=timezone.localdate() - 181 * DAY)
    for _ in range(2):
        review_access()
        assert AccessReview.objects.get().agency == world.school
    with fixtures():
        assert list(Email.objects.values_list("template", "to")) == [("review_due", world.admin.email)]
        assert ReviewItem.objects.count() == 5


@pytest.mark.req("NTK-07")
def test_an_administrator_confirms_all_but_some_on_one_form_and_not_themselves(world: World) -> None:
    opened(world)
    with fixtures():
        item = ReviewItem.objects.get(membership__user=world.tutor)
    client, path = signed_in(world.admin), f"/members/{world.school.slug}/review/"
    assert "0 of 5 answered" in client.get(path).content.decode()
    page = client.post(path, {"end": [item.code, "V-0000-0000"]}, follow=True).content.decode()
    assert "3 confirmed, 1 ended." in page
    assert "Your own access is confirmed by another administrator" in page
    assert "4 of 5 answered" in page
    assert active(world) == {"dsl", "deputy_dsl", "head", "agency_admin"}
    with as_user(world.admin), pytest.raises(Refused, match="Nothing waits"):
        reviews.decide(agency=world.school, ended=(), by=world.admin)
    with fixtures():
        lead = member(world.school, Role.IG_LEAD)
    with as_user(lead):
        assert reviews.decide(agency=world.school, ended=(), by=lead) == (1, 0)
    assert AccessReview.objects.get().closed_at is not None
    with as_user(world.officer), pytest.raises(NotVisible):
        reviews.decide(agency=world.school, ended=(), by=world.officer)


@pytest.mark.req("NTK-07", "ALR-23")
def test_what_nobody_confirms_ends_at_the_date_but_the_last_lead_and_administrator_are_flagged(world: World) -> None:
    review = opened(world)
    client = signed_in(world.tutor)
    assert client.get("/account/").status_code == 200
    run_out(review)
    assert active(world) == {"dsl", "agency_admin"}
    assert client.get("/account/").status_code == 302, "signed out"
    with fixtures():
        decisions = dict(ReviewItem.objects.values_list("membership__role", "decision"))
        assert decisions["head"] == ReviewDecision.LAPSED
        assert decisions["dsl"] == decisions["agency_admin"] == ReviewDecision.FLAGGED
        told = set(Email.objects.filter(template="review_flagged").values_list("to", flat=True))
        assert told == {world.ig_lead.email, world.manager.email}
    assert AccessReview.objects.get().closed_at is not None


@pytest.mark.req("NTK-07", "ALR-23")
def test_the_last_lead_cannot_be_ended_in_a_review_either(world: World) -> None:
    opened(world)
    with fixtures():
        item = ReviewItem.objects.get(membership__user=world.dsl)
    page = signed_in(world.admin).post(f"/members/{world.school.slug}/review/", {"end": [item.code]})
    assert page.status_code == 409
    assert "has no other designated safeguarding lead" in page.content.decode()
    assert "dsl" in active(world)


@pytest.mark.req("NTK-07")
def test_reminders_go_out_two_weeks_and_three_days_before_once_each(world: World) -> None:
    review = opened(world)
    for left, expected in ((20, 1), (13, 2), (13, 2), (2, 3), (1, 3)):
        AccessReview.objects.filter(pk=review.pk).update(due_at=timezone.now() + left * DAY)
        review_access()
        with fixtures():
            assert Email.objects.filter(template="review_due").count() == expected, left


@pytest.mark.req("NTK-07")
def test_what_an_administrator_invited_ends_when_a_review_ends_the_role(world: World) -> None:
    with fixtures():
        second = member(world.school, Role.AGENCY_ADMIN)
    opened(world)
    with as_user(world.admin):
        services.invite(agency=world.school, email="private@mail.example", roles=["agency_admin"], by=world.admin)
    with fixtures():
        item = ReviewItem.objects.get(membership__user=world.admin)
    with as_user(second):
        reviews.decide(agency=world.school, ended=[item.pk], by=second)
    with fixtures():
        assert not selectors.open_invitations(world.school).exists()


@pytest.mark.req("NTK-07", "AUD-02")
def test_access_that_a_review_ends_leaves_no_token_and_stands_in_the_log(world: World) -> None:
    with fixtures():
        MembershipFactory(user=world.tutor, agency=world.other_school, role=Role.SETTING_STAFF)
    with fixtures(), as_user(world.tutor):
        secret = tokens.issue_to_person(user=world.tutor)
    opened(world)
    with fixtures():
        item = ReviewItem.objects.get(membership__user=world.tutor)
    with as_user(world.admin):
        reviews.decide(agency=world.school, ended=[item.pk], by=world.admin)
    assert tokens.find(secret) is None
    with fixtures():
        entry = AuditEntry.objects.get(event="member.ended")
        assert entry.additional_data == {"user": world.tutor.pk, "roles": ["setting_staff"]}
        assert (entry.actor, entry.object_id) == (world.admin, world.school.pk)
        assert Membership.objects.get(user=world.tutor, agency=world.school).ended_by == world.admin
        assert AuditEntry.objects.filter(event="token.revoked").count() == 1


@pytest.mark.req("NTK-07", "AUD-02")
def test_who_lapsed_in_a_review_and_is_invited_again_has_nothing_of_the_old_sign_in(world: World) -> None:
    with fixtures(), as_user(world.head):
        secret = tokens.issue_to_person(user=world.head)
    with fixtures():
        SocialAccount.objects.create(user=world.head, provider="council", uid="sub-of-the-head")
    run_out(opened(world))
    with fixtures():
        ended = [entry.additional_data for entry in AuditEntry.objects.filter(event="member.ended")]
        assert {"user": world.head.pk, "roles": ["head"]} in ended
    with as_user(world.admin):
        invitation = services.invite(agency=world.school, email=world.head.email, roles=["head"], by=world.admin)
    services.accept(invitation, name="Back Again", password="seven-lanterns-on-the-quay")
    assert tokens.find(secret) is None
    with fixtures():
        assert not SocialAccount.objects.filter(user=world.head).exists()
