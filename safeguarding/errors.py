"""What can go wrong for a person, as sentences: what happened, what was kept, what to do next."""


class HubError(Exception):
    """Carries a sentence that may be shown; never a name or a value of a record."""

    def __init__(self, sentence: str = ""):
        super().__init__(sentence)
        self.sentence = sentence


class Refused(HubError):
    """The state of the record, or a rule, does not allow it."""


class Conflict(HubError):
    """Somebody else was faster."""


class NotVisible(HubError):
    """Absent or not the reader's: nobody can tell which (NTK-01)."""
