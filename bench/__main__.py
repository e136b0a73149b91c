"""`python -m bench [name …]`: makes the world, runs each bench, writes docs/performance.md."""

import importlib
import os
import sys
import time

BENCHES = ("lists", "pages", "sealed", "matching", "audit", "day")


def main(names: list[str]) -> int:
    from bench import server

    began = time.monotonic()
    with server.scratch_server() as url:
        os.environ["DATABASE_URL"] = server.at_database(url, "hub_bench_register")
        os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
        import django

        django.setup()
        from bench import report, world

        world.prepare(url, lambda text: print(f"{time.monotonic() - began:6.0f} s  {text}", flush=True))
        populated = time.monotonic() - began
        results = {name: importlib.import_module(f"bench.{name}").main() for name in names or BENCHES}
        report.write(results, populated=populated, seconds=time.monotonic() - began, whole=not names)
    print(f"\n{time.monotonic() - began:.0f} s in all, {populated:.0f} s of them to make the world.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
