"""Children on record as the product puts them there."""

import datetime as dt
from typing import Any

from django.db import transaction

from safeguarding.children.matching import Details
from safeguarding.children.models import Child
from safeguarding.children.selectors import judge_all
from safeguarding.children.services import register
from tests.factories import World
from tests.support.db import as_service

BORN = dt.date(2016, 5, 4)


def on_record(world: World, given: str, family: str, born: dt.date | None = BORN, **fields: Any) -> Child:
    with as_service("matching"), transaction.atomic():
        return register(partnership=world.partnership, hub=world.mash, details=Details(given, family, born, **fields))


def judged(world: World, given: str, family: str, born: dt.date | None = BORN, **fields: Any) -> Any:
    with as_service("matching"), transaction.atomic():
        [judgement] = judge_all(world.partnership, [Details(given, family, born, **fields)])
    return judgement
