"""The keyed tokens under which a child is found again without a readable value in the database (design §4)."""

import datetime as dt
from collections.abc import Iterable, Iterator

from safeguarding.children import names
from safeguarding.children.enums import TokenKind
from safeguarding.children.matching import Details
from safeguarding.crypto.keys import blind_token

# Raised when the kinds or the way names are heard change: `manage.py rebuild_tokens` then gives children their new ones.
GENERATION = 1
Value = tuple[TokenKind, str]
Token = tuple[TokenKind, bytes]

# The exact kinds keep 16 bytes; of the others 8 are enough: a collision costs one look more.
_WHOLE = {TokenKind.UPN, TokenKind.NHS, TokenKind.NAME_AND_BIRTH, TokenKind.NAME, TokenKind.BIRTH}
# Kept for searches by a person; a notification asks by the sharper ones.
_FOR_SEARCH_ONLY = {TokenKind.BIRTH, TokenKind.PART_AND_YEAR}
# Stands for the year of a child whose date of birth is not known.
NO_YEAR = "?"


def seal_values(partnership_id: int, values: Iterable[Value]) -> set[Token]:
    """Keyed tokens; one partnership's say nothing in another's."""
    return {
        (kind, token if kind in _WHOLE else token[:8])
        for kind, value in values
        for token in (blind_token(partnership_id, kind, value),)
    }


def tokens_of(partnership_id: int, details: Details) -> set[Token]:
    """Every token that a child on record gets."""
    return seal_values(partnership_id, values_of(details))


def tokens_to_match(partnership_id: int, details: Details) -> set[Token]:
    """The tokens by which a child of a notification is looked for (ALR-03)."""
    return seal_values(partnership_id, (value for value in values_of(details) if value[0] not in _FOR_SEARCH_ONLY))


def values_of(details: Details) -> Iterator[Value]:
    given, family = names.key(details.given_name), names.key(details.family_name)
    born = details.date_of_birth
    if details.upn:
        yield TokenKind.UPN, details.upn
    if details.nhs_number:
        yield TokenKind.NHS, details.nhs_number
    if given or family:
        yield from name_alone(given, family)
    yield from sounds_and_year(details.given_name, details.family_name, str(born.year) if born else NO_YEAR)
    if born:
        yield TokenKind.NAME_AND_BIRTH, f"{given}|{family}|{born.isoformat()}"
        yield TokenKind.BIRTH, born.isoformat()
        yield from _sounds_and_birth(details, born)


def name_alone(given: str, family: str) -> Iterator[Value]:
    # Sorted, so that names given the other way round are found too.
    yield TokenKind.NAME, "|".join(sorted((given, family)))


def sounds_and_year(given_name: str, family_name: str, year: str) -> Iterator[Value]:
    if given_name and family_name:
        yield TokenKind.SOUNDS_AND_YEAR, f"{_both(given_name, family_name)}|{year}"
    for part in part_sounds(given_name, family_name):
        yield TokenKind.PART_AND_YEAR, f"{part}|{year}"


def _sounds_and_birth(details: Details, born: dt.date) -> Iterator[Value]:
    sounds = part_sounds(details.given_name, details.family_name)
    for part in sounds:
        # the same for the day and month the other way round, and for digits that changed places
        yield TokenKind.PART_AND_DIGITS, f"{part}|{''.join(sorted(f'{born:%Y%m%d}'))}"
    for initial in dict.fromkeys(part[0] for part in sounds):
        yield TokenKind.INITIAL_AND_BIRTH, f"{initial}|{born.isoformat()}"
    both = _both(details.given_name, details.family_name)
    yield TokenKind.SOUNDS_AND_DAY, f"{both}|{born:%m-%d}"


def part_sounds(*full_names: str) -> list[str]:
    """What each name, and each part of a double one, sounds like; which of them comes first does not matter."""
    sounds = (names.sound(part) for name in full_names for part in names.parts(name))
    return list(dict.fromkeys(filter(None, sounds)))


def _both(given_name: str, family_name: str) -> str:
    return "|".join(sorted((names.sound(given_name), names.sound(family_name))))
