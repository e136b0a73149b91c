"""What needs a person now in strategy discussions and missing episodes (STR-01, STR-02, STR-05, rules.md)."""

from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from alerts.missing.enums import EpisodeState
from alerts.missing.models import MissingEpisode
from alerts.strategy.enums import ActionState, DiscussionState, DissentState, InvitationState
from alerts.strategy.models import DiscussionAction, Dissent, StrategyDiscussion
from alerts.strategy.selectors import clock_ran_out, enquiry_open
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.posts import agencies_where
from safeguarding.access.querysets import invitations_of
from safeguarding.agencies.models import User
from safeguarding.web import needs
from safeguarding.web.needs import Need
from safeguarding.web.paging import CAP


def register() -> None:
    needs.register("strategy", authority, roles=HANDLERS["strategy"])
    needs.register("invitations", invited, roles=HANDLERS["member"])
    needs.register("return interviews", interviews, roles=HANDLERS["missing"])


def authority(user: User) -> Iterator[Need]:
    """Discussions asked for, records to write, clocks that run out, disagreement to answer."""
    where, now = reverse("strategy:list"), timezone.now()
    mine = StrategyDiscussion.objects.visible_to(user).filter(controller__in=agencies_where(user, "strategy"))
    open_now = mine.filter(Q(state__in=("asked", "held")) | enquiry_open(now)).order_by()[: CAP + 1]
    found = open_now.aggregate(
        asked=Count("pk", filter=Q(state=DiscussionState.ASKED)),
        records=Count("pk", filter=Q(state=DiscussionState.HELD)),
        due=Min("record_due_at", filter=Q(state=DiscussionState.HELD)),
        late=Count("pk", filter=enquiry_open(now) & clock_ran_out(now)),
    )
    yield Need("strategy discussions asked for", where, found["asked"], urgent=True)
    late = found["due"] is not None and found["due"] <= now
    yield Need("records of strategy discussions to write and send", where, found["records"], found["due"], urgent=late)
    yield Need("section 47 enquiries past a clock", where, found["late"], urgent=True)
    raised = Dissent.objects.visible_to(user).filter(state=DissentState.RAISED).order_by()
    yield Need(
        "disagreements to answer",
        where,
        raised.filter(controller__in=agencies_where(user, "strategy"))[: CAP + 1].count(),
    )


def invited(user: User) -> Iterator[Need]:
    """Invitations to answer, records to open, actions to do."""
    where = reverse("strategy:list")
    mine = invitations_of(user).filter(content_object__in=StrategyDiscussion.objects.visible_to(user))
    waits = Q(state=InvitationState.INVITED, content_object__state__in=("asked", "arranged"))
    unread = Q(record_sent_at__isnull=False, record_opened_at=None)
    found = mine.order_by()[: CAP + 1].aggregate(
        waits=Count("pk", filter=waits),
        first=Min("content_object__starts_at", filter=waits),
        unread=Count("pk", filter=unread),
    )
    yield Need("strategy discussions that you are invited to", where, found["waits"], found["first"], urgent=True)
    yield Need("records of strategy discussions to open", where, found["unread"])
    to_do = DiscussionAction.objects.visible_to(user).filter(
        state=ActionState.OPEN, agency_id__in=invitations_of(user, to_record=True).values("agency_id")
    )
    yield Need("actions of strategy discussions to report", where, to_do.order_by()[: CAP + 1].count())


def interviews(user: User) -> Iterator[Need]:
    """Children who are back and wait for their return interview."""
    back = MissingEpisode.objects.visible_to(user).filter(
        state__in=(EpisodeState.RETURNED, EpisodeState.OFFERED), council_id__in=agencies_where(user, "missing")
    )
    found = back.order_by()[: CAP + 1].aggregate(count=Count("pk"), first=Min("interview_due_at"))
    late = found["first"] is not None and found["first"] <= timezone.now()
    yield Need("return interviews", f"{reverse('missing:list')}?state=returned", found["count"], found["first"], late)
