"""What is signed: the text of one version, the same letters whenever and wherever it is written (AGR-02)."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator

from agreements.register import policies
from agreements.register.enums import (
    Article6,
    Article9,
    Controllership,
    Item,
    Part3,
    PartyRole,
    Schedule1,
    TransferMethod,
)
from agreements.register.models import Agreement

# Raised when the way of writing changes: older texts are kept as they were signed.
FORM = "Information-sharing agreement, form 1"
# Sections that say whom to turn to; a copy for the public leaves them out (AGR-09).
CONTACTS = ("Incidents are reported to", "Subject access requests are answered by")
_TITLES = {"domestic_abuse": "Domestic abuse", "missing_episode": "Missing child"}


def text_of(agreement: Agreement) -> str:
    """Every field of the template in one order; nothing of signatures, contacts or days that come later (AGR-01, AGR-02)."""
    head = [
        FORM,
        f"{agreement.title}, version {agreement.version}",
        f"Partnership: {agreement.partnership.name}",
        f"Reference: {agreement.ref}",
    ]
    sections = [["", title, *(f"- {line}" for line in lines)] for title, lines in sections_of(agreement)]
    return "\n".join([*head, *(line for section in sections for line in section)]) + "\n"


def digest_of(text: str) -> str:
    """SHA-256 of the text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def sections_of(agreement: Agreement) -> list[tuple[str, list[str]]]:
    """The same content for pages: a title and its lines, white space made plain."""
    said: list[tuple[str, Iterable[str]]] = [
        ("Parties", _parties(agreement)),
        ("Purposes", agreement.purposes),
        ("Alerts that it lets leave", [_TITLES.get(kind, kind) for kind in agreement.kinds]),
        ("Data items", _items(agreement)),
        ("Type and status of the data", _status(agreement)),
        ("Lawful basis", _bases(agreement)),
        ("Protective marking", [agreement.marking or "None"]),
        ("Transfer", _transfer(agreement)),
        ("Retention and disposal", [agreement.retention, agreement.disposal]),
        (CONTACTS[0], [agreement.incidents_to]),
        (CONTACTS[1], [agreement.access_requests_to]),
        ("Owner", [agreement.owner.name if agreement.owner else ""]),
        ("Life", _life(agreement)),
    ]
    if agreement.undertaking:
        said.insert(-2, ("Each member acknowledges before first access", agreement.undertaking.splitlines()))
    return [(title, [" ".join(line.split()) for line in lines if line.strip()]) for title, lines in said]


def _parties(agreement: Agreement) -> Iterator[str]:
    for party in sorted(agreement.signatures.all(), key=lambda party: party.agency.slug):
        yield (
            f"{party.agency.name} ({party.agency.slug}): {PartyRole(party.role).label}; "
            f"{Controllership(party.controllership).label}; responsible: {party.responsible or 'not named'}"
        )


def _items(agreement: Agreement) -> Iterator[str]:
    for item in sorted(agreement.items.all(), key=lambda item: item.key):
        special = " (special category)" if item.special_category else ""
        yield f"{Item(item.key).label}{special}: {item.justification}"


def _status(agreement: Agreement) -> Iterator[str]:
    yield f"Identifies people: {_yes(agreement.identifies_people)}"
    yield f"Data protection impact assessment: {agreement.dpia_reference or 'none, because ' + agreement.no_dpia_because}"
    yield f"Privacy notice given: {_yes(agreement.privacy_notice_given)}"
    yield f"People are aware of the sharing: {_yes(agreement.people_are_aware)}"
    yield agreement.privacy_words


def _bases(agreement: Agreement) -> Iterator[str]:
    yield from (Article6(code).label for code in sorted(agreement.article_6))
    yield from (Article9(code).label for code in sorted(agreement.article_9))
    yield from (f"Schedule 1, {Schedule1(code).label}" for code in sorted(agreement.schedule_1))
    if agreement.part_3:
        yield f"Law-enforcement processing, Part 3: {Part3(agreement.part_3).label}"
    yield f"Conditions for criminal-conviction data identified: {_yes(agreement.article_10_identified)}"
    yield from agreement.legislation


def _transfer(agreement: Agreement) -> Iterator[str]:
    yield from (TransferMethod(code).label for code in sorted(agreement.transfer_methods))
    yield f"Frequency: {agreement.transfer_frequency or 'when needed'}"
    yield f"Measures: {agreement.transfer_measures}"
    yield f"Risks: {agreement.transfer_risks}; assessed on {_day(agreement.transfer_assessed_on)}"
    yield "Nothing is transferred overseas"


def _life(agreement: Agreement) -> Iterator[str]:
    yield f"Starts on {_day(agreement.starts_on)}, for each party from its own signature"
    yield f"Ends on {_day(agreement.ends_on)}" if agreement.ends_on else "No fixed end"
    yield f"Reviewed {agreement.first_review_months} months after it is opened, then every {agreement.review_months} months"
    yield f"Withdrawal: {policies.notice_words(agreement)}"
    if agreement.supersedes:
        until = _day(agreement.old_holds_until) if agreement.old_holds_until else "this version is opened"
        yield f"Takes the place of version {agreement.supersedes.version}, which holds until {until}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _day(day: dt.date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "a day not given"
