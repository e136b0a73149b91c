"""What a check of the log found, in words for the one who has to act on it (AUD-03)."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils import dateformat, timezone

MOST_FINDINGS = 1000


def when(moment: dt.datetime) -> str:
    return dateformat.format(timezone.localtime(moment), "j F Y, g:iA").replace("AM", "am").replace("PM", "pm")


@dataclass(frozen=True)
class Finding:
    """`kind` for programs, `words` for people; `seal` is the seal from which on the log is in doubt."""

    kind: str
    words: str
    seal: int
    entry: int | None = None


@dataclass
class Report:
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seals: int = 0
    entries: int = 0
    total: int = 0
    # the last seal before the first that is in doubt
    proven: int = 0
    proven_at: dt.datetime | None = None
    doubtful: set[int] = field(default_factory=set)
    left_off: int = 0

    @property
    def is_whole(self) -> bool:
        return not self.findings

    def find(self, kind: str, words: str, *, seal: int, entry: int | None = None) -> None:
        self.doubtful.add(seal)
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(kind, words, seal, entry))
        else:
            self.left_off += 1

    def kinds(self) -> set[str]:
        return {finding.kind for finding in self.findings}

    def lines(self, most: int = 30) -> list[str]:
        """The report as it is printed."""
        said = [finding.words for finding in self.findings[:most]]
        if (more := len(self.findings) + self.left_off - most) > 0:
            said.append(f"… and {more:,} more.")
        said += self.notes
        checked = f"{self.seals:,} seals with {self.entries:,} entries were checked."
        if self.is_whole:
            return [*said, f"{checked} Nothing was altered, left out, slipped in or cut off."]
        since = (
            f"Everything up to seal {self.proven} of {when(self.proven_at)} is proven."
            if self.proven_at
            else "No part of the log is proven."
        )
        return [*said, checked, since]
