"""Reads the environment once, with types, and says in a sentence what is wrong with it."""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

ROOT_KEY_BYTES = 32
REDIS_DATABASES = 16
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
ROOT_KEY, SIGNING_KEY = "SAFEGUARDING_ROOT_KEY", "AUDIT_SIGNING_KEY"


def text(name: str, default: str = "", environ: Mapping[str, str] = os.environ) -> str:
    """The value of `name`, or of the file that `<name>_FILE` points at (as container secrets do)."""
    if value := environ.get(name, "").strip():
        return value
    if file := environ.get(f"{name}_FILE", "").strip():
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE points at {file}, which cannot be read: {error.strerror}. "
                "Mount the secret there, or let this user read it."
            ) from None
    return default


def flag(name: str, default: bool = False, environ: Mapping[str, str] = os.environ) -> bool:
    value = text(name, "", environ).lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return default if value == "" else False
    raise ImproperlyConfigured(f"{name} is {value!r}; it must be 1 or 0.")


def number(
    name: str,
    default: int,
    *,
    least: int = 0,
    most: int | None = None,
    environ: Mapping[str, str] = os.environ,
) -> int:
    value = text(name, "", environ)
    if not value:
        return default
    upper = f" and {most}" if most is not None else ""
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < least or (most is not None and int(value) > most):
        bounds = f"between {least}{upper}" if upper else f"of at least {least}"
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number {bounds}.")
    return int(value)


def names(name: str, default: list[str] | None = None, environ: Mapping[str, str] = os.environ) -> list[str]:
    """A comma-separated list."""
    value = text(name, "", environ)
    return [part.strip() for part in value.split(",") if part.strip()] if value else list(default or [])


def database(url: str) -> dict[str, Any]:
    """Django's settings for one PostgreSQL address; libpq's own parser reads it, so every libpq option works."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
        int(parts.get("port") or 0)
    except (ProgrammingError, ValueError):
        # The message of libpq may repeat the password.
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. It has the form postgresql://user:password@host:5432/database."
        ) from None
    if not parts.get("dbname"):
        raise ImproperlyConfigured("DATABASE_URL names no database: add /<database> at its end.")
    return {
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
    }


def other_redis_database(url: str, further: int) -> str:
    """The same Redis server, `further` databases on; a server has sixteen."""
    found = re.search(r"(?:\?db=|(?<=[^/])/)([0-9]+)$", url)
    if found is None:
        return f"{url.rstrip('/')}/{further % REDIS_DATABASES}"
    return f"{url[: found.start(1)]}{(int(found.group(1)) + further) % REDIS_DATABASES}"


def root_keys(environ: Mapping[str, str] = os.environ) -> dict[int, bytes]:
    """Version → root key; SAFEGUARDING_ROOT_KEY is version 1, SAFEGUARDING_ROOT_KEY_V2 the next (or …_FILE)."""
    return versioned_keys(ROOT_KEY, environ)


def versioned_keys(prefix: str, environ: Mapping[str, str] = os.environ) -> dict[int, bytes]:
    """Version → key of every variable <prefix>, <prefix>_V2, … and of the files that <prefix>_FILE, … name."""
    keys: dict[int, bytes] = {}
    for variable in sorted(environ):
        found = re.fullmatch(rf"{prefix}(?:_V(\d+))?(?:_FILE)?", variable)
        name = variable.removesuffix("_FILE")
        if found and (value := text(name, "", environ)):
            keys[int(found.group(1) or 1)] = decode_key(name, value)
    return keys


def decode_key(name: str, value: str) -> bytes:
    """32 bytes, written as 64 hex digits or as base64."""
    try:
        key = (
            bytes.fromhex(value) if re.fullmatch(r"[0-9a-fA-F]{64}", value) else base64.b64decode(value, validate=True)
        )
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != ROOT_KEY_BYTES:
        raise ImproperlyConfigured(
            f"{name} must be 32 random bytes, as 64 hex digits or base64. "
            "Make one with `openssl rand -hex 32` and keep a copy in the safe."
        )
    return key


def kept_secret(path: Path) -> str:
    """64 hex digits made once and kept where only this user reads them; for demo and test installations."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(8)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_hex(ROOT_KEY_BYTES))
        # link(), because two processes may start at once and must agree on one key.
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def kept_root_keys(directory: Path) -> dict[int, bytes]:
    """Version → root key, of the files root-key-1, root-key-2 …; the first is made where there is none at all."""
    files = {int(file.name.rpartition("-")[2]): file for file in directory.glob("root-key-[0-9]*") if not file.suffix}
    if not files:
        files = {1: directory / "root-key-1"}
    return {version: decode_key(str(file), kept_secret(file)) for version, file in files.items()}
