from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from agreements import states as agreements
from alerts import states
from safeguarding.governance import states as governance

PLACE = Path(settings.ROOT_DIR) / "docs" / "states.md"
TABLES: dict[str, dict[Any, Any]] = {
    "Notification": states.NOTIFICATION,
    "Child of a notification": states.CHILD,
    "File of notifications": states.UPLOAD,
    "Alert": states.ALERT,
    "Conversation about an alert": states.TALK,
    "An adult who works with children": states.CONCERN,
    "Referral": states.REFERRAL,
    "Request to partners": states.REQUEST,
    "What one partner was asked": states.ASK,
    "Intelligence package": states.PACKAGE,
    "Action at a setting": states.ACTION,
    "Strategy discussion": states.DISCUSSION,
    "Section 47 enquiry": states.INQUIRY,
    "Invitation to a strategy discussion": states.DISCUSSION_INVITATION,
    "Action of a strategy discussion": states.DISCUSSION_ACTION,
    "Disagreement": states.DISSENT,
    "Missing episode": states.EPISODE,
    "Transfer of a safeguarding file": states.TRANSFER,
    "Child who moves to another area": states.CHILD_MOVE,
    "Review of unusual access": governance.REVIEW,
    "Sampling audit": governance.SAMPLE,
    "Agreement": agreements.AGREEMENT,
    "Signature": agreements.SIGNATURE,
    "To return or destroy": agreements.RETURN,
    "Decision to share": agreements.DECISION,
    "Whether the person was told": agreements.TOLD,
    "Questioned item": agreements.CORRECTION,
}


def page() -> str:
    """What docs/states.md says: each state in words, and what may follow it."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# States"
    yield ""
    yield "What each record can be, and what it can become next. Made by `manage.py states` from the tables of states; do not edit."
    for name, table in TABLES.items():
        yield from ("", f"## {name}", "", "| state | in words | next |", "| --- | --- | --- |")
        for state, following in table.items():
            after = ", ".join(f"`{each}`" for each in type(state) if each in following) or "nothing: it ends here"
            yield f"| `{state}` | {state.label} | {after} |"


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Writes docs/states.md from the table of states."

    def handle(self, *_: Any, **__: Any) -> None:
        PLACE.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{PLACE.relative_to(settings.ROOT_DIR)} is written.")
