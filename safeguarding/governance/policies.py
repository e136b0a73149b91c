"""What the state of a review or a sampling audit allows, and who may not review."""

from safeguarding.agencies.models import User
from safeguarding.errors import Conflict, Refused
from safeguarding.governance.enums import ReviewStatus, SampleStatus
from safeguarding.governance.models import Sample, SampleItem, UnusualAccess


def check_can_review(row: UnusualAccess, *, by: User) -> None:
    """Once, by a lead who is not the person (AUD-06)."""
    if row.person_id == by.pk:
        raise Refused(
            "This is about your own access. Nothing was saved. Another information-governance lead reviews it."
        )
    if row.status != ReviewStatus.OPEN:
        raise Conflict(f"{row.ref} has been reviewed already. Nothing of yours was saved.")


def check_can_record(sample: Sample) -> None:
    """As long as the audit is open (AUD-05)."""
    if sample.status != SampleStatus.OPEN:
        raise Conflict(f"The sampling audit {sample.ref} is closed. Nothing was changed.")


def check_can_close(sample: Sample, *, left: int) -> None:
    """When every drawn record was looked at (AUD-05)."""
    check_can_record(sample)
    if left:
        records = "record has" if left == 1 else "records have"
        raise Refused(f"{left} {records} no result yet. Nothing was closed. Record a result for each first.")


def can_close(sample: Sample, items: list[SampleItem]) -> bool:
    return sample.status == SampleStatus.OPEN and all(item.result for item in items)
