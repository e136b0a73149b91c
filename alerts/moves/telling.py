"""Who at either end is told that something waits for them; no e-mail names anybody (ALR-04, ALR-28)."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q

from alerts.files.models import SafeguardingFile
from alerts.moves.models import ChildMove, Transfer
from alerts.readers.models import Exclusion
from safeguarding.access.told import people_at
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, User
from safeguarding.children.selectors import records_of_same
from safeguarding.notifications.services import queue_email

# The lead and the deputy, and the head where there is neither; at the council whoever keeps files there.
_LEADS = (Role.DSL, Role.DEPUTY_DSL)
_AT_THE_COUNCIL = (Role.EHE_OFFICER, Role.AUTHORITY_CONTACT)


def keepers_of(agency: Agency, file: SafeguardingFile) -> list[User]:
    """Who is told at one end; who is shut out of the child is not (MRC-18). Runs as dispatch."""
    roles = _LEADS if agency.is_setting else _AT_THE_COUNCIL
    return _holders(agency, roles, file.child_id) or _holders(agency, (Role.HEAD,), file.child_id)


def _holders(agency: Agency, roles: Iterable[str], child_id: int) -> list[User]:
    return people_at([agency.pk], roles, shut=_shut_from(child_id)).get(agency.pk, [])


def _shut_from(child_id: int) -> set[int]:
    records = records_of_same([child_id])
    live = Exclusion.objects.filter(lifted_at=None)
    about = live.filter(Q(child__in=records) | Q(alert__child__in=records) | Q(notification__alerts__child__in=records))
    return set(about.values_list("user_id", flat=True))


def tell_end(transfer: Transfer, agency: Agency, *, headline: str, sentence: str, occasion: str) -> int:
    """Everybody at one end who keeps files, once for each occasion; runs as dispatch."""
    people = keepers_of(agency, transfer.file)
    for person in people:
        _mail(person, transfer, f"transfers/{transfer.ref}/", headline, sentence, occasion)
    return len(people)


def tell_hub(move: ChildMove, hub: Agency, *, headline: str, sentence: str, occasion: str) -> int:
    """The hub's managers; runs as dispatch."""
    people = _holders(hub, (Role.MASH_MANAGER,), move.child_id)
    for person in people:
        _mail(person, move, f"moved/{move.ref}/", headline, sentence, occasion)
    return len(people)


def _mail(person: User, about: Transfer | ChildMove, path: str, headline: str, sentence: str, occasion: str) -> None:
    queue_email(
        to=person.email,
        template="step",
        context={
            "headline": headline,
            "sentence": sentence,
            "ref": about.ref,
            "link": f"{settings.SITE_URL}/{path}",
            "marking": about.partnership.marking,
        },
        dedupe_key=f"{about._meta.model_name}:{about.pk}:{occasion}:{person.pk}",
        recipient=person,
        about=about,
    )
