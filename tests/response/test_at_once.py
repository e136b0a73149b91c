"""Two leads of one setting answer at once, on two real connections."""

import pytest
from django.db import transaction

from alerts.models import Alert, FileEntry, Response
from alerts.response import answers, selectors
from alerts.response.answers import Answer
from alerts.response.enums import Concerns
from safeguarding.agencies.models import User
from tests.factories import World
from tests.screening.test_races import at_once
from tests.support.db import as_service, fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.req("ALR-12")
def test_of_two_answers_at_once_the_first_stands_and_the_second_is_told(transactional_db: None) -> None:
    with transaction.atomic(), fixtures():
        world = World()
        alert = world.alert(audience=3)

    def act(person: User) -> None:
        said = Answer(Concerns.OTHER if person == world.dsl else Concerns.NONE, known=f"Known to {person.name}")
        answers.answer(selectors.get_alert(alert.ref, for_user=person), said, version=0, by=person)

    done, refused = at_once(world.dsl, world.deputy, act)
    assert done == [world.dsl.name]
    assert refused == ["Somebody else has answered while you were writing. Nothing was lost."]
    with as_service("dispatch"), transaction.atomic():
        assert Response.objects.get().answered_by == world.dsl
        assert Alert.objects.get().acknowledged_by == world.dsl
        assert not FileEntry.objects.filter(recorded_by=world.deputy).exists()
