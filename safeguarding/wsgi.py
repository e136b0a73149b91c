"""What the web server serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeguarding.settings.production")

application = get_wsgi_application()

from safeguarding.runtime.start import refuse_unfit_database  # noqa: E402 - needs the settings that the line above loads

refuse_unfit_database()
