"""What the oracle says of strategy discussions: STR-01, STR-02, STR-07 (oracle.py)."""

import datetime as dt
from typing import Any

from django.utils import timezone

from safeguarding.agencies.models import User
from tests.access.oracle_words import (
    CARE,
    CARE_MANAGER,
    HUB,
)


class Strategy:
    # -- strategy discussions: STR-01, STR-02, STR-07

    def _is_authoritys(self, person: User, row: Any, roles: set[str] = CARE) -> bool:
        return bool(self._for_content(person, row.controller_id) & roles)

    def _invitations(self, person: User, discussion_id: int) -> list[Any]:
        """NTK-03: they name the person, run, were not withdrawn, and the person still works where they found them."""
        return [
            i
            for i in self.house.rows["alerts.DiscussionInvitation"]
            if i.content_object_id == discussion_id
            and i.user_id == person.pk
            and i.withdrawn_at is None
            and i.expires_at > timezone.now()
            and person.is_active
            and self._for_content(person, i.agency_id)
        ]

    def _has_record(self, person: User, row: Any) -> set[int]:
        """For which agencies the record of this discussion was sent to the person."""
        return {i.agency_id for i in self._invitations(person, row.discussion_id) if i.record_sent_at}

    def _sees_strategy(self, person: User, label: str, row: Any) -> bool:
        match label:
            case "alerts.StrategyDiscussion":
                return (
                    self._is_authoritys(person, row)
                    or bool(self._for_content(person, row.asked_at_id) & HUB)
                    or bool(self._invitations(person, row.pk))
                )
            case "alerts.ConcernedChild":
                return self.sees(person, "alerts.StrategyDiscussion", self._discussion(row.discussion_id))
            case "alerts.DiscussionInvitation":
                return row.user_id == person.pk or self.sees(
                    person, "alerts.StrategyDiscussion", self._discussion(row.content_object_id)
                )
            case "alerts.Dissent":
                mine = {i.agency_id for i in self._invitations(person, row.discussion_id)}
                return self._is_authoritys(person, row) or row.agency_id in mine
        return self._is_authoritys(person, row) or bool(self._has_record(person, row))

    def _discussion(self, pk: int) -> Any:
        return self._row("alerts.StrategyDiscussion", pk)

    def _adds_strategy(self, who: User, label: str, row: Any) -> bool:
        match label:
            case "alerts.StrategyDiscussion":
                at_home = row.asked_at_id == row.controller_id and self._is_authoritys(who, row)
                hub = bool(self._for_content(who, row.asked_at_id) & HUB)
                asks = at_home or (hub and self._is_of(row.asked_at_id, row.partnership_id))
                council = any(
                    each.agency_id == row.controller_id and each.agency.kind == "council"
                    for each in self.house.bodies[row.partnership_id]
                )
                return row.requested_by_id == who.pk and asks and council
            case "alerts.ConcernedChild":
                return self._is_authoritys(who, row) or bool(self._for_content(who, row.asked_at_id) & HUB)
            case "alerts.DiscussionInvitation":
                return self._may_invite(who, row)
            case "alerts.Dissent":
                mine = {i.agency_id for i in self._invitations(who, row.discussion_id)}
                return row.raised_by_id == who.pk and row.agency_id in mine
        return self._is_authoritys(who, row, CARE_MANAGER)

    def _may_invite(self, who: User, row: Any) -> bool:
        """The authority invites whom it needs; who sends a deputy, a colleague. Nobody who is shut out (MRC-18)."""
        bearer = next(person for person in self.house.people.values() if person.pk == row.user_id)
        discussion = self._discussion(row.content_object_id)
        sends = [
            i for i in self._invitations(who, discussion.pk) if i.state == "deputy" and i.agency_id == row.agency_id
        ]
        convenes = self._is_authoritys(who, discussion) and self._is_of(row.agency_id, discussion.partnership_id)
        return (
            row.granted_by_id == who.pk != row.user_id
            and row.break_glass_id is None
            and row.expires_at <= timezone.now() + dt.timedelta(days=366)
            and self._works_at(bearer, row.agency_id)
            and not self._shut_from_discussion(bearer, discussion.pk)
            and not self._shut_from_discussion(who, discussion.pk)
            and (convenes or bool(sends))
        )

    def _changes_strategy(self, who: User, label: str, row: Any) -> bool:
        match label:
            case "alerts.StrategyDiscussion":
                return self._is_authoritys(who, row)
            case "alerts.DiscussionInvitation":
                return self._is_authoritys(who, self._discussion(row.content_object_id))
            case "alerts.DiscussionRecord":
                return self._is_authoritys(who, row, CARE_MANAGER)
            case "alerts.DiscussionAction":
                return self._is_authoritys(who, row) or row.agency_id in self._has_record(who, row)
            case "alerts.Dissent":
                mine = {i.agency_id for i in self._invitations(who, row.discussion_id)}
                return self._is_authoritys(who, row, CARE_MANAGER) or (
                    row.raised_by_id == who.pk and row.agency_id in mine
                )
        return False

    def _shut_from_discussion(self, person: User, discussion_id: int) -> bool:
        """By a child whom it is about, or by the notification that it came from."""
        about = [c for c in self.house.rows["alerts.ConcernedChild"] if c.discussion_id == discussion_id]
        return self._shut_from_notification(person, self._discussion(discussion_id).notification_id) or any(
            self._shut_from_child(person, c.child_id) for c in about
        )
