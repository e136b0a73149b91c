#!/bin/sh
# pytest; with PROVE=1 the long form of every proof, too. Without a browser all but the browser tests, and that is said
# where nobody overlooks it.
bin=$(dirname "$0")/../.venv/bin
which="not prove"
if [ -n "${PROVE:-}" ]; then
    which=""
    set -- --hypothesis-profile=prove "$@"
fi
if [ -n "${CHROMIUM:-}" ]; then
    exec "$bin/python" -m pytest -m "$which" "$@"
fi
"$bin/python" -m pytest -m "not browser${which:+ and $which}" "$@"
code=$?
cat >&2 <<'SAID'
****************************************************************************
**  NO BROWSER ON THIS MACHINE: the browser tests were NOT run.           **
**  Install Chromium (Debian: apt-get install chromium-headless-shell),   **
**  or name one: make test CHROMIUM=/path/to/chromium; then run again     **
****************************************************************************
SAID
exit $code
