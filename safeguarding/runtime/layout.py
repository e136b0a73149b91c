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
# For root only, and only when the checkout lies where nobody but root may go.
ROOTS_STORE = Path("/var/lib/safeguarding-hub")


def open_to_all(path: Path) -> bool:
    """Whether a user without rights could walk down to `path`."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents) if step.exists())


@dataclass(frozen=True)
class Layout:
    data_dir: Path

    @property
    def digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]

    @property
    def run_dir(self) -> Path:
        """Sockets and small notes; in a short place when the data directory's own path is too long for a socket."""
        own = self.data_dir / "run"
        if len(os.fsencode(own)) <= LONGEST_SOCKET_DIR:
            return own
        return Path(tempfile.gettempdir()) / f"hub-{os.getuid()}-{self.digest}"

    @property
    def postgres_away(self) -> Path | None:
        """PostgreSQL refuses to run as root; where its humbler user cannot follow, it keeps its things here."""
        if os.geteuid() == 0 and not open_to_all(self.data_dir):
            return ROOTS_STORE / self.digest
        return None

    @property
    def postgres_data(self) -> Path:
        return (self.postgres_away or self.data_dir) / "postgres"

    @property
    def postgres_sockets(self) -> Path:
        return self.postgres_away / "sockets" if self.postgres_away else self.run_dir / "postgres"

    @property
    def redis_data(self) -> Path:
        return self.data_dir / "redis"

    @property
    def redis_socket(self) -> Path:
        return self.run_dir / "redis.sock"

    @property
    def lock_file(self) -> Path:
        return self.run_dir / "up.lock"

    @property
    def smtp_port_note(self) -> Path:
        return self.run_dir / "smtp-port"

    @property
    def demo_password_note(self) -> Path:
        return self.data_dir / "keys" / "demo-password"

    def make_places(self) -> None:
        """The directories, ours alone to read; others may pass through to the one part that runs as another user."""
        for place in (self.data_dir, self.run_dir):
            if not place.exists():
                place.mkdir(parents=True)
                place.chmod(0o711)
        for place in (self.data_dir / "keys", self.data_dir / "beat", self.redis_data):
            place.mkdir(mode=0o700, exist_ok=True)

    def postgres_url(self, user: str, name: str = "safeguarding") -> str:
        return f"postgresql://{user}@/{name}?host={quote(str(self.postgres_sockets), safe='')}"

    def redis_url(self, database: int = 0) -> str:
        return f"unix://{quote(str(self.redis_socket))}?db={database}"

    def smtp_port(self) -> int:
        """The port that the mail sink of this installation listens on; `up` chooses it and writes it down."""
        try:
            return int(self.smtp_port_note.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return DEFAULT_SMTP_PORT
