"""Whether this process could serve a person now, and which part is missing if not."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from safeguarding.access.walls import current_fingerprint, fingerprint
from safeguarding.audit import pulse
from safeguarding.crypto import canaries, ledger


def database_answers() -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations_applied() -> bool:
    executor = MigrationExecutor(connections["default"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def walls_stand() -> bool:
    connection = connections["default"]
    return current_fingerprint(connection) == fingerprint()


def root_keys_fit() -> bool:
    return not canaries.faults()


def redis_answers() -> bool:
    cache.get("readyz")
    return True


PARTS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_applied,
    "walls": walls_stand,
    "root keys": root_keys_fit,
    "redis": redis_answers,
}


# What somebody has to look at, while this process can serve: never a reason to take it out of service.
REMARKS: dict[str, Callable[[], str]] = {"sealing": pulse.remark, "ledger": ledger.remark}


def remarks() -> dict[str, str]:
    """Part → what is not as it should be, in words without names."""
    try:
        return {part: words for part, ask in REMARKS.items() if (words := ask())}
    except (DatabaseError, RedisError):
        return {}


def not_ready() -> dict[str, str]:
    """Part → what is wrong, by kind only: an error's text may name hosts and users."""
    missing = {}
    for part, check in PARTS.items():
        try:
            if not check():
                missing[part] = "not in place"
        except (DatabaseError, RedisError, OSError) as error:
            missing[part] = f"does not answer ({type(error).__name__})"
    return missing
