"""The sentences with which production settings refuse to start. Pure: facts in, sentences out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WEAK_SECRETS = ("for-tests-only", "change", "secret", "insecure", "example", "password", "django-")
LEAST_SECRET_LENGTH = 50
LEAST_DISTINCT_CHARACTERS = 12


@dataclass(frozen=True)
class Configuration:
    """What the environment says."""

    secret_key: str
    debug: bool
    demo: bool
    root_keys: Mapping[int, bytes]
    allowed_hosts: Sequence[str]
    site_url: str
    database_url: str
    redis_url: str
    email_host: str


@dataclass(frozen=True)
class DatabaseFacts:
    """What the database says of the role that we came in with, and of what lies in it."""

    role: str
    superuser: bool
    bypasses_walls: bool
    creates_roles: bool
    owns_tables: bool
    app_member: bool
    demo_data: bool


def refusals(c: Configuration) -> list[str]:
    said = []
    if not c.secret_key:
        said.append("SECRET_KEY is missing. Make one with `openssl rand -base64 48`.")
    elif weak_secret(c.secret_key):
        said.append(
            f"SECRET_KEY is weak: it must be at least {LEAST_SECRET_LENGTH} random characters. "
            "Make one with `openssl rand -base64 48`."
        )
    if c.debug:
        said.append("DEBUG is set. It would show case data on error pages; take it out of the environment.")
    if c.demo:
        said.append("DEMO is set. Demo mode signs anybody in without a password; take it out of the environment.")
    if not c.root_keys:
        said.append(
            "SAFEGUARDING_ROOT_KEY (or SAFEGUARDING_ROOT_KEY_FILE) is missing. Make one with `openssl rand -hex 32` "
            "and keep a copy in the safe: without it no record can be read."
        )
    said += [
        f"The root key of version {version} is weak: it must be 32 random bytes (`openssl rand -hex 32`)."
        for version, key in sorted(c.root_keys.items())
        if len(key) != 32 or len(set(key)) < LEAST_DISTINCT_CHARACTERS
    ]
    if not c.allowed_hosts or "*" in c.allowed_hosts:
        said.append("ALLOWED_HOSTS must name the host names that people use, separated by commas, and no *.")
    if not c.site_url.startswith("https://"):
        said.append("SITE_URL must be the https:// address that people use: links in e-mails are made from it.")
    if not c.database_url:
        said.append("DATABASE_URL is missing: the PostgreSQL server (15 or newer), with the app's own role.")
    if not c.redis_url:
        said.append("REDIS_URL is missing: the Redis server (7 or newer).")
    if not c.email_host:
        said.append("EMAIL_HOST is missing: without a mail server no school hears of an alert.")
    return said


def weak_secret(secret: str) -> bool:
    lowered = secret.lower()
    return (
        len(secret) < LEAST_SECRET_LENGTH
        or len(set(secret)) < LEAST_DISTINCT_CHARACTERS
        or any(word in lowered for word in WEAK_SECRETS)
    )


def database_refusals(facts: DatabaseFacts) -> list[str]:
    said = []
    mend = "Use the app's login role that `manage.py setup_database` describes."
    if facts.superuser:
        # A superuser is everything below as well; one sentence is enough.
        said.append(f"The database role {facts.role} is a superuser: no wall would hold it. {mend}")
        return said + _demo(facts)
    if facts.bypasses_walls:
        said.append(f"The database role {facts.role} has, or may take, rights that pass the walls. {mend}")
    if facts.creates_roles:
        said.append(f"The database role {facts.role} may create roles, and so give itself any right. {mend}")
    if facts.owns_tables:
        said.append(f"The database role {facts.role} owns tables, and could take their walls down. {mend}")
    if not facts.app_member:
        said.append(f"The database role {facts.role} is not a member of safeguarding_app. {mend}")
    return said + _demo(facts)


def _demo(facts: DatabaseFacts) -> list[str]:
    if not facts.demo_data:
        return []
    return ["The database holds the demo world, whose passwords are known. Start from an empty database."]
