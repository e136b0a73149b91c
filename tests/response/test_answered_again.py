"""The police correct an alert to which the setting's response was closed: it is answered again (ALR-12, ALR-15)."""

import pytest

from alerts.models import Alert, Notification
from alerts.response import answers, follow_up, selectors
from alerts.response.answers import Answer
from alerts.response.enums import Concerns, Outcome, Support
from safeguarding.errors import Conflict
from tests.factories import World
from tests.intake.bodies import example, with_child
from tests.intake.test_corrections import corrected, screened, sent_in
from tests.response.support import again, events, filed, say
from tests.support.db import as_service, as_user
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


@pytest.fixture
def alert(world: World) -> Alert:
    """Sent, answered and closed by the setting, and then corrected by the police."""
    notification = screened(world, sent_in(world, example()).notification)
    with as_service("dispatch"):
        alert = Alert.objects.get(notification=notification)
    say(alert, world.dsl, "other", known="Often late on Mondays.")
    with as_user(world.dsl):
        follow_up.close(alert, outcome=Outcome.NO_NEED, note="", by=world.dsl)
    _correct(world, notification, "2016-05-14")
    return again(alert)


def _correct(world: World, notification: Notification, birth: str) -> None:
    corrected(world, notification, with_child(date_of_birth=birth))


@pytest.mark.req("ALR-12", "ALR-15")
def test_what_was_closed_and_then_corrected_is_answered_again(world: World, alert: Alert) -> None:
    client, path = signed_in(world.dsl), f"/alerts/{alert.ref}/"
    form = client.get(f"{path}answer/").context["form"]
    typed = {"concerns": "none", "known": "", "worker": "", "adult_works": "no", "version": form.initial["version"]}
    assert client.post(f"{path}answer/", typed).status_code == 302
    with as_user(world.dsl):
        response = selectors.response_to(alert, for_user=world.dsl)
        assert response is not None
        assert (response.concerns, response.closed_at, response.closed_by) == ("none", None, None)
        # and the response goes on from there
        follow_up.decide_support(alert, support=Support.SILENT, note="", by=world.dsl)
    assert again(alert).status == "acknowledged"
    assert ("answer", f"{Concerns.NONE.label}.") in filed(alert)
    assert events(alert).count("alert.answered") == 2


@pytest.mark.req("ALR-12")
def test_answered_again_together_with_others(world: World, alert: Alert) -> None:
    with as_user(world.dsl):
        [settled] = answers.answer_several([alert], Answer(Concerns.NONE), by=world.dsl)
    assert (settled.done, settled.words) == (True, "Acknowledged.")


@pytest.mark.req("ALR-12")
def test_of_two_who_answer_again_the_slower_is_still_told(world: World, alert: Alert) -> None:
    with as_user(world.dsl):
        seen = selectors.version_of(alert, for_user=world.dsl)
    say(alert, world.dsl, "none", version=seen)
    with pytest.raises(Conflict, match="Somebody else has answered"):
        say(alert, world.dsl, "other", version=seen, known="Written meanwhile.")
