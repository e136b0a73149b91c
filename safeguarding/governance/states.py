"""The states of a review and of a sampling audit, and what may follow each."""

from safeguarding.governance.enums import ReviewStatus, SampleStatus

REVIEW = {ReviewStatus.OPEN: {ReviewStatus.CLOSED}, ReviewStatus.CLOSED: set[ReviewStatus]()}
SAMPLE = {SampleStatus.OPEN: {SampleStatus.CLOSED}, SampleStatus.CLOSED: set[SampleStatus]()}
