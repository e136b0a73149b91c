"""What stands in the house of strategy discussions: asked for, invited to, disagreed with; and missing episodes (STR-01 to STR-07)."""

from typing import Any

from django.contrib.auth.models import Permission

from alerts.models import (
    Alert,
    ConcernedChild,
    DiscussionAction,
    DiscussionInvitation,
    DiscussionRecord,
    Dissent,
    MissingEpisode,
    StrategyDiscussion,
)
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import (
    Agency,
    Membership,
    User,
)
from safeguarding.children.models import Child
from tests.access.openings import shut_out
from tests.access.plan import DAY, NOW, House, resident
from tests.factories import MembershipFactory


def strategy(house: House, side: str) -> None:
    """A discussion that the hub asked for about a notification, one by hand, and a missing episode of each."""
    manager, officer = house.people[f"care_manager_{side}"], house.people[f"officer_{side}"]
    council, hub = (Membership.objects.get(user=person).agency for person in (manager, officer))
    alerts = [alert for alert in house.rows["alerts.Alert"] if alert.controller_id == hub.pk]
    part = {"partnership": alerts[0].partnership, "controller": council}
    for alert, asked_at, by in ((alerts[0], hub, officer), (alerts[-1], council, manager)):
        discussion = house.keep(
            StrategyDiscussion.objects.create(
                asked_at=asked_at, requested_by=by, origin="by_hand", state="sent", reason="CANARY reason", chair=manager, told="told",
                notification=alert.notification if by is officer else None, referred_on=NOW.date(), inquiry="running",
                held_at=NOW, record_due_at=NOW, record_sent_at=NOW, **part,
            )
        )  # fmt: skip
        house.keep(
            ConcernedChild.objects.create(
                discussion=discussion, asked_at=asked_at, child=alert.child, position=0, given_name="CANARY",
                family_name="CANARY", **part,
            )
        )  # fmt: skip
        house.keep(
            DiscussionRecord.objects.create(
                discussion=discussion, inquiry_starts=True, investigation=False, decisions={}, minutes="CANARY minutes",
                written_by=manager, **part,
            )
        )  # fmt: skip
        for agency in (council, alert.setting, alert.notification.source):
            house.keep(
                DiscussionAction.objects.create(
                    discussion=discussion, agency=agency, what="CANARY action", due_on=NOW.date(), **part
                )
            )
        house.keep(
            MissingEpisode.objects.create(
                notification=alert.notification, child=alert.child, source=alert.notification.source, council=council,
                given_name="CANARY", family_name="CANARY", missing_since=NOW - DAY, partnership=part["partnership"], controller=hub,
            )
        )  # fmt: skip
    if side == "here":
        for child in [each.child for each in house.rows["alerts.Exclusion"] if each.child_id]:
            _by_hand(house, child, hub, officer, part)
        _invited(house, alerts[0])


def _by_hand(house: House, child: Child, hub: Agency, officer: User, part: dict[str, Any]) -> None:
    """Asked for by the hub, of no notification, about a child from whom somebody there is shut out (MRC-18)."""
    discussion = house.keep(
        StrategyDiscussion.objects.create(
            asked_at=hub, requested_by=officer, origin="by_hand", reason="CANARY", told="told", referred_on=NOW.date(), **part
        )
    )  # fmt: skip
    named = {"given_name": "CANARY", "family_name": "CANARY"}
    house.keep(
        ConcernedChild.objects.create(discussion=discussion, asked_at=hub, child=child, position=0, **named, **part)
    )


def _invited(house: House, alert: Alert) -> None:
    """Who can come to the discussion of the notification: good ways in, and every kind that opens nothing."""
    discussion = house.rows["alerts.StrategyDiscussion"][0]
    police, school, manager = alert.notification.source, alert.setting, house.people["care_manager_here"]
    deputy = {"record_sent_at": NOW, "state": "deputy"}  # who may send somebody in their stead
    for name, (agency, role, fields) in {
        "invited": (police, Role.PRACTITIONER, {"record_sent_at": NOW}),
        "invited_no_record": (school, Role.SETTING_STAFF, {}),
        "invited_withdrawn": (police, Role.PRACTITIONER, {**deputy, "withdrawn_at": NOW}),
        "invited_expired": (police, Role.PRACTITIONER, {**deputy, "expires_at": NOW - DAY / 2}),
        "invited_leaver": (police, Role.PRACTITIONER, {**deputy}),
        "invited_inactive": (police, Role.PRACTITIONER, {"record_sent_at": NOW}),
        "invited_untrained": (police, Role.PRACTITIONER, {**deputy}),
        "invited_shut": (police, Role.PRACTITIONER, {**deputy}),
        "sends_deputy": (school, Role.SETTING_STAFF, {**deputy}),
        "deputy_sent": (school, Role.SETTING_STAFF, {"granted_by": "sends_deputy"}),
    }.items():
        left = {"started_at": NOW - DAY, "ended_at": NOW - DAY / 2} if name == "invited_leaver" else {}
        person = house.people[name] = resident(agency, role, user__is_active=name != "invited_inactive", **left)
        by = house.people[fields.pop("granted_by")] if "granted_by" in fields else manager
        house.keep(
            DiscussionInvitation.objects.create(
                user=person, agency=agency, content_object=discussion, reason="police", capacity="police", can_decide=True,
                granted_by=by,
                permission=Permission.objects.get(codename="view_strategydiscussion"), granted_at=NOW - 2 * DAY,
                **{"expires_at": NOW + DAY, **fields},
            )
        )  # fmt: skip
    # of another agency nobody is sent by who was invited for this one
    MembershipFactory(user=house.people["sends_deputy"], agency=house.worlds[0].other_school, role=Role.SETTING_STAFF)
    raised = [(discussion, house.people[name]) for name in ("invited", "invited_no_record", "invited_withdrawn")]
    # and of another, from which nobody at the authority is shut out
    for of, person in (*raised, (house.rows["alerts.StrategyDiscussion"][1], manager)):
        house.keep(
            Dissent.objects.create(
                discussion=of, agency=Membership.objects.get(user=person).agency, raised_by=person, kind="disagrees",
                reason="CANARY reason", partnership=of.partnership, controller=of.controller,
            )
        )  # fmt: skip
    worker = house.people["shut_social_worker"] = resident(discussion.controller, Role.SOCIAL_WORKER)
    MembershipFactory(user=worker, agency=discussion.controller, role=Role.IG_LEAD)
    other = house.people["shut_from_the_case"] = resident(discussion.controller, Role.SOCIAL_WORKER)
    MembershipFactory(user=other, agency=discussion.controller, role=Role.IG_LEAD)
    for person, about in (
        (house.people["invited_shut"], {"child": alert.child}),
        (worker, {"child": alert.child}),
        (other, {"notification": alert.notification}),
    ):
        shut_out(house, person, alert.controller, house.people["manager_here"], alert, **about)
