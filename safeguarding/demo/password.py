"""The demo world's one password: made once for an installation, and kept where only its user reads it."""

import os
from pathlib import Path

from django.conf import settings

from safeguarding.refs import random_token


def password_file() -> Path:
    """Where `up` finds it again."""
    note: Path = settings.LAYOUT.demo_password_note
    return note


def demo_password() -> str:
    path = password_file()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = "-".join(random_token(4).lower() for _ in range(4))
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(f"{fresh}\n")
    return path.read_text(encoding="ascii").strip()
