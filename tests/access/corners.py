"""What stands in the corners of a house: bodies that have left, posts that are over, and what has all but been purged."""

from django.contrib.auth.models import Permission

from alerts.models import (
    Alert,
    AlertGrant,
    ChildMove,
    EntryGrant,
    MatchCandidate,
    MissingEpisode,
    NotificationChild,
)
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, PartnershipAgency, User
from safeguarding.children.models import Child
from tests.access.plan import DAY, NOW, House, resident
from tests.factories import AgencyFactory, AlertFactory, MembershipFactory, World


def furnish(house: House) -> None:
    left = _bodies_that_left(house)
    _posts_that_open_nothing(house, left)
    _named_in_one_place(house)
    _known_elsewhere(house)
    _purged(house)


def _bodies_that_left(house: House) -> Agency:
    """A school that left after it was told of a child, and one that is closed: nothing is shared there, nor by a hub's role."""
    world, hats = house.worlds[0], house.people["two_hats_here"]
    left = AgencyFactory(partnership=world.partnership)
    PartnershipAgency.objects.filter(agency=left).update(left_on=NOW.date())
    closed = AgencyFactory(partnership=world.partnership, is_active=False)
    for agency in (left, closed):
        MembershipFactory(user=hats, agency=agency, role=Role.SETTING_STAFF)
    house.people["left_behind"] = resident(left, Role.MASH_OFFICER)
    child = house.keep(world.child())
    house.keep(
        AlertFactory(
            partnership=world.partnership, controller=world.mash, setting=left, child=child,
            notification=house.rows["alerts.Notification"][0], audience=AUDIENCE_BITS["dsl"],
        )
    )  # fmt: skip
    return left


def _posts_that_open_nothing(house: House, left: Agency) -> None:
    """Let in by name: a system, somebody whose cleared post is over, and somebody who is cleared elsewhere alone."""
    world, people, first = house.worlds[0], house.people, house.rows["alerts.Alert"][0]
    MembershipFactory(
        user=people["half_trained_here"], agency=world.school, role=Role.SETTING_STAFF, started_at=NOW - DAY,
        ended_at=NOW - DAY / 2,
    )  # fmt: skip
    # was head, is not cleared as DSL, and opens as deputy alone what is opened in an emergency
    hats = people["changed_hats"] = resident(world.school, Role.HEAD, started_at=NOW - DAY, ended_at=NOW - DAY / 2)
    for role in (Role.DSL, Role.DEPUTY_DSL):
        MembershipFactory(user=hats, agency=world.school, role=role)
    MembershipFactory(user=people["granted_untrained"], agency=left, role=Role.SETTING_STAFF)
    _let_in(house, first, people["half_trained_here"], world.school, people["dsl_here"])
    _let_in(house, first, people["system_here"], world.police, people["officer_here"])
    # and by the hub somebody for whom it opens an alert
    _let_in(house, house.rows["alerts.Alert"][3], people["coordinator_here"], world.council, people["officer_here"])
    # an entry of another setting's file: nobody at this one ends what never opened it
    mine = {file.pk for file in house.rows["alerts.SafeguardingFile"] if file.controller == world.other_school}
    entry = next(each for each in house.rows["alerts.FileEntry"] if each.file_id in mine)
    house.keep(
        EntryGrant.objects.create(
            user=people["withdrawn"], agency=world.school, content_object=entry, reason="key worker", expires_at=NOW + DAY,
            permission=Permission.objects.get(codename="view_fileentry"), granted_by=people["dsl_here"], withdrawn_at=NOW,
        )
    )  # fmt: skip


def _let_in(house: House, alert: Alert, person: User, agency: Agency, by: User) -> None:
    house.keep(
        AlertGrant.objects.create(
            user=person, agency=agency, content_object=alert, reason="key worker", granted_by=by, expires_at=NOW + DAY,
            permission=Permission.objects.get(codename="view_alert"),
        )
    )  # fmt: skip


def _named_in_one_place(house: House) -> None:
    """A child from whom somebody is shut out, missing by a notification that names it nowhere else, and taken up from elsewhere."""
    (here, there), child = house.worlds, house.rows["children.Child"][0]
    named = {"partnership": here.partnership, "controller": here.mash, "given_name": "CANARY", "family_name": "CANARY"}
    house.keep(
        MissingEpisode.objects.create(
            notification=house.rows["alerts.Notification"][1], child=child, source=here.police, council=here.council,
            missing_since=NOW - DAY, **named,
        )
    )  # fmt: skip
    house.keep(
        ChildMove.objects.create(
            partnership=there.partnership, controller=there.mash, child=_any_child(house, there), child_given_name="CANARY",
            child_family_name="CANARY", reason="home", left_on=NOW.date(), state="taken_up", taken_as=child,
            to_partnership=here.partnership, to_hub=here.mash, decided_by=there.manager,
        )
    )  # fmt: skip


def _known_elsewhere(house: House) -> None:
    """A child of one hub whom another hub has joined a record of its own to, and named in what is its own."""
    here, there = house.worlds
    child = [
        each.merged_into for each in house.rows["children.Child"] if each.merged_into and each.controller == here.mash
    ][-1]
    part = {"partnership": there.partnership, "controller": there.mash}
    house.keep(there.child(merged_into=child))
    notification = house.keep(there.notification(status="sent"))
    house.keep(
        NotificationChild.objects.create(
            notification=notification, position=0, match="exact", state="settled", child=child, setting=there.school, **part
        )
    )  # fmt: skip
    addressed = {"setting": there.school, "audience": AUDIENCE_BITS["dsl"]}
    house.keep(AlertFactory(notification=notification, child=child, **addressed, **part))


def _purged(house: House) -> None:
    """What keeps the words of the police, one by one: an alert that has not left, a child that waits; and two that nothing keeps."""
    world = house.worlds[1]
    part = {"partnership": world.partnership, "controller": world.mash}
    child = _any_child(house, world)
    for status, state, sent in (
        ("sent", "settled", False),
        ("sent", "waiting", True),
        ("closed", "waiting", True),
        ("sent", "settled", True),
    ):
        notification = house.keep(world.notification(status=status))
        to = {"child": child, "setting": world.school} if state == "settled" else {"waiting_for": "match"}
        taken_in = house.keep(
            NotificationChild.objects.create(
                notification=notification, position=0, match="exact" if state == "settled" else "new", state=state, **to, **part
            )
        )  # fmt: skip
        house.keep(MatchCandidate.objects.create(notification_child=taken_in, child=child, score=70, **part))
        on_its_way = (
            {"audience": AUDIENCE_BITS["dsl"]} if sent else {"audience": 0, "status": "queued", "sent_at": None}
        )
        house.keep(AlertFactory(setting=world.school, notification=notification, child=child, **on_its_way, **part))


def _any_child(house: House, world: World) -> Child:
    return next(each for each in house.rows["children.Child"] if each.controller_id == world.mash.pk)
