"""What the oracle says of the files of a setting, who is lent one, and their moves: ALR-15, ALR-16, ALR-28, MSH-09 (oracle.py)."""

import datetime as dt
from typing import Any

from django.utils import timezone

from safeguarding.agencies.models import User
from tests.access.oracle_words import (
    HUB,
    IN_A_FILE,
    KEEP_FILES,
    LENT,
)


class Files:
    # -- ALR-15, ALR-16: DSL, deputy and head keep the files of their setting, others read by name, one file or one entry

    def _keeps_files_at(self, person: User, agency_id: int) -> bool:
        return bool(self._for_content(person, agency_id) & KEEP_FILES)

    def _reads_of_a_file(self, person: User, label: str, row: Any) -> bool:
        if label in LENT:
            return row.user_id == person.pk or self._keeps_files_at(person, row.agency_id)
        if self._keeps_files_at(person, row.controller_id):
            return True
        if label == "alerts.FileEntry" and self._named(person, "alerts.EntryGrant", row):
            return True
        if label == "alerts.FileLink":
            return False  # a brother's file is none of a colleague's business who was let read one
        whole = row if label == "alerts.SafeguardingFile" else self._row("alerts.SafeguardingFile", row.file_id)
        return self._named(person, "alerts.FileGrant", whole)

    def _shut_from_file(self, person: User, file_id: int) -> bool:
        """NTK-04: shut out of the child, or of an alert about it to this setting, whatever the exclusion names."""
        file = self._row("alerts.SafeguardingFile", file_id)
        joined = {child.pk: child.merged_into_id or child.pk for child in self.house.rows["children.Child"]}
        about = [
            alert
            for alert in self.house.rows["alerts.Alert"]
            if alert.setting_id == file.controller_id and joined[alert.child_id] == joined[file.child_id]
        ]
        return self._shut_from_child(person, file.child_id) or any(
            self._shut_from_alert(person, alert.pk) for alert in about
        )

    def _shut_from_files_of(self, person: User, label: str, row: Any) -> bool:
        match label:
            case "alerts.SafeguardingFile":
                return self._shut_from_file(person, row.pk)
            case "alerts.FileLink":
                return self._shut_from_file(person, row.first_id) or self._shut_from_file(person, row.second_id)
            case "alerts.FileGrant":
                return self._shut_from_file(person, row.content_object_id)
            case "alerts.EntryGrant":
                entry = self._row("alerts.FileEntry", row.content_object_id)
                return self._shut_from_file(person, entry.file_id)
        return self._shut_from_file(person, row.file_id)

    def _adds_to_a_file(self, who: User, label: str, row: Any) -> bool:
        if label in LENT:
            return row.granted_by_id == who.pk and self._may_lend(who, label, row)
        return label in IN_A_FILE and self._keeps_files_at(who, row.controller_id)

    def _may_lend(self, who: User, label: str, row: Any, new: bool = True) -> bool:
        """DSL and head, to somebody who works at the setting and is not shut out themselves; nobody to themselves."""
        bearer = next(person for person in self.house.people.values() if person.pk == row.user_id)
        of = self._row(LENT[label], row.content_object_id)
        mine = of.controller_id == row.agency_id and bool(self._for_content(who, row.agency_id) & {"dsl", "head"})
        if not new:
            return mine
        lent = self._works_at(bearer, row.agency_id) and self._ends_in_time(row, of) and row.break_glass_id is None
        return mine and lent and bearer.pk != who.pk and not self._shut_from_files_of(bearer, label, row)

    def _works_at(self, person: User, agency_id: int) -> bool:
        """NTK-03: a person, no system of the agency's."""
        return bool(self._roles_at(person, agency_id)) and not person.is_integration

    def _ends_in_time(self, grant: Any, of: Any) -> bool:
        """NTK-03: no way in by name lasts longer than the partnership says."""
        return grant.expires_at <= timezone.now() + dt.timedelta(days=of.partnership.grant_days)

    def _is_of(self, agency_id: int, partnership_id: int) -> bool:
        return any(each.agency_id == agency_id for each in self.house.bodies[partnership_id])

    def _changes_a_file(self, who: User, label: str, row: Any) -> bool:
        if label in LENT:
            return self._may_lend(who, label, row, new=False)
        return label != "alerts.FileEntry" and self._keeps_files_at(who, row.controller_id)

    # -- ALR-28, MSH-09: both ends of a transfer, and both hubs of a child who moves

    def _is_at_an_end(self, person: User, label: str, row: Any) -> bool:
        if label == "alerts.Transfer":
            ends = (row.controller_id, row.recipient_id)
            return any(end is not None and self._keeps_files_at(person, end) for end in ends)
        return any(
            hub is not None and bool(self._for_content(person, hub) & HUB) for hub in (row.controller_id, row.to_hub_id)
        )

    def _begins_a_move(self, person: User, label: str, row: Any) -> bool:
        return (
            self._keeps_files_at(person, row.controller_id)
            if label == "alerts.Transfer"
            else self._is_hubs(person, row)
        )

    def _shut_from_move(self, person: User, label: str, row: Any) -> bool:
        """By the child, on either side (NTK-04)."""
        if label == "alerts.Transfer":
            files = (row.file_id, row.received_file_id)
            return any(self._shut_from_file(person, file) for file in files if file is not None)
        return self._shut_from_child(person, row.child_id) or self._shut_from_child(person, row.taken_as_id)
