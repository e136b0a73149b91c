"""Pages of two hubs about a child who moves from one area to the other (MSH-09)."""

from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property

from alerts.moves import authority, selectors
from alerts.moves.forms import FlagForm, MovedForm, TakeUpForm
from alerts.moves.selectors import FoundMove
from alerts.moves.shut_out import somebody_is_shut_out
from safeguarding.audit.record import record
from safeguarding.children.models import Child
from safeguarding.errors import NotVisible
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Moves(HubView):
    template_name = "alerts/moves/move_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        page = selectors.moves_page(for_user=request.user, cursor=request.GET.get("cursor", ""))
        selectors.remember_moves(page)
        return self.page({"page": page})


class Moved(HubView):
    """The hub heard by itself that a child on its record has moved."""

    template_name = "alerts/moves/move_new.html"

    @cached_property
    def child(self) -> Child:
        return selectors.child_who_moves(self.kwargs["ref"], for_user=self.request.user)

    def form(self, data: Any = None) -> MovedForm:
        return MovedForm(data, partnerships=selectors.other_areas(self.child.partnership_id))

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.page({"child": self.child, "form": self.form()})

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page({"child": self.child, "form": form})
        said = form.cleaned_data
        to = form.partnerships[said["to"]]
        move = authority.tell_by_hand(self.child, to=to, left_on=said["left_on"], by=request.user)
        return self.done("Noted. Now decide whether the other hub has to know.", "moves:move", move.ref)


class MoveView(HubView):
    """One child who moves, for both hubs; for the second once the first has passed it on (NTK-01)."""

    template_name = "alerts/moves/move_detail.html"

    @cached_property
    def found(self) -> FoundMove:
        return selectors.get_move(self.kwargs["ref"], for_user=self.request.user)

    def flag_form(self, data: Any = None) -> FlagForm:
        move = self.found.move
        to = move.to_partnership.slug if move.to_partnership else ""
        return FlagForm(data, partnerships=selectors.other_areas(move.partnership_id), initial={"to": to})

    def show(self, form: Any) -> HttpResponse:
        move = self.found.move
        shut_out = somebody_is_shut_out(move, for_user=self.request.user)
        return self.page({"found": self.found, "move": move, "form": form, "shut_out": shut_out})


class MovePage(MoveView):
    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        move = self.found.move
        at = move.controller_id if self.found.is_sender else move.to_hub_id
        record("move.opened", move, purpose="Look after a child who moves", at=at)
        if self.found.may_answer:
            return self.show(TakeUpForm(alike=selectors.alike(move, for_user=request.user)))
        return self.show(self.flag_form() if self.found.may_decide else None)


class Decide(MoveView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        if not self.found.is_sender:
            raise NotVisible
        form, move = self.flag_form(request.POST), self.found.move
        if not form.is_valid():
            return self.show(form)
        said = form.cleaned_data
        if said["decision"] == "keep":
            authority.keep(move, note=said["note"], by=request.user)
            return self.done("Kept here, with your reason.", "moves:move", move.ref)
        move = authority.flag(move, to=form.partnerships[said["to"]], note=said["note"], by=request.user)
        return self.done("The other hub knows, and you see here when it takes the child up.", "moves:move", move.ref)


class Answer(MoveView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        if not self.found.is_receiver:
            raise NotVisible
        move = self.found.move
        form = TakeUpForm(request.POST, alike=selectors.alike(move, for_user=request.user))
        if not form.is_valid():
            return self.show(form)
        if form.cleaned_data["who"] == TakeUpForm.NOT_HERE:
            authority.not_here(move, answer=form.cleaned_data["answer"], by=request.user)
            return self.done("The first hub reads that the child is not here.", "moves:move", move.ref)
        child = authority.take_up(move, child_ref=form.child_ref, by=request.user)
        return self.done("The child is on your record.", "children:record", child.ref)
