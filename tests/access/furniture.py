"""What stands in the rooms of a house: for each room of the product its rows, of people of every kind (house.py)."""

from typing import Any

from django.contrib.auth.models import Permission

from agreements.models import Consent, Decision, Draft
from alerts.models import (
    AdultConcern,
    ChildMove,
    Conversation,
    Disclosure,
    EntryGrant,
    FileEntry,
    FileGrant,
    FileLink,
    FilePerson,
    FourQuestions,
    GuestReferrer,
    LadoReferral,
    Liaison,
    Pattern,
    Referral,
    ReferralChild,
    ReferralDecision,
    ReferralDraft,
    SafeguardingFile,
    TalkEntry,
    Transfer,
    WeeklyReview,
)
from safeguarding.agencies.models import (
    Membership,
)
from safeguarding.children.models import Child
from tests.access.plan import DAY, NOW, House
from tests.factories import (
    World,
)


def referred(house: House, world: World, number: int) -> None:
    """Referrals and drafts by members of every kind of agency, by who has left, and by two guests; patterns by as many."""
    part = {"partnership": world.partnership, "controller": world.mash}
    mine = [
        (person, membership.agency)
        for name, person in house.people.items()
        if name.rpartition("_")[2] == ("here", "there")[number]
        for membership in Membership.objects.filter(user=person).select_related("agency")[:1]
    ]
    mine.sort(key=lambda pair: pair[0] != house.people.get("leaver_here"))
    for n in range(2):
        guest = GuestReferrer.objects.create(
            name="CANARY guest", email="guest@small.example", link_digest=bytes([number, n]) * 16, expires_at=NOW + DAY,
            partnership=world.partnership, organisation="A small nursery", kind="nursery",
        )  # fmt: skip
        house.guests.append(f"guest:{guest.pk}")
        house.keep(ReferralDraft.objects.create(guest=guest, content={"you": "CANARY"}, **part))
        _referral(house, world, guest=guest)
    for person, agency in mine:
        house.keep(ReferralDraft.objects.create(user=person, source=agency, content={"you": "CANARY"}, **part))
        _referral(house, world, made_by=person, source=agency)
        house.keep(
            Pattern.objects.create(
                made_by=person, source=agency, kind="place", place="CANARY place", what="CANARY what",
                seen_on=NOW.date(), nature="fact", currency="current", **part,
            )
        )  # fmt: skip
    house.keep(
        WeeklyReview.objects.create(
            week=NOW.date(), found="CANARY found", figures={}, reviewed_by=world.manager, **part
        )
    )


def _referral(house: House, world: World, *, child: Child | None = None, **who: Any) -> Referral:
    part = {"partnership": world.partnership, "controller": world.mash}
    referral = house.keep(
        Referral.objects.create(
            source_kind="school", content={"worries": "CANARY"}, consent="given", worry=7, tell_by=NOW + DAY,
            due_at=NOW + DAY, **who, **part,
        )
    )  # fmt: skip
    house.keep(
        ReferralChild.objects.create(
            referral=referral, position=0, match="new", state="settled", child=child or house.rows["children.Child"][-1],
            **part,
        )
    )  # fmt: skip
    house.keep(ReferralChild.objects.create(referral=referral, position=1, match="possible", state="waiting", **part))
    house.keep(
        ReferralDecision.objects.create(
            referral=referral, rag="amber", reason="CANARY reason", decided_by=world.manager, **part
        )
    )
    return referral


def referrals_of_the_shut(house: House) -> None:
    """About a child from whom an officer and a manager are shut out: one of them made it herself (NTK-04)."""
    world = house.worlds[0]
    for exclusion in [each for each in house.rows["alerts.Exclusion"] if each.child_id]:
        agency = Membership.objects.filter(user=exclusion.user).latest("pk").agency
        _referral(house, world, child=exclusion.child, made_by=exclusion.user, source=agency)


def talk(house: House, world: World) -> None:
    """On the newest alerts of both schools: what both sides read and what is one side's own; an adult who works with children."""
    for alert in house.rows["alerts.Alert"][-10:-6]:
        of = {"partnership": world.partnership, "controller": world.mash, "alert": alert}
        lead = world.dsl if alert.setting == world.school else world.other_dsl
        talk = house.keep(Conversation.objects.create(setting=alert.setting, state="settled", opened_by=lead, **of))
        said = {"conversation": talk, "kind": "message", "side": "hub", "agency": world.mash, "author": world.officer}
        for readers in ({"hub": world.mash, "told": alert}, {"hub": world.mash}, {"told": alert}):
            house.keep(TalkEntry.objects.create(text="CANARY", **readers, **said, **of))
        words = {"worries": "CANARY", "works_well": "CANARY", "must_happen": "CANARY", "worry": 7}
        house.keep(
            FourQuestions.objects.create(
                conversation=talk, side="hub", agency=world.mash, professional=world.officer, **words, **of
            )
        )
        house.keep(
            Liaison.objects.create(
                agency=alert.setting, service="early_help", worker="CANARY", team="CANARY", spoke_at=NOW, outcome="knows",
                note="CANARY", recorded_by=lead, **of,
            )
        )  # fmt: skip
        for person, ends in (
            (lead, {"expires_at": NOW + DAY}),
            (world.tutor, {"expires_at": NOW + DAY}),
            (world.deputy, {"expires_at": NOW - DAY}),
            (world.head, {"expires_at": NOW + DAY, "withdrawn_at": NOW}),
        ):
            house.keep(
                Disclosure.objects.create(
                    user=person, agency=alert.setting, content="CANARY", nature="fact", currency="current",
                    originator="The hub", originated_on=NOW.date(), marking="OFFICIAL", decision="D-0000-0000",
                    disclosed_by=world.officer, **ends, **of,
                )
            )  # fmt: skip
        about = {**of, "notification": alert.notification}
        for lado in (None, world.council):
            concern = house.keep(
                AdultConcern.objects.create(
                    adult="CANARY",
                    work="CANARY",
                    told_by=lead,
                    agency=alert.setting,
                    due_at=NOW,
                    lado_agency=lado,
                    **about,
                )
            )
            house.keep(
                LadoReferral.objects.create(
                    concern=concern, threshold="refer" if lado else "below", reasons="CANARY", decided_by=world.manager,
                    lado_agency=lado, **about,
                )
            )  # fmt: skip
    told = {key: value for key, value in about.items() if key != "alert"}
    concern = house.keep(
        AdultConcern.objects.create(
            adult="CANARY", work="CANARY", told_by=world.officer, agency=world.mash, due_at=NOW, **told
        )
    )
    house.keep(
        LadoReferral.objects.create(
            concern=concern, threshold="below", reasons="CANARY", decided_by=world.manager, **told
        )
    )


def decisions(house: House) -> None:
    """Decided at the hub, at the school and at the police, about a child, an alert, a notification and nothing of these."""
    alert, there = house.rows["alerts.Alert"][0], house.rows["alerts.Alert"][-1]
    notification = house.rows["alerts.Notification"][0]
    people = house.people
    for name, agency, about in (
        ("officer_here", alert.controller, {"child": house.rows["children.Child"][0]}),
        ("manager_here", alert.controller, {"notification": notification}),
        ("coordinator_here", Membership.objects.get(user=people["coordinator_here"]).agency, {}),
        ("dsl_here", alert.setting, {"alert": alert}),
        ("shut_dsl", alert.setting, {"alert": alert}),
        ("head_here", alert.setting, {}),
        ("leaver_here", alert.setting, {}),
        ("untrained_here", alert.setting, {}),
        ("constable_here", notification.source, {"notification": notification}),
        ("shut_constable", notification.source, {"notification": notification}),
        ("officer_there", there.controller, {"alert": there}),
    ):
        part = {"partnership": alert.partnership, "controller": agency, "about": "A-0000-0000", **about}
        if name == "officer_there":
            part["partnership"] = there.partnership
        consent = house.keep(
            Consent.objects.create(
                by="self",
                name="CANARY name",
                given_on=NOW.date(),
                limits="CANARY limits",
                recorded_by=people[name],
                **part,
            )
        )
        house.keep(
            Decision.objects.create(
                outcome="share", basis="consent", consent_state="given", consent=consent, marking="OFFICIAL", told="told",
                answers={"reason": "CANARY reason"}, decided_by=people[name], expires_at=NOW + DAY, **part,
            )
        )  # fmt: skip
        house.keep(Draft.objects.create(writer=people[name], answers={"reason": "CANARY draft"}, **part))


def decisions_of_the_shut(house: House) -> None:
    """What somebody decided themselves about a child from whom they are shut out since, and about no child (NTK-04)."""
    for exclusion in [each for each in house.rows["alerts.Exclusion"] if each.child_id]:
        part = {"partnership": exclusion.partnership, "controller": exclusion.agency}
        for number, child in enumerate((exclusion.child, None)):
            of = {**part, "child": child, "about": f"C-{exclusion.pk:04}-000{number}"}
            said = {"by": "self", "name": "CANARY", "given_on": NOW.date(), "limits": "CANARY"}
            house.keep(Consent.objects.create(recorded_by=exclusion.user, **said, **of))
            house.keep(Draft.objects.create(writer=exclusion.user, answers={"reason": "CANARY"}, **of))
            house.keep(
                Decision.objects.create(
                    outcome="share", basis="vital", consent_state="not_sought", marking="OFFICIAL", told="told",
                    answers={"reason": "CANARY"}, decided_by=exclusion.user, expires_at=NOW + DAY, **of,
                )
            )  # fmt: skip


def files(house: House) -> None:
    """A file for each alert that left, with an entry, a person, links; one file and one entry of it lent to colleagues."""
    alerts = [alert for alert in house.rows["alerts.Alert"] if alert.sent_at is not None]
    for alert in alerts:
        part = {"partnership": alert.partnership, "controller": alert.setting}
        file = house.keep(
            SafeguardingFile.objects.create(
                child=alert.child, child_given_name="CANARY", child_family_name="CANARY", opened_for=alert.ref, **part
            )
        )
        of_it = {"file": file, "crypto_key": file.crypto_key, **part}
        house.keep(FileEntry.objects.create(kind="alert", happened_on=NOW.date(), alert=alert, text="CANARY", **of_it))
        house.keep(FilePerson.objects.create(name="CANARY", relation="mother", **of_it))
        beside = SafeguardingFile.objects.filter(controller=alert.setting).exclude(pk=file.pk).order_by("pk").first()
        if beside is not None:
            house.keep(FileLink.objects.create(first=beside, second=file, kind="sibling", **part))
    # of children about whom no alert came to this setting
    shut = next(each.child for each in house.rows["alerts.NotificationChild"] if each.child_id)
    for child, alert in ((shut, alerts[0]), (alerts[0].child, alerts[3])):
        part = {"partnership": alert.partnership, "controller": alert.setting}
        house.keep(
            SafeguardingFile.objects.create(
                child=child, child_given_name="CANARY", child_family_name="CANARY", opened_for=alert.ref, **part
            )
        )
    _lend(house, house.rows["alerts.SafeguardingFile"][0], house.rows["alerts.FileEntry"][0])
    other = house.rows["alerts.FileEntry"][1]
    house.keep(
        EntryGrant.objects.create(
            user=house.people["tutor_here"], agency=other.controller, content_object=other, reason="key worker",
            permission=Permission.objects.get(codename="view_fileentry"), granted_by=house.people["dsl_here"],
            expires_at=NOW + DAY,
        )
    )  # fmt: skip


def moves(house: House) -> None:
    """Each file on its way to another body of the same side, and once to one outside; some have arrived. Children who move
    from one hub to the other: told, passed on, and taken up as a child of that hub's."""
    files = house.rows["alerts.SafeguardingFile"]
    for n, file in enumerate(files):
        world = house.worlds[0] if file.partnership == house.worlds[0].partnership else house.worlds[1]
        others = [body for body in (world.school, world.other_school, world.council) if body != file.controller]
        part = {"partnership": file.partnership, "controller": file.controller, "file": file}
        child = {"child_given_name": "CANARY", "child_family_name": "CANARY", "manifest": [], "digest": "0" * 64}
        days = {"left_on": NOW.date(), "due_on": NOW.date(), "reason": "setting", "begun_by": world.dsl}
        recipient = others[n % 2]
        arrived = next((each for each in files if each.controller == recipient), None)
        house.keep(
            Transfer.objects.create(
                destination="hub", recipient=recipient, state="received" if n % 3 else "sent",
                received_file=arrived if n % 3 else None, **child, **days, **part,
            )
        )  # fmt: skip
        outside = {"setting": "CANARY", "name": "CANARY", "email": "lead@small.example"}
        house.keep(
            Transfer.objects.create(destination="outside", outside=outside, state="refused", **child, **days, **part)
        )
    here, there = house.worlds
    for first, second in ((here, there), (there, here)):
        own = [child for child in house.rows["children.Child"] if child.controller == first.mash]
        theirs = [child for child in house.rows["children.Child"] if child.controller == second.mash]
        for n, child in enumerate(own):
            flagged = {"to_partnership": second.partnership, "to_hub": second.mash, "decided_by": first.manager}
            far = {
                0: {"state": "told"},
                1: {"state": "flagged", **flagged},
                2: {"state": "taken_up", "taken_as": theirs[n % len(theirs)], **flagged},
            }[n % 3]
            house.keep(
                ChildMove.objects.create(
                    partnership=first.partnership, controller=first.mash, child=child, child_given_name="CANARY",
                    child_family_name="CANARY", reason="home", left_on=NOW.date(), **far,
                )
            )  # fmt: skip


def _lend(house: House, file: SafeguardingFile, entry: FileEntry) -> None:
    """By the DSL, to those who were let in to the alert; one reads the whole file, others what they were told."""
    for name, model, record, fields in (
        ("granted", EntryGrant, entry, {"expires_at": NOW + DAY}),
        ("expired", EntryGrant, entry, {"expires_at": NOW - DAY}),
        ("withdrawn", EntryGrant, entry, {"expires_at": NOW + DAY, "withdrawn_at": NOW}),
        ("shut_granted", EntryGrant, entry, {"expires_at": NOW + DAY}),
        ("granted_untrained", EntryGrant, entry, {"expires_at": NOW + DAY}),
        ("tutor_here", FileGrant, file, {"expires_at": NOW + DAY}),
        ("expired", FileGrant, file, {"expires_at": NOW - DAY}),
        ("withdrawn", FileGrant, file, {"expires_at": NOW + DAY, "withdrawn_at": NOW}),
        ("granted_untrained", FileGrant, file, {"expires_at": NOW + DAY}),
        ("shut_granted", FileGrant, file, {"expires_at": NOW + DAY}),
    ):
        house.keep(
            model.objects.create(
                user=house.people[name], agency=file.controller, content_object=record, reason="key worker",
                permission=Permission.objects.get(codename=f"view_{record._meta.model_name}"),
                granted_by=house.people["dsl_here"], **fields,
            )
        )  # fmt: skip
