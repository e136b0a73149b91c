"""The local mailbox: a real SMTP server on this machine only, that keeps each message in a Maildir."""

import asyncio
import contextlib
import mailbox
import signal
import sys
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST_MESSAGE = 1024 * 1024


class MaildirHandler:
    def __init__(self, directory: Path) -> None:
        # By ourselves: Maildir takes a directory that is there for a whole one.
        for part in ("tmp", "new", "cur"):
            (directory / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.maildir = mailbox.Maildir(directory)

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


def main(directory: str, port: str, host: str = "127.0.0.1") -> int:
    try:
        asyncio.run(serve(Path(directory), host, int(port)))
    except OSError as error:
        print(f"The mailbox cannot listen on {host}:{port}: {error.strerror}.", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
