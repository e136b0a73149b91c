import datetime as dt
from dataclasses import dataclass

import pytest
from django.utils import timezone

from agreements.decisions.enums import RESTS_ON, Basis
from alerts.models import Ask, InformationRequest
from alerts.requests import answering, services
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Agency, User
from safeguarding.children.models import Child
from tests.factories import AgencyFactory, World, member
from tests.support.db import as_user, fixtures

ITEM = {
    "text": "CANARY seen twice with bruises",
    "nature": "fact",
    "currency": "current",
    "originated_on": None,
    "onward": False,
    "limits": "",
}
# What a decision by a duty in law rests on, when nobody says otherwise.
BY_DUTY = {
    "basis": Basis.DUTY,
    **dict(zip(("article_6", "article_9", "schedule_1"), RESTS_ON[Basis.DUTY], strict=False)),
}


@dataclass
class Place:
    """The council has signed and its desk answers; the health body has not; a child on record."""

    world: World
    child: Child
    desk: User
    health: Agency
    nurse: User

    def prepared(self, *agencies: Agency) -> InformationRequest:
        with as_user(self.world.officer):
            return services.prepare(
                self.child,
                question="CANARY What do you know of the family?",
                agencies=[each.slug for each in agencies or (self.world.council,)],
                due_at=timezone.now() + dt.timedelta(days=1),
                by=self.world.officer,
            )

    def asked(self) -> Ask:
        with as_user(self.world.officer):
            [ask] = services.ask(self.prepared(), told="told", by=self.world.officer)
            return ask

    def answered(self, **item: object) -> Ask:
        ask = self.asked()
        with as_user(self.desk):
            answering.add_item(ask, by=self.desk, **{**ITEM, **item})
            return answering.finish(ask, by=self.desk)


def a_place() -> Place:
    world = World()
    health = AgencyFactory(kind=AgencyKind.HEALTH, partnership=world.partnership, name="Health body")
    return Place(
        world,
        world.child(),
        member(world.council, Role.INFORMATION_DESK),
        health,
        member(health, Role.INFORMATION_DESK),
    )


@pytest.fixture
def place(db: None) -> Place:
    with fixtures():
        return a_place()
