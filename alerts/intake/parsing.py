"""A JSON body, read strictly into a police notification: every fault is told by its place, none by its value."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from alerts.intake.content import (
    CHILD_ROLES,
    UNBORN,
    Kind,
    Location,
    NamedSetting,
    Person,
    PersonRole,
    PoliceNotification,
    Relationship,
    Remark,
    Risk,
)
from safeguarding.children import identifiers, names

LONGEST_NAME = 200
LONGEST_REFERENCE = 64
LONGEST_NARRATIVE = 200_000
MOST_PEOPLE = 100
MOST_LINES = 10
OLDEST_AGE = 120
OLDEST_CHILD = 25
LONGEST_EXPECTED, LONGEST_OVERDUE = dt.timedelta(days=305), dt.timedelta(days=31)
CLOCK_SKEW = dt.timedelta(minutes=5)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})")
# Marks that turn the direction of all that follows: a name with one could show as another name.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
_CHILD_ONLY = ("expected_on", "present", "upn", "nhs_number", "home_educated", "setting")
_ADULT_ONLY = ("works_with_children",)
_IDENTIFIERS = {
    "upn": (identifiers.is_upn_form, "A UPN is a letter, eleven digits, and a digit or letter."),
    "nhs_number": (identifiers.is_nhs_number_form, "An NHS number is ten digits."),
    "urn": (identifiers.is_urn, "A URN is six digits."),
    "uprn": (identifiers.is_uprn, "A UPRN is up to twelve digits."),
}


class Invalid(Exception):
    """The body is JSON but no notification; `remarks` say where and why."""

    def __init__(self, remarks: Sequence[Remark]):
        super().__init__(f"{len(remarks)} fields are not valid")
        self.remarks = tuple(remarks)


def parse(body: object, *, now: dt.datetime) -> PoliceNotification:
    """The notification in a parsed JSON body, or `Invalid` with every fault that was found (ALR-01, ALR-02)."""
    remarks: list[Remark] = []
    content = _notification(body, remarks, now)
    if remarks or content is None:
        raise Invalid(remarks)
    return content


def _notification(body: object, remarks: list[Remark], now: dt.datetime) -> PoliceNotification | None:
    if not isinstance(body, dict):
        remarks.append(Remark("", "The body must be a JSON object."))
        return None
    fields = _Fields(body, "", remarks, now)
    content = PoliceNotification(
        reference=fields.text("reference", LONGEST_REFERENCE, required=True),
        kind=fields.choice("kind", get_args(Kind), required=True),
        occurred_at=fields.time("occurred_at", required=True),
        returned_at=fields.time("returned_at"),
        risk=fields.choice("risk", get_args(Risk)),
        family_informed=fields.flag("family_informed"),
        victim_consents=fields.flag("victim_consents"),
        location=_location(fields),
        narrative=fields.text("narrative", LONGEST_NARRATIVE, many_lines=True),
        people=tuple(_person(each) for each in fields.objects("people", MOST_PEOPLE, required=True)),
    )
    fields.finish()
    if not remarks:
        remarks.extend(_faults_between_fields(content))
    return content


def _location(fields: "_Fields") -> Location | None:
    place = fields.object("location")
    if place is None:
        return None
    location = Location(
        lines=tuple(place.texts("lines", MOST_LINES)),
        postcode=place.text("postcode", 16) or None,
        uprn=place.identifier("uprn"),
    )
    place.finish()
    return location


def _person(fields: "_Fields") -> Person:
    role = fields.choice("role", get_args(PersonRole), required=True)
    is_child = role in CHILD_ROLES
    for name in _ADULT_ONLY if is_child else _CHILD_ONLY:
        if fields.value.get(name) is not None and role:
            fields.fault(name, f"Only {'an adult' if is_child else 'a child'} has this field.")
    expected_on = fields.expected("expected_on")
    # A child is known by both names, unless it is not born yet; of an adult the police may know one.
    given_name = fields.text("given_name", LONGEST_NAME, required=is_child and expected_on is None, expected=True)
    person = Person(
        role=role,
        given_name=given_name or (UNBORN if expected_on else ""),
        family_name=fields.text("family_name", LONGEST_NAME, required=is_child, expected=True),
        date_of_birth=fields.birth("date_of_birth", OLDEST_CHILD if is_child else OLDEST_AGE),
        expected_on=expected_on,
        works_with_children=fields.flag("works_with_children"),
        present=fields.flag("present"),
        upn=fields.identifier("upn"),
        nhs_number=fields.identifier("nhs_number"),
        home_educated=fields.flag("home_educated"),
        setting=_setting(fields),
        relationships=tuple(_relationship(each) for each in fields.objects("relationships", MOST_PEOPLE)),
    )
    if expected_on and person.date_of_birth:
        fields.fault("expected_on", "Give a date of birth, or the day a child is expected, not both.")
    if not is_child and not person.name and not fields.has_faults:
        fields.fault("family_name", "Give at least one name.")
    fields.finish()
    return person


def _setting(fields: "_Fields") -> NamedSetting | None:
    named = fields.object("setting")
    if named is None:
        return None
    setting = NamedSetting(urn=named.identifier("urn"), name=named.text("name", LONGEST_NAME) or None)
    named.finish()
    return setting if setting.urn or setting.name else None


def _relationship(fields: "_Fields") -> Relationship:
    relationship = Relationship(to=fields.number("to"), kind=fields.text("kind", LONGEST_NAME, required=True))
    fields.finish()
    return relationship


def _faults_between_fields(content: PoliceNotification) -> Iterator[Remark]:
    roles = [person.role for person in content.people]
    if content.kind == "missing_episode":
        if roles.count("missing_child") != 1:
            yield Remark("/people", "A missing episode names exactly one missing child.")
        for position, role in enumerate(roles):
            if role == "child":
                yield Remark(f"/people/{position}/role", "In a missing episode the child is the missing child.")
        if content.returned_at and content.returned_at < content.occurred_at:
            yield Remark("/returned_at", "The return cannot be before the episode.")
    else:
        if "child" not in roles:
            yield Remark("/people", "A domestic-abuse notification names at least one child.")
        for position, role in enumerate(roles):
            if role == "missing_child":
                yield Remark(f"/people/{position}/role", "Only a missing episode has a missing child.")
        if content.returned_at:
            yield Remark("/returned_at", "Only a missing episode has a time of return.")
    yield from _children_given_twice(content)
    for position, person in enumerate(content.people):
        for place, relationship in enumerate(person.relationships):
            if not 0 <= relationship.to < len(roles) or relationship.to == position:
                yield Remark(
                    f"/people/{position}/relationships/{place}/to",
                    "Give the place of another person in the list, counted from 0.",
                )


def _children_given_twice(content: PoliceNotification) -> Iterator[Remark]:
    """One child listed twice would get two alerts (ALR-04)."""
    seen: set[tuple[object, ...]] = set()
    for position, child in content.children:
        who = (names.key(child.given_name), names.key(child.family_name), child.date_of_birth)
        numbers = {("upn", child.upn), ("nhs", child.nhs_number)} - {("upn", None), ("nhs", None)}
        if who in seen or numbers & seen:
            yield Remark(f"/people/{position}", "This child stands in the list twice.")
        seen |= {who, *numbers}


class _Fields:
    """One JSON object: each field is taken once, and what nobody took is unknown."""

    def __init__(self, value: dict[str, Any], pointer: str, remarks: list[Remark], now: dt.datetime):
        self.value, self.pointer, self.remarks, self.now = value, pointer, remarks, now
        self.taken: set[str] = set()

    @property
    def has_faults(self) -> bool:
        return any(remark.pointer.startswith(f"{self.pointer}/") for remark in self.remarks)

    def fault(self, name: str, detail: str, place: int | None = None) -> None:
        within = "" if place is None else f"/{place}"
        self.remarks.append(Remark(f"{self.pointer}/{escape(name)}{within}", detail))

    def take(self, name: str, kind: type, word: str, *, required: bool = False, expected: bool = False) -> Any:
        """The field's value when it has the right type; None when it is absent or faulty. `expected`: may be null."""
        self.taken.add(name)
        value = self.value.get(name)
        if value is None:
            if required or (expected and name not in self.value):
                self.fault(name, f"This field is needed: {word}." if name not in self.value else f"Give {word}.")
            return None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(name, f"Give {word}.")
            return None
        return value

    def text(
        self, name: str, longest: int, *, required: bool = False, expected: bool = False, many_lines: bool = False
    ) -> str:
        value = self.take(name, str, "text", required=required, expected=expected)
        if value is None:
            return ""
        fault = fault_in_text(value, longest, many_lines=many_lines)
        if fault is None and required and not value.strip():
            fault = "Give text that is not empty."
        if fault:
            self.fault(name, fault)
        return value.strip()

    def texts(self, name: str, most: int) -> Iterator[str]:
        for place, value in enumerate(self._items(name, most)):
            fault = fault_in_text(value, LONGEST_NAME) if isinstance(value, str) else "Give text."
            if fault:
                self.fault(name, fault, place)
            else:
                yield value.strip()

    def choice(self, name: str, allowed: Sequence[str], *, required: bool = False) -> Any:
        value = self.take(name, str, "one of the allowed words", required=required)
        if value is not None and value not in allowed:
            self.fault(name, f"Give one of: {', '.join(allowed)}.")
            return None
        return value

    def flag(self, name: str) -> bool | None:
        return self.take(name, bool, "true, false or null")

    def number(self, name: str) -> int:
        value = self.take(name, int, "a whole number", required=True)
        return -1 if value is None else value

    def identifier(self, name: str) -> str | None:
        value = self.take(name, str, "text or null")
        tidy = identifiers.tidy(value) if value else ""
        if not tidy:
            return None
        is_form, sentence = _IDENTIFIERS[name]
        if not is_form(tidy):
            self.fault(name, sentence)
        return tidy

    def birth(self, name: str, oldest: int) -> dt.date | None:
        value = self.take(name, str, "a date as YYYY-MM-DD, or null")
        if value is None:
            return None
        born = date_in(value)
        if isinstance(born, str):
            self.fault(name, born)
            return None
        fault = fault_in_birth(born, oldest, self.now)
        if fault:
            self.fault(name, fault)
        return born

    def expected(self, name: str) -> dt.date | None:
        value = self.take(name, str, "a date as YYYY-MM-DD, or null")
        day = date_in(value) if value is not None else None
        fault = day if isinstance(day, str) else fault_in_expected(day, self.now) if day else None
        if fault:
            self.fault(name, fault)
        return None if isinstance(day, str) else day

    def time(self, name: str, *, required: bool = False) -> Any:
        value = self.take(name, str, "a time with its zone, as 2026-01-31T08:15:00Z", required=required)
        if value is None:
            return None
        moment = time_in(value)
        fault = moment if isinstance(moment, str) else fault_in_time(moment, self.now)
        if fault:
            self.fault(name, fault)
        return None if isinstance(moment, str) else moment

    def object(self, name: str) -> "_Fields | None":
        value = self.take(name, dict, "an object or null")
        return None if value is None else _Fields(value, f"{self.pointer}/{name}", self.remarks, self.now)

    def objects(self, name: str, most: int, *, required: bool = False) -> "Iterator[_Fields]":
        for place, value in enumerate(self._items(name, most, required=required)):
            if isinstance(value, dict):
                yield _Fields(value, f"{self.pointer}/{name}/{place}", self.remarks, self.now)
            else:
                self.fault(name, "Give an object.", place)

    def _items(self, name: str, most: int, *, required: bool = False) -> list[Any]:
        value = self.take(name, list, "a list", required=required)
        if value is not None and len(value) > most:
            self.fault(name, f"Give no more than {most}.")
            return []
        return value or []

    def finish(self) -> None:
        """What nobody took is a mistake of the sender's, and is said."""
        for name in self.value:
            if name not in self.taken:
                self.fault(name[:100], "There is no such field.")


def escape(name: str) -> str:
    """A name as a part of an RFC 6901 pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def fault_in_text(value: str, longest: int, *, many_lines: bool = False) -> str | None:
    """What is wrong with a piece of text, in a sentence; None when nothing is."""
    if len(value) > longest:
        return f"Give no more than {longest:,} characters."
    for char in value:
        # Word processors leave all kinds of line ends in a narrative; NUL no database takes.
        if char == "\0" or (unicodedata.category(char) == "Cc" and not many_lines):
            return "Leave out control characters."
        if "\ud800" <= char <= "\udfff":
            return "Leave out half characters."
        if char in _OVERRIDES and not many_lines:
            return "Leave out marks that override the direction of text."
    return None


def date_in(value: str) -> dt.date | str:
    """The date in a text, or a sentence that says why there is none."""
    if not _DATE.fullmatch(value):
        return "Give a date as YYYY-MM-DD."
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return "There is no such date."


def time_in(value: str) -> dt.datetime | str:
    """The moment in a text, or a sentence that says why there is none."""
    if not _TIME.fullmatch(value):
        return "Give a time with its zone, as 2026-01-31T08:15:00Z."
    try:
        return dt.datetime.fromisoformat(value.upper()).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return "There is no such time."


def fault_in_birth(born: dt.date, oldest: int, now: dt.datetime) -> str | None:
    """A person was born before tomorrow and not before living memory; a child in the last 25 years."""
    today = now.date()
    if born > today:
        return "A date of birth cannot be in the future."
    if born.year < today.year - oldest:
        return f"A date of birth here cannot be more than {oldest} years ago."
    return None


def fault_in_expected(day: dt.date, now: dt.datetime) -> str | None:
    """A child that is not born yet is expected soon, or was a little while ago."""
    if not -LONGEST_OVERDUE <= day - now.date() <= LONGEST_EXPECTED:
        return "A child who is not born yet is expected within the next 10 months."
    return None


def fault_in_time(moment: dt.datetime, now: dt.datetime) -> str | None:
    """An incident happened before now, give or take the sender's clock, and in living memory."""
    if moment > now + CLOCK_SKEW:
        return "This time is in the future."
    if moment.year < now.year - OLDEST_AGE:
        return f"This time cannot be more than {OLDEST_AGE} years ago."
    return None
