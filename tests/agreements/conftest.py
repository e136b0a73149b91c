from dataclasses import dataclass

import pytest
from django.utils import timezone

from agreements.models import Agreement, Signature
from agreements.register import drafting, signing
from agreements.register.signing import Signatory
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, User
from tests.factories import ALERT_ITEMS, World, member
from tests.support.db import as_user, fixtures

SAID = {
    "purposes": ["Schools support children who live with domestic abuse."],
    "kinds": ["domestic_abuse"],
    "article_6": ["6_1_e"],
    "article_9": ["9_2_g"],
    "schedule_1": ["s1_18"],
    "dpia_reference": "DPIA-17",
    "transfer_methods": ["hub"],
    "transfer_risks": "Somebody reads over a shoulder.",
    "retention": "Until the child is 25.",
    "disposal": "Destroyed by key.",
    "access_requests_to": "Information governance, Council",
}


@dataclass
class Desk:
    """A partnership whose council owns an agreement, with somebody at each party who may sign."""

    world: World
    signatories: dict[str, User]

    @property
    def ig(self) -> User:
        return self.world.ig_lead

    def agencies(self) -> list[Agency]:
        world = self.world
        return [world.council, world.police, world.mash, world.school, world.other_school]

    def draft(self, title: str = "Telling settings", **fields: object) -> Agreement:
        """A complete draft, with police and hub as sources and the others as recipients."""
        world = self.world
        with as_user(self.ig):
            made = drafting.draft(
                partnership=world.partnership, owner=world.council, title=title, version="1", by=self.ig
            )
            said = {**SAID, "transfer_assessed_on": timezone.localdate(), **fields}
            drafting.write(made, said, by=self.ig)
            drafting.list_items(made, dict.fromkeys(ALERT_ITEMS, ("To support the child.", False)), by=self.ig)
            for agency in self.agencies():
                role = "both" if agency in (world.police, world.mash) else "recipient"
                drafting.name_party(made, agency, role=role, by=self.ig)
        made.refresh_from_db()
        return made

    def opened(self, **fields: object) -> Agreement:
        made = self.draft(**fields)
        with as_user(self.ig):
            return drafting.open_for_signing(made, by=self.ig)

    def party(self, agreement: Agreement, agency: Agency) -> Signature:
        return agreement.signatures.select_related("agency", "agreement").get(agency=agency)

    def sign(self, agreement: Agreement, agency: Agency, **fields: str) -> Signature:
        user = self.signatory(agency)
        with as_user(user):
            return signing.sign(self.party(agreement, agency), words(user, **fields), digest=agreement.digest, by=user)

    def signatory(self, agency: Agency) -> User:
        return self.signatories[agency.slug]


def words(user: User, **fields: str) -> Signatory:
    said = {
        "name": user.name,
        "post": "Director",
        "email": user.email,
        "capacity": "siro",
        "ico_registration": "ZA123456",
        **fields,
    }
    return Signatory(**said)


@pytest.fixture
def desk(db: None) -> Desk:
    with fixtures():
        world = World()
        agencies = [world.council, world.police, world.mash, world.school, world.other_school]
        return Desk(world, {agency.slug: member(agency, Role.SIGNATORY) for agency in agencies})


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()
