"""Somebody is shut out of a child's records where the child came from: the next hub is told that, and not who (MRC-18, NTK-04)."""

from collections.abc import Iterable

from django.db.models import Q

from alerts.intake.models import NotificationChild
from alerts.moves import selectors
from alerts.moves.models import ChildMove
from alerts.readers.models import Exclusion
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.models import User
from safeguarding.children.selectors import records_of_same


def somebody_is_shut_out(move: ChildMove, *, for_user: User) -> bool:
    """Of the child, or of an alert or notification about the child, in the area that the child left.

    Who is shut out there is told nothing, wherever they work by now.
    """
    with acting_as(as_dispatch("tell the next hub of an exclusion")):
        records = records_of_same([move.child_id])
        named_in = NotificationChild.objects.filter(child__in=records).values("notification")
        about = Q(child__in=records) | Q(alert__child__in=records) | Q(notification__in=named_in)
        people = set(Exclusion.objects.filter(about, lifted_at=None).values_list("user", flat=True))
    return bool(people) and for_user.pk not in people


def came_from(child_ids: Iterable[int], *, for_user: User) -> list[ChildMove]:
    """The moves by which these children came to this hub from where somebody is shut out: asked before anybody is let in."""
    came = selectors.moves(for_user=for_user).filter(taken_as__in=records_of_same(child_ids)).order_by("pk")
    return [move for move in came if somebody_is_shut_out(move, for_user=for_user)]
