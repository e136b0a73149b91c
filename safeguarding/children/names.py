"""How a name is compared: what two agencies write differently and mean the same."""

import unicodedata

from rapidfuzz.distance import OSA, JaroWinkler

# Letters that no decomposition takes apart, and that a keyboard without them replaces.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h"})
_BETWEEN_WORDS = {"Zs", "Pd", "Pc", "Cc"}
_APOSTROPHES = frozenset("'’‘ʼʹ`´′＇ˈ")
_TATWEEL = "\u0640"

# Everyday short forms. Two given names in one row may be one child; a person decides.
_SHORT_FORMS = (
    "alexander alexandra alex sasha sandy xander lexi",
    "alfred alfie fred freddie",
    "abigail abi abbie gail",
    "andrew andy drew",
    "anthony tony",
    "benjamin ben benji",
    "catherine katherine kathryn kate katie cathy kitty kat",
    "charles charlotte charlie lottie chas",
    "christopher christine christina chris kit",
    "daniel danielle dan danny dani",
    "david dave davey",
    "dorothy dot dolly",
    "edward eddie ed ted teddy ned",
    "eleanor ellie nell nora",
    "elizabeth beth liz lizzie betty eliza elsie libby",
    "frances francis frankie fran",
    "frederick frederica fred freddie",
    "george georgina georgie",
    "harold henry harry hal",
    "isabella isabelle isobel bella izzy issy",
    "jacob jake",
    "james jim jimmy jamie",
    "jennifer jen jenny",
    "john jonathan jack johnny jon",
    "joseph josephine joe joey josie",
    "joshua josh",
    "lawrence laurence larry laurie",
    "margaret maggie meg peggy daisy",
    "matthew matt matty",
    "michael michelle mike mick mickey shelly",
    "mohammed muhammad mohammad mo",
    "natalie natasha nat tasha",
    "nicholas nicola nick nicky",
    "oliver olivia ollie liv",
    "patricia patrick pat paddy tricia",
    "peter pete",
    "philip philippa phil pippa",
    "rebecca becky bex",
    "richard rick ricky dick",
    "robert rob bob bobby robbie",
    "samuel samantha sam sammy",
    "stephen steven stephanie steve steph",
    "susan susannah sue suzie",
    "theodore theo teddy ted",
    "thomas tom tommy",
    "timothy tim timmy",
    "victoria vicky tori",
    "william bill billy will liam",
    "zachary zach zac zak",
)
_FORMS_OF: dict[str, set[int]] = {}
for _row, _names in enumerate(_SHORT_FORMS):
    for _name in _names.split():
        _FORMS_OF.setdefault(_name, set()).add(_row)


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
    """A rough key by sound, so that a misspelling finds its child: consonants in order, with like ones joined."""
    text = key(name)
    for spelt, heard in _SOUNDS:
        text = text.replace(spelt, heard)
    if not text:
        return ""
    skeleton = [text[0] if text[0] not in "aeiouy" else "a"]
    for char in text[1:]:
        if char not in "aeiouyhw" and char != skeleton[-1]:
            skeleton.append(char)
    return "".join(skeleton)


_SOUNDS = (
    ("ph", "f"), ("sch", "s"), ("sh", "s"), ("ch", "k"), ("ck", "k"), ("gh", "g"), ("kn", "n"), ("wr", "r"),
    ("th", "t"), ("x", "ks"), ("c", "k"), ("q", "k"), ("z", "s"), ("v", "f"), ("j", "g"),
)  # fmt: skip


def alike(one: str, other: str) -> bool:
    """Whether two names may be one name misspelt, shortened or partly given; clearly different names are not (ALR-03)."""
    a, b = key(one), key(other)
    if not a or not b:
        return False
    if a == b or _short_form(a, b) or _share_a_part(one, other):
        return True
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) >= 3 and longer.startswith(shorter):
        return True
    allowed = 1 if len(longer) <= 5 else 2 if len(longer) <= 8 else 3
    if len(shorter) >= 3 and OSA.distance(a, b) <= allowed:
        return True
    return bool(sound(one) == sound(other) and JaroWinkler.similarity(a, b) >= 0.75)


def _short_form(a: str, b: str) -> bool:
    return bool(_FORMS_OF.get(a, set()) & _FORMS_OF.get(b, set()))


def _share_a_part(one: str, other: str) -> bool:
    parts, others = set(words(one)), set(words(other))
    if len(parts) == len(others) == 1:
        return False
    return any(len(part) >= 3 for part in parts & others)


def _is_variation_selector(char: str) -> bool:
    return unicodedata.name(char, "").startswith("VARIATION SELECTOR")
