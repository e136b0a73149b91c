#!/usr/bin/env python3
"""Writes the lock files: every version, with the hashes of every file of it, and no word of where it was fetched."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLAGS = [
    *("--quiet", "--generate-hashes", "--strip-extras", "--allow-unsafe", "--no-header", "--no-annotate"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"),
]


def main() -> None:
    for name in ("requirements", "requirements-local", "requirements-dev", "requirements-node"):
        command = [sys.executable, "-m", "piptools", "compile", *FLAGS, *sys.argv[1:]]
        subprocess.run([*command, f"--output-file={name}.lock", f"{name}.in"], cwd=ROOT, check=True)
        text = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
        if found := [word for word in ("://", "--index", "--find-links", str(ROOT)) if word in text]:
            raise SystemExit(f"{name}.lock names a place ({', '.join(found)}); it must name versions and hashes only.")
        print(f"{name}.lock written")


if __name__ == "__main__":
    main()
