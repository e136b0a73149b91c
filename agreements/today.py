"""What needs a signatory or an IG lead: agreements to sign or to review, and data to return (AGR-02, AGR-04, AGR-05)."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from agreements.corrections.selectors import waiting as questions_waiting
from agreements.decisions import selectors as decisions
from agreements.processing.selectors import notices_due
from agreements.register import policies
from agreements.register.enums import AgreementState, ReturnState, SignatureState
from agreements.register.models import Agreement
from agreements.register.selectors import return_tasks_of, signable_by
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import User
from safeguarding.web import needs
from safeguarding.web.needs import Need
from safeguarding.web.paging import CAP


def register() -> None:
    needs.register("agreements to sign", to_sign, roles=HANDLERS["signing"])
    needs.register("agreements to review", to_review, roles=HANDLERS["agreement"])
    needs.register("questions about items", to_answer, roles=HANDLERS["correction"])
    needs.register("privacy notices", notices_to_review, roles=(*HANDLERS["signing"], *HANDLERS["agreement"]))
    needs.register("people to be told", to_be_told, roles=HANDLERS["decision"])
    needs.register("advice", advice, roles=HANDLERS["decide"])
    needs.register("data to return", to_return, roles=(*HANDLERS["signing"], *HANDLERS["agreement"]))


def _end_of(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=LONDON) if day else None


def to_sign(user: User) -> Iterator[Need]:
    """Open for the signature of an agency for which this person signs (AGR-02)."""
    open_ones = signable_by(user).filter(state=SignatureState.INVITED, agreement__state=AgreementState.OPEN)
    newest = open_ones.exclude(agreement__superseded_by__state=AgreementState.OPEN)
    count = newest.order_by()[: CAP + 1].count()
    yield Need("agreements to sign or to refuse", reverse("agreements:register"), count)


def to_review(user: User) -> Iterator[Need]:
    """Agreements of my agency whose review is due within a month, or overdue (AGR-04)."""
    today = timezone.localdate()
    mine = Agreement.objects.filter(owner__in=agencies_where(user, "agreement"), state=AgreementState.OPEN)
    due = mine.filter(review_due_on__lte=today + policies.REVIEW_WARNING).order_by()[: CAP + 1]
    found = due.aggregate(count=Count("pk"), first=Min("review_due_on"))
    late = found["first"] is not None and found["first"] < today
    yield Need("agreements to review", reverse("agreements:register"), found["count"], _end_of(found["first"]), late)


def to_return(user: User) -> Iterator[Need]:
    """What was received from somebody who has withdrawn, to be returned or destroyed (AGR-05)."""
    waiting = return_tasks_of(user).filter(state=ReturnState.OPEN).order_by()[: CAP + 1]
    found = waiting.aggregate(count=Count("pk"), first=Min("due_on"))
    late = found["first"] is not None and found["first"] < timezone.localdate()
    where = reverse("agreements:returns")
    yield Need("returns or destructions to confirm", where, found["count"], _end_of(found["first"]), late)


def to_answer(user: User) -> Iterator[Need]:
    """What a recipient holds to be wrong in what my agency sent (SHR-14)."""
    count = questions_waiting(for_user=user).order_by()[: CAP + 1].count()
    yield Need("questions about what you shared", reverse("corrections:list"), count)


def notices_to_review(user: User) -> Iterator[Need]:
    """Privacy notices that should have been looked at again (IGV-07)."""
    count = notices_due(user, timezone.localdate())
    yield Need("privacy notices to look at again", reverse("processing:controllers"), count)


def to_be_told(user: User) -> Iterator[Need]:
    """People who were promised to be told that information about them was shared (SHR-13)."""
    waiting = decisions.to_tell(user).order_by()[: CAP + 1]
    found = waiting.aggregate(count=Count("pk"), first=Min("told_due_on"))
    late = found["first"] is not None and found["first"] < timezone.localdate()
    words = "people to be told that information was shared"
    yield Need(words, f"{reverse('decisions:register')}?told=to_be_told", found["count"], _end_of(found["first"]), late)


def advice(user: User) -> Iterator[Need]:
    """Advice that this person asked for before deciding to share (SHR-01)."""
    count = decisions.waiting_for_advice(user).order_by()[: CAP + 1].count()
    yield Need("decisions to share that wait for advice", f"{reverse('decisions:register')}?outcome=advice", count)
