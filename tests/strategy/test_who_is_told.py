"""A chair or an asker who is not there any more leaves nobody waiting: whoever stands in is told (STR-01, STR-05 to STR-07)."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from alerts.strategy import chasing, following, policies, services
from alerts.strategy.enums import DissentKind, InquiryState
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership, User
from tests.factories import member
from tests.readers.support import shut_out
from tests.strategy.conftest import Place
from tests.strategy.test_services import mails
from tests.support.db import as_user, fixtures

pytestmark = pytest.mark.django_db


def _takes_leave(place: Place, person: User, why: str) -> None:
    if why == "shut out":
        shut_out(place.child, person, by=place.world.manager)
        return
    with fixtures():
        person.memberships.update(ended_at=timezone.now())
        if why == "another post":
            Membership.objects.create(user=person, agency=place.world.council, role=Role.EHE_OFFICER)


@pytest.mark.req("STR-05", "STR-07", "MRC-18", "NTK-07")
@pytest.mark.parametrize("why", ["there", "left", "another post", "shut out"])
def test_the_chair_is_told_alone_and_the_other_managers_once_the_chair_is_gone(place: Place, why: str) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        discussion, _ = place.sent()
        assert discussion.conference_due_on is not None
        with fixtures():
            colleague = member(place.world.council, Role.SOCIAL_CARE_MANAGER)
        clock.shift(dt.timedelta(hours=1))
        if why != "there":
            _takes_leave(place, place.care_manager, why)
        before = [len(mails(each)) for each in (place.care_manager, colleague)]
        with as_user(place.nurse):
            following.raise_dissent(discussion, kind=DissentKind.DISAGREES, reason="CANARY", by=place.nurse)
        clock.move_to(policies.end_of(discussion.conference_due_on))
        assert chasing.chase_all() == 1
        told, not_told = (place.care_manager, colleague) if why == "there" else (colleague, place.care_manager)
        headlines = [mail.context["headline"] for mail in mails(told)]
        assert headlines[-2:] == ["Disagreement raised", "Section 47 clock has run out"]
        assert len(mails(not_told)) == before[(place.care_manager, colleague).index(not_told)]


@pytest.mark.req("STR-01", "STR-06", "MRC-18", "NTK-07")
@pytest.mark.parametrize("why", ["there", "left", "another post", "shut out"])
@pytest.mark.parametrize("how", ["not held", "concluded"])
def test_the_asker_hears_how_it_ended_and_their_hub_once_the_asker_is_gone(place: Place, how: str, why: str) -> None:
    officer, manager, chair = place.world.officer, place.world.manager, place.care_manager
    discussion = place.sent()[0] if how == "concluded" else place.ask()
    if why != "there":
        _takes_leave(place, officer, why)
    before = {each.pk: len(mails(each)) for each in (officer, manager)}
    with as_user(chair):
        if how == "concluded":
            following.conclude(
                discussion, outcome=InquiryState.LIKELY, feedback="x", version=discussion.version, by=chair
            )
        else:
            services.do_not_hold(discussion, because="CANARY", version=discussion.version, by=chair)
    told, not_told = (officer, manager) if why == "there" else (manager, officer)
    assert [mail.context["ref"] for mail in mails(told)[before[told.pk] :]] == [discussion.ref]
    assert len(mails(not_told)) == before[not_told.pk]
