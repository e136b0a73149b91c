"""What the hub of the demo world decided to share and not to share, and one question that waits for advice (SHR-01)."""

import datetime as dt

from django.utils import timezone

from agreements.decisions import services, subjects
from agreements.decisions.answers import Answers, ConsentSaid
from agreements.decisions.enums import Basis, ConsentBy, ConsentState, Duty, Outcome, Purpose, Told, WhyNot
from agreements.register.enums import IN_AN_ALERT, Article6, Article9, Item, Schedule1
from alerts.models import Alert
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import User
from safeguarding.demo.loading import PARTNERSHIPS

PURPOSE = "demo world"
_DUTY = {
    "basis": Basis.DUTY,
    "duty": Duty.WELFARE,
    "article_6": Article6.LEGAL_OBLIGATION,
    "article_9": Article9.PUBLIC_INTEREST,
    "schedule_1": Schedule1.SAFEGUARDING,
}


def decide_some() -> None:
    """In the first partnership: one that lets a withheld alert leave, one by consent, a refusal, and a question."""
    data = PARTNERSHIPS[0]
    officer = User.objects.get(email=data.email_of("officer", "mash"))
    manager = User.objects.get(email=data.email_of("manager", "mash"))
    council, larch = data.slug_of("council"), data.slug_of("larch")
    withheld, told = _alert(withheld_reason="never_signed", setting__slug=larch), _alert(status="acknowledged")
    for by, alert, answers in (
        (manager, withheld, _withheld(larch)),
        (officer, told, _by_consent(council)),
        (officer, told, _refusal(data.slug_of("police"))),
        (officer, withheld, _question(council)),
    ):
        with acting_as(Principal(user_id=by.pk, purpose=PURPOSE)):
            services.decide(subjects.subject(alert.ref, for_user=by), answers=answers, by=by)


def _alert(**fields: str) -> Alert:
    with acting_as(Principal(service="dispatch", purpose=PURPOSE)):
        return Alert.objects.filter(partnership__slug=PARTNERSHIPS[0].slug, **fields).order_by("pk")[0]


def _withheld(to: str) -> Answers:
    return Answers(
        outcome=Outcome.SHARE,
        to=to,
        items=IN_AN_ALERT,
        purpose=Purpose.SUPPORT,
        reason="The school has not signed yet, and the child is in class with nobody knowing. Waiting would leave them alone.",
        use="To support the child at the setting, and for nothing else.",
        told=Told.RISK,
        told_words="The parent who caused harm would learn of it.",
        **_DUTY,  # type: ignore[arg-type]  # codes of the fields that they name
    )


def _by_consent(to: str) -> Answers:
    today = timezone.localdate()
    said = ConsentSaid(
        by=ConsentBy.SELF, name="Marisol Tennick", on=today, explicit=True, informed=True, limits="Not her new address."
    )
    return Answers(
        outcome=Outcome.SHARE,
        to=to,
        items=(Item.CHILD_NAME, Item.INCIDENT_KIND, Item.SCHOOL_CONCERNS),
        purpose=Purpose.ASSESS,
        consent=ConsentState.GIVEN,
        consent_said=said,
        basis=Basis.CONSENT,
        article_6=Article6.CONSENT,
        article_9=Article9.CONSENT,
        reason="The family asked for early help and wants the worker to know what the school has seen.",
        use="To assess need and risk, and for nothing else.",
        told=Told.TO_BE_TOLD,
        told_by=today + dt.timedelta(days=2),
    )


def _refusal(to: str) -> Answers:
    return Answers(
        outcome=Outcome.NOT_SHARE,
        to=to,
        items=(Item.SCHOOL_CONCERNS,),
        purpose=Purpose.CRIME,
        why_not=WhyNot.DETRIMENT,
        reason="What the child told the tutor would be lost to us if it were passed on now; nothing in it is new to the police.",
    )


def _question(to: str) -> Answers:
    return Answers(
        outcome=Outcome.ADVICE,
        to=to,
        items=(Item.HEALTH,),
        purpose=Purpose.ASSESS,
        advice_from="The Caldicott Guardian of the trust",
        advice_question="May the health visitor's note be passed on without the mother's consent?",
    )
