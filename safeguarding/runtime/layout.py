"""Where one installation keeps its things; two installations share nothing, not even a port."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

# The kernel takes 107 bytes for a unix socket's whole path; "/postgres/.s.PGSQL.5432" comes after ours.
LONGEST_SOCKET_DIR = 70
DEFAULT_SMTP_PORT = 1025


@dataclass(frozen=True)
class Layout:
    data_dir: Path

    @property
    def postgres_data(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def redis_data(self) -> Path:
        return self.data_dir / "redis"

    @property
    def run_dir(self) -> Path:
        """Sockets and small notes; in a short place when the data directory's own path is too long for a socket."""
        own = self.data_dir / "run"
        if len(os.fsencode(own)) <= LONGEST_SOCKET_DIR:
            return own
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"hub-{os.getuid()}-{digest}"

    @property
    def postgres_sockets(self) -> Path:
        return self.run_dir / "postgres"

    @property
    def redis_socket(self) -> Path:
        return self.run_dir / "redis.sock"

    def postgres_url(self, user: str, name: str = "safeguarding") -> str:
        return f"postgresql://{user}@/{name}?host={quote(str(self.postgres_sockets), safe='')}"

    def redis_url(self, database: int = 0) -> str:
        return f"unix://{quote(str(self.redis_socket))}?db={database}"

    def smtp_port(self) -> int:
        """The port that the mail sink of this installation listens on; `up` chooses it and writes it down."""
        try:
            return int((self.run_dir / "smtp-port").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return DEFAULT_SMTP_PORT
