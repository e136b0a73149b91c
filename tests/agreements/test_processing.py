"""The record of processing, the register of controllers, and the board's report (IGV-07, IGV-08, AGR-10)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.corrections import services as corrections
from agreements.corrections import subjects
from agreements.models import Flow, PrivacyNotice, ReturnTask, SingleCase
from agreements.processing import exports, flows, policies, report, selectors, services
from agreements.processing.tasks import count_flows
from agreements.register import life
from safeguarding.errors import NotVisible, Refused
from safeguarding.web import small_numbers
from tests.agreements.conftest import Desk
from tests.delivery.support import alert_of, sent
from tests.factories import AgencyFactory, World
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.mark.req("IGV-08")
def test_what_really_left_is_counted_and_counted_again_changes_nothing(world: World) -> None:
    for _ in range(2):
        sent(world, world.school, world.other_school)
    with fixtures():
        world.other_school.kind = "pre_school"
        world.other_school.save()
    count_flows()
    once = list(Flow.objects.order_by("pk").values_list("recipient_kind", "gateway", "agreement", "count"))
    assert sorted(once) == [
        ("pre_school", "agreement", world.agreement.pk, 2),
        (world.school.kind, "agreement", world.agreement.pk, 2),
    ]
    count_flows()
    assert Flow.objects.count() == 2
    sent(world, world.school)
    with as_service("dispatch"):
        flows.count_again(TODAY())
    assert Flow.objects.get(recipient_kind=world.school.kind).count == 3


@pytest.mark.req("IGV-08")
def test_the_record_says_what_each_agreement_says_and_how_often_it_was_used(desk: Desk) -> None:
    opened = desk.opened()
    for agency in desk.agencies():
        desk.sign(opened, agency)
    with fixtures():
        about = {"partnership": opened.partnership, "controller": desk.world.mash, "month": TODAY().replace(day=1)}
        for gateway, agreement, kind, count in (
            ("agreement", opened, "school", 31),
            ("agreement", opened, "nursery", 2),
            ("statutory_duty", None, "college", 7),
        ):
            Flow.objects.create(
                what="alert", gateway=gateway, agreement=agreement, recipient_kind=kind, count=count, **about
            )
        old = {**about, "month": dt.date(2020, 1, 1)}
        Flow.objects.create(
            what="alert", gateway="agreement", agreement=opened, recipient_kind="school", count=9, **old
        )
    with as_user(desk.ig):
        found = {each.ref: each for each in selectors.record_of_processing(opened.partnership, TODAY())}
    entry, by_law = found[opened.ref], found[""]
    assert entry.flows == [
        ("Signed agreement", "Nursery", "under 5"),
        ("Signed agreement", "Maintained school", "31"),
    ]
    assert by_law.flows == [("Statutory duty", "College", "7")]
    assert "49A" in " ".join(by_law.bases)
    assert entry.purposes == opened.purposes
    assert len(entry.items) == opened.items.count()
    assert any("public task" in basis for basis in entry.bases)
    assert any(desk.world.police.name in line for line in entry.controllers)
    assert "Until the child is 25." in entry.retention
    csv = signed_in(desk.ig).get("/processing/?format=csv").content.decode("utf-8-sig")
    assert "Signed agreement, Maintained school: 31" in csv
    assert exports.NOWHERE in csv


@pytest.mark.req("IGV-08")
def test_the_record_asks_no_more_of_the_database_the_more_agreements_there_are(desk: Desk) -> None:
    def queries() -> int:
        with (
            as_user(desk.ig),
            CaptureQueriesContext(
                connection,
            ) as asked,
        ):
            selectors.record_of_processing(desk.world.partnership, TODAY())
        return len(asked)

    desk.opened(title="One")
    first = queries()
    desk.opened(title="Two")
    desk.opened(title="Three")
    assert queries() == first


@pytest.mark.req("IGV-07")
def test_a_controller_keeps_its_own_entry_and_no_notice_is_overwritten(desk: Desk) -> None:
    head = desk.signatory(desk.world.school)
    said = {"ico_registration": "za 99", "address": "https://school.example/privacy"}
    with as_user(head):
        for published in (dt.date(2025, 9, 1), dt.date(2026, 9, 1)):
            services.record_controller(
                desk.world.school,
                published_on=published,
                review_due_on=published.replace(year=published.year + 1),
                by=head,
                **said,
            )
        with pytest.raises(Refused, match="looked at again after"):
            services.record_controller(
                desk.world.school, published_on=dt.date(2026, 9, 1), review_due_on=dt.date(2026, 9, 1), by=head, **said
            )
        with pytest.raises(NotVisible):
            services.record_controller(
                desk.world.police, published_on=dt.date(2026, 9, 1), review_due_on=dt.date(2027, 9, 1), by=head, **said
            )
    assert PrivacyNotice.objects.filter(agency=desk.world.school).count() == 2
    with as_user(desk.ig):
        rows = {row.agency: row for row in selectors.controllers(desk.world.partnership, for_user=desk.ig)}
    # as it was issued: free text, no form of it is refused
    assert rows[desk.world.school].agency.ico_registration == "ZA 99"
    assert rows[desk.world.school].notice.published_on == dt.date(2026, 9, 1)
    assert (rows[desk.world.police].notice, rows[desk.world.police].standing) == (None, "Not known")
    with as_user(desk.ig):
        assert selectors.notices_due(desk.ig, TODAY()) == 0
    with as_user(head):
        assert selectors.notices_due(head, dt.date(2027, 9, 1)) == 1
        assert selectors.notices_due(head, dt.date(2027, 8, 31)) == 0
    assert [row.mine for row in rows.values() if row.agency == desk.world.council] == [True]


@pytest.mark.req("IGV-07")
@pytest.mark.parametrize(
    ("due", "words"),
    [
        (None, "Not known"),
        (dt.date(2026, 11, 25), "Review overdue"),
        (dt.date(2026, 11, 26), "Review due"),
        (dt.date(2026, 12, 26), "Review due"),
        (dt.date(2026, 12, 27), "Up to date"),
    ],
)
def test_when_a_notice_is_to_be_looked_at(due: dt.date | None, words: str) -> None:
    assert policies.notice_standing(due, dt.date(2026, 11, 26))[0] == words


@pytest.mark.req("AGR-10")
@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (1, "under 5"), (4, "under 5"), (5, "5"), (1234, "1,234")])
def test_small_numbers_are_hidden(count: int, shown: str) -> None:
    assert small_numbers.shown(count) == shown


@pytest.mark.req("AGR-10")
def test_the_board_sees_agreements_reviews_withdrawals_overrides_and_corrections(desk: Desk) -> None:
    world = desk.world
    opened = desk.opened(notice_weeks=1)
    for agency in desk.agencies()[:4]:
        desk.sign(opened, agency)
    alert = alert_of(sent(world, world.school))
    with as_user(world.dsl):
        subject = subjects.subject(alert.ref, for_user=world.dsl)
        corrections.ask(subject, item="adults_names", question="Wrong.", by=world.dsl)
    with as_user(desk.signatory(world.school)):
        life.give_notice(desk.party(opened, world.school), reason="Closing.", by=desk.signatory(world.school))
    with as_user(desk.ig):
        life.review(opened, by=desk.ig)
    with fixtures():
        for number in range(7):
            SingleCase.objects.create(
                partnership=world.partnership, agency=world.school, ref=f"A-0000-{number:04}", recorded_by=world.manager,
                gateway="override" if number < 6 else "single_case", reason="By telephone.",
            )  # fmt: skip
        other = AgencyFactory(partnership=world.partnership)
        ReturnTask.objects.create(
            signature=desk.party(opened, world.school),
            holder=other,
            leaves_on=TODAY() - dt.timedelta(days=30),
            due_on=TODAY() - dt.timedelta(days=1),
        )
    with as_user(desk.ig):
        made = report.board_report(world.partnership, TODAY() - dt.timedelta(days=30), TODAY(), TODAY())
    figures = {line.words: line.figure for _, lines in made.sections for line in lines}
    assert figures["In force"] == "2"
    assert figures["Reviews held"] == "1"
    assert figures["Signed"] == "4"
    assert figures["Asked and not signed yet"] == "1"
    assert figures["Notices given"] == "1"
    assert figures["Of these overdue"] == "1"
    assert figures["Reasoned overrides"] == "6"
    assert figures["Terms accepted for one case"] == "under 5"
    assert figures["Waiting for the originator"] == "under 5"
    assert figures["Do not share"] == "0"


@pytest.mark.req("AGR-10")
def test_the_report_is_a_page_a_spreadsheet_and_a_document(desk: Desk) -> None:
    desk.opened()
    client = signed_in(desk.ig)
    page = client.get("/reports/board/").content.decode()
    assert "Telling settings, version 1" in page
    csv = client.get("/reports/board/?format=csv").content.decode("utf-8-sig")
    assert "Each agreement,Telling settings (1): In force,0 of 5 signed" in csv
    paper = client.get("/reports/board/?format=pdf")
    assert paper.content.startswith(b"%PDF")
    wrong = client.get(
        "/reports/board/?since_0=1&since_1=1&since_2=2030&until_0=1&until_1=1&until_2=2026"
    ).content.decode()
    assert "must not lie before" in wrong
    ancient = client.get("/reports/board/?until_0=1&until_1=1&until_2=1").content.decode()
    assert "Last day must be in 1900 or later" in ancient
    for person in (desk.world.dsl, desk.world.constable, desk.world.officer):
        assert signed_in(person).get("/reports/board/").status_code == 404
    assert signed_in(desk.world.manager).get("/reports/board/").status_code == 200


@pytest.mark.req("IGV-07")
def test_an_entry_of_the_register_is_changed_in_a_page(desk: Desk) -> None:
    client = signed_in(desk.ig)
    wrong = client.post("/controllers/council/".replace("council", desk.world.council.slug), {"address": "not a place"})
    text = wrong.content.decode()
    assert "Enter the ICO registration" in text
    assert "Enter a web address" in text
    said = {
        "ico_registration": "ZA123456", "address": "https://council.example/privacy",
        "published_on_0": "1", "published_on_1": "9", "published_on_2": "2026",
        "review_due_on_0": "1", "review_due_on_1": "9", "review_due_on_2": "2027",
    }  # fmt: skip
    assert client.post(f"/controllers/{desk.world.council.slug}/", said).status_code == 302
    assert "https://council.example/privacy" in client.get("/controllers/").content.decode()
