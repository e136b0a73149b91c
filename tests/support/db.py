"""The suite makes its database as its owner, then asks everything as the app role, where the walls bite."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections

from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.walls import APP
from safeguarding.agencies.models import User


@contextmanager
def fixtures() -> Iterator[None]:
    """Write fixture rows as the login of the suite; back to the app role afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {APP}")


@contextmanager
def as_user(user: User, purpose: str = "test") -> Iterator[User]:
    with acting_as(Principal(user_id=user.pk, purpose=purpose)):
        yield user


@contextmanager
def as_service(name: str) -> Iterator[None]:
    with acting_as(Principal(service=name, purpose="test")):
        yield


def take_app_role() -> None:
    """From here on every connection of the suite is the app role; a superuser would not meet a single wall."""
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["OPTIONS"]["assume_role"] = APP
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)"
        )
        role, bypasses = cursor.fetchone()
    assert role == APP
    assert not bypasses


def give_role_back() -> None:
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["OPTIONS"].pop("assume_role", None)
