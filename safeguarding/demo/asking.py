"""What the hub of the demo world has asked partners: one question answered and packed, one that still waits."""

import datetime as dt

from django.utils import timezone

from agreements.decisions.enums import Currency, Nature, Told
from alerts.models import Ask
from alerts.requests import answering, selectors, services
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import User
from safeguarding.children.models import Child
from safeguarding.demo.loading import PARTNERSHIPS

PURPOSE = "demo world"
HELD = (
    ("Early help was offered last winter and ended after four visits, by agreement.", Nature.FACT, Currency.HISTORICAL),
    (
        "The worker thought that the mother was not free to speak while her partner was in the room.",
        Nature.OPINION,
        Currency.HISTORICAL,
    ),
)


def ask_partners() -> None:
    """In the first partnership; the council's desk answers, the school's has not yet."""
    data = PARTNERSHIPS[0]
    officer, manager, desk = (
        User.objects.get(email=data.email_of(local, short))
        for local, short in (("officer", "mash"), ("manager", "mash"), ("desk", "council"))
    )
    with acting_as(Principal(user_id=officer.pk, purpose=PURPOSE)):
        attends = Child.objects.visible_to(officer).filter(placements__setting__slug=data.slug_of("meadow"))
        child = attends.select_related("crypto_key", "partnership", "controller").order_by("pk")[0]
        request = services.prepare(
            child,
            question="What do you know of the family since last autumn, and who works with them now?",
            agencies=[data.slug_of("council"), data.slug_of("meadow")],
            due_at=timezone.now() + dt.timedelta(days=1),
            by=officer,
        )
        asks = services.ask(request, told=Told.RISK, told_words="The father may take it out on the mother.", by=officer)
    answered = next(ask for ask in asks if ask.agency.slug == data.slug_of("council"))
    _answer(answered, desk)
    with acting_as(Principal(user_id=manager.pk, purpose=PURPOSE)):
        held = selectors.items_of(request, for_user=manager)
        package = services.compose(
            request,
            summary="Known to early help. Nobody has spoken with the mother alone since. We do not know who lives in the home.",
            by=manager,
        )
        services.pack(package, items=held[:1], by=manager)


def _answer(ask: Ask, desk: User) -> None:
    with acting_as(Principal(user_id=desk.pk, purpose=PURPOSE)):
        for number, (text, nature, currency) in enumerate(HELD):
            answering.add_item(
                ask,
                text=text,
                nature=nature,
                currency=currency,
                originated_on=None,
                onward=number == 0,
                limits="",
                by=desk,
            )
        answering.finish(ask, by=desk)
