"""What people do in each room, as steps that journeys are made of."""

import re
from dataclasses import dataclass
from email.message import Message
from typing import Any

from tests.functional.browser import Visitor
from tests.functional.cases import Family, body
from tests.functional.stack import Stack, until

ALERT_REF = re.compile(r"A-[0-9A-Z]{4}-[0-9A-Z]{4}")


@dataclass(frozen=True)
class Tokens:
    """Police tokens, one a partnership, issued once."""

    by_partnership: dict[str, str]

    def __getitem__(self, partnership: str) -> str:
        return self.by_partnership[partnership]


def post(stack: Stack, token: str, notification: dict[str, Any]) -> str:
    """The police system sends; the reference that the Hub gives."""
    status, answer = stack.api("POST", "notifications/", token, notification)
    assert status == 201, answer
    return str(answer["ref"])


def screen(visitor: Visitor, ref: str, *, level: str, decision: str, reason: str = "Known to the school.") -> None:
    """A MASH officer claims a notification, reads it, and decides."""
    assert visitor.goto(f"/queue/{ref}/") == 200
    page = visitor.page
    visitor.press(visitor.button("Claim it"))
    page.get_by_label(re.compile(rf"^Level \d: {level}$")).check()
    page.get_by_label(decision, exact=True).check()
    page.get_by_label("Reason", exact=True).fill(reason)
    visitor.press(visitor.button("Save the decision"))


def status_of(stack: Stack, ref: str) -> str:
    return str(stack.sql("SELECT status FROM alerts_notification WHERE ref = %s", ref)[0][0])


def until_settled(stack: Stack, ref: str, status: str) -> None:
    until(f"notification {ref} is {status}", lambda: status_of(stack, ref) == status, 120)


def alerts_of(stack: Stack, ref: str) -> list[tuple[str, str, str, str]]:
    """(reference, status, setting, reason withheld) of each alert of a notification."""
    return stack.sql(  # type: ignore[return-value]  # four texts a row
        "SELECT a.ref, a.status, s.slug, a.withheld_reason FROM alerts_alert a"
        " JOIN alerts_notification n ON n.id = a.notification_id JOIN agencies_agency s ON s.id = a.setting_id"
        " WHERE n.ref = %s ORDER BY a.id",
        ref,
    )


def text_of(message: Message) -> str:
    """Everything that an e-mail says, headers too."""
    parts = [part.get_payload(decode=True).decode() for part in message.walk() if not part.is_multipart()]
    return "\n".join([*(f"{name}: {value}" for name, value in message.items()), *parts])


def mails_about(stack: Stack, to: str, alert: str) -> list[str]:
    """The e-mails to one person that name an alert."""
    return [text for text in map(text_of, stack.mails(to)) if alert in text]


def mail_about(stack: Stack, to: str, alert: str) -> str:
    """The first e-mail that told one person of one alert, as soon as it is there."""
    found: list[str] = until(f"an e-mail to {to} about {alert}", lambda: mails_about(stack, to, alert), 40)
    return found[0]


def sent_alert(
    stack: Stack, tokens: Tokens, mash: Visitor, urn: str = "900001", **changes: Any
) -> tuple[Family, str, str]:
    """From the police to a setting in wexbourne: the family, the notification, the alert."""
    family = Family.another()
    ref = post(stack, tokens["wexbourne"], body(family, urn, **changes))
    screen(mash, ref, level="Additional", decision="Send the alert to each child's setting")
    until_settled(stack, ref, "sent")
    return family, ref, alerts_of(stack, ref)[0][0]
