#!/usr/bin/env python3
"""The one command line of the Safeguarding Hub; `make run` and the containers use nothing else."""

import os
import sys

# Only these change tables or roles; everything else has to live behind the walls as the app role.
OWNER_COMMANDS = {"migrate", "setup_database", "sqlmigrate", "showmigrations"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safeguarding.settings.run")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("DATABASE_AS_OWNER", "1")

    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A sentence for whoever set this up; the frames above it would hide it.
        sys.exit(str(error))


if __name__ == "__main__":
    main()
