"""The other rooms' rows: what a hub, its partners and a setting have on their lists, and as much of it everywhere else."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import psycopg
from django.db.models import Model
from django.utils import timezone

from alerts.conversations.enums import TalkState
from alerts.models import (
    Action,
    AdultConcern,
    Alert,
    Ask,
    ChildMove,
    Conversation,
    InformationRequest,
    Referral,
    ReferralChild,
    Response,
    SafeguardingFile,
    StrategyDiscussion,
    Transfer,
)
from alerts.moves.enums import Destination, MoveReason
from alerts.referrals.content import ReferredChild
from alerts.requests.enums import RequestState
from bench.fill import AT, START, Copier, places, ref_of
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, Membership, User
from safeguarding.children.models import Child

# The bulk is this part of the alerts: that many referrals, discussions, requests, files … in all areas together.
PART = 20
_DAYS = 365


def make(hubs: Iterable[tuple[Any, int]], leads: Iterable[User]) -> None:
    """So many of each for each of these hubs, and for each lead as many files and conversations as alerts."""
    for place, count in hubs:
        _at_hub(place, count)
    for lead in leads:
        _at_setting(lead)


def _made(model: Any, rows: Iterable[Model]) -> list[Any]:
    return list(model.objects.bulk_create(rows))


def _at_hub(place: Any, count: int) -> None:
    from bench.world import children

    now, by = timezone.now(), User.objects.filter(memberships__agency=place.hub).order_by("pk")[0]
    desk = Agency.objects.get(slug=f"council-{place.partnership.slug.removeprefix('bench-')}")
    _person(f"desk@{desk.slug}.example", desk, Role.INFORMATION_DESK)
    _person(f"lado@{desk.slug}.example", desk, Role.LADO)
    about = children(place, count)
    named = [_named(child) for child in about]
    moments = [now - dt.timedelta(minutes=5 + number) for number in range(count)]
    known = [ReferredChild(child.given_name, child.family_name, child.date_of_birth) for child in about]
    referrals = _made(
        Referral,
        (
            Referral(
                **place.owned,
                made_by=by,
                source=place.hub,
                source_kind=place.hub.kind,
                content={"sections": [], "children": [child.to_json()]},
                consent="given",
                worry=6,
                received_at=moment,
                tell_by=now + dt.timedelta(days=1),
                due_at=now + dt.timedelta(minutes=number),
            )
            for number, (moment, child) in enumerate(zip(moments, known, strict=True))
        ),
    )
    _made(
        ReferralChild,
        (
            ReferralChild(**place.owned, referral=referral, position=0, match="matched", state="settled", child=child)
            for referral, child in zip(referrals, about, strict=True)
        ),
    )
    _made(
        StrategyDiscussion,
        (
            StrategyDiscussion(
                partnership=place.partnership,
                controller=desk,
                asked_at=place.hub,
                requested_by=by,
                requested_at=moment,
                origin="by_hand",
                reason="Something was said at school.",
                referred_on=moment.date(),
                told="told",
            )
            for moment in moments
        ),
    )
    requests = _made(
        InformationRequest,
        (
            InformationRequest(
                **place.owned,
                child=child,
                question="What do you hold?",
                due_at=now + dt.timedelta(days=2),
                state=RequestState.ASKED,
                asked_by=by,
                created_at=moment,
                asked_at=moment,
            )
            for moment, child in zip(moments, about, strict=True)
        ),
    )
    _made(
        Ask,
        (
            Ask(
                **place.owned,
                request=request,
                agency=desk,
                child=request.child,
                **names,
                question="What do you hold?",
                decision_ref="",
                marking="OFFICIAL-SENSITIVE",
                due_at=request.due_at,
                asked_at=request.asked_at,
            )
            for request, names in zip(requests, named, strict=True)
        ),
    )
    _made(
        ChildMove,
        (
            ChildMove(**place.owned, child=child, **names, reason=MoveReason.HOME, left_on=now.date(), told_at=moment)
            for moment, child, names in zip(moments, about, named, strict=True)
        ),
    )


def _at_setting(lead: User) -> None:
    """About the alerts that the product wrote for this lead: a file and a transfer each, talk, an answer, an action."""
    now, setting = timezone.now(), Membership.objects.filter(user=lead)[0].agency
    alerts = list(Alert.objects.filter(setting=setting).select_related("child", "crypto_key").order_by("pk"))
    owned = [{"partnership_id": alert.partnership_id, "controller": setting} for alert in alerts]
    files = _made(
        SafeguardingFile,
        (
            SafeguardingFile(**each, child=alert.child, **_named(alert), opened_for=alert.ref)
            for alert, each in zip(alerts, owned, strict=True)
        ),
    )
    _made(
        Transfer,
        (
            Transfer(
                **each,
                file=file,
                **_named(file),
                destination=Destination.OUTSIDE,
                outside={"name": "Another school", "urn": "", "email": ""},
                reason=MoveReason.SETTING,
                left_on=now.date(),
                due_on=now.date() + dt.timedelta(days=7),
                begun_by=lead,
            )
            for file, each in zip(files, owned, strict=True)
        ),
    )
    for number, alert in enumerate(alerts):
        Conversation.objects.create(
            partnership_id=alert.partnership_id,
            controller_id=alert.controller_id,
            alert=alert,
            setting=setting,
            state=TalkState.TO_SETTING if number % 2 else TalkState.TO_HUB,
            opened_by=lead,
            asked_at=now - dt.timedelta(minutes=number),
        )
    _made(
        Response,
        (
            Response(**each, alert=alert, concerns="none", answered_at=now, answered_by=lead, review_on=now.date())
            for alert, each in zip(alerts, owned, strict=True)
        ),
    )
    _made(
        Action,
        (
            Action(**each, alert=alert, kind="monitor", owner=lead, set_by=lead, due_on=now.date())
            for alert, each in zip(alerts, owned, strict=True)
        ),
    )
    of_alerts = [{"partnership_id": each.partnership_id, "controller_id": each.controller_id} for each in alerts]
    officer = User.objects.filter(memberships__agency_id=alerts[0].controller_id).order_by("pk")[0]
    _person(f"manager@{alerts[0].controller.slug}.example", alerts[0].controller, Role.MASH_MANAGER)
    _made(
        AdultConcern,
        (
            AdultConcern(
                **each,
                notification_id=alert.notification_id,
                alert=alert,
                adult="Osric Vane",
                work="Caretaker",
                told_by=officer,
                agency_id=alert.controller_id,
                due_at=now + dt.timedelta(days=1),
            )
            for alert, each in zip(alerts, of_alerts, strict=True)
        ),
    )


def _named(row: Any) -> dict[str, Any]:
    prefix = "" if isinstance(row, Child) else "child_"
    return {f"child_{name}": getattr(row, prefix + name) for name in ("given_name", "family_name", "date_of_birth")}


def _person(email: str, agency: Agency, role: str) -> None:
    user, new = User.objects.get_or_create(email=email, defaults={"name": f"{role} of {agency.name}", "password": "!"})
    if new:
        Membership.objects.create(user=user, agency=agency, role=role)


def fill(connection: psycopg.Connection, alerts: int, *, measured: list[int]) -> None:
    """The same of everybody: spread over all hubs, their settings and a year, and mostly done with.

    `measured`: hubs, by partnership, whose lists hold what the product wrote and no copies; a copy cannot be opened.
    """
    count = alerts // PART
    at = AT.format(n=count)
    with places(connection):
        copy = Copier(connection)
        hub = {"partnership_id": "p.partnership_id", "controller_id": "p.controller_id"}
        setting = {"partnership_id": "p.partnership_id", "controller_id": "p.setting_id"}
        one = {"alert_id": f"{START} + g.i"}
        copy(
            "alerts_referral",
            count,
            {"ref": ref_of("r"), "state": "'told'", "received_at": at, "told_at": at, "due_at": "NULL", **hub}
            | {"feedback": "t.content"},
        )
        copy("alerts_referralchild", count, {"referral_id": f"{START} + g.i", **hub})
        copy(
            "alerts_strategydiscussion",
            count,
            {"ref": ref_of("d"), "requested_at": at, "state": "'not_held'", "partnership_id": "p.partnership_id"}
            | {"controller_id": "p.controller_id", "asked_at_id": "p.controller_id"},
        )
        copy("alerts_informationrequest", count, {"ref": ref_of("i"), "created_at": at, "state": "'closed'", **hub})
        copy(
            "alerts_ask",
            count,
            {"ref": ref_of("q"), "request_id": f"{START} + g.i", "asked_at": at, "agency_id": "p.setting_id", **hub}
            | {"state": "'nothing'", "answered_at": at, "answered_by_id": "p.lead_id"},
        )
        copy("alerts_childmove", count, {"ref": ref_of("m"), "told_at": at, "state": "'kept'", **hub})
        for table in ("referral", "referralchild", "strategydiscussion", "informationrequest", "ask", "childmove"):
            where = f"id >= {START} AND partnership_id = ANY(%s)"
            connection.execute(f"DELETE FROM alerts_{table} WHERE {where}", [measured])
        copy(
            "alerts_safeguardingfile",
            count,
            {"ref": ref_of("f"), "child_id": f"{START} + g.i", "changed_at": at, **setting},
        )
        copy(
            "alerts_transfer",
            count,
            {"ref": ref_of("t"), "file_id": f"{START} + g.i", "begun_at": at, "state": "'cancelled'", **setting},
        )
        copy(
            "alerts_conversation",
            count,
            {"ref": ref_of("k"), "changed_at": at, "setting_id": "p.setting_id", "state": "'settled'", **one, **hub},
        )
        # a third is not closed, and its review has come: in every area, as on every day
        copy(
            "alerts_response",
            count,
            {"closed_at": f"CASE WHEN g.i % 3 = 0 THEN NULL ELSE {at} END", "closed_by_id": "p.lead_id"}
            | {"outcome": "'no_need'", **one, **setting},
        )
        copy("alerts_action", count, {"ref": ref_of("w"), "owner_id": "p.lead_id", **one, **setting})
        copy("alerts_adultconcern", count, {"ref": ref_of("z"), "told_at": at, **one, **hub})
