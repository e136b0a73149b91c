#!/bin/sh
# The first Python that is new enough and can make a virtual environment; PYTHON=… asks for one.
for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 python; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done
echo "Python 3.11 or newer with its venv module is needed, and none was found." >&2
echo "On Debian or Ubuntu: apt-get install python3 python3-venv. Or name one: make run PYTHON=/path/to/python3" >&2
exit 1
