"""Settings of the workers and relays that the suite starts: the suite's own database, behind the walls, in a hurry."""

import os

from safeguarding.access.handlers import NOBODY
from safeguarding.settings.test import *  # noqa: F403 - settings modules build on each other
from safeguarding.settings.test import DATABASES

for database in DATABASES.values():
    database["NAME"] = os.environ["TEST_DATABASE"]
    database["OPTIONS"]["assume_role"] = NOBODY
    database["OPTIONS"]["application_name"] = os.environ["APPLICATION_NAME"]

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ.get("TEST_EMAIL_PORT", "1"))
OUTBOX_LEASE_SECONDS = 2
OUTBOX_POLL_SECONDS = 0.1
