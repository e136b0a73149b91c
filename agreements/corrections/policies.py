"""What the state of a question allows (SHR-14)."""

from collections.abc import Collection

from agreements.corrections.enums import CorrectionState
from agreements.corrections.models import Correction
from agreements.states import CORRECTION
from safeguarding.errors import Refused


def can_answer(correction: Correction) -> bool:
    return bool(CORRECTION[CorrectionState(correction.state)])


def check_can_answer(correction: Correction, outcome: str) -> None:
    """Answered once; what was answered is history, and a new doubt is a new question (SHR-14)."""
    if outcome not in CORRECTION[CorrectionState(correction.state)]:
        raise Refused(
            f"This was answered already: {correction.get_state_display().lower()}. Nothing was changed. "
            "If it is still in doubt, the recipient asks again."
        )


def check_can_ask(item: str, items: Collection[str]) -> None:
    """Only what was received can be questioned (SHR-14)."""
    if item not in items:
        raise Refused("This item was not shared with you, so there is nothing to question. Nothing was sent.")
