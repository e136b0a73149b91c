"""The numbers that name a child or a setting: their form, and their check digits."""

import re

from stdnum.gb import nhs

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
_NHS = re.compile(r"[0-9]{10}")
_URN = re.compile(r"[0-9]{6}")
_UPRN = re.compile(r"[0-9]{1,12}")
_SPACING = re.compile(r"[\s\-\u2010-\u2015]+")


def tidy(value: str) -> str:
    """An identifier without the spaces and hyphens that people put in to read it aloud."""
    return _SPACING.sub("", value).upper()


def is_upn_form(value: str) -> bool:
    """Thirteen characters: a letter, eleven digits, and a digit or (temporary) letter."""
    return _UPN.fullmatch(value) is not None


def is_upn(value: str) -> bool:
    """A UPN whose check letter is right; an unknown local authority number is no fault (rules.md, identifiers)."""
    if not is_upn_form(value):
        return False
    last = value[12]
    if not last.isdigit() and last not in _UPN_LETTERS:
        return False
    total = sum(weight * int(digit) for weight, digit in enumerate(value[1:12], start=2))
    total += 13 * (int(last) if last.isdigit() else _UPN_LETTERS.index(last))
    return value[0] == _UPN_LETTERS[total % 23]


def is_nhs_number_form(value: str) -> bool:
    """Ten digits."""
    return _NHS.fullmatch(value) is not None


def is_nhs_number(value: str) -> bool:
    """An NHS number whose check digit is right."""
    return is_nhs_number_form(value) and bool(nhs.is_valid(value))


def is_urn(value: str) -> bool:
    """Six digits; a URN has no check digit."""
    return _URN.fullmatch(value) is not None


def is_uprn(value: str) -> bool:
    """Up to twelve digits, kept as text."""
    return _UPRN.fullmatch(value) is not None
