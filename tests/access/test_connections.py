"""Many people, few connections, as under gunicorn: whole requests, some of which crash, each sees only what is its own.

With a principal set for the session instead of the transaction, the next person on the connection would be the last one.
"""

import random
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connections
from django.test import Client

from alerts.models import Alert
from alerts.response import views
from safeguarding.access.principal import NOBODY, current
from tests.factories import World
from tests.support.db import fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
REF = re.compile(r"A-[0-9A-Z]{4}-[0-9A-Z]{4}")
THREADS = 4


def _ask_after_the_request() -> str:
    """A statement that forgot whom it is for, on the connection that served somebody a moment ago."""
    try:
        return f"shown {Alert.objects.count()}"
    except DatabaseError as error:
        return "refused" if "no principal" in str(error) else str(error)


@pytest.mark.req("NTK-01", "NTK-02")
@pytest.mark.parametrize("turns", [10, pytest.param(300, marks=pytest.mark.prove)])
def test_on_kept_connections_each_request_is_its_own(monkeypatch: pytest.MonkeyPatch, turns: int) -> None:
    cache.clear()
    with fixtures():
        world = World()
        alerts = {
            "dsl": {world.alert(child=world.child()).ref for _ in range(2)},
            "other_dsl": {world.alert(setting=world.other_school).ref},
        }
    alerts |= {"tutor": set(), "head": set()}
    sessions = {name: signed_in(getattr(world, name)).cookies for name in alerts}
    shown = views.AlertPage.page

    def sometimes_crash(self: views.AlertPage, *args: object, **kwargs: object) -> object:
        if random.random() < 0.5:
            Alert.objects.count()
            raise RuntimeError("a page that breaks while its transaction is open")
        return shown(self, *args, **kwargs)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(views.AlertPage, "page", sometimes_crash)

    def work(number: int) -> list[tuple]:
        dice, answers = random.Random(number), []
        try:
            for _ in range(turns):
                name = dice.choice(list(alerts))
                client = Client(raise_request_exception=False)
                client.cookies = sessions[name]
                if dice.random() < 0.5:
                    page = client.get("/alerts/")
                    # who has no inbox finds no page
                    found = set(REF.findall(page.content.decode())) if page.status_code == 200 else set()
                    answers.append((name, "list", page.status_code in (200, 404), found == alerts[name]))
                else:
                    ref = dice.choice([ref for refs in alerts.values() for ref in refs])
                    status = client.get(f"/alerts/{ref}/").status_code
                    answers.append((name, "page", status in (200, 404, 500), (status != 404) == (ref in alerts[name])))
                answers.append((name, "afterwards", current() is NOBODY, _ask_after_the_request() == "refused"))
        finally:
            connections.close_all()
        return answers

    with ThreadPoolExecutor(THREADS) as threads:
        answers = [each for part in threads.map(work, range(THREADS)) for each in part]
    assert len(answers) == THREADS * turns * 2
    assert not [answer for answer in answers if answer[2:] != (True, True)]
