"""Lets the demo's people talk about an alert, disclose something after it, and pass a concern about an adult to the LADO."""

import datetime as dt

from django.utils import timezone

from agreements.decisions import services as deciding
from agreements.decisions import subjects
from agreements.decisions.answers import Answers
from agreements.decisions.enums import Basis, Currency, Duty, Nature, Outcome, Purpose, Told
from agreements.register.enums import Item
from alerts.conversations import disclosing, selectors, services
from alerts.conversations.enums import LiaisonOutcome, RecallBecause, Service
from alerts.lado import services as lado
from alerts.lado.enums import Threshold
from alerts.models import Alert
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import User

PURPOSE = "load_demo"
_ACKNOWLEDGED, _OPENED = 106, 105


def talk_about_alerts() -> None:
    """About the alert that Meadow has acknowledged; another child there has a worker already."""
    alert, other = _alert(_ACKNOWLEDGED), _alert(_OPENED)
    dsl, officer, manager = _person("dsl@meadow"), _person("officer@mash"), _person("manager@mash")
    _say(alert, dsl, "She has been late four times in two weeks and says that she minds her brother in the mornings.")
    with acting_as(_as(dsl)):
        where = selectors.place(alert.ref, for_user=dsl)
        services.hold(
            where,
            text="Attendance this half term is 84 per cent; it was 97 last year.",
            nature=Nature.FACT,
            currency=Currency.CURRENT,
            originator=alert.setting.name,
            originated_on=timezone.localdate(),
            by=dsl,
        )
        wrong = services.write(where, text="This was meant for another child's case.", by=dsl)
        services.recall(where, entry=wrong, because=RecallBecause.WRONG_CASE, by=dsl)
    _answer(
        alert, dsl, 7, ("She looks after a small child.", "Her grandmother lives close by.", "An adult is up at seven.")
    )
    _answer(alert, officer, 4, ("Two incidents in a month.", "School sees her daily.", "An early help assessment."))
    with acting_as(_as(officer)):
        where = selectors.place(alert.ref, for_user=officer)
        services.note_call(
            where,
            caller=officer.name,
            called="Duty health visitor",
            phoned_at=timezone.now() - dt.timedelta(minutes=20),
            text="The younger child's check is due next week. She will go to the home.",
            own=True,
            by=officer,
        )
    _say(alert, officer, "Thank you. An early help assessment fits. We disclose to you what helps you to plan it.")
    _disclose(alert, dsl, officer)
    _liaise(other, dsl)
    _concerns(alert, other, dsl, manager)


def _alert(number: int) -> Alert:
    with acting_as(Principal(service="dispatch", purpose=PURPOSE)):
        found = Alert.objects.filter(notification__reference__endswith=f"/{number:07d}", partnership__slug="wexbourne")
        return found.select_related("setting", "crypto_key").order_by("pk")[0]


def _person(who: str) -> User:
    return User.objects.get(email=f"{who}.wexbourne.example")


def _as(user: User) -> Principal:
    return Principal(user_id=user.pk, purpose=PURPOSE)


def _say(alert: Alert, by: User, text: str) -> None:
    with acting_as(_as(by)):
        services.write(selectors.place(alert.ref, for_user=by), text=text, by=by)


def _answer(alert: Alert, by: User, worry: int, words: tuple[str, str, str]) -> None:
    worries, works_well, must_happen = words
    with acting_as(_as(by)):
        services.answer_questions(
            selectors.place(alert.ref, for_user=by),
            worry=worry,
            worries=worries,
            works_well=works_well,
            must_happen=must_happen,
            by=by,
        )


def _decide(ref: str, to: str, *items: Item, by: User) -> None:
    """By the duty to promote the child's welfare; the family is not told before somebody has seen whether that is safe."""
    answers = Answers(
        outcome=Outcome.SHARE,
        to=to,
        items=items,
        purpose=Purpose.SUPPORT,
        basis=Basis.DUTY,
        duty=Duty.WELFARE,
        article_6="6_1_c",
        article_9="9_2_g",
        schedule_1="s1_18",
        reason="It can be acted on there, and nowhere else in time.",
        use="To support and protect the child, and for nothing else",
        told=Told.RISK,
        told_words="The other adult might learn of it.",
    )
    with acting_as(_as(by)):
        deciding.decide(subjects.subject(ref, for_user=by), answers=answers, by=by)


def _disclose(alert: Alert, to: User, officer: User) -> None:
    with acting_as(_as(officer)):
        where, talk = selectors.talk_at(alert.ref, for_user=officer)
    _decide(talk.ref, alert.setting.slug, Item.INCIDENT_CONTENT, by=officer)
    with acting_as(_as(officer)):
        disclosing.disclose(
            where,
            content="There was shouting at night and a door was broken. Both children were upstairs. Nobody was hurt.",
            nature=Nature.FACT,
            currency=Currency.CURRENT,
            originator=alert.origin,
            originated_on=timezone.localdate() - dt.timedelta(days=1),
            people=[to.code],
            until=timezone.localdate() + dt.timedelta(days=14),
            by=officer,
        )


def _liaise(alert: Alert, dsl: User) -> None:
    with acting_as(_as(dsl)):
        services.liaise(
            selectors.place(alert.ref, for_user=dsl),
            service=Service.EARLY_HELP,
            worker="Perpetua Achterberg",
            team="Early Help, east",
            phone="01632 960144",
            spoke_at=timezone.now() - dt.timedelta(minutes=40),
            outcome=LiaisonOutcome.PLAN,
            note="She visits on Thursday; we watch the mornings and phone her if he is late again.",
            by=dsl,
        )


def _concerns(alert: Alert, other: Alert, dsl: User, manager: User) -> None:
    """One that waits to be judged, and one that the LADO has to give receipt for."""
    with acting_as(_as(dsl)):
        lado.tell(
            other, adult=other.adults[0], work="Helps at a swimming club on Saturdays, as the child says.", by=dsl
        )
        referred = lado.tell(alert, adult=alert.adults[-1], work="Coaches the under-tens at a football club.", by=dsl)
    _decide(referred.ref, "council", Item.ADULTS_NAMES, Item.INCIDENT_KIND, by=manager)
    with acting_as(_as(manager)):
        lado.judge(
            referred,
            threshold=Threshold.REFER,
            reasons="May pose a risk to children in that work. Nobody there has been spoken to.",
            by=manager,
        )
