"""What the state of two records allows (ALR-03)."""

from safeguarding.children.enums import PairState
from safeguarding.children.models import Child, PossibleDuplicate
from safeguarding.errors import Conflict, HubError, Refused


def check_can_join(kept: Child, joined: Child) -> None:
    """Two records of one hub that both still stand; what was joined before is undone first."""
    if kept.pk == joined.pk:
        raise Refused("This is one record already. Nothing was changed.")
    if kept.controller_id != joined.controller_id:
        raise Refused("These records belong to two hubs. Nothing was changed.")
    for child in (kept, joined):
        if child.merged_into_id is not None:
            raise Conflict(
                "Somebody has joined one of these records to another in the meantime. Nothing was changed. "
                "Open the child's record to see it."
            )


def check_can_separate(joined: Child) -> None:
    """Only what is joined can be separated."""
    if joined.merged_into_id is None:
        raise Conflict("This record stands by itself: somebody has separated it already. Nothing was changed.")


def can_separate(joined: Child) -> bool:
    try:
        check_can_separate(joined)
    except HubError:
        return False
    return True


def check_can_tell_apart(pair: PossibleDuplicate | None) -> None:
    """What was joined is separated first; saying twice that two are two changes nothing."""
    if pair is not None and pair.state == PairState.SAME:
        raise Conflict("Somebody has said that these are one child. Nothing was changed. Separate the records first.")
