"""Notice, withdrawal, review, new versions and mergers: every change counts at the next send (AGR-03 to AGR-06)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from agreements.models import Agreement, ReturnTask, Signature
from agreements.register import drafting, life, policies, signing
from agreements.register.enums import Standing, WithheldReason
from agreements.register.selectors import gateway_for
from safeguarding.errors import NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.agreements.conftest import Desk, words
from tests.factories import AgencyFactory, PartnershipFactory
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

LONDON = ZoneInfo("Europe/London")
DAYS = dt.timedelta(days=1)


@pytest.mark.req("AGR-05")
@pytest.mark.parametrize(
    ("months", "weeks", "given", "last"),
    [
        (1, 0, dt.date(2026, 11, 22), dt.date(2026, 12, 22)),
        # a month from the 31st ends with the shorter month
        (1, 0, dt.date(2027, 1, 31), dt.date(2027, 2, 28)),
        (1, 0, dt.date(2028, 1, 31), dt.date(2028, 2, 29)),
        (1, 0, dt.date(2026, 10, 31), dt.date(2026, 11, 30)),
        # over Christmas, and over the change of the clocks: days are days
        (0, 4, dt.date(2026, 12, 10), dt.date(2027, 1, 7)),
        (0, 4, dt.date(2026, 10, 1), dt.date(2026, 10, 29)),
        # written notice without a period: the day itself is the last
        (0, 0, dt.date(2026, 11, 22), dt.date(2026, 11, 22)),
    ],
)
def test_how_long_a_notice_runs(months: int, weeks: int, given: dt.date, last: dt.date) -> None:
    assert policies.last_day_of_notice(Agreement(notice_months=months, notice_weeks=weeks), given) == last


@pytest.mark.req("AGR-04")
@pytest.mark.parametrize(
    ("first", "later", "opened", "reviews"),
    [
        (6, 12, dt.date(2026, 8, 31), [dt.date(2027, 2, 28), dt.date(2028, 2, 28)]),
        (12, 12, dt.date(2028, 2, 29), [dt.date(2029, 2, 28), dt.date(2030, 2, 28)]),
        (24, 24, dt.date(2026, 11, 22), [dt.date(2028, 11, 22), dt.date(2030, 11, 22)]),
    ],
)
def test_each_agreement_has_its_own_cycle(first: int, later: int, opened: dt.date, reviews: list[dt.date]) -> None:
    agreement = Agreement(first_review_months=first, review_months=later)
    due = policies.first_review(agreement, opened)
    assert [due, policies.next_review(agreement, due)] == reviews


DAY = dt.date(2026, 11, 22)
STANDINGS = [
    ({"state": "draft"}, Standing.DRAFT),
    ({"state": "abandoned"}, Standing.ABANDONED),
    ({"starts_on": DAY + dt.timedelta(days=1)}, Standing.NOT_YET),
    ({}, Standing.IN_FORCE),
    ({"review_due_on": DAY + dt.timedelta(days=31)}, Standing.IN_FORCE),
    ({"review_due_on": DAY + dt.timedelta(days=30)}, Standing.REVIEW_DUE),
    ({"review_due_on": DAY}, Standing.REVIEW_DUE),
    ({"review_due_on": DAY - dt.timedelta(days=1)}, Standing.REVIEW_OVERDUE),
    ({"ends_on": DAY}, Standing.IN_FORCE),
    ({"ends_on": DAY - dt.timedelta(days=1)}, Standing.LAPSED),
]


@pytest.mark.req("AGR-04", "AGR-06")
@pytest.mark.parametrize(("fields", "standing"), STANDINGS)
def test_where_an_agreement_stands(fields: dict, standing: Standing) -> None:
    agreement = Agreement(**{"state": "open", "starts_on": dt.date(2026, 1, 1), **fields})
    assert policies.standing(agreement, DAY) == standing
    may = standing in (Standing.IN_FORCE, Standing.REVIEW_DUE, Standing.REVIEW_OVERDUE)
    assert policies.is_in_force(agreement, DAY) == may


@pytest.mark.req("AGR-03")
def test_the_old_version_holds_until_its_day_and_no_longer() -> None:
    old = Agreement(state="superseded", starts_on=dt.date(2026, 1, 1))
    old.superseded_by = Agreement(state="open", starts_on=DAY, old_holds_until=DAY)
    assert policies.standing(old, DAY) == Standing.RUNNING_OUT
    assert policies.standing(old, DAY + dt.timedelta(days=1)) == Standing.SUPERSEDED
    old.superseded_by.state = "draft"
    assert policies.is_in_force(old, DAY + dt.timedelta(days=1))


def all_sign(desk: Desk, agreement: Agreement) -> None:
    for agency in desk.agencies():
        desk.sign(agreement, agency)


def reason(desk: Desk, at: dt.datetime | None = None) -> WithheldReason | None:
    world = desk.world
    at = at or dt.datetime.now(LONDON)
    decision = gateway_for(
        partnership=world.partnership, sender=world.mash, setting=world.school, kind="domestic_abuse", at=at
    )
    return decision.withheld_reason


@pytest.fixture
def alone(desk: Desk) -> Agreement:
    """One agreement, signed by everybody, with a month's notice; the factory's own is out of the way."""
    with fixtures():
        Agreement.objects.update(ends_on=dt.date(2025, 12, 31))
    agreement = desk.opened(notice_months=1)
    all_sign(desk, agreement)
    return agreement


@pytest.mark.django_db
@pytest.mark.req("AGR-03", "AGR-05", "AGR-06")
def test_notice_runs_out_sharing_stops_and_everybody_returns_or_destroys(desk: Desk, alone: Agreement) -> None:
    world, user = desk.world, desk.signatory(desk.world.school)
    assert reason(desk) is None
    with as_user(user):
        given = life.give_notice(desk.party(alone, world.school), reason="We close.", by=user)
        with pytest.raises(Refused, match="already"):
            life.give_notice(given, reason="Again.", by=user)
    last = given.leaves_on
    assert last is not None
    noon = dt.datetime.combine(last, dt.time(12), LONDON)
    assert reason(desk, noon) is None
    assert reason(desk, noon + dt.timedelta(days=1)) == WithheldReason.WITHDREW
    with fixtures():
        told = {email.to for email in Email.objects.filter(template="agreement_notice")}
        assert desk.signatory(world.police).email in told
        assert user.email not in told
    with time_machine.travel(noon), as_service("dispatch"):
        assert life.run_out(last) == 0
    with time_machine.travel(noon + dt.timedelta(days=1)), as_service("dispatch"):
        assert life.run_out(last + dt.timedelta(days=1)) == 1
        assert life.run_out(last + dt.timedelta(days=1)) == 0
    assert {task.holder_id for task in ReturnTask.objects.all()} == {agency.pk for agency in desk.agencies()}
    holder = desk.signatory(world.mash)
    task = ReturnTask.objects.get(holder=world.mash)
    with as_user(user), pytest.raises(NotVisible):
        life.confirm_return(task, outcome="destroyed", note="", by=user)
    with as_user(holder):
        with pytest.raises(Refused, match="which law"):
            life.confirm_return(task, outcome="kept", note=" ", by=holder)
        assert life.confirm_return(task, outcome="destroyed", note="Keys destroyed.", by=holder).state == "destroyed"
        with pytest.raises(Refused, match="already"):
            life.confirm_return(task, outcome="returned", note="", by=holder)
    with as_user(user):
        signed = signing.sign(desk.party(alone, world.school), words(user), digest=alone.digest, by=user)
    assert (signed.state, signed.leaves_on) == ("signed", None)
    assert reason(desk) is None


def leave(desk: Desk, agreement: Agreement) -> dt.date:
    """The school gives notice, which runs out; the last day of it."""
    user = desk.signatory(desk.world.school)
    with as_user(user):
        last = life.give_notice(desk.party(agreement, desk.world.school), reason="We close.", by=user).leaves_on
    assert last is not None
    with time_machine.travel(dt.datetime.combine(last + DAYS, dt.time(6), LONDON)), as_service("dispatch"):
        assert life.run_out(last + DAYS) == 1
    return last


@pytest.mark.django_db
@pytest.mark.req("AGR-05")
def test_who_comes_back_and_leaves_again_has_everything_returned_again(desk: Desk, alone: Agreement) -> None:
    world, user, holder = desk.world, desk.signatory(desk.world.school), desk.signatory(desk.world.mash)
    first = leave(desk, alone)
    path = f"/agreements/returns/{alone.ref}/{world.school.slug}/{world.mash.slug}/"
    client = signed_in(holder)
    assert client.post(path, {"outcome": "destroyed", "note": "Keys destroyed."}).status_code == 302
    with time_machine.travel(dt.datetime.combine(first + 60 * DAYS, dt.time(9), LONDON)):
        with as_user(user):
            signing.sign(desk.party(alone, world.school), words(user), digest=alone.digest, by=user)
        second = leave(desk, alone)
        tasks = ReturnTask.objects.filter(holder=world.mash).order_by("pk")
        assert list(tasks.values_list("leaves_on", "state")) == [(first, "destroyed"), (second, "open")]
        assert ReturnTask.objects.filter(state="open", leaves_on=second).count() == len(desk.agencies())
        # the link on the list leads to the one that waits
        assert signed_in(holder).post(path, {"outcome": "returned", "note": ""}).status_code == 302
    assert [task.state for task in tasks.all()] == ["destroyed", "returned"]


@pytest.mark.django_db
@pytest.mark.req("AGR-05")
def test_a_notice_can_be_taken_back_until_it_has_run_out(desk: Desk, alone: Agreement) -> None:
    user = desk.signatory(desk.world.school)
    with as_user(user):
        given = life.give_notice(desk.party(alone, desk.world.school), reason="We close.", by=user)
        assert life.take_notice_back(given, by=user).leaves_on is None
        assert reason(desk) is None
        with pytest.raises(Refused, match="No notice"):
            life.take_notice_back(given, by=user)
        given = life.give_notice(given, reason="We do close.", by=user)
    assert given.leaves_on is not None
    late = dt.datetime.combine(given.leaves_on + dt.timedelta(days=1), dt.time(9), LONDON)
    with time_machine.travel(late), as_user(user), pytest.raises(Refused, match="run out"):
        life.take_notice_back(given, by=user)


@pytest.mark.django_db
@pytest.mark.req("AGR-04")
def test_owners_are_reminded_and_a_review_begins_the_next_cycle(desk: Desk, alone: Agreement) -> None:
    assert alone.review_due_on is not None
    due = alone.review_due_on
    with as_service("dispatch"):
        counts = [life.remind(due + dt.timedelta(days=days)) for days in (-31, -30, -14, 0, 1, 14)]
    assert [bool(count) for count in counts] == [False, True, True, True, False, True]
    with fixtures():
        assert [email.context["overdue"] for email in Email.objects.filter(template="agreement_review").order_by("pk")][
            -1
        ]
    with time_machine.travel(dt.datetime.combine(due, dt.time(9), LONDON)), as_user(desk.ig):
        assert life.review(alone, by=desk.ig).review_due_on == policies.next_review(alone, due)


@pytest.mark.django_db
@pytest.mark.req("AGR-03", "AGR-06")
def test_who_does_not_sign_the_new_version_is_told_until_the_old_one_runs_out(desk: Desk, alone: Agreement) -> None:
    today = dt.datetime.now(LONDON).date()
    until = today + dt.timedelta(days=10)
    with as_user(desk.ig):
        new = drafting.draft_next(alone, version="2", by=desk.ig)
        drafting.write(new, {"old_holds_until": until}, by=desk.ig)
        drafting.open_for_signing(new, by=desk.ig)
    eve = dt.datetime.combine(until, dt.time(12), LONDON)
    assert reason(desk, eve) is None
    assert reason(desk, eve + dt.timedelta(days=1)) == WithheldReason.NEVER_SIGNED


@pytest.mark.django_db
@pytest.mark.req("AGR-03")
def test_a_hub_that_has_not_signed_may_not_send(desk: Desk, alone: Agreement) -> None:
    with fixtures():
        Signature.objects.filter(agreement=alone, agency=desk.world.mash).update(role="recipient")
    assert reason(desk) == WithheldReason.NOT_SOURCE


@pytest.mark.django_db
@pytest.mark.req("AGR-03", "ALR-08")
def test_a_setting_that_signed_only_to_send_is_not_told(desk: Desk, alone: Agreement) -> None:
    party = Signature.objects.filter(agreement=alone, agency=desk.world.school)
    with fixtures():
        party.update(role="source")
    assert reason(desk) == "not_recipient"
    with fixtures():
        party.update(role="both")
    assert reason(desk) is None


@pytest.mark.django_db
@pytest.mark.req("AGR-01", "AGR-06")
def test_an_agreement_without_a_childs_name_lets_no_alert_leave(desk: Desk, alone: Agreement) -> None:
    with fixtures():
        alone.items.filter(key="child_name").delete()
    assert reason(desk) == WithheldReason.NO_ITEMS


@pytest.mark.django_db
@pytest.mark.req("AGR-03")
def test_an_agreement_in_two_partnerships_opens_both(desk: Desk, alone: Agreement) -> None:
    with fixtures():
        there = PartnershipFactory()
        setting = AgencyFactory(partnership=there)
        for agency in (desk.world.mash, setting):
            Signature.objects.update_or_create(
                agreement=alone, agency=agency, defaults={"state": "signed", "signed_on": alone.starts_on}
            )
    asked = {"sender": desk.world.mash, "setting": setting, "kind": "domestic_abuse", "at": dt.datetime.now(LONDON)}
    assert gateway_for(partnership=there, **asked).withheld_reason == WithheldReason.NO_AGREEMENT
    with fixtures():
        alone.joined_by.add(there)
    assert gateway_for(partnership=there, **asked).agreement == alone


@pytest.mark.django_db
@pytest.mark.req("AGR-03", "ALR-28")
def test_a_signatory_that_merges_takes_its_signature_with_it_only_if_the_heir_signs(
    desk: Desk, alone: Agreement
) -> None:
    today = dt.datetime.now(LONDON).date()
    with fixtures():
        heir = AgencyFactory(partnership=desk.world.partnership)
    with as_user(desk.ig):
        party = life.merge_signatory(desk.party(alone, desk.world.school), into=heir, on=today, by=desk.ig)
        with pytest.raises(Refused, match="itself"):
            life.merge_signatory(party, into=heir, on=today, by=desk.ig)
    assert party.state == "invited"
    assert reason(desk) is None
    assert reason(desk, dt.datetime.now(LONDON) + dt.timedelta(days=1)) == WithheldReason.WITHDREW


@pytest.mark.django_db
@pytest.mark.req("AGR-07")
def test_terms_accepted_for_one_case_open_the_gate_for_that_record_alone(desk: Desk) -> None:
    world = desk.world
    with fixtures():
        Signature.objects.filter(agency=world.school).delete()
    asked = {
        "partnership": world.partnership, "sender": world.mash, "setting": world.school, "kind": "domestic_abuse",
        "at": dt.datetime.now(LONDON),
    }  # fmt: skip
    case = {
        "partnership": world.partnership, "agency": world.school, "ref": "A-0000-0001", "gateway": "single_case",
        "accepted_by": "Wren Oakley", "post": "Manager", "by": world.manager,
    }  # fmt: skip
    with as_user(world.manager):
        with pytest.raises(Refused, match="reason"):
            life.allow_single_case(**case, reason=" ")
        life.allow_single_case(**case, reason="By telephone at 8:10am.")
        with pytest.raises(Refused, match="already"):
            life.allow_single_case(**case, reason="By telephone at 8:10am.")
    assert gateway_for(**asked, ref="A-0000-0001").gateway == "single_case"
    assert gateway_for(**asked, ref="A-0000-0002").withheld_reason == WithheldReason.NEVER_SIGNED
