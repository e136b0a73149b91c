"""What stands in the house of answers: what a setting does about an alert, what is asked about items, what partners hold."""

from agreements.models import Correction, CorrectionNotice, Draft
from alerts.models import Action, Ask, HeldItem, InformationRequest, Package, PackageItem, ReferralDraft, Response
from safeguarding.agencies.models import Membership
from tests.access.plan import DAY, NOW, House


def responses(house: House) -> None:
    """An answer to each alert that left, with an action; some are a colleague's who sees nothing else of it."""
    alerts = [alert for alert in house.rows["alerts.Alert"] if alert.sent_at is not None]
    owners = [house.people[name] for name in ("tutor_here", "leaver_here", "shut_granted", "dsl_here")]
    by = house.people["dsl_here"]
    for each in house.rows["alerts.Exclusion"]:
        if each.alert_id:
            part = {"partnership": each.partnership, "controller": each.agency, "alert": each.alert}
            task = {"kind": "monitor", "note": "CANARY", "due_on": NOW.date(), "set_by": by}
            house.keep(Action.objects.create(owner=each.user, **task, **part))
    for n, alert in enumerate(alerts):
        part = {"partnership": alert.partnership, "controller": alert.setting}
        house.keep(Response.objects.create(alert=alert, known="CANARY", **part))
        owner = owners[n % len(owners)]
        house.keep(
            Action.objects.create(
                alert=alert, kind="monitor", note="CANARY", owner=owner, due_on=NOW.date(), set_by=by, **part
            )
        )


def own_work(house: House) -> None:
    """For somebody in each role, at the agency where they have it: a draft of a decision and of a referral, and an action about
    an alert that is not addressed to the role."""
    addressed_to_dsl, to_others = house.rows["alerts.Alert"][:2]
    holders: dict[str, Membership] = {}
    for person in house.people.values():
        held = list(Membership.objects.filter(user=person, ended_at=None).select_related("agency"))
        if len(held) == 1 and person.is_active:
            holders.setdefault(held[0].role, held[0])
    for role, held in holders.items():
        alert = to_others if role == "dsl" else addressed_to_dsl
        house.keep(
            Action.objects.create(
                alert=alert, kind="monitor", note="CANARY", owner=held.user, due_on=NOW.date(), set_by=held.user,
                partnership=alert.partnership, controller=held.agency,
            )
        )  # fmt: skip
        begun = {"partnership": alert.partnership, "controller": held.agency}
        house.keep(Draft.objects.create(writer=held.user, answers={"reason": "CANARY"}, about="A-0000-0009", **begun))
        hubs = {"partnership": alert.partnership, "controller": alert.controller, "source": held.agency}
        house.keep(ReferralDraft.objects.create(user=held.user, content={"you": "CANARY"}, **hubs))


def corrections(house: House) -> None:
    """A question about every alert that was sent, one about something else, and what was told of the answers."""
    sent = [alert for alert in house.rows["alerts.Alert"] if alert.audience]
    asked = [(alert, alert.setting, None) for alert in sent] + [(None, sent[0].setting, sent[0].setting)]
    shut = [each.alert for each in house.rows["alerts.Exclusion"] if each.alert_id]
    asked += [(alert, alert.setting, alert.setting) for alert in shut]
    asked += [(None, sent[0].setting, sent[0].controller)]  # of what the hub said itself
    for number, (alert, setting, open_to) in enumerate(asked):
        of = alert or sent[0]
        common = {
            "partnership": of.partnership, "controller": of.controller, "subject_ref": f"A-0000-{number:04}",
            "alert": alert, "open_to": open_to, "item": "adults_names", "originator": of.notification.source,
        }  # fmt: skip
        correction = house.keep(
            Correction.objects.create(
                question="CANARY question", asked_by=house.people["dsl_here"], asked_at_agency=setting, **common
            )
        )
        house.keep(
            CorrectionNotice.objects.create(
                correction=correction, agency=setting, outcome="declined", words="CANARY words", **common
            )
        )


def requests(house: House) -> None:
    """The hub asks council and school about two children, one of whom somebody is shut out of; answers and packages."""
    people = house.people
    desk_at = next(m.agency for m in Membership.objects.filter(user=people["desk_here"]))
    school = next(m.agency for m in Membership.objects.filter(user=people["dsl_here"]))
    for child in house.rows["children.Child"]:
        if child.controller != Membership.objects.get(user=people["officer_here"]).agency:
            continue
        part = {"partnership": child.partnership, "child": child}
        hubs = {**part, "controller": child.controller}
        asked = house.keep(
            InformationRequest.objects.create(
                question="CANARY", due_at=NOW + DAY, asked_by=people["officer_here"], **hubs
            )
        )
        named = {"child_given_name": "CANARY", "child_family_name": "CANARY"}
        package = house.keep(
            Package.objects.create(
                request=asked, summary="CANARY", marking="OFFICIAL", composed_by=people["manager_here"], **named, **hubs
            )
        )
        sent = house.keep(
            Package.objects.create(
                request=asked, summary="CANARY", marking="OFFICIAL", composed_by=people["manager_here"], state="sent",
                settled_by=people["manager_here"], sent_to=desk_at, **named, **hubs,
            )
        )  # fmt: skip
        for agency, hub in ((desk_at, child.controller), (school, None)):
            ask = house.keep(
                Ask.objects.create(
                    request=asked, agency=agency, question="CANARY", decision_ref="D-0000-0000", marking="OFFICIAL",
                    due_at=NOW + DAY, **named, **hubs,
                )
            )  # fmt: skip
            shared = {"nature": "fact", "currency": "current", "originator": agency.name, "marking": "OFFICIAL"}
            item = house.keep(
                HeldItem.objects.create(
                    ask=ask, controller=agency, hub=hub, position=1, text="CANARY", given_by=people["desk_here"],
                    **shared, **part,
                )
            )  # fmt: skip
            for each in (package, sent):
                house.keep(
                    PackageItem.objects.create(
                        package=each, item=item, text="CANARY", sent_to=each.sent_to, **shared, **hubs
                    )
                )
