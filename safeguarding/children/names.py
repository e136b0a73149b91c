"""How a name is compared: what two agencies write differently and mean the same."""

import unicodedata
from enum import StrEnum

from rapidfuzz.distance import OSA, JaroWinkler

from safeguarding.children.name_forms import is_another_form

# Letters that no decomposition takes apart, and that a keyboard without them replaces.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h"})
_BETWEEN_WORDS = {"Zs", "Pd", "Pc", "Cc"}
_APOSTROPHES = frozenset("'’‘ʼʹ`´′＇ˈ")
_TATWEEL = "\u0640"


def words(name: str) -> list[str]:
    """The words of a name, without case, accents, apostrophes, marks of direction or emoji (ALR-03)."""
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_LETTERS)
    letters: list[str] = []
    base_has_plain_form = False
    for char in unicodedata.normalize("NFD", folded):
        category = unicodedata.category(char)
        if category in _BETWEEN_WORDS:
            letters.append(" ")
        elif char in _APOSTROPHES or char == _TATWEEL:
            continue
        elif category.startswith("M"):
            # An accent on a Latin, Greek or Cyrillic letter is often left out; in other scripts it may be the vowel.
            if not base_has_plain_form and not _is_variation_selector(char):
                letters.append(char)
        elif category[0] in "LN":
            base_has_plain_form = unicodedata.name(char, "").startswith(("LATIN", "GREEK", "CYRILLIC"))
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)).split()


def key(name: str) -> str:
    """One spelling for a name and its usual variants: Anne-Marie, Anne Marie and ANNEMARIE are one (ALR-03)."""
    joined = "".join(words(name))
    # A name of symbols alone must still equal itself, and nothing else.
    return joined or name.strip().casefold()


def sound(name: str) -> str:
    """A rough key by sound and across alphabets' spellings: the consonants in order, like ones joined (ALR-03)."""
    text = key(name)
    for spelt, heard in _SOUNDS:
        text = text.replace(spelt, heard)
    skeleton = ""
    before = ""
    for char in text:
        # a double letter is one; two with a vowel between are two
        if char != before:
            if not skeleton:
                skeleton = "a" if char in _VOWELS else char
            elif char not in _UNHEARD:
                skeleton += char
        before = char
    return skeleton


_VOWELS, _UNHEARD = frozenset("aeiouy"), frozenset("aeiouyhw")
_SOUNDS = (
    ("sch", "s"), ("tsch", "k"), ("tch", "k"), ("szcz", "s"), ("sz", "s"), ("cz", "k"), ("rz", "s"), ("dz", "s"), ("zh", "s"),
    ("ph", "f"), ("sh", "s"), ("ch", "k"), ("ck", "k"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("dj", "g"),
    ("qu", "k"), ("qv", "k"), ("kv", "k"), ("kw", "k"),
    ("kn", "n"), ("wr", "r"), ("x", "ks"), ("c", "k"), ("q", "k"), ("z", "s"), ("v", "f"), ("j", "g"),
)  # fmt: skip


class Kinship(StrEnum):
    """How two names may be one, from certain to far; `NONE` when they are clearly different."""

    SAME = "same"
    FORM = "form"
    SOUND = "sound"
    SPELLING = "spelling"
    PART = "part"
    START = "start"
    NONE = "none"


def kinship(one: str, other: str) -> Kinship:
    """Whether two names may be one name misspelt, shortened or partly given; clearly different names are not (ALR-03)."""
    a, b = key(one), key(other)
    if not a or not b:
        return Kinship.NONE
    if a == b:
        return Kinship.SAME
    if is_another_form(a, b):
        return Kinship.FORM
    closeness = JaroWinkler.similarity(a, b)
    shorter, longer = sorted((a, b), key=len)
    heard = sound(one)
    if heard == sound(other) and closeness >= (_SOUNDS_ALIKE if len(heard) < 3 else _LONG_SOUNDS_ALIKE):
        return Kinship.SOUND
    allowed = 1 if len(longer) <= 5 else 2 if len(longer) <= 8 else 3
    if len(shorter) >= 3 and OSA.distance(a, b) <= allowed:
        return Kinship.SPELLING
    if _share_a_part(one, other):
        return Kinship.PART
    if len(shorter) >= 3 and longer.startswith(shorter):
        return Kinship.START
    return Kinship.NONE


# Few consonants are shared by many names: there the letters have to be closer.
_SOUNDS_ALIKE, _LONG_SOUNDS_ALIKE = 0.75, 0.6


def alike(one: str, other: str) -> bool:
    """Whether a person should look before saying that these are two names."""
    return kinship(one, other) is not Kinship.NONE


def parts(name: str) -> list[str]:
    """The name as one, and the words of a double one: one of them may be left out, or be a maiden name (ALR-03)."""
    found = words(name)
    outer = [found[0], found[-1]] if len(found) > 1 else []
    return list(dict.fromkeys(["".join(found), *(word for word in outer if len(word) >= 3)])) if found else []


def _share_a_part(one: str, other: str) -> bool:
    several, others = words(one), words(other)
    if len(several) == len(others) == 1:
        return False
    return any(
        len(part) >= 3
        and (part == each or is_another_form(part, each) or (len(sound(part)) > 1 and sound(part) == sound(each)))
        for part in several
        for each in others
    )


def _is_variation_selector(char: str) -> bool:
    return unicodedata.name(char, "").startswith("VARIATION SELECTOR")
