"""The keyed tokens under which a child is found again without a readable value in the database (design §4)."""

from collections.abc import Iterator

from safeguarding.children import names
from safeguarding.children.enums import TokenKind
from safeguarding.children.matching import Details
from safeguarding.crypto.keys import blind_token


def tokens_of(partnership_id: int, details: Details) -> set[tuple[TokenKind, bytes]]:
    """Every token of a child; one partnership's tokens say nothing in another's."""
    return {(kind, blind_token(partnership_id, kind, value)) for kind, value in _values(details)}


def _values(details: Details) -> Iterator[tuple[TokenKind, str]]:
    given, family = names.key(details.given_name), names.key(details.family_name)
    born = details.date_of_birth
    if details.upn:
        yield TokenKind.UPN, details.upn
    if details.nhs_number:
        yield TokenKind.NHS, details.nhs_number
    if given or family:
        # Sorted, so that names given the other way round are found too.
        yield TokenKind.NAME, "|".join(sorted((given, family)))
    if born:
        yield TokenKind.NAME_AND_BIRTH, f"{given}|{family}|{born.isoformat()}"
        yield TokenKind.BIRTH, born.isoformat()
