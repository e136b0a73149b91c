"""What gives people of the demo world something to look at: refusals, a sample half worked through, items that are in doubt."""

import datetime as dt

from django.utils import timezone

from agreements.corrections import services, subjects
from agreements.corrections.enums import CorrectionState
from agreements.processing.flows import count_again
from agreements.register.enums import Item
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
        count_again(timezone.localdate())
        alerts = list(
            Alert.objects.filter(setting__slug=data.slug_of("meadow"), sent_at__isnull=False).order_by("pk")[:2]
        )
    _knock(User.objects.get(email=data.email_of("dsl", "harbour")), alerts[0].ref)
    _doubt(
        User.objects.get(email=data.email_of("dsl", "meadow")),
        User.objects.get(email=data.email_of("officer", "police")),
        [alert.ref for alert in alerts],
    )
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


def _doubt(lead: User, officer: User, refs: list[str]) -> None:
    """One question that waits for the police, and one that they have answered (SHR-14)."""
    waits, answered = refs
    with acting_as(Principal(user_id=lead.pk, purpose=PURPOSE)):
        said = "The step-father has moved out, so the second name cannot be right. Our admission form has the mother's brother."
        services.ask(subjects.subject(waits, for_user=lead), item=Item.ADULTS_NAMES, question=said, by=lead)
        said = "We believe that it was the evening before: the child was at our breakfast club when it is said to have happened."
        about = subjects.subject(answered, for_user=lead)
        asked = services.ask(about, item=Item.INCIDENT_DATE, question=said, by=lead)
    with acting_as(Principal(user_id=officer.pk, purpose=PURPOSE)):
        said = "The call came in after midnight, so the day in our log is right. It had begun the evening before."
        services.answer(asked, outcome=CorrectionState.DECLINED, words=said, by=officer)
