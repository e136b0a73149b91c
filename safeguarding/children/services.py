"""Writes of children on record."""

from django.db import transaction

from safeguarding.agencies.models import Agency, Partnership
from safeguarding.children.enums import PlacementSource
from safeguarding.children.matching import Details
from safeguarding.children.models import Child, ChildToken, Placement
from safeguarding.children.tokens import tokens_of


@transaction.atomic(savepoint=False)
def register(*, partnership: Partnership, hub: Agency, details: Details, home_educated: bool = False) -> Child:
    """A child that nobody alike was on record for, with the tokens under which it is found again (ALR-03)."""
    child = Child.objects.create(
        partnership=partnership,
        controller=hub,
        given_name=details.given_name,
        family_name=details.family_name,
        date_of_birth=details.date_of_birth,
        upn=details.upn,
        nhs_number=details.nhs_number,
        home_educated=home_educated,
    )
    _remember_tokens(child, details)
    return child


def _remember_tokens(child: Child, details: Details) -> None:
    ChildToken.objects.bulk_create(
        [
            ChildToken(
                partnership_id=child.partnership_id,
                controller_id=child.controller_id,
                child=child,
                kind=kind,
                token=token,
            )
            for kind, token in sorted(tokens_of(child.partnership_id, details))
        ],
        ignore_conflicts=True,
    )


@transaction.atomic(savepoint=False)
def place(*, child: Child, setting: Agency, source: PlacementSource) -> None:
    """The child attends this setting; a place at another stays until somebody ends it (ALR-03)."""
    Placement.objects.get_or_create(
        child=child,
        setting=setting,
        ends_on=None,
        defaults={"partnership_id": child.partnership_id, "controller_id": child.controller_id, "source": source},
    )
