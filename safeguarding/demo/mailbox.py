"""What was e-mailed, read back from the local mailbox (demo only)."""

import datetime as dt
from dataclasses import dataclass
from email import message_from_binary_file, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.utils import timezone

MOST_SHOWN = 100


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    at: dt.datetime
    text: str


def newest(directory: Path, *, to: str = "") -> list[Mail]:
    """Newest first; `to` keeps those whose address contains it."""
    paths = [*directory.glob("new/*"), *directory.glob("cur/*")]
    mails: list[Mail] = []
    for path in sorted(paths, key=lambda each: each.stat().st_mtime, reverse=True):
        mail = _read(path)
        if to.lower() in mail.to.lower():
            mails.append(mail)
        if len(mails) == MOST_SHOWN:
            break
    return mails


def _read(path: Path) -> Mail:
    with path.open("rb") as file:
        message = message_from_binary_file(file, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(preferencelist=("plain",))
    return Mail(
        to=str(message.get("Delivered-To") or message.get("To") or ""),
        subject=str(message.get("Subject") or ""),
        at=_when(message, path),
        text=str(body.get_content()) if body is not None else "",
    )


def _when(message: EmailMessage, path: Path) -> dt.datetime:
    try:
        sent = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return dt.datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone())
    return sent if sent.tzinfo else sent.replace(tzinfo=dt.UTC)
