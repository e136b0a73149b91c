"""The Hub as it serves, on scratch databases; the one login has every right and wears the app's role, as in `make run`."""

from safeguarding import env
from safeguarding.settings.base import *  # noqa: F403 - settings modules build on each other
from safeguarding.settings.base import databases

SECRET_KEY = "for-benches-only-" + "b" * 50
ROOT_KEYS = {1: bytes(range(32))}
ALLOWED_HOSTS = ["localhost"]

DATABASE_URL = env.text("DATABASE_URL")
DATABASE_OWNER_URL = DATABASE_URL
DATABASES = databases(DATABASE_URL, DATABASE_URL)
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:1/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = "memory://"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.number("EMAIL_PORT", 1, least=1, most=65535)
LOGGING_CONFIG = None
