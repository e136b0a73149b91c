"""What needs a hub or a setting now, said by the rooms whose work it is (ALR-08, ALR-23, MSH-01, NTK-05)."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from alerts.bell import today as bell
from alerts.briefings import selectors as briefings
from alerts.conversations import policies as talk_policies
from alerts.conversations import selectors as talk
from alerts.delivery import selectors as delivery
from alerts.delivery.enums import BoardView
from alerts.documents import selectors as documents
from alerts.intake import selectors as intake
from alerts.lado import selectors as lado
from alerts.moves import today as moves
from alerts.readers import policies
from alerts.readers import selectors as readers
from alerts.requests import selectors as requests
from alerts.response import selectors as response
from alerts.response.enums import InboxView
from alerts.screening import selectors as screening
from safeguarding.access.handlers import AUDIENCE_BITS, HANDLERS
from safeguarding.agencies.models import User
from safeguarding.web import needs
from safeguarding.web.needs import Need
from safeguarding.web.paging import CAP


def register() -> None:
    bell.register()
    moves.register()
    needs.register("queue", queue, roles=HANDLERS["notification"])
    needs.register("corrections", corrections, roles=HANDLERS["notification"])
    needs.register("sent alerts", sent, roles=HANDLERS["sent_alert"])
    needs.register("inbox", inbox, roles=tuple(AUDIENCE_BITS))
    needs.register("follow-up", follow_up, roles=HANDLERS["member"])
    needs.register("emergency openings", emergencies, roles=HANDLERS["audit"])
    needs.register("conversations", conversations, roles=(*AUDIENCE_BITS, *HANDLERS["sent_alert"]))
    needs.register("adults who work with children", adults, roles=(*HANDLERS["threshold"], *HANDLERS["lado"]))
    needs.register("questions", questions, roles=HANDLERS["asked"])
    needs.register("requests", asked_of_partners, roles=HANDLERS["notification"])
    needs.register("documents", papers, roles=HANDLERS["documents"])
    needs.register("staff training", briefings_due, roles=HANDLERS["documents"])
    needs.register("support services", services_to_check, roles=HANDLERS["wording"])


def queue(user: User) -> Iterator[Need]:
    """What nobody has claimed, what is mine, and what is past its clock (MSH-01)."""
    work, where = screening.work_waiting(for_user=user), reverse("screening:queue")
    yield Need("notifications are late", where, work["late"], work["first"], urgent=True)
    yield Need("notifications that nobody has claimed", where, work["unclaimed"], work["next"])
    yield Need("notifications that you have claimed", f"{where}?view=mine", work["mine"])


def corrections(user: User) -> Iterator[Need]:
    """What the police corrected or took back after the hub had decided: does the decision still stand (MSH-01)."""
    waiting = intake.to_look_at(for_user=user).order_by()[: CAP + 1].aggregate(count=Count("pk"), first=Min("made_at"))
    words = "notifications corrected after the decision"
    yield Need(words, reverse("intake:amendments"), waiting["count"], waiting["first"])


def sent(user: User) -> Iterator[Need]:
    """What has not reached its setting: unopened after the bell, withheld, or not deleted afterwards (ALR-08, ALR-09, ALR-23)."""
    found = delivery.boards((BoardView.OVERDUE, BoardView.HOLIDAY, BoardView.WITHHELD), for_user=user)
    late = found[BoardView.OVERDUE].order_by()[: CAP + 1].aggregate(count=Count("pk"), first=Min("due_at"))
    withheld = found[BoardView.WITHHELD].order_by()[: CAP + 1].count()
    where = reverse("delivery:board")
    words = "alerts that nobody has opened, after the bell"
    yield Need(words, f"{where}?view=overdue", late["count"], late["first"], urgent=True)
    holiday = found[BoardView.HOLIDAY].order_by()[: CAP + 1].count()
    yield Need("alerts unopened in the holidays", f"{where}?view=holiday", holiday, urgent=True)
    yield Need("alerts withheld", f"{where}?view=withheld", withheld)
    back = delivery.board(BoardView.SENT_BACK, for_user=user).order_by()[: CAP + 1].count()
    yield Need("alerts sent back: the child is not on the roll", f"{where}?view=back", back, urgent=True)
    stuck = len(delivery.unsettled(for_user=user))
    yield Need("notifications whose police content could not be deleted", where, stuck, urgent=True)


def inbox(user: User) -> Iterator[Need]:
    """New alerts, those past the bell first, and what was opened and not acknowledged (ALR-12, ALR-23)."""
    where, counts = reverse("response:inbox"), response.inbox_counts(for_user=user)
    late, first = counts[InboxView.OVERDUE], response.first_bell(for_user=user)
    yield Need("alerts that nobody opened before the bell", f"{where}?view=overdue", late, urgent=True)
    yield Need("new alerts", f"{where}?view=new", counts[InboxView.NEW] - late, first)
    opened = counts[InboxView.TO_ANSWER] - counts[InboxView.NEW]
    yield Need("alerts opened and not acknowledged", f"{where}?view=answer", opened)


def follow_up(user: User) -> Iterator[Need]:
    """Reviews whose day has come, and one's own actions that are due (ALR-17, ALR-19)."""
    where, today = reverse("response:waiting"), timezone.localdate()
    for words, (count, first) in (
        ("reviews of alerts are due", response.reviews_due(for_user=user)),
        ("actions of yours are due", response.actions_due(for_user=user)),
    ):
        yield Need(words, where, count, policies.end_of(first) if first else None, urgent=bool(first and first < today))


def emergencies(user: User) -> Iterator[Need]:
    """What was opened in an emergency and nobody has looked at (NTK-05)."""
    waiting = readers.glasses(for_user=user).filter(reviewed_at=None).order_by()[: CAP + 1]
    found = waiting.aggregate(count=Count("pk"), first=Min("review_due_at"))
    late = found["first"] is not None and found["first"] <= timezone.now()
    words = "emergency openings to review"
    yield Need(words, reverse("readers:reviews"), found["count"], found["first"], late)


def questions(user: User) -> Iterator[Need]:
    """What the hub asks the reader's agency, and what it wants to pass on (MSH-02, MSH-03)."""
    where, waiting = reverse("requests:asked"), requests.waiting_answers(for_user=user)
    late = waiting["first"] is not None and waiting["first"] < timezone.now()
    yield Need("questions from the hub to answer", where, waiting["count"], waiting["first"], urgent=late)
    yield Need("things that the hub asks to pass on", where, requests.permissions_waiting(for_user=user))


def asked_of_partners(user: User) -> Iterator[Need]:
    """Answers that are late, and requests that were begun and have not gone out (MSH-02)."""
    where = reverse("requests:list")
    yield Need("answers of partners that are late", where, requests.late_answers(for_user=user), urgent=True)
    yield Need("requests that you have not sent yet", where, requests.open_requests(for_user=user))


def papers(user: User) -> Iterator[Need]:
    """What parents should be able to find, and nobody has confirmed within a year (ALR-25)."""
    waiting = documents.to_confirm(for_user=user)
    yield Need("documents for parents to confirm", reverse("documents:mine"), waiting)


def services_to_check(user: User) -> Iterator[Need]:
    """Support services whose number nobody has tried for a year (ALR-27)."""
    waiting = documents.stale(documents.worded_by(user))
    yield Need("support services to check again", reverse("documents:support_desk"), waiting)


def briefings_due(user: User) -> Iterator[Need]:
    """A setting's own staff hear of the scheme once a year, and its safe use is looked at (ALR-26)."""
    late = briefings.late_at(user)
    yield Need("records of staff training or safe use that are due", reverse("briefings:mine"), late)


def conversations(user: User) -> Iterator[Need]:
    """Alerts about which somebody on the other side waits for an answer (ALR-12)."""
    waiting = talk.waiting(user)
    if first := waiting.first():
        words, where = "conversations that wait for your answer", reverse("talk:list")
        count, due = waiting.order_by()[: CAP + 1].count(), talk_policies.answer_due(first)
        yield Need(words, where, count, due, talk_policies.is_late(first))


def adults(user: User) -> Iterator[Need]:
    """What a manager judges within one working day, and what the LADO has not given receipt for (ALR-14)."""
    where = reverse("lado:list")
    found = lado.to_judge(user).order_by()[: CAP + 1].aggregate(count=Count("pk"), first=Min("due_at"))
    late = found["first"] is not None and found["first"] <= timezone.now()
    yield Need("adults who work with children, to be judged", where, found["count"], found["first"], late)
    yield Need("referrals to the LADO without receipt", where, lado.to_receive(user).order_by()[: CAP + 1].count())
