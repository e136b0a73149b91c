"""What a text about a place or a pattern may not be: the record of a child (MSH-10)."""

import re
from collections.abc import Iterator

from safeguarding.errors import Refused

CHILDS_RECORD = (
    "This looks as if it named a child. Nothing was saved; what you typed is still here. What is about one child belongs to "
    "the child’s record: refer the child instead. Here, write of the place or the pattern, and leave the name out."
)
TRIED_TOO_OFTEN = (
    "Three of your notes in the last day looked as if they named a child. Nothing was saved; what you typed is still here. "
    "Telephone the hub with what you know, or try again tomorrow."
)
MOST_WORDS = 1500
MOST_REFUSED = 3
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
# What people write when they mean one child: a date of birth, "aged 9", "my pupil Ann", a number of the child's.
_LOOKS_LIKE_ONE_CHILD = re.compile(
    r"\b(?:aged?|dob|d\.o\.b\.?|born on)\b[ :]*\d|\bdate of birth\b"
    r"|\b(?:pupil|child|boy|girl|son|daughter|student)(?: is| was)? (?:called|named)\b"
    r"|\b[A-Z]\d{12}\b|\b\d{3}[ -]?\d{3}[ -]?\d{4}\b",
    re.IGNORECASE,
)


def names_in(text: str) -> Iterator[tuple[str, str]]:
    """Every pair that could be a first and a last name: two words side by side, and three with a double name."""
    words = _WORD.findall(text)[:MOST_WORDS]
    for at, word in enumerate(words):
        following = words[at + 1 : at + 3]
        if following:
            yield word, following[0]
        if len(following) == 2:
            yield word, " ".join(following)
            yield f"{word} {following[0]}", following[1]


def check_names_no_child(text: str, *, on_record: bool) -> None:
    """One sentence for both: whoever types names to try them out is not told which it was (NTK-01, MSH-10)."""
    if on_record or _LOOKS_LIKE_ONE_CHILD.search(text):
        raise Refused(CHILDS_RECORD)


def check_does_not_try_names(refused: int) -> None:
    """Whoever tries one name after another would learn who is on record: after three in a day nothing is looked up (NTK-01)."""
    if refused >= MOST_REFUSED:
        raise Refused(TRIED_TOO_OFTEN)
