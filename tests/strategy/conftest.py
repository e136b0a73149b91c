from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone

from alerts.models import ConcernedChild, StrategyDiscussion
from alerts.strategy import asking, selectors, services
from alerts.strategy.enums import Capacity, Means
from alerts.strategy.models import DiscussionInvitation
from alerts.strategy.sharing import Telling
from alerts.strategy.sources import source
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Agency, User
from safeguarding.children.models import Child
from tests.factories import AgencyFactory, NotificationChildFactory, World, member
from tests.support.db import as_user, fixtures

DECISIONS = {"timing": "At once", "child": "Nothing yet", "family": "Nothing yet", "immediate": "None", "legal": "None"}


@dataclass
class Place:
    """A notification that was screened at level 4, and everybody whom a strategy discussion needs."""

    world: World
    notification: Any
    child: Child
    health: Agency
    care_manager: User
    social_worker: User
    sergeant: User
    nurse: User
    dsl: User = field(init=False)

    def __post_init__(self) -> None:
        self.dsl = self.world.dsl

    def ask(self, **fields: Any) -> StrategyDiscussion:
        officer = self.world.officer
        with as_user(officer):
            return asking.ask(
                source(self.notification.ref, for_user=officer),
                **{"authority": self.world.council, "reason": "CANARY reason", "in_hospital": False,
                   "telling": Telling("told"), "by": officer, **fields},
            )  # fmt: skip

    def invite(
        self, discussion: StrategyDiscussion, person: User, agency: Agency, capacity: str
    ) -> DiscussionInvitation:
        with as_user(self.care_manager):
            return services.invite(
                discussion, person=person, agency=agency, capacity=Capacity(capacity), by=self.care_manager
            )

    def quorate(self) -> tuple[StrategyDiscussion, list[DiscussionInvitation]]:
        """Asked for, and the police, health and the school invited."""
        discussion = self.ask()
        invited = [
            self.invite(discussion, self.sergeant, self.world.police, "police"),
            self.invite(discussion, self.nurse, self.health, "health"),
            self.invite(discussion, self.dsl, self.world.school, "setting"),
        ]
        return discussion, invited

    def hold(
        self, discussion: StrategyDiscussion, there: list[DiscussionInvitation], **fields: Any
    ) -> StrategyDiscussion:
        with as_user(self.care_manager):
            now = StrategyDiscussion.objects.get(pk=discussion.pk)
            values: dict[str, Any] = {
                "held_at": timezone.now(), "means": Means.VIDEO, "attended": [each.code for each in there],
                "out_of_hours": False, "emergency": False, "because": "", "follow_up_on": None, "version": now.version,
            } | fields  # fmt: skip
            return services.hold(now, **values, by=self.care_manager)

    def sent(self, *, inquiry: bool = True, **held: Any) -> tuple[StrategyDiscussion, list[DiscussionInvitation]]:
        """Held, recorded, with an action, and out to everybody."""
        discussion, invited = self.quorate()
        discussion = self.hold(discussion, invited, **held)
        with as_user(self.care_manager):
            by = self.care_manager
            services.write(
                discussion, inquiry_starts=inquiry, investigation=True, decisions=DECISIONS, minutes="CANARY minutes",
                version=discussion.version, by=by,
            )  # fmt: skip
            services.add_action(
                discussion,
                agency=self.world.school,
                owner=self.dsl,
                what="CANARY action",
                due_on=timezone.localdate(),
                by=by,
            )
            discussion = StrategyDiscussion.objects.get(pk=discussion.pk)
            return services.send(discussion, version=discussion.version, by=by), invited

    def see(self, discussion: StrategyDiscussion, person: User) -> selectors.Seen:
        with as_user(person):
            return selectors.see(discussion.ref, for_user=person)


@pytest.fixture
def place(db: None) -> Place:
    with fixtures():
        world = World()
        child = world.child()
        notification = world.notification(status="sent")
        NotificationChildFactory(
            notification=notification, partnership=world.partnership, controller=world.mash, child=child,
            setting=world.school,
        )  # fmt: skip
        screened(world, notification, level=4)
        health = AgencyFactory(kind=AgencyKind.HEALTH, partnership=world.partnership, name="Health")
        return Place(
            world, notification, child, health,
            care_manager=member(world.council, Role.SOCIAL_CARE_MANAGER),
            social_worker=member(world.council, Role.SOCIAL_WORKER),
            sergeant=member(world.police, Role.PRACTITIONER),
            nurse=member(health, Role.PRACTITIONER),
        )  # fmt: skip


def screened(world: World, notification: Any, *, level: int) -> None:
    from alerts.models import Screening

    Screening.objects.create(
        notification=notification, level=level, level_name="Level", decision="send_and_contact", reason="CANARY",
        decided_by=world.officer, partnership=world.partnership, controller=world.mash,
    )  # fmt: skip


def names_of(discussion: StrategyDiscussion) -> list[str]:
    with fixtures():
        return [row.given_name for row in ConcernedChild.objects.filter(discussion=discussion)]
