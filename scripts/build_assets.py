#!/usr/bin/env python3
"""From the two npm packages to build/static: the precompiled files, less what only the government may wear.

No Sass and no bundler: a stylesheet that somebody else compiled, tested and published is one thing fewer to keep.
Standard library only, so that a container's build stage can run it before anything is installed.
"""

import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "build" / "static"

# Crown, crest, logos and the typeface are licensed to gov.uk and to the ministry, not to us.
NOT_OURS = re.compile(r"crest|crown|logotype|opengraph|apple-touch|govuk-icon|favicon|\.woff2?$")
FORBIDDEN_IN_TEXT = ("GDS Transport", "/assets/", "sourceMappingURL", "crest.svg")


@dataclass(frozen=True)
class Package:
    folder: str
    title: str
    manifest: Path
    source: Path
    stem: str


PACKAGES = (
    Package(
        "govuk",
        "GOV.UK Frontend",
        MODULES / "govuk-frontend" / "package.json",
        MODULES / "govuk-frontend" / "dist" / "govuk",
        "govuk-frontend",
    ),
    Package(
        "moj",
        "MoJ Frontend",
        MODULES / "@ministryofjustice" / "frontend" / "package.json",
        MODULES / "@ministryofjustice" / "frontend" / "moj",
        "moj-frontend",
    ),
)


def stylesheet(text: str) -> str:
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = text.replace("GDS Transport,arial,sans-serif", "arial,sans-serif")
    # Only the declarations that draw the royal arms; the rule around them may lay out the footer.
    text = re.sub(r"(?:background-image|-webkit-mask-image|mask-image):url\([^)]*crest[^)]*\);?", "", text)
    # Relative, so that the manifest storage finds each picture and puts its hash into the address.
    text = text.replace("url(/assets/images/", "url(images/")
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", text)


def script(text: str) -> str:
    return re.sub(r"//# sourceMappingURL=\S*", "", text)


def build(package: Package) -> str:
    if not package.manifest.exists():
        raise SystemExit(
            f"{package.title} is not in node_modules. Run `make assets`, which fetches it by the lock file."
        )
    version = json.loads(package.manifest.read_text(encoding="utf-8"))["version"]
    notice = f"/*! {package.title} {version}, MIT licence, (c) Crown copyright. Typeface and arms taken out. */\n"
    folder = TARGET / package.folder
    (folder / "images").mkdir(parents=True)
    for suffix, change in (("min.css", stylesheet), ("min.js", script)):
        text = change((package.source / f"{package.stem}.{suffix}").read_text(encoding="utf-8"))
        if left := [word for word in FORBIDDEN_IN_TEXT if word in text]:
            raise SystemExit(f"{package.title} {version}: {', '.join(left)} is still in {package.stem}.{suffix}.")
        (folder / f"{package.stem}.{suffix}").write_text(notice + text, encoding="utf-8")
    for image in sorted((package.source / "assets" / "images").iterdir()):
        if not NOT_OURS.search(image.name):
            shutil.copyfile(image, folder / "images" / image.name)
    return f"{package.title} {version}"


def main() -> int:
    for package in PACKAGES:
        shutil.rmtree(TARGET / package.folder, ignore_errors=True)
    print("Assets:", ", ".join(build(package) for package in PACKAGES))
    return 0


if __name__ == "__main__":
    sys.exit(main())
