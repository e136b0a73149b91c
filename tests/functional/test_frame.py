"""The doors of the house: demo page, sign-in, pages for everybody."""

import pytest

from tests.functional.browser import Visitor
from tests.functional.conftest import Door
from tests.functional.stack import Stack


def test_a_visitor_chooses_a_demo_person(stack: Stack, stranger: Visitor) -> None:
    assert stranger.goto("/") == 200
    assert stranger.page.locator('[value="dsl@meadow.wexbourne.example"]').count() == 1


@pytest.mark.req("NTK-07")
def test_nothing_opens_without_sign_in(stranger: Visitor) -> None:
    stranger.goto("/help/")
    assert stranger.path == "/help/"
    stranger.goto("/queue/")
    assert stranger.path == "/accounts/login/"
