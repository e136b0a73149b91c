"""The register of corrections, and what stands on a record (SHR-14)."""

from dataclasses import dataclass

from django.db.models import QuerySet

from agreements.corrections.models import Correction, CorrectionNotice
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import User
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref

MOST = 100


def corrections(*, for_user: User) -> QuerySet[Correction]:
    """Every question that the reader may see: of what they received, and about what their agency sent."""
    return Correction.objects.visible_to(for_user).select_related(
        "crypto_key", "originator", "asked_at_agency", "asked_by", "answered_by", "partnership", "controller"
    )


def register_of(for_user: User) -> list[Correction]:
    """Those that wait first, then the newest."""
    return list(corrections(for_user=for_user).order_by("answered_at", "-asked_at", "-pk")[:MOST])


def waiting(*, for_user: User) -> QuerySet[Correction]:
    """Questions that the reader's own agency has to answer."""
    own = agencies_where(for_user, "correction")
    return Correction.objects.visible_to(for_user).filter(originator__in=own, state="asked")


def get_correction(ref: str, *, for_user: User) -> Correction:
    found = corrections(for_user=for_user).filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


def answers(correction: Correction, *, for_user: User) -> bool:
    """A handler at the originator, and nobody else, answers (SHR-14)."""
    return correction.originator_id in agencies_where(for_user, "correction")


def get_to_answer(ref: str, *, for_user: User) -> Correction:
    """To everybody but the originator's handlers there is nothing to answer (SHR-14)."""
    found = get_correction(ref, for_user=for_user)
    if not answers(found, for_user=for_user):
        raise NotVisible
    return found


@dataclass(frozen=True)
class OnRecord:
    """What a record's page says beside the items, which stay as they were received (SHR-14)."""

    open: list[Correction]
    told: list[CorrectionNotice]


def on_record(ref: str, *, for_user: User) -> OnRecord:
    """Questions that wait and answers that were told; two queries whatever there is."""
    asked = corrections(for_user=for_user).filter(subject_ref=ref, state="asked").order_by("asked_at", "pk")
    told = (
        CorrectionNotice.objects.visible_to(for_user).filter(subject_ref=ref).select_related("crypto_key", "originator")
    )
    return OnRecord(list(asked[:MOST]), list(told.order_by("told_at", "pk")[:MOST]))
