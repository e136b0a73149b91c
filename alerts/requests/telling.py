"""E-mails about requests: type, reference and link; never a name of a child (design §6)."""

from typing import Any

from django.conf import settings

from alerts.requests.models import Ask, HeldItem, InformationRequest, Package
from alerts.requests.selectors import who_answers
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.access.told import not_to_be_told, one_or_all, people_at
from safeguarding.agencies.models import Agency, User
from safeguarding.notifications.services import queue_email


def of_question(ask: Ask) -> int:
    due = ask.due_at
    return _tell(ask.agency, "request_asked", ask, "asked", link=f"/asked/{ask.ref}/", due=f"{due.day} {due:%B %Y}")


def of_reminder(ask: Ask, occasion: str) -> int:
    due = ask.due_at
    return _tell(ask.agency, "request_late", ask, occasion, link=f"/asked/{ask.ref}/", due=f"{due.day} {due:%B %Y}")


def of_withdrawal(ask: Ask) -> int:
    return _tell(ask.agency, "request_withdrawn", ask, "withdrawn", link=f"/asked/{ask.ref}/")


def of_answer(ask: Ask) -> int:
    """Whoever asked is told that an answer is there; where they are gone, everybody who works on cases at the hub."""
    return _tell_asker(ask, "request_answered", "answered")


def of_permission_wanted(item: HeldItem) -> int:
    ask = item.ask
    return _tell(ask.agency, "request_permission", ask, f"permission {item.position}", link=f"/asked/{ask.ref}/")


def of_permission_said(item: HeldItem) -> int:
    ask, when = item.ask, item.onward_at
    occasion = f"said {item.position} {when.isoformat() if when else ''}"
    return _tell_asker(ask, "request_permission_said", occasion)


def of_package(package: Package) -> int:
    assert package.sent_to is not None
    return _tell(package.sent_to, "package_sent", package, "sent", link=f"/packages/{package.ref}/")


def _tell_asker(ask: Ask, template: str, occasion: str) -> int:
    """The request is the hub's: the agency that answers may not read it, so who asked is read as dispatch (NTK-02)."""
    with acting_as(as_dispatch("tell of an answer")):
        request = InformationRequest.objects.get(pk=ask.request_id)
    at_hub = people_at([ask.controller_id], HANDLERS["notification"], shut=not_to_be_told(child_id=ask.child_id))
    people = one_or_all(at_hub.get(ask.controller_id, []), person_id=request.asked_by_id)
    return sum(_write(person, template, ask, occasion, link=f"/requests/{request.ref}/") for person in people)


def _tell(agency: Agency, template: str, about: Ask | Package, occasion: str, *, link: str, **words: Any) -> int:
    """Everybody who answers requests about this child at the agency."""
    people = who_answers([agency], child_id=about.child_id).get(agency.pk, [])
    return sum(_write(person, template, about, occasion, link=link, **words) for person in people)


def _write(person: User, template: str, about: Ask | Package, occasion: str, *, link: str, **words: Any) -> int:
    with acting_as(as_dispatch("tell of a request")):
        email = queue_email(
            to=person.email,
            template=template,
            context={"ref": about.ref, "link": f"{settings.SITE_URL}{link}", "marking": about.marking, **words},
            dedupe_key=f"{about.ref} {occasion} {person.pk}",
            recipient=person,
            about=about,
        )
    return 1 if email else 0
