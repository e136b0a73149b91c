"""Strategy discussions and returns of the demo world, made by its own people through the same services (STR, ALR-02)."""

import datetime as dt
from typing import Any

from django.utils import timezone

from agreements.decisions.enums import Told
from alerts.missing import services as missing
from alerts.missing.enums import InterviewOutcome, ToldBy
from alerts.missing.models import MissingEpisode
from alerts.models import Notification
from alerts.strategy import asking, following, services
from alerts.strategy.enums import Capacity, DissentKind, InvitationState, Means
from alerts.strategy.models import DiscussionInvitation, StrategyDiscussion
from alerts.strategy.sharing import Telling
from alerts.strategy.sources import source
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.children.matching import Details
from safeguarding.demo.loading import PARTNERSHIPS

PURPOSE = "demo world"
WEXBOURNE = PARTNERSHIPS[0]
KNOWN = Telling(Told.RISK, "It could put the child in danger before the discussion.")
# Who takes part: the local part and the agency of the address, and for whom.
_INVITED = (("sergeant", "police", "police"), ("nurse", "health", "health"), ("dsl", "meadow", "setting"))


def convene_all() -> None:
    """One discussion in each state that somebody would want to see, an episode that goes on, and two that are over."""
    _arranged()
    _asked()
    _held_at_night()
    _sent()
    _returns()


def _person(local: str, short: str) -> User:
    return User.objects.get(email=WEXBOURNE.email_of(local, short))


def _as(person: User) -> Any:
    return acting_as(Principal(user_id=person.pk, purpose=PURPOSE))


def _agency(short: str) -> Agency:
    return Agency.objects.get(slug=WEXBOURNE.slug_of(short))


def _by_hand(local: str, name: tuple[str, str], born: dt.date, reason: str) -> StrategyDiscussion:
    by, council = _person(local, "council"), _agency("council")
    partnership = Partnership.objects.get(slug=WEXBOURNE.slug)
    with _as(by):
        return asking.ask_by_hand(
            [Details(*name, born, None, None)], authority=council, partnership=partnership, reason=reason,
            in_hospital=False, telling=KNOWN, by=by,
        )  # fmt: skip


def _invite(discussion: StrategyDiscussion, people: Any = _INVITED) -> list[DiscussionInvitation]:
    manager = _person("caremanager", "council")
    with _as(manager):
        return [
            services.invite(
                discussion, person=_person(local, short), agency=_agency(short), capacity=Capacity(capacity), by=manager
            )
            for local, short, capacity in people
        ]


def _arranged() -> None:
    """From the notification that was screened at level 4; the police come, health and the school have not answered."""
    officer, manager = _person("officer", "mash"), _person("caremanager", "council")
    with acting_as(Principal(service="dispatch", purpose=PURPOSE)):
        ref = Notification.objects.get(reference__endswith="/0000107").ref
    with _as(officer):
        discussion = asking.ask(
            source(ref, for_user=officer), authority=_agency("council"), in_hospital=False, telling=KNOWN, by=officer,
            reason="An adult was injured in front of the child, and the person who did it lives there.",
        )  # fmt: skip
    first, *_ = _invite(discussion, (*_INVITED[:2], ("dsl", "harbour", "setting")))
    tomorrow = (timezone.localtime() + dt.timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    with _as(manager):
        services.arrange(
            discussion,
            starts_at=tomorrow,
            means=Means.VIDEO,
            where="Link in the room “Wexbourne MASH 2”",
            version=1,
            by=manager,
        )
    with _as(_person("sergeant", "police")):
        services.answer(first, state=InvitationState.ACCEPTED, by=_person("sergeant", "police"))


def _asked() -> None:
    _by_hand(
        "socialworker", ("Elowen", "Trethowan-Sy"), dt.date(2019, 8, 2),
        "The nursery saw bruises that the explanation does not fit.",
    )  # fmt: skip


def _held_at_night() -> None:
    """By telephone, without health; the record is overdue."""
    manager = _person("caremanager", "council")
    discussion = _by_hand(
        "caremanager", ("Dashiell", "Brankovic"), dt.date(2014, 4, 23), "Left alone overnight; a neighbour phoned."
    )
    (police,) = _invite(discussion, _INVITED[:1])
    with _as(manager):
        services.hold(
            discussion, held_at=timezone.now() - dt.timedelta(hours=51), means=Means.TELEPHONE, attended=[police.code],
            out_of_hours=True, emergency=True, because="Nobody was with the child, and health could not be reached by phone.",
            follow_up_on=timezone.localdate(), version=1, by=manager,
        )  # fmt: skip


def _sent() -> None:
    """Recorded and sent, an enquiry under way; health disagrees, the school has not opened the record."""
    manager, nurse = _person("caremanager", "council"), _person("nurse", "health")
    discussion = _by_hand(
        "caremanager",
        ("Saoirse", "Bellweather-Nwosu"),
        dt.date(2017, 3, 19),
        "What the child told her teacher on Monday.",
    )
    invited = _invite(discussion)
    with _as(manager):
        held = services.hold(
            discussion, held_at=timezone.now() - dt.timedelta(hours=30), means=Means.MEETING,
            attended=[each.code for each in invited], out_of_hours=False, emergency=False, because="", follow_up_on=None,
            version=1, by=manager,
        )  # fmt: skip
        services.write(
            held, inquiry_starts=True, investigation=True, version=held.version, by=manager,
            decisions={
                "timing": "The police speak to the child first, with the social worker, within two days.",
                "child": "That somebody will come and listen to her.",
                "family": "Nothing until the police have spoken to the child.",
                "immediate": "The child stays with her grandmother.",
                "legal": "None now; the legal team is told.",
            },
            minutes="School (fact): what the child said, word for word. Health (opinion): the injury does not fit a fall.",
        )  # fmt: skip
        in_days = timezone.localdate() + dt.timedelta(days=3)
        for short, what in (("meadow", "See the child every morning"), ("health", "Medical examination")):
            services.add_action(held, agency=_agency(short), owner=None, what=what, due_on=in_days, by=manager)
        held = StrategyDiscussion.objects.get(pk=held.pk)
        services.send(held, version=held.version, by=manager)
    with _as(nurse):
        following.raise_dissent(
            held, kind=DissentKind.DISAGREES, by=nurse,
            reason="The child should be examined before the police speak to her, not after.",
        )  # fmt: skip


def _returns() -> None:
    """The first of two episodes of one child is over, its interview held; of another partnership's child it is still due."""
    with acting_as(Principal(service="dispatch", purpose=PURPOSE)):
        episodes = {
            each.notification.reference[-3:]: each for each in MissingEpisode.objects.select_related("notification")
        }
    officer, worker = _person("officer", "police"), _person("socialworker", "council")
    first = episodes["118"]
    back = first.missing_since + dt.timedelta(hours=5)
    with _as(officer):
        missing.record_return(first, returned_at=back, told_by=ToldBy.FAMILY, by=officer)
    with _as(worker):
        missing.offer_interview(first, by=worker)
        missing.close(first, outcome=InterviewOutcome.NO_CONCERN, held_at=back + dt.timedelta(hours=40), by=worker)
    other = User.objects.get(email=PARTNERSHIPS[2].email_of("officer", "police"))
    with _as(other):
        found = episodes["301"]
        missing.record_return(
            found, returned_at=found.missing_since + dt.timedelta(hours=3), told_by=ToldBy.POLICE, by=other
        )
