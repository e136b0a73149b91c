"""A police system that posts notifications and, when it gets no answer, posts the same body again."""

import datetime as dt
import json
import random
import threading
import time
from collections import Counter
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

# Settings of nenevale that are told by agreement or by duty.
URNS = ("900201", "900202", "900205", "900206", "900207", "900208")
_GIVEN = ("Aderyn", "Bertrand", "Cosima", "Dunstan", "Elowen", "Florian", "Gwendal", "Hesper", "Ivo", "Jessamy")
_SYLLABLES = (
    "bar",
    "cor",
    "den",
    "fal",
    "gim",
    "hol",
    "jex",
    "kip",
    "lud",
    "mon",
    "nar",
    "pel",
    "qua",
    "rib",
    "sto",
    "tev",
    "wix",
    "zor",
)


def body_of(number: int, seed: int) -> dict[str, Any]:
    """One family of two children with a name of its own: nobody on record is like them."""
    chance = random.Random(f"{seed}/{number}")
    family = "".join(chance.choice(_SYLLABLES) for _ in range(4)).capitalize()
    kids = [
        {
            "role": "child",
            "given_name": name,
            "family_name": family,
            "date_of_birth": (dt.date(2009, 1, 1) + dt.timedelta(days=chance.randrange(4500))).isoformat(),
            "present": True,
            "setting": {"urn": chance.choice(URNS), "name": None},
        }
        for name in chance.sample(_GIVEN, 2)
    ]
    victim = {"role": "victim", "given_name": "Ferelith", "family_name": family, "date_of_birth": "1988-02-03"}
    return {
        "reference": f"CHAOS/{seed}/{number:06d}",
        "kind": "domestic_abuse",
        "occurred_at": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
        "risk": "medium",
        "narrative": "Invented.",
        "people": [victim, *kids],
    }


class Police:
    """`threads` clients share the work; every one of them goes on until its notification was accepted."""

    def __init__(self, url: str, token: str, count: int, seed: int, threads: int = 3) -> None:
        self.url, self.token, self.seed = f"{url}/api/v1/notifications/", token, seed
        self.waiting = list(range(count))[::-1]
        self.accepted: dict[str, dict[str, Any]] = {}
        self.wrong: list[str] = []
        self.retries: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    @property
    def done(self) -> bool:
        return not any(thread.is_alive() for thread in self.threads)

    def _work(self) -> None:
        while not self.stopped.is_set():
            with self.lock:
                if not self.waiting:
                    return
                body = body_of(self.waiting.pop(), self.seed)
            self._send(body)

    def _send(self, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        pause = 0.1
        while not self.stopped.is_set():
            why = ""
            try:
                with urlopen(Request(self.url, data=data, headers=headers, method="POST"), timeout=15) as answer:
                    receipt = json.load(answer)
                with self.lock:
                    self.accepted[body["reference"]] = receipt
                return
            except HTTPError as error:
                why = f"answered {error.code}"
                if error.code < 500 and error.code != 429:
                    with self.lock:
                        self.wrong.append(f"{body['reference']}: {error.code} {error.read()[:300]!r}")
                    return
            except (OSError, HTTPException, ValueError):
                why = "no answer"
            with self.lock:
                self.retries[why] += 1
            time.sleep(pause)
            pause = min(pause * 2, 2.0)
