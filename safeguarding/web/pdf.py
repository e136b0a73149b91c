"""Documents on paper and as files: tagged PDF (PDF/UA) out of a template and data, the same bytes for the same input."""

import datetime as dt
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.http import HttpResponse

# Ours alone: a document looks the same wherever it is made, and nothing depends on what a host has installed.
FONTS = Path(__file__).parent / "fonts"
_EUROPE = "\n -~\u00a0-\u017f\u0192\u0218-\u021b\u02c6-\u02dd\u0384-\u03ce\u0401-\u045f\u1e80-\u1e85\u2010-\u2026\u20ac"
_SOUTH_ASIA = "\u0900-\u097f\u0980-\u09fe\u0a01-\u0a76\u0a81-\u0af9\u0b82-\u0bfa"
_ARABIC = "\u0600-\u06ff\u0750-\u077f"
# What our fonts draw: all of it, the scripts of Europe, and what every font has.
_SIEVES = tuple(re.compile(f"[^{kept}]") for kept in (_EUROPE + _SOUTH_ASIA + _ARABIC, _EUROPE, "\n -~"))

# As JSON writes them; a backslash that somebody typed is two.
_CONTROLS = re.compile(r"(\\\\)|\\u00[01][0-9a-f]|\\[bf]")


def document(template: str, data: dict[str, Any], *, at: dt.datetime) -> bytes:
    """`templates/pdf/<template>.typ` with the data as JSON, which is text to it and never markup; `at` is its date of making.

    PDF/UA forbids a character that no font can draw. A name in a script that none of our fonts has must not keep
    a document from being made: such characters are written as their codes, `[U+5927]`.
    """
    text = _CONTROLS.sub(r"\1", json.dumps(data, sort_keys=True, ensure_ascii=False, default=_plain))
    for sieve in _SIEVES:
        try:
            return _compiled(template, text, at)
        except typst.TypstError as error:
            if "could not be displayed" not in error.message:
                raise
            text = sieve.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    return _compiled(template, text, at)


def pdf_file(name: str, content: bytes) -> HttpResponse:
    """As a download with a name that says nothing of a person."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def _compiled(template: str, text: str, at: dt.datetime) -> bytes:
    folder = settings.ROOT_DIR / "templates" / "pdf"
    compiler = typst.Compiler(root=folder, font_paths=_fonts())
    made = compiler.compile(
        folder / f"{template}.typ",
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": text},
        timestamp=at.astimezone(dt.UTC).replace(microsecond=0),
    )
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
