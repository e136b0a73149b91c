"""What the form cannot show of a notification stays as the police sent it when the hub corrects the rest (ALR-01, SHR-14)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from alerts.intake.content import Location, Person, PoliceNotification, Relationship
from safeguarding.agencies.calendars import LONDON

# Whose form it is: "child" or "adult", and its number on the page.
Place = tuple[str, int]


def places(content: PoliceNotification) -> Iterator[Place]:
    """The form in which each person is shown, in the order in which they were sent."""
    count = Counter[str]()
    for person in content.people:
        kind = "child" if person.is_child else "adult"
        yield kind, count[kind]
        count[kind] += 1


def keep_unshown(
    said: PoliceNotification, before: PoliceNotification, *, numbered: Sequence[Place]
) -> PoliceNotification:
    """What was typed, with all of before that no form shows: a correction says that nothing else has changed.

    `numbered`: the form of each person who was typed. Relationships of or to a person who was taken out go with them.
    """
    occurred_at = _moment(said.occurred_at, before.occurred_at)
    returned_at = said.returned_at and _moment(said.returned_at, before.returned_at)
    if returned_at and returned_at < occurred_at:
        occurred_at, returned_at = said.occurred_at, said.returned_at
    same_words = _lines(said.narrative) == _lines(before.narrative)
    return replace(
        said,
        occurred_at=occurred_at,
        returned_at=returned_at,
        location=before.location if _address(said.location) == _address(before.location) else said.location,
        narrative=before.narrative if same_words else said.narrative,
        people=_people(said.people, before.people, [dict(_places_before(before)).get(each) for each in numbered]),
    )


def _places_before(before: PoliceNotification) -> Iterator[tuple[Place, int]]:
    return ((place, position) for position, place in enumerate(places(before)))


def _people(said: Sequence[Person], before: Sequence[Person], was_at: Sequence[int | None]) -> tuple[Person, ...]:
    """In the order in which they were sent, whoever is new after them."""
    pairs = sorted(zip(was_at, said, strict=True), key=lambda pair: len(before) if pair[0] is None else pair[0])
    now_at = {was: now for now, (was, _) in enumerate(pairs) if was is not None}
    return tuple(
        person if was is None else replace(person, relationships=_related(before[was], now_at)) for was, person in pairs
    )


def _related(person: Person, now_at: Mapping[int, int]) -> tuple[Relationship, ...]:
    return tuple(replace(each, to=now_at[each.to]) for each in person.relationships if each.to in now_at)


def _moment(said: dt.datetime, before: dt.datetime | None) -> dt.datetime:
    """The form shows hours and minutes on the wall."""
    return before if before is not None and _on_the_wall(said) == _on_the_wall(before) else said


def _on_the_wall(at: dt.datetime) -> dt.datetime:
    return at.astimezone(LONDON).replace(second=0, microsecond=0, tzinfo=None, fold=0)


def _address(location: Location | None) -> tuple[list[str], str]:
    if location is None:
        return [], ""
    return [line.strip() for line in location.lines if line.strip()], location.postcode or ""


def _lines(text: str) -> list[str]:
    """Browsers send line ends of their own."""
    return text.strip().splitlines()
