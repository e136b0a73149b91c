"""A mail server that is none too well: now and then it hangs up, before or after it has taken a message."""

import asyncio
import random
import threading
from collections import Counter
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """What it took, by Message-ID and recipient; `refused` and `unanswered` count its own faults."""

    def __init__(self, seed: int, trouble: float = 0.03) -> None:
        self.chance = random.Random(seed)
        self.trouble = trouble
        self.taken: Counter[tuple[str, str]] = Counter()
        self.refused = self.unanswered = self.hung_up = 0
        self.lock = threading.Lock()
        self.controller = Controller(self, hostname="127.0.0.1", port=0)

    def start(self, port: int) -> None:
        self.controller.port = port
        self.controller.start()

    def stop(self) -> None:
        self.controller.stop()

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        message = BytesParser(policy=default).parsebytes(envelope.content or b"")
        with self.lock:
            fate = self.chance.random()
            if fate < self.trouble:
                self.refused += 1
                server.transport.abort()
                return "451 Hung up before the message was taken"
            for recipient in envelope.rcpt_tos:
                self.taken[str(message["Message-ID"]), recipient] += 1
            if fate < 2 * self.trouble:
                # taken, but the sender never hears of it: it will come again, under the same Message-ID
                self.unanswered += 1
                server.transport.abort()
            elif fate < 3 * self.trouble:
                self.hung_up += 1
                asyncio.get_running_loop().call_later(0.002, server.transport.abort)
        return "250 Taken"
