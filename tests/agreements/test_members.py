"""What an agreement asks of every single member, before first access (AGR-08)."""

import pytest

from agreements.models import Agreement
from agreements.register import drafting
from safeguarding.agencies import clearance, training
from safeguarding.agencies.models import Acknowledgement, Terms
from tests.agreements.conftest import Desk
from tests.delivery.support import alert_of, sent
from tests.support.db import as_user
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db
SAID = "I tell nobody outside the setting, and I never contact the family about it."


def newest(desk: Desk) -> Terms:
    return Terms.objects.filter(partnership=desk.world.partnership).latest("version")


def next_version(desk: Desk, agreement: Agreement, **fields: object) -> Agreement:
    with as_user(desk.ig):
        made = drafting.draft_next(agreement, version="2", by=desk.ig)
        drafting.write(made, {"old_holds_until": made.starts_on, **fields}, by=desk.ig)
        return drafting.open_for_signing(made, by=desk.ig)


@pytest.mark.req("AGR-08", "NTK-06")
def test_content_is_shut_until_each_member_has_acknowledged_the_agreement(desk: Desk) -> None:
    world = desk.world
    alert = alert_of(sent(world, world.school))
    page = f"/alerts/{alert.ref}/"
    assert signed_in(world.dsl).get(page).status_code == 200
    agreement = desk.opened(undertaking=SAID)
    assert "Each member acknowledges before first access" in agreement.text
    shut = signed_in(world.dsl).get(page)
    assert shut.status_code == 404
    assert SAID in shut.content.decode()
    assert agreement.ref in shut.content.decode()
    with as_user(world.dsl):
        assert clearance.is_lacking(world.dsl)
        training.acknowledge(partnership=world.partnership.slug, version=newest(desk).version, by=world.dsl)
    assert signed_in(world.dsl).get(page).status_code == 200
    # each for themselves: the DSL's word opens nothing to the head
    with as_user(world.head):
        assert clearance.is_lacking(world.head)
    with as_user(world.dsl):
        assert Acknowledgement.objects.filter(user=world.dsl, terms=newest(desk)).count() == 1


@pytest.mark.req("AGR-08")
def test_a_new_version_asks_again_in_place_of_the_old_one_and_keeps_the_rest_of_the_terms(desk: Desk) -> None:
    before = newest(desk) if Terms.objects.filter(partnership=desk.world.partnership).exists() else None
    first = desk.opened(undertaking=SAID)
    second = next_version(desk, first, undertaking="I lock my screen.")
    said = newest(desk)
    assert said.version == (before.version if before else 0) + 2
    assert "I lock my screen." in said.text
    assert second.ref in said.text
    assert SAID not in said.text
    if before:
        assert before.text in said.text


@pytest.mark.req("AGR-08")
def test_an_agreement_that_asks_nothing_of_members_leaves_the_terms_alone(desk: Desk) -> None:
    count = Terms.objects.count()
    assert "Each member" not in desk.opened().text
    assert Terms.objects.count() == count
