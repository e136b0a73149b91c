"""Reads of decisions: whether one covers a disclosure, and what was decided about a case."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from agreements.decisions import subjects
from agreements.decisions.enums import Outcome, Told
from agreements.decisions.models import Consent, Decision, DecisionQuerySet, Draft
from agreements.register.enums import Item
from safeguarding.access.posts import agencies_or_absent, agencies_where
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.agencies.selectors import members_of
from safeguarding.audit.record import Shown, record_listing
from safeguarding.errors import NotVisible, Refused
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page


class NotDecided(Refused):
    """No decision lets it go there: the way leads to one, and back (SHR-01)."""


def check_decides_for(agency: Agency, *, for_user: User) -> None:
    """Somebody decides for an agency at which a role of theirs works with content (SHR-02, NTK-06)."""
    if agency.pk not in agencies_where(for_user, "decide"):
        raise NotVisible


def decisions_about(ref: str, *, for_user: User) -> list[Decision]:
    """All that was decided about a case and this reader may see, newest first, for its history (SHR-01)."""
    mine = Decision.objects.visible_to(for_user).filter(about=normalise_ref(ref) or "")
    return list(_shown(mine).order_by("-decided_at", "-pk")[:_LONGEST])


_LONGEST = 100


def _shown(decisions: DecisionQuerySet) -> DecisionQuerySet:
    return decisions.select_related(
        "crypto_key", "recipient", "decided_by", "controller", "partnership", "agreement", "followed_by"
    )


def decision(ref: str, *, for_user: User) -> Decision:
    """One decision; absent and somebody else's are the same (NTK-01)."""
    mine = _shown(Decision.objects.visible_to(for_user)).select_related("consent__crypto_key", "follows", "ended_by")
    found = mine.filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


def case_href(decision: Decision, *, for_user: User) -> str:
    """Where this reader reads the case; nowhere where they may not decide about it (any more) (NTK-01)."""
    try:
        return subjects.subject(decision.about, for_user=for_user).href
    except NotVisible:
        return ""


def another_holds(ended: Decision) -> bool:
    """Whether the same agency still shares the same case with the same body by another decision (SHR-04)."""
    live = Decision.objects.live().filter(
        about=ended.about, recipient=ended.recipient_id, controller=ended.controller_id
    )
    return live.exclude(pk=ended.pk).exists()


def share_decision(ref: str, *, to: Agency, items: Collection[str], by: Agency | None = None) -> Decision:
    """The live decision to share these items of this case with that agency; without one nothing leaves (SHR-02).

    `by` names the agency that must have decided; otherwise any decision that whoever acts may see counts.
    """
    live = Decision.objects.live().filter(about=normalise_ref(ref) or "", recipient=to)
    if by is not None:
        live = live.filter(controller=by)
    live_ones = list(live.select_related("crypto_key").order_by("-decided_at", "-pk")[:_LONGEST])
    wanted = {str(item) for item in items}
    for each in live_ones:
        if wanted <= set(each.items):
            return each
    if live_ones:
        beyond = sorted(Item(item).label for item in wanted - set(live_ones[0].items))
        raise NotDecided(
            f"The decision to share with {to.name} does not cover: {'; '.join(beyond)}. Nothing was shared. Decide about that first."
        )
    raise NotDecided(f"Nobody has decided to share this with {to.name}. Nothing was shared. Decide first, and say why.")


def recipient(partnership: Partnership, slug: str) -> Agency:
    """An active body of the partnership; all of them are in the United Kingdom (SHR-12)."""
    found = members_of(partnership).filter(slug=slug).first()
    if found is None:
        raise NotVisible
    return found


def draft_of(about: str, controller: Agency, to: str, *, for_user: User) -> dict[str, dict[str, list[str]]]:
    """What this person has answered so far, by step (SHR-01)."""
    mine = Draft.objects.visible_to(for_user).filter(writer=for_user, controller=controller, about=about, to=to)
    found = mine.select_related("crypto_key").first()
    return (found.answers or {}) if found is not None else {}


def consents_about(ref: str, *, for_user: User) -> list[Consent]:
    """Consent that is in force for a case, newest first (SHR-04)."""
    mine = Consent.objects.visible_to(for_user).filter(about=ref, withdrawn_at=None).select_related("crypto_key")
    return list(mine.order_by("-recorded_at", "-pk")[:_LONGEST])


def resting_on(consent: Consent, *, for_user: User) -> list[Decision]:
    """Every decision that names this consent, newest first: what stops, and what was shared while it held (SHR-04)."""
    mine = _shown(Decision.objects.visible_to(for_user)).filter(consent=consent, outcome=Outcome.SHARE)
    return list(mine.order_by("-decided_at", "-pk")[:_LONGEST])


# ---------------------------------------------------------------- the register of decisions


@dataclass(frozen=True)
class Search:
    """What the register is asked for; nothing of it is needed."""

    outcome: str = ""
    basis: str = ""
    told: str = ""
    to: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


MOST_EXPORTED = 10_000


def deciding_for(for_user: User) -> list[int]:
    """The agencies for which this person decides; who decides for none has no register (SHR-02)."""
    return agencies_or_absent(for_user, "decide")


def found(search: Search, *, for_user: User) -> DecisionQuerySet:
    mine = Decision.objects.visible_to(for_user).filter(controller__in=deciding_for(for_user))
    if search.outcome:
        mine = mine.filter(outcome=search.outcome)
    if search.basis:
        mine = mine.filter(basis=search.basis)
    if search.told:
        mine = mine.filter(told=search.told)
    if search.to:
        named = Agency.objects.filter(name__icontains=search.to.replace("\0", ""))
        mine = mine.filter(recipient__in=list(named.values_list("pk", flat=True)[:_MOST_NAMED]))
    if search.since:
        mine = mine.filter(decided_at__gte=_midnight(search.since))
    if search.until:
        mine = mine.filter(decided_at__lt=_midnight(search.until + dt.timedelta(days=1)))
    return mine.select_related("recipient", "decided_by", "controller")


# As many agencies as one word in their name can find.
_MOST_NAMED = 500


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=LONDON)


def register_page(search: Search, *, cursor: str, for_user: User) -> KeysetPage:
    """One page of the register, newest first; what it showed is remembered (AUD-01)."""
    page = keyset_page(found(search, for_user=for_user), field="decided_at", cursor=cursor)
    record_listing("decision.listed", [Shown(each.ref, each.controller_id, each.controller_id) for each in page])
    return page


def exported(search: Search, *, purpose: str, for_user: User) -> list[Decision]:
    rows = list(found(search, for_user=for_user).order_by("-decided_at", "-pk")[:MOST_EXPORTED])
    shown = [Shown(each.ref, each.controller_id, each.controller_id) for each in rows]
    record_listing("decision.exported", shown, purpose=purpose, counted="rows")
    return rows


def to_tell(for_user: User) -> DecisionQuerySet:
    """Promises to tell a person, of the agencies that this reader answers for (SHR-13)."""
    agencies = agencies_where(for_user, "decision")
    return Decision.objects.visible_to(for_user).filter(controller__in=agencies, told=Told.TO_BE_TOLD)


def waiting_for_advice(for_user: User) -> DecisionQuerySet:
    """Advice that this person asked for, and nothing decided since (SHR-01)."""
    mine = Decision.objects.visible_to(for_user).filter(decided_by=for_user, outcome=Outcome.ADVICE)
    return mine.filter(followed_by=None)
