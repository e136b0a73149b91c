"""Where content may be sent, where a link may go, and where nothing goes any more; what marks that which leaves."""

import datetime as dt
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from agreements.decisions.answers import Outside
from agreements.decisions.enums import Basis, Duty, Nation
from agreements.models import GuestInvitation
from agreements.register import signing
from safeguarding import notifications
from safeguarding.agencies import services as agencies
from safeguarding.agencies.enums import Role
from safeguarding.errors import Refused
from safeguarding.notifications.addresses import check_may_carry_content, check_works, standing_of
from safeguarding.notifications.enums import Standing
from safeguarding.notifications.models import Email, MailDomain
from tests.agreements.conftest import Desk, desk  # noqa: F401 - a fixture
from tests.decisions.conftest import Case
from tests.decisions.support import decide, sharing
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


@pytest.fixture(autouse=True)
def domains(db: None) -> None:
    """The list as an installation has it: what the migration enters."""
    [migration] = Path(notifications.__file__).parent.glob("migrations/*_mail_domains.py")
    enter = import_module(f"safeguarding.notifications.migrations.{migration.stem}").enter
    with fixtures():
        enter(apps, None)


ADDRESSES = {
    "a@westshire.gov.uk": Standing.SECURE,
    "a@nhs.net": Standing.SECURE,
    "a@trust.nhs.uk": Standing.SECURE,
    "a@force.police.uk": Standing.SECURE,
    "a@force.pnn.police.uk": Standing.SECURE,
    "A@Court.CJSM.net": Standing.SECURE,
    "a@unit.mod.uk": Standing.SECURE,
    "a@parliament.uk": Standing.SECURE,
    "a@westshire.gsi.gov.uk": Standing.DEAD,
    "a@westshire.gse.gov.uk": Standing.DEAD,
    "a@westshire.gcsx.gov.uk": Standing.DEAD,
    "a@gsx.gov.uk": Standing.DEAD,
    "a@surgery.test": Standing.OTHER,
    "a@notgov.uk": Standing.OTHER,
    "a@gov.uk.surgery.test": Standing.OTHER,
    "a@nhs.net.": Standing.SECURE,
    "nonsense": Standing.OTHER,
}


@pytest.mark.req("SHR-10")
def test_secure_domains_pass_dead_ones_are_refused_and_others_need_a_reason(case: Case) -> None:
    with as_user(case.world.officer):
        for address, expected in ADDRESSES.items():
            assert standing_of(address)[0] == expected, address
        check_may_carry_content("a@westshire.gov.uk")
        check_works("a@surgery.test")
        for reason in ("", "They have no other"):
            with pytest.raises(Refused, match="switched off in 2019"):
                check_may_carry_content("a@westshire.gcsx.gov.uk", override=reason)
        with pytest.raises(Refused, match="encrypted link"):
            check_may_carry_content("a@surgery.test")
        check_may_carry_content("a@surgery.test", override="They have no other")


@pytest.mark.req("SHR-10")
def test_a_domain_is_secure_from_its_day_to_its_last_day(case: Case) -> None:
    first, last = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
    with fixtures():
        MailDomain.objects.create(domain="trial.test", standing="secure", valid_from=first, valid_to=last)
    with as_user(case.world.officer):
        days = [first - dt.timedelta(days=1), first, last, last + dt.timedelta(days=1)]
        found = [standing_of("a@trial.test", day=day)[0] for day in days]
    assert found == [Standing.OTHER, Standing.SECURE, Standing.SECURE, Standing.OTHER]


@pytest.mark.req("SHR-10")
def test_a_decision_to_send_content_to_an_address_asks_it(case: Case) -> None:
    def to(address: str, override: str = "") -> None:
        outside = Outside(name="Surgery", nation=Nation.ENGLAND, address=address, address_override=override)
        law = {"basis": Basis.DUTY, "duty": Duty.WELFARE, "article_6": "6_1_c"}
        decide(case.alert.ref, sharing("", outside=outside, **law), by=case.world.officer)

    to("a@nhs.net")
    to("a@surgery.test", "They have no other, and it is encrypted by password")
    with pytest.raises(Refused, match="not of a secure domain"):
        to("a@surgery.test")
    said = {
        **{"purpose": "protect", "items": ["child_name"], "identifies": "yes", "consent": "not_relied_on"},
        **{"basis": "duty", "outcome": "share", "to": "outside", "outside_name": "Surgery", "nation": "england"},
    }
    page = signed_in(case.world.officer).post(
        f"/decisions/new/?about={case.alert.ref}", {**said, "address": "a@council.gsi.gov.uk"}
    )
    assert "switched off in 2019" in page.content.decode()


@pytest.mark.req("SHR-10")
def test_an_invitation_or_a_guests_link_does_not_go_to_a_dead_address(desk: Desk) -> None:  # noqa: F811 - the fixture
    world = desk.world
    agreement = desk.opened()
    with as_user(world.admin), pytest.raises(Refused, match="reach nobody"):
        agencies.invite(agency=world.school, email="new@school.gsx.gov.uk", roles=[Role.DSL], by=world.admin)
    with as_user(desk.ig), pytest.raises(Refused, match="reach nobody"):
        signing.invite_guest(
            desk.party(agreement, world.school), name="Wren", email="wren@nursery.gsi.gov.uk", by=desk.ig
        )
    with fixtures():
        assert not Email.objects.filter(to__contains="gs").exists()
        assert not GuestInvitation.objects.exists()
    with as_user(world.admin):
        agencies.invite(agency=world.school, email="new@school.test", roles=[Role.DSL], by=world.admin)


@pytest.mark.req("SHR-08", "SHR-09")
def test_an_alert_says_what_it_is_whose_and_from_when_and_how_it_is_marked(case: Case) -> None:
    page = signed_in(case.world.dsl).get(f"/alerts/{case.alert.ref}/").content.decode()
    card = page.split("What you are told")[1].split("</dl>")[1].split("</p>")[0]
    for words in ("Fact", "Current", "From <bdi>Police</bdi>", "20 November 2026", "OFFICIAL-SENSITIVE"):
        assert words in card, words


@pytest.mark.req("SHR-09")
def test_a_file_that_is_taken_out_is_marked_in_its_name(case: Case) -> None:
    decide(case.alert.ref, sharing(case.world.school.slug), by=case.world.officer)
    file = signed_in(case.world.manager).post("/decisions/export/", {"purpose": "assurance"})
    assert 'filename="OFFICIAL-SENSITIVE-decisions-' in file["Content-Disposition"]
