"""Who in the house is let in by name, who is shut out, and who has broken the glass (NTK-03 to NTK-05)."""

from typing import Any

from django.contrib.auth.models import Permission

from alerts.models import (
    Alert,
    AlertGrant,
    BreakGlass,
    Exclusion,
    Notification,
    NotificationGrant,
)
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import (
    Agency,
    Membership,
    Partnership,
    User,
)
from safeguarding.children.models import PossibleDuplicate
from tests.access.plan import DAY, GLASS, NOW, House, resident
from tests.factories import (
    MembershipFactory,
)


def grants(house: House, alert: Alert, notification: Notification) -> None:
    """Of an alert by its DSL to colleagues, of a notification by the hub; a good one, and every kind that opens nothing."""
    school = alert.setting
    for name, fields in {
        "granted": {"expires_at": NOW + DAY},
        "expired": {"expires_at": NOW - DAY},
        "withdrawn": {"expires_at": NOW + DAY, "withdrawn_at": NOW - DAY / 2},
        "granted_inactive": {"expires_at": NOW + DAY},
        "granted_untrained": {"expires_at": NOW + DAY},
        "granted_unacknowledged": {"expires_at": NOW + DAY},
        "granted_leaver": {"expires_at": NOW + DAY},
    }.items():
        left = {"started_at": NOW - DAY, "ended_at": NOW - DAY / 2} if name == "granted_leaver" else {}
        person = resident(school, Role.SETTING_STAFF, user__is_active=name != "granted_inactive", **left)
        house.people[name] = person
        for model, record, giver in (
            (AlertGrant, alert, house.people["dsl_here"]),
            (NotificationGrant, notification, house.people["officer_here"]),
        ):
            house.keep(
                model.objects.create(
                    user=person, agency=school, content_object=record, reason="key worker",
                    permission=Permission.objects.get(codename=f"view_{record._meta.model_name}"),
                    granted_by=giver, granted_at=NOW - 2 * DAY, **fields,
                )
            )  # fmt: skip


def shut_out(house: House, person: User, agency: Agency, by: User, near: Alert, **about: Any) -> None:
    """Of what `about` names; `near`: an alert of the hub that keeps the exclusion."""
    house.keep(
        Exclusion.objects.create(
            user=person, agency=agency, made_by=by, because="family", note="CANARY note", review_on=NOW.date(),
            partnership=near.partnership, controller=near.controller, **about,
        )
    )  # fmt: skip


def _glass(
    house: House, person: User, at: tuple[Agency, str], until: Any, reviewed_at: Agency, **about: Any
) -> BreakGlass:
    """`at`: where, and in which role; `about`: the alert or the notification."""
    [record] = about.values()
    return house.keep(
        BreakGlass.objects.create(
            user=person, agency=at[0], role=at[1], because="danger", reason="CANARY reason", expires_at=until,
            review_agency=reviewed_at, review_due_at=NOW + DAY, partnership=record.partnership,
            controller=record.controller, **about,
        )
    )  # fmt: skip


def _through(house: House, glass: BreakGlass, model: Any, record: Any) -> None:
    """The grant by which somebody looked."""
    house.keep(
        model.objects.create(
            user=glass.user, agency=glass.agency, content_object=record, reason="", granted_by=glass.user,
            permission=Permission.objects.get(codename=f"view_{record._meta.model_name}"),
            expires_at=glass.expires_at, break_glass=glass,
        )
    )  # fmt: skip


def exclusions(house: House) -> None:
    """Somebody of every way in is shut out: of a child, of one alert, of one notification; one was let in again."""
    alerts, notifications = house.rows["alerts.Alert"], house.rows["alerts.Notification"]
    first = alerts[0]
    school, hub = first.setting, first.controller
    dsl, manager = house.people["dsl_here"], house.people["manager_here"]
    shut = {
        # by somebody who might not
        "let_in_again": (
            resident(school, Role.DSL), school, house.people["tutor_here"], {"alert": first, "lifted_at": NOW}
        ),
        "shut_dsl": (resident(school, Role.DSL), school, dsl, {"alert": first}),
        "shut_officer": (resident(hub, Role.MASH_OFFICER), hub, manager, {"child": first.child}),
        "shut_manager": (resident(hub, Role.MASH_MANAGER), hub, manager, {"child": house.rows["children.Child"][0]}),
        "shut_constable": (
            resident(notifications[0].source, Role.POLICE_OFFICER), hub, manager, {"notification": notifications[0]}
        ),
        "shut_ig_lead": (resident(hub, Role.IG_LEAD), hub, manager, {"notification": notifications[1]}),
        "shut_granted": (resident(school, Role.SETTING_STAFF), school, dsl, {"alert": first}),
        # of a child that another may be
        "shut_colleague": (
            resident(hub, Role.MASH_OFFICER), hub, manager, {"child": house.rows["alerts.MatchCandidate"][1].child}
        ),
        "shut_other_dsl": (resident(alerts[4].setting, Role.DSL), hub, manager, {"alert": alerts[4]}),
    }  # fmt: skip
    for name, (person, agency, by, fields) in shut.items():
        house.people[name] = person
        shut_out(house, person, agency, by, first, **fields)
    MembershipFactory(user=house.people["shut_dsl"], agency=alerts[3].setting, role=Role.DEPUTY_DSL)
    # she reads the log of her school, too, and nothing there of what is shut to her
    MembershipFactory(user=house.people["shut_dsl"], agency=school, role=Role.IG_LEAD)
    settled = [each for each in house.rows["alerts.NotificationChild"] if each.child_id]
    again = {"lifted_at": NOW}
    behind = next(each for each in alerts if each.notification_id == notifications[1].pk)
    # of more than one thing, and let in again to a third
    for name, agency, by, fields in (
        ("shut_dsl", school, dsl, {"child": settled[0].child}),
        ("shut_manager", hub, manager, {"alert": alerts[3]}),
        ("shut_officer", hub, manager, {"child": settled[1].child}),
        ("shut_officer", hub, manager, {"child": alerts[6].child, **again}),
        ("shut_officer", hub, manager, {"alert": alerts[5], **again}),
        ("shut_manager", hub, manager, {"notification": notifications[1], **again}),
        ("shut_manager", hub, manager, {"alert": behind, **again}),
        ("shut_ig_lead", hub, manager, {"alert": alerts[5], **again}),
        ("untrained_ig_lead_here", hub, manager, {"child": house.rows["children.Child"][0]}),
    ):
        shut_out(house, house.people[name], agency, by, first, **fields)
    house.keep(
        PossibleDuplicate.objects.create(
            first=house.rows["children.Child"][0],
            second=first.child,
            score=80,
            partnership=first.partnership,
            controller=hub,
        )
    )
    for model, record, giver in ((AlertGrant, first, dsl), (NotificationGrant, first.notification, manager)):
        house.keep(
            model.objects.create(
                user=house.people["shut_granted"], agency=school, content_object=record, reason="key worker",
                permission=Permission.objects.get(codename=f"view_{record._meta.model_name}"), granted_by=giver,
                expires_at=NOW + DAY,
            )
        )  # fmt: skip


def broken_glass(house: House) -> None:
    """A head who opened an alert that the DSL was told of, and whose time has not run out; another, whose time has."""
    Partnership.objects.update(break_glass_minutes=GLASS.total_seconds() // 60)
    Partnership.objects.filter(pk=house.worlds[1].partnership.pk).update(break_glass_roles=["mash_officer"])
    house.glass_roles = dict(Partnership.objects.values_list("pk", "break_glass_roles"))
    alert = house.rows["alerts.Alert"][0]
    ig = Membership.objects.get(user=house.people["hub_ig_lead_here"]).agency
    # an information-governance lead who is the head as well reviews what others opened, never what she opened herself
    both = house.people["both"] = resident(alert.setting, Role.HEAD)
    MembershipFactory(user=both, agency=ig, role=Role.IG_LEAD)
    MembershipFactory(user=both, agency=ig, role=Role.POLICE_OFFICER)
    for name, until in (("head_here", NOW + GLASS / 2), ("both", NOW + 2 * GLASS), ("let_in_again", NOW - DAY)):
        glass = _glass(house, house.people[name], (alert.setting, "head"), until, ig, alert=alert)
        _through(house, glass, AlertGrant, alert)
    _opened_behind_the_shut(house, ig)
    # the only one there who looks after the log of the hub opens one herself: others review it
    lead, over_there = house.people["hub_ig_lead_there"], house.worlds[1]
    MembershipFactory(user=lead, agency=over_there.mash, role=Role.MASH_OFFICER)
    soon, last = NOW + GLASS / 2, house.rows["alerts.Notification"][-1]
    _glass(house, lead, (over_there.mash, "mash_officer"), soon, over_there.council, notification=last)
    # by the other roles that a partnership may name
    notification = house.rows["alerts.Notification"][0]
    hub, setting, people = alert.controller, alert.setting, house.people
    glass = _glass(house, people["officer_here"], (hub, "mash_officer"), soon, ig, notification=notification)
    _through(house, glass, NotificationGrant, notification)
    _glass(house, people["manager_here"], (hub, "mash_manager"), soon, ig, notification=notification)
    _glass(house, people["dsl_here"], (setting, "dsl"), soon, ig, alert=alert)
    _glass(house, people["deputy_here"], (setting, "deputy_dsl"), soon, ig, alert=alert)


def _opened_behind_the_shut(house: House, ig: Agency) -> None:
    """What colleagues opened of the one notification from which a reviewer is shut out: she reviews none of it (NTK-04)."""
    notification = house.rows["alerts.Notification"][1]
    alerts = [each for each in house.rows["alerts.Alert"] if each.notification_id == notification.pk][:1]
    other = house.rows["alerts.Notification"][0]
    for about in ({"notification": notification}, {"notification": other}, *({"alert": alert} for alert in alerts)):
        _glass(house, house.people["both"], (ig, "head"), NOW - DAY, ig, **about)
