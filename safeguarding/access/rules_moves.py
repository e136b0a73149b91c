"""The lines of access/rules.py for children who move, and their files: they stand in its one table (ALR-28, MSH-09)."""

from safeguarding.access.vocabulary import Handles, Open, Service, Shut, Walled

DISPATCH = "dispatch"

MOVES: dict[str, Walled | Open] = {
    # a file on its way to where the child goes: of both ends, each by who keeps files there
    "alerts.Transfer": Walled(
        read=(Handles("file"), Handles("file", "recipient_id"), Service((DISPATCH,))),
        add=(Handles("file"), Service((DISPATCH,))),
        change=(Handles("file"), Handles("file", "recipient_id"), Service((DISPATCH,))),
        shut=(Shut("files", "file_id"), Shut("files", "received_file_id")),
        columns=(
            *("state", "sent_at", "sent_by_id", "manifest", "digest"),
            *("ended_at", "ended_by_id", "receipt", "answer", "received_file_id", "chased_on"),
        ),
    ),
    "alerts.TransferLink": Open("credentials, kept as hashes, needed to receive a file as a guest; names no child"),
    "alerts.SettingEnd": Open("that a setting closes or merges, when, and into which; names no child", delete=True),
    # a child who moves to another hub's area: that hub reads it once a person of the first has passed it on
    "alerts.ChildMove": Walled(
        read=(Handles("child"), Handles("child", "to_hub_id"), Service((DISPATCH,))),
        add=(Handles("child"), Service((DISPATCH,))),
        change=(Handles("child"), Handles("child", "to_hub_id"), Service((DISPATCH,))),
        shut=(Shut("children", "child_id"), Shut("children", "taken_as_id")),
        columns=(
            *("state", "to_partnership_id", "to_hub_id", "note", "decided_at", "decided_by_id"),
            *("taken_as_id", "answer", "answered_at", "answered_by_id"),
        ),
    ),
}
