"""The local mailbox: a real SMTP server on this machine only, that keeps each message in a Maildir."""

import asyncio
import contextlib
import mailbox
import signal
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MESSAGE = 1024 * 1024


class MaildirHandler:
    def __init__(self, directory: Path) -> None:
        directory.parent.mkdir(parents=True, exist_ok=True)
        self.maildir = mailbox.Maildir(directory, create=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        message = message_from_bytes(envelope.original_content or b"")
        for recipient in envelope.rcpt_tos:
            message["Delivered-To"] = recipient
        self.maildir.add(message)
        return "250 Kept"


async def serve(directory: Path, host: str, port: int) -> None:
    """Until SIGTERM or Ctrl-C."""
    handler = MaildirHandler(directory)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", data_size_limit=LARGEST_MESSAGE, ident="Safeguarding Hub mailbox"),
        host=host,
        port=port,
    )
    async with server:
        await stop.wait()
