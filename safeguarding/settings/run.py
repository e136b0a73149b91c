"""One machine: own servers, demo world, nothing to configure. DATABASE_URL and REDIS_URL name outside servers instead."""

from safeguarding import env
from safeguarding.settings.base import *  # noqa: F403 - settings modules build on each other
from safeguarding.settings.base import (
    AUDIT_HEADS,
    AUDIT_SIGNING_KEYS,
    DATA_DIR,
    DATABASE_EMBEDDED,
    LAYOUT,
    broker_url,
    caches,
    databases,
)

DEMO = env.flag("DEMO", True)
SECRET_KEY = env.text("SECRET_KEY") or env.kept_secret(DATA_DIR / "keys" / "secret-key")
ROOT_KEYS = env.root_keys() or env.kept_root_keys(DATA_DIR / "keys")
ROOT_KEY_PLACE = f"SAFEGUARDING_ROOT_KEY{{version}}, or {DATA_DIR / 'keys'}/root-key-{{number}}"
AUDIT_SIGNING_KEYS = AUDIT_SIGNING_KEYS or {
    1: bytes.fromhex(env.kept_secret(DATA_DIR / "keys" / "audit-signing-key-1"))
}
AUDIT_HEADS = AUDIT_HEADS or [DATA_DIR / "audit"]
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])

if DATABASE_EMBEDDED:
    DATABASE_URL = LAYOUT.postgres_url("safeguarding_web")
    DATABASE_OWNER_URL = LAYOUT.postgres_url("safeguarding_owner")
else:
    DATABASE_URL = env.text("DATABASE_URL")
    DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL", DATABASE_URL)
# One login for everything still lives behind the walls: the engine puts on the app's role. Production wants two logins.
DATABASES = databases(DATABASE_URL, DATABASE_OWNER_URL)
REDIS_URL = env.text("REDIS_URL") or LAYOUT.redis_url()
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_url(REDIS_URL)

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", LAYOUT.smtp_port(), least=1, most=65535)
