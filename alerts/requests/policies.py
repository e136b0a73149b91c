"""What the state of a request, an answer and a package allows (MSH-02 to MSH-04)."""

from collections.abc import Iterable, Sequence

from alerts.requests.enums import AskState, Onward, PackageState, RequestState
from alerts.requests.models import Ask, HeldItem, InformationRequest, Package, PackageItem
from alerts.states import ASK, PACKAGE, REQUEST
from safeguarding.errors import Conflict, Refused


def check_can_prepare(request: InformationRequest) -> None:
    """Whom to ask is chosen before the request goes out; afterwards another request is made."""
    if request.state != RequestState.DRAFT:
        raise Conflict(
            "This request has gone out already. Nothing was changed. Make another request to ask somebody else."
        )


def check_can_close(request: InformationRequest) -> None:
    if RequestState.CLOSED not in REQUEST[RequestState(request.state)]:
        raise Conflict("This request is closed already. Nothing was changed.")


def check_can_answer(ask: Ask, state: AskState) -> None:
    """An agency answers once: with what it holds, that it holds nothing, or that it declines (MSH-02)."""
    if state not in ASK[AskState(ask.state)]:
        raise Conflict(f"This was answered already: {AskState(ask.state).label.lower()}. What you typed was not saved.")


def can_answer(ask: Ask) -> bool:
    return AskState.ANSWERED in ASK[AskState(ask.state)]


def check_has_items(items: int) -> None:
    if items == 0:
        raise Refused(
            "You have not added anything yet. Nothing was sent. Add what you hold, or say that you hold nothing."
        )


def check_can_ask_permission(item: HeldItem) -> None:
    """The hub asks once; what was refused stays refused until its originator changes its mind (MSH-03)."""
    if item.onward != Onward.HUB_ONLY:
        raise Conflict(f"This item is already marked: {Onward(item.onward).label.lower()}. Nothing was asked.")


def check_can_be_packed(item: HeldItem) -> None:
    """Only what its originator lets be passed on enters a package (MSH-03)."""
    if item.onward != Onward.PERMITTED:
        raise Refused(
            f"{item.originator} has not let this item be passed on. It was not added. Ask for permission first."
        )


def check_can_compose(package: Package) -> None:
    if package.state != PackageState.DRAFT:
        raise Conflict("This package has been settled. Nothing was changed. Compose another one.")


def check_is_in(packed: PackageItem) -> None:
    if packed.left_out:
        raise Conflict("A colleague has taken this item out already. Nothing was changed. Open the package again.")


def check_can_become(package: Package, state: PackageState) -> None:
    if state not in PACKAGE[PackageState(package.state)]:
        raise Conflict(
            f"This package cannot be {state.label.lower()} now: it is {PackageState(package.state).label.lower()}."
        )


def check_can_settle(package: Package, packed: Iterable[PackageItem]) -> None:
    """Settled with at least one item, each still permitted at that moment (MSH-03, MSH-04)."""
    check_can_become(package, PackageState.SETTLED)
    found = [each for each in packed if not each.left_out]
    if not found:
        raise Refused("The package holds no information yet. It was not settled. Add what you want to pass on.")
    check_still_permitted(package, found)


def check_still_permitted(package: Package, packed: Sequence[PackageItem]) -> None:
    """An originator may take its permission back, or set other limits, until the package is sent (MSH-03)."""
    composing = package.state == PackageState.DRAFT
    kept = "It was not settled." if composing else "Nothing was sent."
    another = "Drop this package and compose another one."
    if gone := _whose(each for each in packed if each.item.onward != Onward.PERMITTED):
        raise Refused(
            f"{gone} no longer lets an item of this package be passed on. {kept} "
            f"{'Leave it out first.' if composing else another}"
        )
    if other := _whose(each for each in packed if each.limits != each.item.onward_limits):
        raise Refused(
            f"{other} has changed the limits of an item since it was put in. {kept} "
            f"{'Leave it out and put it in again.' if composing else another}"
        )


def _whose(packed: Iterable[PackageItem]) -> str:
    return " and ".join(sorted({each.originator for each in packed}))
