"""Lets the demo's people refer, and the hub decide: by the same services as real ones (MSH-05, MSH-07, MSH-10)."""

import datetime as dt
from typing import Any

from django.utils import timezone

from alerts.intake.selectors import Sender
from alerts.models import GuestReferrer, Referral, ReferralDraft
from alerts.patterns import services as patterns
from alerts.referrals import drafts, policies, services
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.demo.data.referrals import PATTERNS, REFERRED, Referred, Seen
from safeguarding.demo.loading import PARTNERSHIPS

PURPOSE = "load_demo"
_DATA = {data.slug: data for data in PARTNERSHIPS}


def refer_all() -> None:
    for each in REFERRED:
        _refer(each)
    for seen in PATTERNS:
        _record(seen)


def _refer(story: Referred) -> None:
    partnership = Partnership.objects.get(slug=story.partnership)
    if story.guest:
        draft, who = _guests_draft(story, partnership)
    else:
        person, agency = _person(story.partnership, story.who)
        who = Principal(user_id=person.pk, purpose=PURPOSE)
        with acting_as(who):
            draft = services.begin(sender=Sender(agency, partnership), by=person)
    with acting_as(who):
        draft = services.write(draft, content=_content(story))
        if story.draft:
            return
        by = draft.user
        referral = services.send(draft, sent=drafts.Entry(draft).sent(), by=by).referral
    _date_back(referral, story.hours_ago)
    if story.rag:
        _work_on(referral, story)


def _guests_draft(story: Referred, partnership: Partnership) -> tuple[ReferralDraft, Principal]:
    name, organisation = story.who
    email = f"{name.split()[0].lower()}@{organisation.split()[0].lower()}.guest.example"
    services.invite_guest(
        name=name, organisation=organisation, kind="voluntary" if "Club" in organisation else "nursery", email=email,
        partnership=partnership,
    )  # fmt: skip
    link = GuestReferrer.objects.get(email=email)
    who = Principal(service="guest", guest_id=link.pk, purpose=PURPOSE)
    with acting_as(who):
        return services.begin_as_guest(link), who


def _person(partnership: str, who: tuple[str, str]) -> tuple[User, Agency]:
    data = _DATA[partnership]
    local, short = who
    return User.objects.get(email=data.email_of(local, short)), Agency.objects.get(slug=data.slug_of(short))


def _content(story: Referred) -> dict[str, Any]:
    if story.draft:
        return {"you": {"post": "Designated Safeguarding Lead"}, "child-1": dict(story.children[0])}
    return {
        "you": {
            "name": story.who[0] if story.guest else _person(story.partnership, story.who)[0].name,
            "post": "Manager" if story.guest else "Safeguarding lead",
            "phone": "01632 960555",
            "knows": "Seen each week for a year",
        },
        **{f"child-{number}": dict(child) for number, child in enumerate(story.children, 1)},
        "adult-1": {"name": "An adult at the address", "relation": "Not known", "lives_with": "unknown"},
        "family": {"address": "3 Invented Street", "household": ""},
        "worries": {"worries": story.worries},
        "working": {"working": "A grandparent visits on Sundays."},
        "needs": {"needs": "Somebody sees the child at home this week."},
        "score": {"score": str(story.score), "why": ""},
        "done": {"done": "We have talked it through in our own team.", "others": ""},
        **{step: dict(data) for step, data in story.consent.items()},
    }


def _date_back(referral: Referral, hours: float) -> None:
    """The clocks run since then; the audit keeps the hour of loading."""
    with acting_as(Principal(service="dispatch", purpose=PURPOSE)):
        held = Referral.objects.with_keys().select_related("partnership").get(pk=referral.pk)
        held.received_at = timezone.now() - dt.timedelta(hours=hours)
        held.tell_by = policies.tell_by(held.partnership, held.received_at)
        held.due_at = policies.due_at(held)
        held.save(update_fields=["received_at", "tell_by", "due_at"])


def _work_on(referral: Referral, story: Referred) -> None:
    officer, _ = _person(story.partnership, ("officer", "mash"))
    with acting_as(Principal(user_id=officer.pk, purpose=PURPOSE)):
        assert story.rag is not None
        held = services.triage(
            referral, rag=story.rag, reason="By what is written and by what we hold.", version=1, by=officer
        )
        if story.outcome is None:
            return
        held = services.decide(
            held, outcome=story.outcome, reason="Talked through at the morning meeting.", feedback="",
            tell=story.told, version=held.version, by=officer,
        )  # fmt: skip
        if story.closed:
            services.close(held, version=held.version, by=officer)


def _record(seen: Seen) -> None:
    person, agency = _person("wexbourne", seen.who)
    partnership = Partnership.objects.get(slug="wexbourne")
    today = timezone.localdate()
    with acting_as(Principal(user_id=person.pk, purpose=PURPOSE)):
        for months_ago, times in enumerate(seen.months):
            for number in range(times):
                day = today - dt.timedelta(days=30 * months_ago + number)
                patterns.record_pattern(
                    sender=Sender(agency, partnership), by=person, kind=seen.kind, place=seen.place, area=seen.area,
                    what=seen.what, seen_on=day, nature=seen.nature, currency=seen.currency,
                )  # fmt: skip
