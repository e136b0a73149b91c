"""What gives the IG lead of the demo world something to look at: refusals, and a sample half worked through."""

import datetime as dt

from django.utils import timezone

from alerts.models import Alert
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.record import record
from safeguarding.demo.loading import PARTNERSHIPS
from safeguarding.governance import sampling
from safeguarding.governance.enums import ItemResult, SampleKind
from safeguarding.governance.rules import DEFAULTS
from safeguarding.governance.watching import watch

PURPOSE = "demo world"


def leave_traces() -> None:
    """In the first partnership; the others stay quiet."""
    data = PARTNERSHIPS[0]
    with acting_as(Principal(service="dispatch", purpose=PURPOSE)):
        alert = Alert.objects.filter(setting__slug=data.slug_of("meadow")).order_by("pk").first()
    assert alert is not None
    _knock(User.objects.get(email=data.email_of("dsl", "harbour")), alert.ref)
    _sample(User.objects.get(email=data.email_of("manager", "mash")), Agency.objects.get(slug=data.slug_of("mash")))


def _knock(person: User, ref: str) -> None:
    """A lead of one school tries the reference of another's alert, again and again."""
    with acting_as(Principal(user_id=person.pk, purpose=PURPOSE)):
        for _ in range(DEFAULTS["refusals"]["times"] + 1):
            record("access.denied", outcome="denied", facts={"status": 404, "route": "alerts/<str:ref>/", "ref": ref})
    watch()


def _sample(manager: User, hub: Agency) -> None:
    today = timezone.localdate()
    with acting_as(Principal(user_id=manager.pk, purpose=PURPOSE)):
        week_ago = today - dt.timedelta(days=7)
        sample = sampling.draw(hub=hub, kind=SampleKind.SCREENINGS, since=week_ago, until=today, size=4, by=manager)
        first, second, *_ = sample.items.order_by("position")
        sampling.record_result(first, result=ItemResult.COMPLIANT, note="", action="", by=manager)
        sampling.record_result(
            second,
            result=ItemResult.FINDING,
            note="The reason names the level, and does not say why this level.",
            action="Talk it through at the next team meeting.",
            by=manager,
        )
