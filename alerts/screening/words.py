"""Times, ages and people in words: nothing on the queue is said by colour alone."""

import datetime as dt

from alerts.intake.content import Person
from alerts.intake.enums import PersonRole, Route
from alerts.intake.models import NotificationChild


def due_words(due_at: dt.datetime, now: dt.datetime) -> str:
    """ "Due in 2 hours", "Overdue by 40 minutes": how much time is left, said the way people say it."""
    left = due_at - now
    late = left < dt.timedelta(0)
    return f"{'Overdue by' if late else 'Due in'} {_span(abs(left))}"


def _span(span: dt.timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 60:
        return _count(minutes, "minute")
    if minutes < 48 * 60:
        return _count(minutes // 60, "hour")
    return _count(minutes // (24 * 60), "day")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def age_words(born: dt.date | None, today: dt.date) -> str:
    """A child's age, as the screener needs it: babies by the month."""
    if born is None:
        return "age not known"
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years >= 2:
        return str(years)
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return _count(max(months, 0), "month")


def yes_no(value: bool | None, *, yes: str, no: str, unknown: str) -> str:
    """Not said is neither yes nor no."""
    return unknown if value is None else yes if value else no


def relationship_words(person: Person, people: tuple[Person, ...]) -> list[str]:
    """ "Step-child of Osric Vane (perpetrator)": each relationship the police gave, read aloud."""
    return [
        f"{each.kind[:1].upper()}{each.kind[1:]} of {people[each.to].name} ({PersonRole(people[each.to].role).label.lower()})"
        for each in person.relationships
        if each.to < len(people)
    ]


def warning_words(warning: dict[str, str], people: tuple[Person, ...]) -> str:
    """A warning with the name of the person it is about, instead of a pointer."""
    parts = warning["pointer"].split("/")
    if len(parts) > 2 and parts[1] == "people" and parts[2].isdigit() and int(parts[2]) < len(people):
        return f"{people[int(parts[2])].name}: {warning['detail']}"
    return warning["detail"]


def passed_over_words(row: NotificationChild) -> str:
    """That the other setting of a child hears nothing either, where the authority is told instead of the first (MRC-18)."""
    if row.route != Route.AUTHORITY or row.second_setting is None:
        return ""
    return (
        f"{row.second_setting.name} is not told either, and the alert for the local authority does not name it. "
        "Agree with the authority who tells it."
    )
