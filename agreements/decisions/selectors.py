"""Reads of decisions: whether one covers a disclosure, and what was decided about a case."""

from collections.abc import Collection

from agreements.decisions.enums import Outcome
from agreements.decisions.models import Consent, Decision, DecisionQuerySet
from agreements.register.enums import Item
from safeguarding.access.querysets import agencies_where
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.agencies.selectors import members_of
from safeguarding.errors import NotVisible, Refused
from safeguarding.refs import normalise_ref


def check_decides_for(agency: Agency, *, for_user: User) -> None:
    """Somebody decides for an agency at which a role of theirs works with content (SHR-02, NTK-06)."""
    if not agencies_where(for_user, "decide").filter(agency_id=agency.pk).exists():
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


def share_decision(ref: str, *, to: Agency, items: Collection[str], by: Agency | None = None) -> Decision:
    """The live decision to share these items of this case with that agency; without one nothing leaves (SHR-02).

    `by` names the agency that must have decided; otherwise any decision that whoever acts may see counts.
    """
    live = Decision.objects.live().filter(about=normalise_ref(ref) or "", recipient=to)
    if by is not None:
        live = live.filter(controller=by)
    found = list(live.select_related("crypto_key").order_by("-decided_at", "-pk")[:_LONGEST])
    wanted = {str(item) for item in items}
    for each in found:
        if wanted <= set(each.items):
            return each
    if found:
        beyond = sorted(Item(item).label for item in wanted - set(found[0].items))
        raise Refused(
            f"The decision to share with {to.name} does not cover: {'; '.join(beyond)}. Nothing was shared. Decide about that first."
        )
    raise Refused(f"Nobody has decided to share this with {to.name}. Nothing was shared. Decide first, and say why.")


def recipient(partnership: Partnership, slug: str) -> Agency:
    """An active body of the partnership; all of them are in the United Kingdom (SHR-12)."""
    found = members_of(partnership).filter(slug=slug).first()
    if found is None:
        raise NotVisible
    return found


def consents_about(ref: str, *, for_user: User) -> list[Consent]:
    """Consent that is in force for a case, newest first (SHR-04)."""
    mine = Consent.objects.visible_to(for_user).filter(about=ref, withdrawn_at=None).select_related("crypto_key")
    return list(mine.order_by("-recorded_at", "-pk")[:_LONGEST])


def resting_on(consent: Consent, *, for_user: User) -> list[Decision]:
    """Every decision that names this consent, newest first: what stops, and what was shared while it held (SHR-04)."""
    mine = _shown(Decision.objects.visible_to(for_user)).filter(consent=consent, outcome=Outcome.SHARE)
    return list(mine.order_by("-decided_at", "-pk")[:_LONGEST])
