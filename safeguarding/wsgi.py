"""What the web server serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeguarding.settings.production")

application = get_wsgi_application()

from safeguarding.runtime.start import refuse_to_start  # noqa: E402 - needs the settings that the line above loads

refuse_to_start()
# The workers part from here, and a connection cannot be shared.
connections.close_all()
# Now, before the workers part: otherwise the first person at each of them waits for it.
get_resolver().url_patterns  # noqa: B018 - loads every page's code
