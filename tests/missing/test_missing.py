"""Missing episodes: opened with the notification, back by the police's word, interviewed in time, counted."""

import datetime as dt
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from alerts.intake import corrections
from alerts.intake import services as intake
from alerts.intake.content import Person
from alerts.intake.enums import Channel, WithdrawnBecause
from alerts.missing import policies, selectors, services
from alerts.missing.enums import EpisodeState, InterviewOutcome, ToldBy
from alerts.models import Alert, MissingEpisode, Notification
from alerts.readers.enums import Scope
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import User
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import World, member, police_content
from tests.readers.support import shut_out
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

PLAIN: Any = SimpleNamespace(strategy={})


def london(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=LONDON)  # type: ignore[arg-type,misc]  # year to minute


@pytest.mark.parametrize(
    ("back", "due"),
    [
        (london(2026, 11, 20, 21, 40), london(2026, 11, 23, 21, 40)),
        # an hour less in the night of 28 to 29 March, an hour more in that of 24 to 25 October
        (london(2026, 3, 28, 0, 0), london(2026, 3, 31, 1, 0)),
        (london(2026, 3, 27, 23, 59), london(2026, 3, 31, 0, 59)),
        (london(2026, 10, 24, 0, 0), london(2026, 10, 26, 23, 0)),
        (london(2026, 10, 22, 23, 59), london(2026, 10, 25, 22, 59)),
    ],
)
def test_the_interview_is_due_after_72_hours_as_they_pass(back: dt.datetime, due: dt.datetime) -> None:
    assert policies.interview_due_at(PLAIN, back) == due
    assert due.astimezone(dt.UTC) - back.astimezone(dt.UTC) == dt.timedelta(hours=72)
    own: Any = SimpleNamespace(strategy={"interview_hours": 24})
    assert policies.interview_due_at(own, back) == back.astimezone(dt.UTC) + dt.timedelta(hours=24)


def test_what_each_state_allows() -> None:
    now = timezone.now()
    for state in EpisodeState:
        episode = MissingEpisode(
            state=state, missing_since=now - dt.timedelta(hours=9), returned_at=now - dt.timedelta(hours=5)
        )
        allowed = {
            EpisodeState.RETURNED: state == EpisodeState.MISSING,
            EpisodeState.OFFERED: state == EpisodeState.RETURNED,
            EpisodeState.CLOSED: state in (EpisodeState.RETURNED, EpisodeState.OFFERED),
        }
        checks = (
            (policies.check_can_return, (episode, now), EpisodeState.RETURNED),
            (policies.check_can_offer, (episode,), EpisodeState.OFFERED),
            (policies.check_can_close, (episode, InterviewOutcome.REFUSED, None), EpisodeState.CLOSED),
        )
        for check, asked, becomes in checks:
            if allowed[becomes]:
                check(*asked)
            else:
                with pytest.raises(Conflict):
                    check(*asked)
    episode = MissingEpisode(
        state="returned", missing_since=now - dt.timedelta(hours=9), returned_at=now - dt.timedelta(hours=5)
    )
    for held_at in (None, now + dt.timedelta(hours=1), now - dt.timedelta(hours=6)):
        with pytest.raises(Refused):
            policies.check_can_close(episode, InterviewOutcome.NO_CONCERN, held_at)
    gone = MissingEpisode(state="missing", missing_since=now)
    for returned_at in (now - dt.timedelta(hours=1), now + dt.timedelta(hours=1)):
        with pytest.raises(Refused):
            policies.check_can_return(gone, returned_at)


@dataclass
class Place:
    world: World
    worker: User

    def report(self, hours_ago: float, reference: str = "55/2026/1", **fields: Any) -> Notification:
        """The police report a child missing, by the real way in."""
        child = Person(
            role="missing_child", given_name="Ottilie", family_name="Quillfeather", date_of_birth=dt.date(2016, 5, 4)
        )
        at = timezone.now() - dt.timedelta(hours=hours_ago)
        content = police_content(reference=reference, kind="missing_episode", occurred_at=at, people=(child,), **fields)
        with as_user(self.world.constable):
            receipt = intake.receive(
                content=content, body=reference.encode(), source=self.world.police, partnership=self.world.partnership,
                channel="api", by=self.world.constable,
            )  # fmt: skip
        return receipt.notification

    def correct(self, notification: Notification, who: str = "Ottilie", **fields: Any) -> None:
        """The police send the whole of it again, as they would by their own system."""
        child = Person(
            role="missing_child", given_name=who, family_name="Quillfeather", date_of_birth=dt.date(2016, 5, 4)
        )
        if who != "Ottilie":
            child = replace(child, family_name="Marchbanks", date_of_birth=dt.date(2012, 11, 23))
        said = {"occurred_at": notification.occurred_at, **fields}
        content = police_content(reference=notification.reference, kind="missing_episode", people=(child,), **said)
        with as_user(self.world.constable):
            corrections.correct(
                notification, content=content, body=repr(content).encode(), channel=Channel.API, by=self.world.constable
            )

    def withdraw(self, notification: Notification) -> None:
        with as_user(self.world.constable):
            corrections.withdraw(
                notification, because=WithdrawnBecause.WRONG_PEOPLE, channel=Channel.API, by=self.world.constable
            )

    def decided(self, notification: Notification) -> Notification:
        """Screened, with nothing to send: past what a correction takes up anew by itself."""
        with fixtures():
            notification.status = "screened"
            notification.save(update_fields=["status"])
        return notification

    def episodes(self, notification: Notification) -> dict[str, str]:
        with fixtures():
            return {each.given_name: each.state for each in MissingEpisode.objects.filter(notification=notification)}

    def episode(self, notification: Notification) -> MissingEpisode:
        with fixtures():
            return MissingEpisode.objects.get(notification=notification)


@pytest.fixture
def place(db: None) -> Place:
    with fixtures():
        world = World()
        return Place(world, member(world.council, Role.SOCIAL_WORKER))


def told() -> list[str]:
    with fixtures():
        return [
            f"{mail.to} {mail.context['headline']}" for mail in Email.objects.filter(template="step").order_by("pk")
        ]


@pytest.mark.req("ALR-02")
def test_an_episode_opens_with_the_report_and_the_return_comes_later_from_who_reported_it(place: Place) -> None:
    """The same reference with another body is refused by contract: the return is recorded on the page."""
    notification = place.report(9)
    episode = place.episode(notification)
    assert (episode.state, episode.missing_since) == (EpisodeState.MISSING, notification.occurred_at)
    assert told() == []
    world, back = place.world, timezone.now() - dt.timedelta(hours=2)
    for person in (world.dsl, world.ehe, world.other_dsl):
        with as_user(person), pytest.raises(NotVisible):
            services.record_return(episode, returned_at=back, told_by=ToldBy.FAMILY, by=person)
    with as_user(world.constable):
        returned = services.record_return(episode, returned_at=back, told_by=ToldBy.FAMILY, by=world.constable)
        with pytest.raises(Conflict):
            services.record_return(episode, returned_at=back, told_by=ToldBy.POLICE, by=world.constable)
    assert returned.interview_due_at == back + dt.timedelta(hours=72)
    assert told() == [f"{place.worker.email} A return interview is to be offered"]


@pytest.mark.req("ALR-02", "MRC-18", "NTK-04")
def test_who_is_shut_out_of_the_child_is_not_asked_for_the_interview(place: Place) -> None:
    world, back = place.world, timezone.now() - dt.timedelta(hours=2)
    episode = place.episode(place.report(9))
    with fixtures():
        kin, colleague = (member(world.council, Role.SOCIAL_WORKER) for _ in range(2))
        child, notification = episode.child, episode.notification
    shut_out(child, kin, by=world.manager)
    shut_out(notification, colleague, scope=Scope.RECORD, by=world.manager)
    with as_user(world.constable):
        services.record_return(episode, returned_at=back, told_by=ToldBy.FAMILY, by=world.constable)
    with time_machine.travel(back + dt.timedelta(hours=72, seconds=1), tick=False):
        assert services.chase_interviews() == 1
    headlines = ("A return interview is to be offered", "A return interview is late")
    assert told() == [f"{place.worker.email} {headline}" for headline in headlines]


@pytest.mark.req("ALR-02")
def test_a_child_who_was_back_already_needs_an_interview_at_once(place: Place) -> None:
    back = timezone.now() - dt.timedelta(hours=3)
    episode = place.episode(place.report(9, returned_at=back))
    assert (episode.state, episode.interview_due_at) == (EpisodeState.RETURNED, back + dt.timedelta(hours=72))
    assert len(told()) == 1


def test_the_authority_offers_and_records_the_interview_and_is_chased(place: Place) -> None:
    back = timezone.now() - dt.timedelta(hours=3)
    episode = place.episode(place.report(9, returned_at=back))
    with as_user(place.world.constable), pytest.raises(NotVisible):
        services.offer_interview(episode, by=place.world.constable)
    with as_user(place.worker):
        services.offer_interview(episode, by=place.worker)
    with time_machine.travel(back + dt.timedelta(hours=72, seconds=1), tick=False):
        assert services.chase_interviews() == 1
        assert services.chase_interviews() == 0
        assert told()[-1] == f"{place.worker.email} A return interview is late"
        with as_user(place.worker):
            services.close(episode, outcome=InterviewOutcome.CONCERN, held_at=timezone.now(), by=place.worker)
    with fixtures():
        episode.refresh_from_db()
    assert (episode.state, episode.interview_outcome) == (EpisodeState.CLOSED, InterviewOutcome.CONCERN)
    assert policies.interview_is_late(episode, timezone.now())


@pytest.mark.req("ALR-02", "NTK-02")
def test_repeated_episodes_are_counted_and_the_setting_is_told_how_often_and_no_more(place: Place) -> None:
    references = [place.report(24 * days, f"55/2026/{days}") for days in (100, 40, 2)]
    first, second, third = (place.episode(each) for each in references)
    assert len({each.child_id for each in (first, second, third)}) == 1
    with as_user(place.world.officer):
        counts = selectors.pattern_of([first, second, third])
        assert [counts[each.pk] for each in (first, second, third)] == [1, 2, 2]
    with fixtures():
        alert = Alert.objects.filter(notification=references[-1]).first() or place.world.alert(
            notification=references[-1], child=third.child, kind="missing_episode"
        )
    with as_user(place.world.dsl):
        assert not MissingEpisode.objects.exists()
        found = selectors.told_with(alert)
    assert found == selectors.Told(returned=False, lately=2)


@pytest.mark.req("ALR-21", "ALR-22")
def test_questions_go_where_the_partnership_says_for_this_kind(place: Place) -> None:
    with fixtures():
        place.world.partnership.query_contacts = {
            "*": {"name": "The hub"},
            "missing_episode": {"name": "Early Help coordinator"},
        }
        place.world.partnership.save()
    notification = place.report(9)
    with as_user(place.world.constable):
        episode = selectors.get_episode(place.episode(notification).ref, for_user=place.world.constable)
        assert selectors.query_contact(episode) == {"name": "Early Help coordinator"}


@pytest.mark.req("ALR-02")
@pytest.mark.parametrize("after_the_decision", [False, True])
def test_the_police_correct_that_the_child_is_back_and_the_clock_of_the_interview_starts(
    place: Place, after_the_decision: bool
) -> None:
    notification = place.report(9)
    if after_the_decision:
        notification = place.decided(notification)
    back = timezone.now() - dt.timedelta(hours=3)
    began = notification.occurred_at - dt.timedelta(hours=1)
    place.correct(notification, returned_at=back, occurred_at=began)
    episode = place.episode(notification)
    assert (episode.state, episode.returned_at, episode.missing_since) == (EpisodeState.RETURNED, back, began)
    assert episode.interview_due_at == back + dt.timedelta(hours=72)
    assert told() == [f"{place.worker.email} A return interview is to be offered"]
    # their second thoughts about the time move the clock; what the authority has done meanwhile stays
    with as_user(place.worker):
        services.offer_interview(episode, by=place.worker)
    earlier = back - dt.timedelta(hours=1)
    place.correct(notification, returned_at=earlier, occurred_at=began)
    episode = place.episode(notification)
    assert (episode.state, episode.interview_due_at) == (EpisodeState.OFFERED, earlier + dt.timedelta(hours=72))
    assert len(told()) == 1


@pytest.mark.req("ALR-02")
def test_a_return_that_a_person_recorded_is_not_written_over_by_a_correction(place: Place) -> None:
    notification = place.report(9)
    back = timezone.now() - dt.timedelta(hours=2)
    with as_user(place.world.constable):
        services.record_return(
            place.episode(notification), returned_at=back, told_by=ToldBy.FAMILY, by=place.world.constable
        )
    place.correct(notification, returned_at=back - dt.timedelta(hours=1))
    episode = place.episode(notification)
    assert (episode.returned_at, episode.returned_told_by) == (back, ToldBy.FAMILY)
    assert len(told()) == 1


@pytest.mark.req("ALR-02")
def test_when_the_police_name_another_child_that_one_has_the_episode_and_the_wrong_one_no_longer(place: Place) -> None:
    back = timezone.now() - dt.timedelta(hours=3)
    notification = place.decided(place.report(9, returned_at=back))
    wrong = place.episode(notification)
    place.correct(notification, who="Peregrine", returned_at=back)
    assert place.episodes(notification) == {"Ottilie": EpisodeState.DROPPED, "Peregrine": EpisodeState.RETURNED}
    asked = f"{place.worker.email} A return interview is to be offered"
    assert told() == [asked, f"{place.worker.email} A return interview is not needed", asked]
    with as_user(place.world.officer):
        assert selectors.pattern_of([wrong])[wrong.pk] == 0
    with as_user(place.worker), pytest.raises(Conflict):
        services.offer_interview(wrong, by=place.worker)
    # named after all: as far as it had come, and asked for anew
    place.correct(notification, returned_at=back)
    assert place.episodes(notification) == {"Ottilie": EpisodeState.RETURNED, "Peregrine": EpisodeState.DROPPED}
    assert told().count(asked) == 3


@pytest.mark.req("ALR-02")
def test_an_episode_that_the_police_take_back_is_chased_no_more_and_counts_no_more(place: Place) -> None:
    back = timezone.now() - dt.timedelta(hours=3)
    notification = place.report(9, returned_at=back)
    place.withdraw(notification)
    episode = place.episode(notification)
    assert episode.state == EpisodeState.DROPPED
    assert told()[-1] == f"{place.worker.email} A return interview is not needed"
    with time_machine.travel(back + dt.timedelta(hours=73), tick=False):
        assert services.chase_interviews() == 0
        assert not policies.interview_is_late(episode, timezone.now())
    later = place.episode(place.report(2, "55/2026/2"))
    with as_user(place.world.officer):
        assert selectors.pattern_of([later])[later.pk] == 1
    page = signed_in(place.worker).get(f"/missing/{episode.ref}/").content.decode()
    assert "Taken back" in page
    assert "No return interview is to be offered" in page
    assert "The interview was offered" not in page


def test_a_setting_is_told_nothing_of_an_episode_that_was_taken_back(place: Place) -> None:
    notification = place.report(9)
    episode = place.episode(notification)
    with fixtures():
        alert = place.world.alert(notification=notification, child=episode.child, kind="missing_episode")
    place.withdraw(notification)
    with as_user(place.world.dsl):
        assert selectors.told_with(alert) is None
