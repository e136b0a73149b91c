"""The agreement on paper and as a copy for the public (AGR-01, AGR-09)."""

import datetime as dt

import pytest
from django.utils import timezone

from agreements.register import drafting, paper
from safeguarding.web.pdf import document
from tests.agreements.conftest import Desk
from tests.support.db import as_user
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.req("AGR-01", "AGR-09")
def test_the_pdf_says_all_that_the_agreement_says_and_who_signed(desk: Desk) -> None:
    opened = desk.opened(incidents_to="The duty officer", transfer_frequency="Every morning")
    desk.sign(opened, desk.world.school)
    with as_user(desk.ig):
        said = paper.said(opened, timezone.localdate())
    words = "\n".join(line for section in said["sections"] for line in section["lines"])
    for each in ("The duty officer", "Every morning", "DPIA-17", "Until the child is 25.", "Article 6(1)(e)", "yes"):
        assert each in words
    assert said["digest"] == opened.digest
    [school] = [party for party in said["parties"] if party["name"] == desk.world.school.name]
    signed = desk.party(opened, desk.world.school)
    assert school["state"].startswith("Signed ")
    assert signed.signatory in school["state"]
    assert signed.post in school["state"]


@pytest.mark.req("AGR-01")
def test_every_word_of_the_template_is_asked_for_and_the_file_is_the_same_each_time(desk: Desk) -> None:
    opened = desk.opened()
    at = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
    with as_user(desk.ig):
        first, again = (paper.agreement_pdf(opened, at=at) for _ in range(2))
        assert first == again == document("agreement", paper.said(opened, at.date()), at=at)
        drafting.draft_next(opened, version="2", by=desk.ig)
        assert paper.agreement_pdf(opened, at=at) == first


@pytest.mark.req("AGR-09")
def test_the_copy_for_the_public_has_no_person_and_no_contact(desk: Desk) -> None:
    opened = desk.opened(incidents_to="duty@council.example", access_requests_to="ig@council.example")
    desk.sign(opened, desk.world.school)
    signed = desk.party(opened, desk.world.school)
    client = signed_in(desk.ig)
    page = client.get(f"/agreements/{opened.ref}/copy/").content.decode()
    for hidden in ("duty@council.example", "ig@council.example", signed.signatory, signed.email, signed.post):
        assert hidden not in page
    assert "Until the child is 25." in page
    response = client.get(f"/agreements/{opened.ref}/pdf/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
