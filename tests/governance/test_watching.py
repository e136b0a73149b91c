"""The watch on real rows: what it raises, with whom, once; and that nothing of a name is kept."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alerts.files.enums import Relation
from alerts.models import FilePerson, SafeguardingFile
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership, Partnership
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import Shown, record, record_listing
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.governance import reviews
from safeguarding.governance.enums import ReviewOutcome, Unusual
from safeguarding.governance.models import UnusualAccess, WatchMark
from safeguarding.governance.watching import due_after, watch
from safeguarding.notifications.models import Email
from tests.factories import MembershipFactory, World, member
from tests.governance.conftest import entries
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db
LIMITS = {
    "hours": None,
    "burst": {"records": 3, "minutes": 10},
    "refusals": {"times": 3, "minutes": 60},
    "never_assigned": {"records": 1},
}


@pytest.fixture
def world(world: World) -> World:
    with fixtures():
        Partnership.objects.filter(pk=world.partnership.pk).update(unusual=LIMITS)
        AuditEntry.objects.all().delete()
    return world


def raised() -> list[UnusualAccess]:
    with fixtures():
        return list(UnusualAccess.objects.select_related("crypto_key").order_by("pk"))


def shift(minutes: int, **which: Any) -> None:
    """As if it had happened so many minutes ago."""
    with fixtures():
        AuditEntry.objects.filter(**which).update(timestamp=timezone.now() - dt.timedelta(minutes=minutes))


def refuse(person: Any, times: int = 3) -> None:
    with as_user(person):
        for _ in range(times):
            record("access.denied", outcome="denied", facts={"status": 404, "ref": "A-0000-0000"})


@pytest.mark.req("AUD-06")
def test_refusals_are_raised_with_the_person_s_own_lead_by_an_email_that_names_nobody(world: World) -> None:
    refuse(world.dsl)
    watch()
    (row,) = raised()
    assert (row.kind, row.person_id, row.controller_id, row.times, row.status) == (
        Unusual.REFUSALS, world.dsl.pk, world.school.pk, 3, "open",
    )  # fmt: skip
    assert row.entry_ids == [entry.pk for entry in entries(event="access.denied")]
    with fixtures():
        (email,) = Email.objects.all()
    assert (email.to, email.context["ref"]) == (world.school_lead.email, row.ref)
    assert world.dsl.name not in str(email.context)
    (entry,) = entries(event="unusual.raised")
    assert (entry.service, entry.agency_id, entry.additional_data["kind"]) == ("watch", world.school.pk, "refusals")


@pytest.mark.req("AUD-06")
def test_one_below_the_threshold_is_nothing(world: World) -> None:
    refuse(world.dsl, times=2)
    assert watch() == []


@pytest.mark.req("AUD-06")
def test_the_same_thing_is_raised_once_and_what_follows_joins_it(world: World) -> None:
    refuse(world.dsl)
    watch()
    watch()
    refuse(world.dsl, times=2)
    watch()
    (row,) = raised()
    assert (row.times, len(row.entry_ids)) == (5, 5)
    with fixtures():
        assert Email.objects.count() == 1


@pytest.mark.req("AUD-06")
def test_after_its_review_the_same_again_is_a_new_thing_without_the_old_entries(world: World) -> None:
    refuse(world.dsl)
    watch()
    with as_user(world.school_lead):
        reviews.review(raised()[0], outcome=ReviewOutcome.EXPLAINED, finding="Asked.", by=world.school_lead)
    assert watch() == []
    refuse(world.dsl, times=4)
    (again,) = watch()
    first, second = raised()
    assert again == second
    assert not set(first.entry_ids) & set(second.entry_ids)


@pytest.mark.req("AUD-06")
def test_where_an_agency_has_no_lead_the_one_that_controls_the_records_gets_it(world: World) -> None:
    with fixtures():
        alerts = [world.alert(setting=world.other_school) for _ in range(3)]
    with as_user(world.other_dsl):
        for alert in alerts:
            record("alert.opened", alert)
    watch()
    (row,) = raised()
    assert (row.kind, row.controller_id) == (Unusual.BURST, world.mash.pk)


@pytest.mark.req("AUD-06")
def test_a_lead_of_another_agency_than_the_person_s_sees_what_shows_it(world: World) -> None:
    with as_user(world.other_dsl):
        for _ in range(3):
            record("access.denied", outcome="denied", facts={"status": 404, "ref": world.one.ref})
    watch()
    (row,) = raised()
    assert row.controller_id == world.mash.pk
    with as_user(world.hub_lead):
        found = reviews.detail(row.ref, for_user=world.hub_lead)
    assert [(line.what, line.ref) for line in found.lines] == [("Access refused", world.one.ref)] * 3
    assert (found.more, found.in_log) == (0, False)


@pytest.mark.req("AUD-06")
def test_a_lead_s_own_access_goes_to_another_lead(world: World) -> None:
    with fixtures():
        other = member(world.school, Role.IG_LEAD)
    refuse(world.school_lead)
    watch()
    with fixtures():
        assert [email.to for email in Email.objects.all()] == [other.email]
    row = raised()[0]
    with as_user(world.school_lead):
        assert not reviews.to_review(for_user=world.school_lead).exists()
        with pytest.raises(NotVisible):
            reviews.detail(row.ref, for_user=world.school_lead)
    with as_user(other):
        assert list(reviews.to_review(for_user=other)) == [row]


@pytest.mark.req("AUD-06", "AUD-02")
@pytest.mark.parametrize(
    ("name", "fires"), [("Robin Quillfeather", True), ("Osric Vane", True), ("Robin Marsh", False)]
)
def test_a_record_of_somebody_of_the_reader_s_own_name_leaves_a_code_and_no_name(
    world: World, name: str, fires: bool
) -> None:
    with fixtures():
        world.dsl.name = name
        world.dsl.save()
        AuditEntry.objects.all().delete()
    with as_user(world.dsl):
        record("alert.opened", world.one)
    watch()
    assert [row.kind for row in raised()] == ([Unusual.OWN_NAME] if fires else [])
    with fixtures():
        everything = str([vars(entry) for entry in AuditEntry.objects.all()]) + str([vars(row) for row in raised()])
        assert "Quillfeather" not in everything


@pytest.mark.req("AUD-06")
def test_the_name_in_a_notification_counts_until_its_content_is_deleted(world: World) -> None:
    with fixtures():
        world.manager.name = "Robin Quillfeather"
        world.manager.save()
        gone = world.notification(content=None)
        AuditEntry.objects.all().delete()
    with as_user(world.manager):
        record("notification.opened", gone)
    assert watch() == []
    with as_user(world.manager):
        record("notification.opened", world.one.notification)
    assert [row.kind for row in watch()] == [Unusual.OWN_NAME]


@pytest.mark.req("AUD-06")
@pytest.mark.parametrize("worked", [None, "notification.claimed", "screening.decided"])
def test_opened_a_day_ago_and_never_worked_on(world: World, worked: str | None) -> None:
    with as_user(world.officer):
        record("notification.opened", world.one.notification)
        if worked:
            record(worked, world.one.notification)
    assert watch() == []  # there is a day to begin
    shift(24 * 60 + 5, event="notification.opened")
    assert [row.kind for row in watch()] == ([] if worked else [Unusual.NEVER_ASSIGNED])


@pytest.mark.req("AUD-06", "NTK-07")
def test_a_leaver_who_knocks_is_raised_and_a_member_who_forgot_the_password_is_not(world: World) -> None:
    with fixtures():
        Membership.objects.filter(user=world.tutor).update(ended_at=timezone.now())
    with as_service("door"):
        record("user.sign_in_failed", world.tutor, outcome="denied")
        record("user.sign_in_failed", world.dsl, outcome="denied")
    watch()
    assert [(row.kind, row.person_id, row.controller_id) for row in raised()] == [
        (Unusual.AFTER_LEAVING, world.tutor.pk, world.school.pk)
    ]


@pytest.mark.req("AUD-06")
def test_what_happened_while_nobody_watched_is_seen_afterwards(world: World) -> None:
    watch()
    refuse(world.dsl)
    shift(5 * 60, event="access.denied")
    with fixtures():
        WatchMark.objects.update(looked_until=timezone.now() - dt.timedelta(hours=6))
    assert [row.kind for row in watch()] == [Unusual.REFUSALS]


def file_at_school(world: World, **people: Relation) -> SafeguardingFile:
    """A file of somebody called Fenn, and in it these people, by family name."""
    with fixtures():
        file = SafeguardingFile.objects.create(
            partnership=world.partnership,
            controller=world.school,
            child=world.child(),
            child_given_name="Ada",
            child_family_name="Fenn",
            opened_for=world.one.ref,
        )
        for name, relation in people.items():
            FilePerson.objects.create(
                partnership=world.partnership,
                controller=world.school,
                file=file,
                crypto_key=file.crypto_key,
                name=f"Robin {name}",
                relation=relation,
            )
    return file


@pytest.mark.req("AUD-06")
@pytest.mark.parametrize("event", ["file.opened", "file.printed"])
def test_a_burst_of_safeguarding_files_opened_or_printed_is_raised(world: World, event: str) -> None:
    files = [file_at_school(world) for _ in range(3)]
    with as_user(world.dsl):
        for file in files:
            record(event, file, at=world.school.pk)
    watch()
    assert [(row.kind, row.controller_id, row.times) for row in raised()] == [(Unusual.BURST, world.school.pk, 3)]


@pytest.mark.req("AUD-06")
@pytest.mark.parametrize(
    ("name", "fires"), [("Robin Fenn", True), ("Robin Vane", True), ("Robin Marsh", False), ("Robin Pike", False)]
)
def test_a_file_of_the_reader_s_own_family_is_raised(world: World, name: str, fires: bool) -> None:
    file = file_at_school(world, Vane=Relation.RELATIVE, Marsh=Relation.PROFESSIONAL)
    with fixtures():
        world.dsl.name = name
        world.dsl.save()
        AuditEntry.objects.all().delete()
    with as_user(world.dsl):
        record("file.opened", file, at=world.school.pk)
    watch()
    assert [row.kind for row in raised()] == ([Unusual.OWN_NAME] if fires else [])


@pytest.mark.req("AUD-06")
def test_decisions_that_are_taken_out_count_by_their_rows(world: World) -> None:
    with fixtures():
        Partnership.objects.filter(pk=world.partnership.pk).update(
            unusual={**LIMITS, "exports": {"rows": 3, "times": 10}}
        )
    with as_user(world.manager):
        record_listing(
            "decision.exported", [Shown(f"D-{n}", world.mash.pk, world.mash.pk) for n in range(3)], counted="rows"
        )
    watch()
    assert [(row.kind, row.person_id) for row in raised()] == [(Unusual.EXPORTS, world.manager.pk)]


def _seen_from(moment: dt.datetime) -> None:
    """As if the watch had looked until then."""
    with fixtures():
        WatchMark.objects.all().delete()
        WatchMark.objects.create(looked_until=moment)


@pytest.mark.req("AUD-06")
def test_what_is_taken_out_bit_by_bit_over_a_day_adds_up(world: World) -> None:
    morning = dt.datetime.fromisoformat("2026-11-17T06:00+00:00")
    taken = [morning + dt.timedelta(hours=3 * n) for n in range(6)]
    _seen_from(morning)
    seen: list[str] = []
    for n, moment in enumerate(taken):
        with as_user(world.school_lead):
            entry = record("log.exported", purpose="x", facts={"rows": 1000}, at=world.school.pk)
        with fixtures():
            AuditEntry.objects.filter(pk=entry.pk).update(timestamp=moment)
        seen += [f"{n}: {row.kind}" for row in watch(moment + dt.timedelta(minutes=1))]
    assert seen == [f"4: {Unusual.EXPORTS}"]  # 5,000 are reached with the fifth
    (row,) = raised()
    assert row.times == 6
    assert watch(taken[-1] + dt.timedelta(days=1)) == []


@pytest.mark.req("AUD-06")
def test_who_browses_one_after_the_other_all_day_is_raised_when_the_day_to_begin_is_over(world: World) -> None:
    with fixtures():
        Partnership.objects.filter(pk=world.partnership.pk).update(unusual={**LIMITS, "never_assigned": {"records": 3}})
        looked_at = [world.one, *(world.alert(setting=world.other_school) for _ in range(3))]
    morning = dt.datetime.fromisoformat("2026-11-17T08:00+00:00")
    for n, alert in enumerate(looked_at):
        with as_user(world.officer):
            entry = record("notification.opened", alert.notification)
        with fixtures():
            AuditEntry.objects.filter(pk=entry.pk).update(timestamp=morning + dt.timedelta(hours=2 * n))
    with as_user(world.officer):
        record("notification.claimed", looked_at[3].notification)
    _seen_from(morning)
    looks = [morning + dt.timedelta(minutes=30 * n) for n in range(70)]
    found = [(look, row.kind) for look in looks for row in watch(look)]
    assert found == [(morning + dt.timedelta(hours=28, minutes=30), Unusual.NEVER_ASSIGNED)]
    assert raised()[0].times == 3


@pytest.mark.req("AUD-06")
def test_a_large_burst_is_counted_once_however_often_the_watch_looks(world: World) -> None:
    refuse(world.dsl, times=230)
    for _ in range(3):
        watch()
    (row,) = raised()
    assert (row.times, len(row.evidence or [])) == (230, 200)
    with as_user(world.school_lead):
        reviews.review(row, outcome=ReviewOutcome.EXPLAINED, finding="A broken script.", by=world.school_lead)
    assert watch() == []


@pytest.mark.req("AUD-06")
def test_what_goes_on_past_midnight_is_one_thing(world: World) -> None:
    midnight = dt.datetime.fromisoformat("2026-11-18T00:00+00:00")
    refuse(world.dsl, times=24)
    with fixtures():
        for n, entry in enumerate(AuditEntry.objects.order_by("pk")):
            AuditEntry.objects.filter(pk=entry.pk).update(timestamp=midnight + dt.timedelta(minutes=10 * n - 25))
    _seen_from(midnight - dt.timedelta(hours=1))
    for n in range(-5, 50):
        watch(midnight + dt.timedelta(minutes=5 * n))
    (row,) = raised()
    assert row.times == 24


@pytest.mark.req("AUD-06", "NTK-01")
def test_the_watch_needs_the_same_statements_however_many_act(world: World, django_assert_max_num_queries: Any) -> None:
    with as_user(world.dsl):
        for _ in range(40):
            record("alert.opened", world.one)
    with django_assert_max_num_queries(40):
        watch()


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-11-20", "2026-11-27"), ("2026-11-22", "2026-11-27"), ("2026-12-24", "2027-01-05")],
    ids=["Friday", "Sunday", "over Christmas"],
)
def test_a_review_is_due_in_working_days(start: str, due: str) -> None:
    at = timezone.make_aware(dt.datetime.fromisoformat(f"{start}T09:00"))
    assert f"{due_after(at, 5):%Y-%m-%d}" == due


# ---------------------------------------------------------------- the review


@pytest.fixture
def row(world: World) -> UnusualAccess:
    refuse(world.dsl)
    return watch()[0]


@pytest.mark.req("AUD-06", "AUD-02")
def test_a_review_is_closed_with_a_finding_that_is_sealed(world: World, row: UnusualAccess) -> None:
    with as_user(world.school_lead):
        reviews.review(row, outcome=ReviewOutcome.REMINDED, finding="CANARY finding", by=world.school_lead)
    (kept,) = raised()
    assert (kept.status, kept.outcome, kept.reviewed_by_id, kept.finding) == (
        "closed", "reminded", world.school_lead.pk, "CANARY finding",
    )  # fmt: skip
    (entry,) = entries(event="unusual.reviewed")
    assert entry.additional_data == {"outcome": "reminded", "kind": "refusals"}
    assert "CANARY" not in str(vars(entry))
    with as_user(world.school_lead), pytest.raises(Conflict):
        reviews.review(row, outcome=ReviewOutcome.MISUSE, finding="Again", by=world.school_lead)


@pytest.mark.req("AUD-06")
def test_nobody_reviews_themself_even_with_the_row_in_hand(world: World, row: UnusualAccess) -> None:
    with fixtures():
        MembershipFactory(user=world.dsl, agency=world.school, role=Role.IG_LEAD)
    with as_user(world.dsl), pytest.raises((NotVisible, Refused)):
        reviews.review(row, outcome=ReviewOutcome.EXPLAINED, finding="It was me", by=world.dsl)
    assert raised()[0].status == "open"


@pytest.mark.req("AUD-06", "NTK-02")
@pytest.mark.parametrize("who", ["hub_lead", "ig_lead", "dsl", "admin", "manager"])
def test_another_agency_s_review_is_not_there(world: World, row: UnusualAccess, who: str) -> None:
    person = getattr(world, who)
    with as_user(person), pytest.raises(NotVisible):
        reviews.detail(row.ref, for_user=person)


@pytest.mark.req("AUD-06")
def test_the_lead_s_pages(world: World, row: UnusualAccess, school_lead: Client) -> None:
    home = school_lead.get("/today/").content.decode()
    assert ">1</strong> <span>unusual access to review" in home
    assert "was refused again and again" in school_lead.get("/unusual/").content.decode().lower()
    page = school_lead.get(f"/unusual/{row.ref}/").content.decode()
    assert world.dsl.name in page
    assert "Close the review" in page
    missing = school_lead.post(f"/unusual/{row.ref}/", {"outcome": "explained", "finding": " "})
    assert "Enter what you did" in missing.content.decode()
    done = school_lead.post(
        f"/unusual/{row.ref}/", {"outcome": "explained", "finding": "She asked first."}, follow=True
    )
    assert f"The review of {row.ref} is closed." in done.content.decode()
    assert row.ref in school_lead.get("/unusual/?view=reviewed").content.decode()
    assert school_lead.post(f"/unusual/{row.ref}/", {"outcome": "misuse", "finding": "x"}).status_code == 409
    assert "unusual access to review" not in school_lead.get("/today/").content.decode()
