"""The doors of the house: the demo page, sign-in, pages for everybody."""

import pytest

from tests.functional.browser import Visitor
from tests.functional.conftest import Door


def test_a_visitor_chooses_a_demo_person(stranger: Visitor) -> None:
    assert stranger.goto("/") == 200
    stranger.sign_in_as("dsl@meadow.wexbourne.example")
    assert stranger.path == "/today/"


@pytest.mark.req("NTK-07")
def test_nothing_opens_without_sign_in(stranger: Visitor) -> None:
    stranger.goto("/help/")
    assert stranger.path == "/help/"
    stranger.goto("/queue/")
    assert stranger.path == "/accounts/login/"


def test_everybody_has_the_immediate_danger_route_in_sight(person: Door) -> None:
    visitor = person("dsl@meadow.wexbourne")
    visitor.goto("/")
    assert "999" in visitor.page.locator("header").inner_text()
    assert "01632 960100" in visitor.page.locator("header").inner_text()
