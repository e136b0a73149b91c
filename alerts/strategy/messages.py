"""The e-mails about strategy discussions: what it is about, reference and link; never a name (STR-02, design §6)."""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection

from alerts.readers.selectors import as_dispatch
from alerts.strategy.models import DiscussionInvitation, StrategyDiscussion
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.principal import acting_as
from safeguarding.access.told import one_or_all, people_at
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import User
from safeguarding.notifications.services import queue_email


def tell(discussion: StrategyDiscussion, people: Iterable[User], *, headline: str, sentence: str, occasion: str) -> int:
    """One e-mail to each, once for this occasion; who is shut out meanwhile gets none (MRC-18)."""
    with acting_as(as_dispatch("tell of a strategy discussion")):
        shut = _shut_out(discussion)
        told = {person.pk: person for person in people if person.pk not in shut and person.is_active}
        for person in told.values():
            queue_email(
                to=person.email,
                template="step",
                context={
                    "headline": headline,
                    "sentence": sentence,
                    "ref": discussion.ref,
                    "link": f"{settings.SITE_URL}/strategy/{discussion.ref}/",
                    "marking": discussion.partnership.marking,
                },
                dedupe_key=f"strategy:{discussion.pk}:{occasion}:{person.pk}",
                recipient=person,
                about=discussion,
            )
    return len(told)


def _shut_out(discussion: StrategyDiscussion) -> set[int]:
    with acting_as(as_dispatch("find whom not to tell")), connection.cursor() as cursor:
        cursor.execute("SELECT app.not_to_be_told_of_discussion(%s)", [discussion.pk])
        return {row[0] for row in cursor.fetchall()}


def managers_of(discussion: StrategyDiscussion) -> list[User]:
    """The chair alone; all managers of the authority where nobody chairs yet, or the chair left or is shut out (STR-02, MRC-18)."""
    return one_or_all(_people(discussion, (Role.SOCIAL_CARE_MANAGER,)), person_id=discussion.chair_id)


def askers_of(discussion: StrategyDiscussion) -> list[User]:
    """Whoever asked alone; everybody who could have asked there, where they left or are shut out meanwhile (STR-01, STR-06, NTK-07)."""
    kind = "strategy" if discussion.asked_at_id == discussion.controller_id else "notification"
    people = _people(discussion, HANDLERS[kind], at=discussion.asked_at_id)
    return one_or_all(people, person_id=discussion.requested_by_id)


def all_of_authority(discussion: StrategyDiscussion) -> list[User]:
    """The day team: everybody at the authority who works on strategy discussions (STR-03)."""
    return _people(discussion, HANDLERS["strategy"])


def _people(discussion: StrategyDiscussion, roles: Iterable[str], *, at: int | None = None) -> list[User]:
    """Of the authority, unless another agency is named."""
    agency_id = at or discussion.controller_id
    return people_at([agency_id], roles, shut=_shut_out(discussion)).get(agency_id, [])


def participants(discussion: StrategyDiscussion, *, with_record: bool = False) -> list[User]:
    """Everybody who is invited, or to whom the record was sent."""
    with acting_as(as_dispatch("find who is invited")):
        rows = DiscussionInvitation.objects.filter(content_object=discussion).live()
        if with_record:
            rows = rows.filter(record_sent_at__isnull=False)
        return [row.user for row in rows.select_related("user").order_by("pk")]
