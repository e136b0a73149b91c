"""The suite: real PostgreSQL, real Redis, a real queue; only passwords are hashed cheaply and mail is caught."""

import os
from pathlib import Path

# Before base reads it: the suite has servers of its own and never touches those of `make run`.
os.environ.setdefault("DATA_DIR", str(Path(__file__).resolve().parents[2] / "var" / "test"))

from safeguarding import env
from safeguarding.settings.base import *  # noqa: F403 - settings modules build on each other
from safeguarding.settings.base import LAYOUT, broker_url, caches, databases

SECRET_KEY = "for-tests-only-" + "t" * 50
ROOT_KEYS = env.root_keys() or {1: bytes(range(32))}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"

# One login for all: conftest makes the database with it and then takes the app's role.
DATABASE_URL = env.text("DATABASE_URL") or LAYOUT.postgres_url("postgres", "postgres")
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL") or DATABASE_URL
DATABASES = databases(DATABASE_URL, DATABASE_OWNER_URL, assume_role="")
# The suite's tables are made from the models, in seconds: `make check` holds the migrations to them, and the journeys run
# on a database that was migrated.
DATABASES["default"]["TEST"] = {"MIGRATE": False}
REDIS_URL = env.text("REDIS_URL") or LAYOUT.redis_url()
if worker := env.text("PYTEST_XDIST_WORKER"):
    # Each process of a parallel run has a Redis database of its own: clearing a cache empties the whole of one.
    REDIS_URL = env.other_redis_database(REDIS_URL, 1 + int(worker.removeprefix("gw")))
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_url(REDIS_URL)

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
