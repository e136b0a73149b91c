"""The words that access/rules.py is written in: ways in, bars, and the two kinds of table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Handles:
    """A role of the reader's handles this kind of record at the agency named in `column` (NTK-02)."""

    kind: str
    column: str = "controller_id"


@dataclass(frozen=True)
class Addressed:
    """The alert is addressed to a role that the reader holds at the setting (ALR-04)."""

    column: str = "setting_id"
    audience: str = "audience"


@dataclass(frozen=True)
class Granted:
    """An unexpired, unwithdrawn grant of this model names the reader (NTK-03)."""

    model: str = "alerts.AlertGrant"
    column: str = "id"


@dataclass(frozen=True)
class Mine:
    """The row is about the reader."""

    column: str = "user_id"


@dataclass(frozen=True)
class MineAt:
    """The reader wrote the row, and a role of theirs still handles `kind` at the agency in `column` (NTK-07)."""

    kind: str
    user: str
    column: str = "controller_id"


@dataclass(frozen=True)
class OfGuest:
    """The row is of the guest whose link and code opened this very page, and of nobody else's (MSH-05)."""

    column: str = "guest_id"


@dataclass(frozen=True)
class Colleague:
    """The row is about somebody at an agency where a role of the reader's handles `kind` (NTK-06, NTK-07)."""

    kind: str
    column: str = "user_id"


@dataclass(frozen=True)
class Service:
    """One of these named services acts; each does one thing and is named in the audit."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class SeesAlert:
    """The row speaks of an alert that the reader may see (NTK-08)."""

    column: str


@dataclass(frozen=True)
class AnswersAlert:
    """The row speaks of an alert addressed to a role of the reader's; who was let see it by name is not meant (ALR-12)."""

    column: str


@dataclass(frozen=True)
class Told:
    """The row was disclosed to the reader by name: it runs, was not withdrawn, and they still work there (ALR-13)."""


@dataclass(frozen=True)
class WorksOn:
    """The row speaks of a notification that a role of the reader's handles (MSH-01); its sender is not meant."""

    column: str


@dataclass(frozen=True)
class LetsIn:
    """The row is a grant that the writer may give now, in the writer's own name; `record` is what it opens (NTK-03)."""

    record: str


@dataclass(frozen=True)
class MayLetIn:
    """The row is a grant of a record that the writer may share with that agency now (NTK-03)."""

    record: str


@dataclass(frozen=True)
class ShutsOut:
    """The row is an exclusion that the writer may make now, in the writer's own name (NTK-04, MRC-18)."""


@dataclass(frozen=True)
class BreaksGlass:
    """The row opens a record to its writer that the partnership lets this role open in an emergency (NTK-05)."""


@dataclass(frozen=True)
class Reviews:
    """A role of the reader's handles this kind at the agency in `column`, and the row is not their own (NTK-05)."""

    kind: str
    column: str


@dataclass(frozen=True)
class Invited:
    """A live invitation to the strategy discussion in `column` names the reader (STR-01).

    `agency`: the row belongs to an agency, and only its own invited people are meant. `by`: and it is the reader's own.
    `to_record`: the record was sent to them (STR-02).
    """

    column: str = "id"
    agency: str = ""
    by: str = ""
    to_record: bool = False


@dataclass(frozen=True)
class SeesDiscussion:
    """The row speaks of a strategy discussion that the reader may see (STR-01)."""

    column: str


@dataclass(frozen=True)
class AsksForDiscussion:
    """The row asks a local authority of the partnership for a strategy discussion, in the writer's own name (STR-01)."""


Clause = (
    Handles | Addressed | Granted | Mine | MineAt | OfGuest | Colleague | Service | SeesAlert | AnswersAlert | Told | WorksOn
    | LetsIn | MayLetIn | ShutsOut | BreaksGlass | Reviews
    | Invited | SeesDiscussion | AsksForDiscussion
)  # fmt: skip


@dataclass(frozen=True)
class Shut:
    """The row speaks of something that the reader is shut out from; beats every way in (NTK-04, MRC-18).

    `what`: children, alerts, notifications, notification_children (the children named in a notification), files (of a
    child at a setting), file_entries, or referrals.
    """

    what: str
    column: str


@dataclass(frozen=True)
class AboutMe:
    """The row decides over the reader, who must not learn of it (MRC-18)."""

    column: str = "user_id"


@dataclass(frozen=True)
class ShutSubject:
    """The row's generic subject is a child, or an exclusion, that the reader must not learn of (MRC-18)."""

    kind: str = "content_type_id"
    column: str = "object_id"


Bar = Shut | AboutMe | ShutSubject


@dataclass(frozen=True)
class Walled:
    """A table with case data: row-level security, and no DELETE for the app role.

    `shut` bars rows whatever the clauses say, but for those that `own` names the reader as the doer of.
    `columns`: the only ones that may change, where a row is history otherwise.
    """

    read: tuple[Clause, ...]
    add: tuple[Clause, ...] = ()
    change: tuple[Clause, ...] = ()
    shut: tuple[Bar, ...] = ()
    own: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Open:
    """A table without case data, and why it needs no wall."""

    why: str
    delete: bool = False
    write: bool = True
    change: bool = True
