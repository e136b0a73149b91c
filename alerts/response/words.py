"""What the pages of a response say, in sentences; from states and dates only."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert
from alerts.files.models import EntryGrant
from alerts.response import policies
from alerts.response.enums import ActionState, Concerns, Support
from alerts.response.models import Action, Response

# What silent and overt mean for the people who do it (ALR-18).
SUPPORT_MEANS = {
    Support.SILENT: "Staff who need to know watch over the child and make the day easier, and nobody mentions why: not to "
    "the child, not to the family, not to other staff.",
    Support.OVERT: "The child is offered support openly, because the child has raised it, or the MASH has advised it. Let "
    "the child choose with whom, and never say where you know it from unless the MASH has agreed.",
}


@dataclass(frozen=True)
class Task:
    """A line of the task list: what there is to consider, and how far it has come."""

    title: str
    href: str
    state: str
    colour: str = ""


def tasks_for(
    alert: Alert, response: Response | None, actions: Sequence[Action], told: Sequence[EntryGrant], *, may_share: bool
) -> list[Task]:
    """In the order in which a DSL works through them; each can be left and come back to (ALR-12)."""

    def to(name: str) -> str:
        return reverse(f"response:{name}", args=[alert.ref])

    tasks = [Task("What you know, and where it leads", to("answer"), *_answered(response))]
    if may_share:
        tasks.append(Task("Tell colleagues who need to know", to("find_colleague"), *_told(told)))
    tasks.append(Task("Silent or overt support", to("support"), *_support(response)))
    tasks.append(Task("Actions", to("actions"), *_actions(actions)))
    tasks.append(Task("Review", to("review"), *_review(response)))
    closed = alert.status == AlertStatus.CLOSED
    tasks.append(Task("Close with the outcome", to("close"), *(("Closed", "green") if closed else ("Open", "grey"))))
    return tasks


def _answered(response: Response | None) -> tuple[str, str]:
    if response is None or not response.concerns:
        return "To do", "blue"
    return {
        Concerns.NONE: ("No other concerns", "green"),
        Concerns.ALLOCATED: ("Liaise with the worker", "yellow"),
        Concerns.OTHER: ("Discuss it", "yellow"),
    }[Concerns(response.concerns)]


def _told(told: Sequence[EntryGrant]) -> tuple[str, str]:
    return (f"{len(told)} told", "green") if told else ("Nobody yet", "grey")


def _support(response: Response | None) -> tuple[str, str]:
    if response is None or not response.support:
        return "Not decided", "grey"
    return ("Silent", "green") if response.support == Support.SILENT else ("Overt", "green")


def _actions(actions: Sequence[Action]) -> tuple[str, str]:
    to_do = [action for action in actions if action.state == ActionState.OPEN]
    late = sum(action.is_late for action in to_do)
    if late:
        return f"{late} late", "red"
    if to_do:
        return f"{len(to_do)} to do", "blue"
    return ("All done", "green") if actions else ("None", "grey")


def _review(response: Response | None) -> tuple[str, str]:
    if response is None or response.review_on is None:
        return "No day set", "grey"
    if policies.is_to_review(response):
        return "Due", "red"
    return f"{response.review_on.day} {response.review_on:%B %Y}", "blue"
