"""E-mails by type, reference and link, in plain text, without any name of a child or adult (ALR-04, design §6)."""

import hashlib
import smtplib
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import models
from django.template import Context, Engine
from django.utils import timezone

from safeguarding.audit.record import record
from safeguarding.notifications.enums import EmailFailure
from safeguarding.notifications.models import Email

# With the pauses of the outbox: a mail server may be away for a night.
TRIES = 48


def message_id(dedupe_key: str) -> str:
    """The same for every try, so that a mailbox can tell a repeat from a second e-mail."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
    return f"<{hashlib.sha256(dedupe_key.encode()).hexdigest()[:40]}@{domain}>"


def write(email: Email) -> EmailMessage:
    """The first line of the template is the subject, the rest the text; nothing is escaped, for nothing is markup."""
    template = Engine.get_default().get_template(f"notifications/email/{email.template}.txt")
    text = template.render(Context({"site": settings.SITE_URL, **email.context}, autoescape=False))
    subject, _, body = text.lstrip().partition("\n")
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[email.to],
        headers={"Message-ID": message_id(email.dedupe_key), "Auto-Submitted": "auto-generated"},
    )


def send(email_id: int) -> None:
    """Send once; a mail server that is away is tried again by the outbox, an address that is none is not (ALR-23)."""
    email = Email.objects.select_for_update(of=("self",), no_key=True).select_related("recipient").get(pk=email_id)
    if email.sent_at or email.failed_at:
        return
    failure = _why_never(email) or _hand_over(email)
    if failure:
        _fail(email, failure)
        return
    record("email.sent", _subject(email), facts=_facts(email))
    email.sent_at, email.context = timezone.now(), {}
    email.save(update_fields=["sent_at", "context"])


def _why_never(email: Email) -> EmailFailure | None:
    if email.recipient is not None and not email.recipient.is_active:
        return EmailFailure.LEFT
    try:
        validate_email(email.to)
        email.to.encode("ascii")
    except (ValidationError, UnicodeEncodeError):
        return EmailFailure.ADDRESS
    return None


def _hand_over(email: Email) -> EmailFailure | None:
    """To the mail server; its lasting "no" to the address is an answer, everything else is raised and tried again."""
    try:
        write(email).send()
    except smtplib.SMTPRecipientsRefused as refused:
        if any(500 <= code < 600 for code, _ in refused.recipients.values()):
            return EmailFailure.REFUSED
        raise
    return None


def gave_up(email: int) -> None:
    """The outbox has tried for hours: the record's history says so, and the hub sees it (ALR-23)."""
    found = Email.objects.select_for_update(of=("self",), no_key=True).get(pk=email)
    if not found.sent_at and not found.failed_at:
        _fail(found, EmailFailure.GAVE_UP)


def _fail(email: Email, failure: EmailFailure) -> None:
    record("email.failed", _subject(email), facts={**_facts(email), "failure": failure}, outcome="failed")
    email.failed_at, email.failure, email.context = timezone.now(), failure, {}
    email.save(update_fields=["failed_at", "failure", "context"])


def _subject(email: Email) -> models.Model:
    return email.about or email


def _facts(email: Email) -> dict[str, Any]:
    return {"template": email.template, "to": email.recipient_id, "role": email.context.get("role", "")}
