"""The demo world is spec v1's, is made by the real services, and loads again without change."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from agreements.models import Signature
from alerts.delivery.enums import AlertStatus
from alerts.models import Alert, Notification, NotificationChild, Screening
from safeguarding.agencies.calendars import calendar_of
from safeguarding.agencies.enums import SETTING_KINDS, Role
from safeguarding.agencies.models import Agency, Membership, Partnership, User
from safeguarding.audit.models import AuditEntry
from safeguarding.demo.data.agreements import TERMS
from safeguarding.demo.data.calendars import ALL_YEAR
from safeguarding.demo.loading import PARTNERSHIPS
from safeguarding.demo.scale import plans_of
from safeguarding.runtime.layout import Layout
from safeguarding.runtime.models import DemoMark
from tests.support.db import as_service

NAMED_IN_THE_SPEC = [
    "dsl@meadow.wexbourne",
    "deputy@meadow.wexbourne",
    "head@meadow.wexbourne",
    "tutor@meadow.wexbourne",
    "officer@mash.wexbourne",
    "manager@mash.wexbourne",
    "coordinator@marac.calderwick",
    "chair@marac.calderwick",
    "idva@haven.calderwick",
    "ig@council.wexbourne",
    "ehe@council.wexbourne",
    "ehe@council.calderwick",
    "ehe@council.nenevale",
    "officer@police.wexbourne",
]
URNS = {"meadow": 1, "harbour": 2, "larch": 3, "quay": 4}


def test_it_prints_address_and_password_and_keeps_the_password_to_itself(world: str, data_dir: Path) -> None:
    kept = data_dir / "keys" / "demo-password"
    assert kept.stat().st_mode & 0o077 == 0
    assert world.rstrip().endswith(kept.read_text().strip())
    assert "http://testserver/" in world
    assert User.objects.get(email="dsl@meadow.wexbourne.example").check_password(kept.read_text().strip())


@pytest.mark.parametrize(("partnership", "first", "suffix"), [
    ("wexbourne", 900000, ""),
    ("calderwick", 900100, "-calderwick"),
    ("nenevale", 900200, "-nenevale"),
])  # fmt: skip
def test_slugs_and_urns_are_the_specs(world: str, partnership: str, first: int, suffix: str) -> None:
    for short, number in URNS.items():
        assert Agency.objects.get(urn=str(first + number)).slug == short + suffix
    for short in ("police", "mash", "council"):
        assert Agency.objects.filter(slug=short + suffix, partnerships__slug=partnership).exists()


def test_every_kind_of_setting_is_there_twelve_times_in_each_partnership(world: str) -> None:
    for partnership in Partnership.objects.all():
        kinds = list(partnership.agencies.filter(kind__in=SETTING_KINDS).values_list("kind", flat=True))
        assert len(kinds) == 12
        assert set(kinds) == set(SETTING_KINDS)


def test_everybody_whom_the_spec_names_is_there(world: str) -> None:
    emails = {f"{name}.example" for name in NAMED_IN_THE_SPEC}
    assert set(User.objects.filter(email__in=emails).values_list("email", flat=True)) == emails
    with as_service("setup"):
        leads = Membership.objects.filter(role=Role.DSL, agency__kind__in=SETTING_KINDS)
        assert leads.count() == Agency.objects.filter(kind__in=SETTING_KINDS).count()


def test_no_two_people_share_a_name(world: str) -> None:
    names = list(User.objects.values_list("name", flat=True))
    assert len(names) == len(set(names))


@pytest.mark.req("ALR-08")
def test_larch_never_signed_quay_has_left_and_everybody_else_signed(world: str) -> None:
    states = {
        (signature.agency.slug.split("-")[0], signature.state)
        for signature in Signature.objects.select_related("agency").filter(
            agency__urn__isnull=False, agreement__state="open"
        )
    }
    assert {short for short, state in states if state == "invited"} == {"larch"}
    assert {short for short, state in states if state == "withdrawn"} == {"quay"}
    assert {short for short, state in states if state == "signed"}.isdisjoint({"larch", "quay"})


def test_three_school_years_are_in_the_calendars(world: str) -> None:
    for data in PARTNERSHIPS:
        partnership = Partnership.objects.get(slug=data.slug)
        calendar = calendar_of(Agency.objects.get(slug=data.slug_of("meadow")), partnership)
        years = {start.year for start, _ in calendar.terms}
        assert {2025, 2026, 2027, 2028} <= years
        assert calendar.closures
        nursery = partnership.agencies.get(kind="nursery")
        assert calendar_of(nursery, partnership).terms == ALL_YEAR


def test_a_screen_of_every_state_stands_ready(world: str) -> None:
    with as_service("dispatch"):
        assert set(Notification.objects.values_list("status", flat=True)) == {"received", "sent", "withheld", "closed"}
        assert set(Alert.objects.values_list("status", flat=True)) == {"sent", "opened", "acknowledged", "withheld"}
        assert set(NotificationChild.objects.values_list("match", flat=True)) == {"matched", "possible", "new"}
        assert set(NotificationChild.objects.values_list("waiting_for", flat=True)) == {"", "match", "setting"}
        assert Alert.objects.filter(status=AlertStatus.SENT, due_at__lt=timezone.now()).count() == 1


@pytest.mark.req("ALR-09")
def test_what_has_left_was_purged_and_what_waits_is_whole(world: str) -> None:
    with as_service("dispatch"):
        gone = Notification.objects.exclude(status="received")
        assert gone
        assert all(each.content is None and each.purged_at for each in gone)
        assert all(each.content["people"] for each in Notification.objects.with_keys().filter(status="received"))


@pytest.mark.req("AUD-02")
def test_the_people_of_the_demo_did_it_themselves(world: str) -> None:
    with as_service("dispatch"):
        assert Screening.objects.exclude(decided_by__email__startswith="officer@mash.").count() == 0
        opened = AuditEntry.objects.filter(event="alert.opened")
        assert {entry.actor.email.split("@")[0] for entry in opened} == {"dsl"}


def test_again_changes_nothing(world: str, data_dir: Path) -> None:
    def counts() -> list[tuple[str, int]]:
        with connection.cursor() as cursor, as_service("dispatch"):
            found = []
            for table in (
                "agencies_agency",
                "agencies_user",
                "agreements_signature",
                "alerts_notification",
                "alerts_alert",
            ):
                cursor.execute(f"SELECT count(*) FROM {table}")
                found.append((table, cursor.fetchone()[0]))
            return found

    before = counts()
    said = StringIO()
    call_command("load_demo", stdout=said)
    assert counts() == before
    assert said.getvalue() == world
    assert DemoMark.objects.count() == 1


def test_another_installations_password_takes_the_place_of_the_old_one(world: str, tmp_path: Path) -> None:
    with override_settings(LAYOUT=Layout(tmp_path)):
        call_command("load_demo", stdout=StringIO())
    new = (tmp_path / "keys" / "demo-password").read_text().strip()
    assert User.objects.get(email="head@quay.nenevale.example").check_password(new)


def test_scale_adds_settings_with_a_year_of_alerts_and_the_same_for_the_same_seed(world: str) -> None:
    said = StringIO()
    call_command("load_demo", "--scale", "6", "--seed", "7", stdout=said)
    with as_service("dispatch"):
        first = [
            (alert.setting.slug, alert.child_given_name, alert.status)
            for alert in Alert.objects.with_keys()
            .select_related("setting")
            .filter(setting__slug__startswith="setting-")
        ]
    assert len({slug for slug, *_ in first}) == 6
    assert f"{len(first)} alerts" in said.getvalue()
    assert len(first) >= 6 * 15
    call_command("load_demo", "--scale", "6", "--seed", "7", stdout=said)
    with as_service("dispatch"):
        assert Alert.objects.filter(setting__slug__startswith="setting-").count() == len(first)


def test_a_settings_year_follows_from_its_number_and_the_seed() -> None:
    setting = Agency(slug="setting-00003", name="Drover School 4")

    def year(seed: int) -> list[tuple[str, str, str]]:
        return [(plan.details.given_name, plan.status, plan.risk) for plan in plans_of(3, setting, seed)]

    assert year(7) == year(7)
    assert year(7) != year(8)


@pytest.mark.django_db
def test_it_refuses_outside_demo_mode_in_a_sentence(tmp_path: Path) -> None:
    with override_settings(LAYOUT=Layout(tmp_path)), pytest.raises(CommandError, match="this is not demo mode"):
        call_command("load_demo")
    assert not list(tmp_path.iterdir())
    assert not Partnership.objects.exists()


@pytest.mark.req("AGR-04", "AGR-05")
@pytest.mark.parametrize(
    ("title", "notice", "reviews"),
    [
        ("Telling education settings of domestic abuse", (1, 0), (24, 24)),
        ("Wexbourne MASH protocol", (0, 0), (12, 12)),
        ("Front door information-sharing protocol", (0, 4), (6, 12)),
        ("Daily meeting and MARAC protocol", (0, 4), (12, 12)),
        ("Notifications to schools and settings", (0, 0), (12, 12)),
    ],
)
def test_each_agreement_has_the_notice_and_the_reviews_of_the_source_that_it_is_like(
    title: str, notice: tuple[int, int], reviews: tuple[int, int]
) -> None:
    """A month, four weeks, or written notice alone; reviewed every two years, yearly, or after six months and then yearly."""
    terms = TERMS[title]
    assert (terms.get("notice_months", 0), terms.get("notice_weeks", 0)) == notice
    assert (terms["first_review_months"], terms["review_months"]) == reviews
