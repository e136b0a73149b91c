"""The demonstration's mailbox shows what the local mail server kept."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import Envelope
from django.test import Client

from safeguarding.runtime.smtp import MaildirHandler


def deliver(directory: Path, to: str, subject: str, text: str) -> None:
    message = EmailMessage()
    message["Subject"], message["To"], message["Date"] = subject, to, "Sun, 22 Nov 2026 08:06:00 +0000"
    message.set_content(text)
    envelope = Envelope()
    envelope.rcpt_tos, envelope.original_content = [to], message.as_bytes()
    # in a thread of its own: the journeys' browser keeps an event loop in this one
    with ThreadPoolExecutor(1) as apart:
        apart.submit(lambda: asyncio.run(MaildirHandler(directory).handle_DATA(None, None, envelope))).result()


@pytest.fixture
def mails(settings, tmp_path: Path) -> Path:
    settings.DEMO, settings.MAIL_DIR = True, tmp_path / "mail"
    return settings.MAIL_DIR


@pytest.mark.django_db
def test_an_empty_mailbox_says_so(mails: Path, client: Client) -> None:
    assert "Nothing has been sent yet." in client.get("/mailbox/").content.decode()


@pytest.mark.django_db
def test_mail_is_shown_with_links_and_without_markup(mails: Path, client: Client) -> None:
    deliver(mails, "dsl@meadow.example", "Alert A-1", "Read it: http://localhost:8000/alerts/A-1/\n<b>bold</b>")
    deliver(mails, "head@meadow.example", "Überfällig – A-2", "Please read.")
    page = client.get("/mailbox/").content.decode()
    assert re.search(r"<a href=.http://localhost:8000/alerts/A-1/.", page)
    assert "&lt;b&gt;bold" in page
    assert "Überfällig – A-2" in page
    assert "22 November 2026 at 8:06am" in page
    page = client.get("/mailbox/", {"to": "HEAD@"}).content.decode()
    assert "Überfällig" in page
    assert "Alert A-1" not in page
