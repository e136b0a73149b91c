"""A setting's school days are its own to look after: entered, imported, never doubled; holidays have somebody who answers."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alerts.bell import school_days, services
from safeguarding.agencies.calendars import LONDON, calendar_of, calendars_of
from safeguarding.agencies.enums import AgencyKind, PeriodKind, Role
from safeguarding.agencies.models import CalendarPeriod, HolidayCover, PartnershipAgency
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import NotVisible, Refused
from tests.bell.test_ics import calendar, event
from tests.delivery.support import alert_of, drain, sent
from tests.factories import AgencyFactory, PartnershipFactory, World, member
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("ALR-23")]
NOW = dt.datetime(2026, 11, 26, 7, 30, tzinfo=LONDON)
FILE = calendar(
    event("Spring term", "20270105", "20270327"),
    event("Half term", "20270215", "20270220"),
    event("INSET day", "20270104"),
    event("Christmas concert", "20261210"),
)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def autumn(world: World) -> World:
    """The authority's autumn, which ends in three weeks."""
    with fixtures():
        CalendarPeriod.objects.create(
            partnership=world.partnership,
            kind=PeriodKind.TERM,
            name="Autumn term",
            starts_on="2026-09-02",
            ends_on="2026-12-16",
        )
        world.contact = member(world.school, Role.HOLIDAY_CONTACT)
    return world


def upload(client: Client, text: str = FILE) -> str:
    file = SimpleUploadedFile("terms.ics", text.encode(), content_type="text/calendar")
    return client.post(f"/school-days/{client.slug}/import/", {"file": file}).content.decode()  # type: ignore[attr-defined]  # set below


def lead_of(world: World) -> Client:
    client = signed_in(world.dsl)
    client.slug = world.school.slug  # type: ignore[attr-defined]  # for upload()
    return client


def own(world: World) -> list[str]:
    with as_service("dispatch"):
        return list(
            CalendarPeriod.objects.filter(agency=world.school).order_by("starts_on").values_list("name", flat=True)
        )


def test_a_file_is_shown_first_and_the_same_file_twice_doubles_nothing(autumn: World) -> None:
    client = lead_of(autumn)
    page = upload(client)
    assert "Nothing is saved yet" in page
    assert "Entry 4, Christmas concert: It is neither a term nor a closure" in page
    assert own(autumn) == []
    done = client.post(f"/school-days/{autumn.school.slug}/import/", {"text": FILE}, follow=True).content.decode()
    assert "3 added from the file." in done
    again = client.post(f"/school-days/{autumn.school.slug}/import/", {"text": FILE}, follow=True).content.decode()
    assert "0 added from the file, 3 were there already." in again
    assert own(autumn) == ["INSET day", "Spring term", "Half term"]
    assert "neither" not in done
    assert "larger than 300 kB" in upload(client, "x" * 300_001)
    assert "not a calendar file" in upload(client, "hello")


def test_the_default_is_shown_as_such_until_there_are_terms_of_ones_own(autumn: World) -> None:
    client = lead_of(autumn)
    page = client.get(f"/school-days/{autumn.school.slug}/").content.decode()
    assert "Default in use" in page
    assert "Autumn term" in page
    assert "No term is on record after 16 December 2026" in page
    assert "There is no school from" not in page, "what comes after the last known day is not known"
    upload(client)
    client.post(f"/school-days/{autumn.school.slug}/import/", {"text": FILE})
    page = client.get(f"/school-days/{autumn.school.slug}/").content.decode()
    assert "Default in use" not in page


def test_a_period_is_added_and_removed_and_the_bells_follow(autumn: World) -> None:
    alert = alert_of(sent(autumn, autumn.school))
    assert alert.due_at == dt.datetime(2026, 11, 26, 8, 45, tzinfo=LONDON)
    client = lead_of(autumn)
    path = f"/school-days/{autumn.school.slug}/"
    data = {"kind": "closed", "name": "Burst pipe", "starts_on_0": "26", "starts_on_1": "11", "starts_on_2": "2026"}
    assert "Burst pipe was added." in client.post(f"{path}add/", data, follow=True).content.decode()
    assert "was there already" in client.post(f"{path}add/", data, follow=True).content.decode()
    drain()
    assert alert_of(alert.notification).due_at == dt.datetime(2026, 11, 27, 8, 45, tzinfo=LONDON)
    with as_service("dispatch"):
        [period] = CalendarPeriod.objects.filter(agency=autumn.school)
    assert "was removed" in client.post(f"{path}{period.code}/remove/", follow=True).content.decode()
    drain()
    assert alert_of(alert.notification).due_at == dt.datetime(2026, 11, 26, 8, 45, tzinfo=LONDON)
    wrong = client.post(
        f"{path}add/", {**data, "ends_on_0": "25", "ends_on_1": "11", "ends_on_2": "2026"}
    ).content.decode()
    assert "The last day is before the first" in wrong


@pytest.mark.parametrize(
    ("typed", "bell"),
    [("8:20am", "08:20"), ("8.50 AM", "08:50"), ("09:00", "09:00"), ("9", "09:00"), ("12pm", "12:00")],
)
def test_the_bell_is_typed_as_people_say_it(autumn: World, typed: str, bell: str) -> None:
    answer = lead_of(autumn).post(f"/school-days/{autumn.school.slug}/bell/", {"bell": typed})
    assert answer.status_code == 302
    autumn.school.refresh_from_db()
    assert autumn.school.bell_at.strftime("%H:%M") == bell


@pytest.mark.parametrize("typed", ["", "noon", "25:00", "3am", "8:75", "8:45pm"])
def test_what_is_no_time_for_a_bell_is_refused_at_the_field(autumn: World, typed: str) -> None:
    answer = lead_of(autumn).post(f"/school-days/{autumn.school.slug}/bell/", {"bell": typed})
    assert answer.status_code == 200
    assert "time" in answer.content.decode().partition("There is a problem")[2][:300]


@pytest.mark.req("ALR-07")
def test_a_holiday_contact_is_named_and_taken_back(autumn: World) -> None:
    client, path = lead_of(autumn), f"/school-days/{autumn.school.slug}/"
    data = {"person": autumn.contact.code, "phone": "07700 900 321"} | {
        f"{end}_on_{n}": part for end, day in (("starts", (17, 12, 2026)), ("ends", (5, 1, 2027))) for n, part in enumerate(day)
    }  # fmt: skip
    assert "answers in the holiday" in client.post(f"{path}contact/", data, follow=True).content.decode()
    with as_service("dispatch"):
        [cover] = HolidayCover.objects.all()
    assert (cover.user, cover.phone, cover.named_by) == (autumn.contact, "07700 900 321", autumn.dsl)
    assert "like 01632 960001" in client.post(f"{path}contact/", {**data, "phone": "call me"}).content.decode()
    assert (
        "Select one of these people"
        in client.post(f"{path}contact/", {**data, "person": autumn.tutor.code}).content.decode()
    )
    assert "any more" in client.post(f"{path}contact/{cover.code}/withdraw/", follow=True).content.decode()
    assert client.post(f"{path}contact/{cover.code}/withdraw/").status_code == 404


@pytest.mark.req("ALR-07")
def test_a_holiday_without_a_contact_warns_until_every_day_has_one(autumn: World) -> None:
    def cover(first: str, last: str) -> None:
        with fixtures():
            HolidayCover.objects.create(
                agency=autumn.school,
                user=autumn.contact,
                phone="07700 900321",
                starts_on=first,
                ends_on=last,
                named_by=autumn.dsl,
            )

    def missing() -> Any:
        with as_service("dispatch"):
            return school_days.missing_at([autumn.school])[autumn.school.pk].holiday

    with fixtures():
        CalendarPeriod.objects.create(
            partnership=autumn.partnership,
            kind=PeriodKind.TERM,
            name="Spring",
            starts_on="2027-01-05",
            ends_on="2027-03-26",
        )
    assert missing() == (dt.date(2026, 12, 17), dt.date(2027, 1, 4))
    cover("2026-12-17", "2026-12-31")
    assert missing() is not None
    cover("2027-01-01", "2027-01-04")
    assert missing() is None


@pytest.mark.req("NTK-02")
def test_nobody_else_changes_a_settings_days(autumn: World) -> None:
    for person in (autumn.other_dsl, autumn.tutor, autumn.deputy, autumn.officer, autumn.ig_lead, autumn.constable):
        with as_user(person), pytest.raises(NotVisible):
            services.add_period(
                autumn.school,
                kind="closed",
                name="x",
                starts_on=dt.date(2026, 12, 1),
                ends_on=dt.date(2026, 12, 1),
                by=person,
            )
        assert signed_in(person).get(f"/school-days/{autumn.school.slug}/").status_code == 404
    with as_user(autumn.admin):
        assert services.add_period(
            autumn.school,
            kind="closed",
            name="x",
            starts_on=dt.date(2026, 12, 1),
            ends_on=dt.date(2026, 12, 1),
            by=autumn.admin,
        )
    with as_service("dispatch"):
        assert AuditEntry.objects.filter(event="calendar.changed", actor=autumn.admin).count() == 1


# -- the defaults of an authority


def the_authoritys(world: World) -> list[str]:
    with as_service("dispatch"):
        mine = CalendarPeriod.objects.filter(agency=None, partnership=world.partnership)
        return list(mine.order_by("starts_on").values_list("name", flat=True))


def test_an_authority_keeps_the_default_and_every_bell_there_follows(autumn: World) -> None:
    with fixtures():
        keeper, ig = member(autumn.council, Role.AGENCY_ADMIN), autumn.ig_lead
    alerts = [alert_of(sent(autumn, school)) for school in (autumn.school, autumn.other_school)]
    client, path = signed_in(keeper), f"/authority-days/{autumn.partnership.slug}/"
    assert client.get("/school-days/").headers["Location"] == path
    page = client.get(path).content.decode()
    assert "No term is on record after 16 December 2026" in page
    assert "2 of 2 settings" in page
    assert "area whose default school days run out" in client.get("/today/").content.decode()
    data = {"kind": "closed", "name": "Snow", "starts_on_0": "26", "starts_on_1": "11", "starts_on_2": "2026"}
    assert "Snow was added." in client.post(f"{path}add/", data, follow=True).content.decode()
    assert "was there already" in client.post(f"{path}add/", data, follow=True).content.decode()
    drain()
    for alert in alerts:
        assert alert_of(alert.notification).due_at == dt.datetime(2026, 11, 27, 8, 45, tzinfo=LONDON)
    assert "Snow: 26 November 2026" in lead_of(autumn).get(f"/school-days/{autumn.school.slug}/").content.decode()
    file = SimpleUploadedFile("terms.ics", FILE.encode(), content_type="text/calendar")
    assert "Nothing is saved yet" in client.post(f"{path}import/", {"file": file}).content.decode()
    done = client.post(f"{path}import/", {"text": FILE}, follow=True).content.decode()
    assert "3 added from the file." in done
    assert the_authoritys(autumn) == ["Autumn term", "Snow", "INSET day", "Spring term", "Half term"]
    assert own(autumn) == []
    with as_service("dispatch"):
        snow = CalendarPeriod.objects.get(name="Snow")
    assert "was removed" in client.post(f"{path}{snow.code}/remove/", follow=True).content.decode()
    drain()
    assert alert_of(alerts[0].notification).due_at == dt.datetime(2026, 11, 26, 8, 45, tzinfo=LONDON)
    with as_user(ig):
        kept = AuditEntry.objects.filter(event__startswith="calendar.").values_list("actor", "actor_agency")
        assert set(kept) == {(keeper.pk, autumn.council.pk)}
        assert len(kept) == 3


@pytest.mark.req("NTK-02")
def test_nobody_else_changes_an_authoritys_days(autumn: World) -> None:
    day = dt.date(2026, 12, 1)
    with fixtures():
        elsewhere = AgencyFactory(kind=AgencyKind.COUNCIL, partnership=PartnershipFactory())
        strangers = [member(elsewhere, Role.AGENCY_ADMIN), member(autumn.mash, Role.AGENCY_ADMIN)]
        [default] = CalendarPeriod.objects.all()
    path = f"/authority-days/{autumn.partnership.slug}/"
    for person in (autumn.dsl, autumn.admin, autumn.manager, autumn.ehe, autumn.ig_lead, *strangers):
        with as_user(person), pytest.raises(NotVisible):
            services.add_period(autumn.partnership, kind="closed", name="x", starts_on=day, ends_on=day, by=person)
        client = signed_in(person)
        for each in ("", "add/", "import/"):
            assert client.get(f"{path}{each}").status_code == 404
        assert client.post(f"{path}{default.code}/remove/").status_code == 404
    # nor by the way that is one's own: a setting's page takes no default away
    assert lead_of(autumn).post(f"/school-days/{autumn.school.slug}/{default.code}/remove/").status_code == 404
    assert the_authoritys(autumn) == ["Autumn term"]


def test_a_period_that_cannot_be_meant_is_refused(autumn: World) -> None:
    with as_user(autumn.dsl), pytest.raises(Refused, match="longer than 200 days"):
        services.add_period(
            autumn.school,
            kind="term",
            name="x",
            starts_on=dt.date(2026, 1, 1),
            ends_on=dt.date(2026, 12, 1),
            by=autumn.dsl,
        )
    assert own(autumn) == []


def test_many_calendars_at_once_are_the_same_as_one_by_one(autumn: World) -> None:
    with fixtures():
        second = PartnershipFactory(slug="zz-second")
        PartnershipAgency.objects.create(partnership=second, agency=autumn.school)
        for agency, kind in ((None, "closed"), (autumn.school, "closed"), (autumn.other_school, "term")):
            CalendarPeriod.objects.create(
                partnership=autumn.partnership,
                agency=agency,
                kind=kind,
                name="x",
                starts_on="2026-12-01",
                ends_on="2026-12-02",
            )
        settings = [autumn.school, autumn.other_school]
        at_once = calendars_of(settings)
        for each in settings:
            one = calendar_of(each, autumn.partnership)
            assert {field: set(getattr(one, field)) for field in ("terms", "closures")} == {
                field: set(getattr(at_once[each.pk], field)) for field in ("terms", "closures")
            }
