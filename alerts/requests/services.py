"""Writes of the hub: asking partners, asking to pass on, composing and sending a package (MSH-02 to MSH-04)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from agreements.decisions import services as decisions
from agreements.decisions.answers import Answers
from agreements.decisions.enums import RESTS_ON, Basis, Outcome, Purpose, Told
from agreements.decisions.models import Decision
from agreements.decisions.selectors import share_decision
from alerts.requests import policies, selectors, telling
from alerts.requests.enums import AskState, Onward, PackageState, RequestState
from alerts.requests.models import Ask, HeldItem, InformationRequest, Package, PackageItem
from safeguarding.access.told import check_is_heard
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.record import record
from safeguarding.children.models import Child
from safeguarding.errors import NotVisible, Refused

_ANSWERS = "answers in the Hub any more"


@transaction.atomic
def prepare(
    child: Child, *, question: str, agencies: Sequence[str], due_at: dt.datetime, about: str = "", by: User
) -> InformationRequest:
    """The hub writes down what it wants to know, from whom and until when; nobody has been asked yet (MSH-02)."""
    if child.controller_id not in selectors.works_for_hub(by):
        raise NotVisible
    request = InformationRequest.objects.create(
        partnership=child.partnership,
        controller=child.controller,
        child=child,
        about=about,
        question=question,
        agencies=sorted(agencies),
        due_at=due_at,
        asked_by=by,
    )
    record("request.prepared", request, facts={"agencies": len(agencies), "due_at": due_at.isoformat()})
    return request


@transaction.atomic
def ask(request: InformationRequest, *, told: Told, told_words: str = "", by: User) -> list[Ask]:
    """Each agency is asked, by an agreement in force or by a decision of its own; if one has neither, nobody is asked (SHR-02)."""
    request = _held(request, by)
    policies.check_can_prepare(request)
    chosen = selectors.chosen(request, for_user=by)
    open_to = [each.agency.name for each in chosen if not each.covered]
    if open_to:
        raise Refused(
            f"Nobody has decided to tell {' and '.join(open_to)} which child it is about, and no agreement does. "
            "Nobody was asked. Decide about each of them first."
        )
    answered = selectors.who_answers([each.agency for each in chosen], child_id=request.child_id)
    check_is_heard(
        [each.agency.name for each in chosen if each.agency.pk not in answered],
        does=_ANSWERS,
        then="Nobody was asked. Phone them, and make another request without them.",
    )
    asks = [
        Ask.objects.create(
            partnership=request.partnership,
            controller=request.controller,
            request=request,
            agency=each.agency,
            child=request.child,
            child_given_name=request.child.given_name,
            child_family_name=request.child.family_name,
            child_date_of_birth=request.child.date_of_birth,
            question=request.question,
            decision_ref=(each.decision or _decided_by_agreement(request, each.agency, told, told_words, by)).ref,
            marking=request.partnership.marking,
            due_at=request.due_at,
        )
        for each in chosen
    ]
    request.state, request.asked_at = RequestState.ASKED, timezone.now()
    request.save(update_fields=["state", "asked_at"])
    record("request.asked", request, facts={"asks": [each.ref for each in asks]})
    for each in asks:
        telling.of_question(each)
    return asks


def _decided_by_agreement(
    request: InformationRequest, agency: Agency, told: Told, told_words: str, by: User
) -> Decision:
    """What the agreement lists is decided in one step with the question, and recorded like every other disclosure (SHR-02)."""
    article_6, article_9, schedule_1, part_3 = RESTS_ON[Basis.AGREEMENT]
    answers = Answers(
        outcome=Outcome.SHARE,
        to=agency.slug,
        items=selectors.IDENTITY,
        purpose=Purpose.ASSESS,
        basis=Basis.AGREEMENT,
        article_6=article_6,
        article_9=article_9,
        schedule_1=schedule_1,
        part_3=part_3,
        reason="The agency is asked what it holds about the child.",
        use="To find and answer with what it holds about this child, and for nothing else.",
        told=told,
        told_words=told_words,
    )
    subject = selectors.subject_of_request(request.ref, by)
    return decisions.decide(subject, answers=answers, by=by)


def _held(request: InformationRequest, by: User) -> InformationRequest:
    mine = InformationRequest.objects.visible_to(by).select_related(
        "crypto_key", "controller", "partnership", "child__crypto_key"
    )
    held = mine.select_for_update(of=("self",), no_key=True).filter(pk=request.pk).first()
    if held is None:
        raise NotVisible
    return held


@transaction.atomic
def close(request: InformationRequest, *, by: User) -> None:
    """No more answers are waited for; who has not answered is told that it is no longer needed."""
    request = _held(request, by)
    policies.check_can_close(request)
    open_asks = request.asks.filter(state=AskState.ASKED).select_related("agency", "partnership").order_by("pk")
    # for update: an answer that is just arriving is waited for, and stays
    waiting = list(open_asks.select_for_update(of=("self",), no_key=True))
    request.asks.filter(pk__in=[each.pk for each in waiting]).update(state=AskState.WITHDRAWN)
    request.state, request.closed_at = RequestState.CLOSED, timezone.now()
    request.save(update_fields=["state", "closed_at"])
    record("request.closed", request, facts={"unanswered": len(waiting)})
    for each in waiting:
        telling.of_withdrawal(each)


@transaction.atomic
def ask_permission(item: HeldItem, *, by: User) -> None:
    """Passing it on needs its originator's recorded permission; the originator is asked (MSH-03)."""
    item = _held_item(item, by)
    policies.check_can_ask_permission(item)
    item.onward = Onward.ASKED
    item.save(update_fields=["onward"])
    record("request.permission_asked", item.ask, facts={"item": item.position})
    telling.of_permission_wanted(item)


def _held_item(item: HeldItem, by: User) -> HeldItem:
    mine = HeldItem.objects.visible_to(by).select_related("crypto_key", "ask__agency", "ask__partnership", "controller")
    held = mine.select_for_update(of=("self",), no_key=True).filter(pk=item.pk).first()
    if held is None:
        raise NotVisible
    return held


# ---------------------------------------------------------------- packages
@transaction.atomic
def compose(request: InformationRequest, *, summary: str, by: User) -> Package:
    """Senior staff of the hub begin a package of what partners let be passed on (MSH-04)."""
    if not selectors.may_compose(by):
        raise NotVisible
    request = _held(request, by)
    package = Package.objects.create(
        partnership=request.partnership,
        controller=request.controller,
        request=request,
        child=request.child,
        child_given_name=request.child.given_name,
        child_family_name=request.child.family_name,
        child_date_of_birth=request.child.date_of_birth,
        summary=summary,
        marking=request.partnership.marking,
        composed_by=by,
    )
    record("package.composed", package, facts={"request": request.ref})
    return package


def _held_package(package: Package, by: User) -> Package:
    if not selectors.may_compose(by):
        raise NotVisible
    mine = Package.objects.visible_to(by).select_related("crypto_key", "controller", "partnership", "request")
    held = mine.select_for_update(of=("self",), no_key=True).filter(pk=package.pk).first()
    if held is None:
        raise NotVisible
    return held


@transaction.atomic
def pack(package: Package, *, items: Sequence[HeldItem], by: User) -> None:
    """Permitted items go in as they stand, with whose they are and their originator's limits (MSH-03, SHR-08)."""
    package = _held_package(package, by)
    policies.check_can_compose(package)
    for item in items:
        policies.check_can_be_packed(item)
    for item in items:
        known = (
            PackageItem.objects.visible_to(by).filter(package=package, item=item).select_related("crypto_key").first()
        )
        packed = known or PackageItem(package=package, item=item)
        packed.partnership, packed.controller, packed.child_id = (
            package.partnership,
            package.controller,
            package.child_id,
        )
        packed.text, packed.limits, packed.left_out = item.text, item.onward_limits, False
        for name in ("nature", "currency", "originator", "originated_on", "marking"):
            setattr(packed, name, getattr(item, name))
        packed.save()
    record("package.changed", package, facts={"added": len(items)})


@transaction.atomic
def leave_out(package: Package, *, positions: Sequence[PackageItem], by: User) -> None:
    package = _held_package(package, by)
    policies.check_can_compose(package)
    for packed in positions:
        packed.left_out = True
        packed.save(update_fields=["left_out"])
    record("package.changed", package, facts={"left_out": len(positions)})


@transaction.atomic
def settle(package: Package, *, by: User) -> Package:
    """A senior officer says that this is what goes to the team (MSH-04)."""
    package = _held_package(package, by)
    policies.check_can_settle(package, selectors.packed_for_update(package, for_user=by))
    package.state, package.settled_by, package.settled_at = PackageState.SETTLED, by, timezone.now()
    package.save(update_fields=["state", "settled_by", "settled_at"])
    record("package.settled", package)
    return package


@transaction.atomic
def send(package: Package, *, to: Agency, by: User) -> Package:
    """To one operational team, by a decision to share that covers it, with every originator's permission still there (MSH-03)."""
    package = _held_package(package, by)
    policies.check_can_become(package, PackageState.SENT)
    packed = selectors.packed_for_update(package, for_user=by)
    policies.check_still_permitted(package, packed)
    check_is_heard(
        [] if to.pk in selectors.who_answers([to], child_id=package.child_id) else [to.name],
        does=_ANSWERS,
        then="Nothing was sent. Phone them, or choose another team.",
    )
    decision = share_decision(package.ref, to=to, items=selectors.TOLD_BY_A_PACKAGE, by=package.controller)
    package.state, package.sent_to, package.sent_at = PackageState.SENT, to, timezone.now()
    package.decision_ref = decision.ref
    package.save(update_fields=["state", "sent_to", "sent_at", "decision_ref"])
    for each in packed:
        each.sent_to = to
        each.save(update_fields=["sent_to"])
    record("package.sent", package, facts={"to": to.pk, "decision": decision.ref, "items": len(packed)})
    telling.of_package(package)
    return package


@transaction.atomic
def drop(package: Package, *, by: User) -> None:
    package = _held_package(package, by)
    policies.check_can_become(package, PackageState.DROPPED)
    package.state = PackageState.DROPPED
    package.save(update_fields=["state"])
    record("package.dropped", package)
