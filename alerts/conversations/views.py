"""Pages of a conversation about an alert, of liaison, and of what is disclosed after it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from alerts.conversations import disclosing, policies, selectors, services
from alerts.conversations.enums import RecallBecause
from alerts.conversations.forms import (
    DiscloseForm,
    ItemForm,
    LiaiseForm,
    MessageForm,
    PhoneForm,
    QuestionsForm,
    RecallForm,
)
from alerts.conversations.models import TalkEntry
from alerts.conversations.selectors import Place
from alerts.readers.forms import suggested_day
from alerts.screening import services as screening
from alerts.screening.forms import RescreenForm
from safeguarding.errors import NotVisible
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


@dataclass(frozen=True)
class Tab:
    title: str
    href: str
    active: bool
    count: str = ""


class Talks(HubView):
    template_name = "alerts/conversations/talk_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        waiting = request.GET.get("view") != "all"
        page = selectors.talks_page(for_user=request.user, waiting=waiting, cursor=request.GET.get("cursor", ""))
        selectors.remember_talks(page)
        rows = [(talk, policies.answer_due(talk), policies.is_late(talk)) for talk in page]
        tabs = [Tab("Waits for you", "?", waiting), Tab("All", "?view=all", not waiting)]
        return self.page({"page": page, "rows": rows, "waiting": waiting, "tabs": tabs})


class TalkView(HubView):
    """Only for whom the alert is addressed to, and for the hub; to everybody else nothing is there (ALR-12)."""

    @cached_property
    def where(self) -> Place:
        return selectors.place(self.kwargs["ref"], for_user=self.request.user)

    def show(self, **context: Any) -> HttpResponse:
        return self.page({"where": self.where, "alert": self.where.alert, "talk": self.where.talk, **context})

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "talk:detail", self.where.alert.ref)


class Talk(TalkView):
    template_name = "alerts/conversations/talk_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        where, talk = selectors.talk_at(ref, for_user=request.user)
        found = selectors.talk_of(where, talk)
        services.remember_look(where, talk=talk)
        return self.show(
            found=found,
            due=policies.answer_due(talk),
            late=policies.is_late(talk),
            can_settle=policies.can_settle(talk),
            can_ask=where.at_hub or where.alert.partnership.hub_answers,
            running=[each for each in found.disclosures if policies.is_running(each)],
        )


class FormView(TalkView):
    """One form on one page; what its service refuses, the page says."""

    def form(self, data: Any = None) -> Any:
        raise NotImplementedError  # each page below says it for itself

    def save(self, form: Any) -> str:
        """Does it, and says what was done."""
        raise NotImplementedError  # each page below says it for itself

    def ask(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form)

    def get(self, request: SignedInRequest, **_: str) -> HttpResponse:
        return self.ask(self.form())

    def post(self, request: SignedInRequest, **_: str) -> HttpResponse:
        form = self.form(request.POST)
        return self.back(self.save(form)) if form.is_valid() else self.ask(form)


class New(FormView):
    """ "We have other concerns": where the hub answers, a first message; elsewhere, whom to phone (ALR-12, ALR-21)."""

    template_name = "alerts/conversations/talk_new.html"

    def form(self, data: Any = None) -> MessageForm:
        return MessageForm(data)

    def save(self, form: MessageForm) -> str:
        services.write(self.where, by=self.request.user, **form.cleaned_data)
        return f"Your message is with {self.where.other.name}."


class Write(New):
    template_name = "alerts/conversations/form.html"
    extra = {"heading": "Write a message", "button": "Send the message"}

    def ask(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form, **self.extra)


class Hold(FormView):
    template_name = "alerts/conversations/form.html"

    def form(self, data: Any = None) -> ItemForm:
        return ItemForm(data, initial={"originator": self.where.agency.name})

    def ask(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form, heading="Say what you hold", button="Add it to the conversation")

    def save(self, form: ItemForm) -> str:
        services.hold(self.where, by=self.request.user, **form.cleaned_data)
        return f"It is with {self.where.other.name}, marked as you said."


class Phone(FormView):
    template_name = "alerts/conversations/form.html"

    def form(self, data: Any = None) -> PhoneForm:
        where, now = self.where, timezone.localtime()
        alone = not where.at_hub and not where.alert.partnership.hub_answers
        start = {"caller": self.request.user.name, "day": now.date(), "time": f"{now:%H:%M}"}
        return PhoneForm(data, own_alone=alone, other=where.other.name, initial=start)

    def ask(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form, heading="Note a phone call", button="Keep the note")

    def save(self, form: PhoneForm) -> str:
        services.note_call(self.where, by=self.request.user, **form.noted)
        return "The note is kept with the case."


class Questions(FormView):
    template_name = "alerts/conversations/form.html"

    def form(self, data: Any = None) -> QuestionsForm:
        return QuestionsForm(data)

    def ask(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form, heading="The four questions", button="Keep my answers")

    def save(self, form: QuestionsForm) -> str:
        services.answer_questions(self.where, by=self.request.user, **form.cleaned_data)
        return "Your answers stand beside the others'."


class Settle(TalkView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        services.settle(self.where, by=request.user)
        return self.back("Nobody is waited for any more. The next message asks again.")


class Recall(FormView):
    template_name = "alerts/conversations/recall.html"

    @cached_property
    def entry(self) -> TalkEntry:
        return selectors.entry_to_recall(self.where, self.kwargs["entry"])

    def form(self, data: Any = None) -> RecallForm:
        if not self.entry:
            raise NotVisible
        return RecallForm(data)

    def ask(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form, entry=self.entry)

    def save(self, form: RecallForm) -> str:
        because = RecallBecause(form.cleaned_data["because"])
        services.recall(self.where, entry=self.entry, because=because, by=self.request.user)
        return "It is out of sight. That something was here stays."


class Liaise(FormView):
    template_name = "alerts/conversations/liaise.html"

    def form(self, data: Any = None) -> LiaiseForm:
        if self.where.at_hub:
            raise NotVisible
        now = timezone.localtime()
        return LiaiseForm(data, initial={"day": now.date(), "time": f"{now:%H:%M}"})

    def save(self, form: LiaiseForm) -> str:
        services.liaise(self.where, by=self.request.user, **form.recorded)
        return "It is recorded that you spoke to the allocated worker."

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "response:alert", self.where.alert.ref)


class HubFormView(FormView):
    """What only the hub does in a conversation that has begun."""

    def form(self, data: Any = None) -> Any:
        if not self.where.at_hub or self.where.talk is None:
            raise NotVisible
        return self.hub_form(data)

    def hub_form(self, data: Any) -> Any:
        raise NotImplementedError  # each page below says it for itself


class Rescreen(HubFormView):
    """The screening again, with what was said; the police content is not needed for it (ALR-13)."""

    template_name = "alerts/conversations/rescreen.html"

    @cached_property
    def screenings(self) -> list[Any]:
        return selectors.screenings_of(self.where)

    def hub_form(self, data: Any) -> RescreenForm:
        seen = {"seen": len(self.screenings)}
        return RescreenForm(data, partnership=self.where.alert.partnership, initial=seen)

    def ask(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form, screenings=self.screenings)

    def save(self, form: RescreenForm) -> str:
        screening.rescreen(self.where.alert.notification, by=self.request.user, **form.cleaned_data)
        return "The new screening is saved; the earlier stays."


class Disclose(HubFormView):
    """The interruption, then what, to whom and until when; it rests on a decision to share (ALR-13, SHR-02)."""

    template_name = "alerts/conversations/disclose.html"

    def hub_form(self, data: Any) -> DiscloseForm:
        partnership = self.where.alert.partnership
        start = {"originator": self.where.alert.origin, "until": suggested_day(partnership)}
        readers = selectors.readers_at_setting(self.where)
        return DiscloseForm(data, partnership=partnership, readers=readers, initial=start)

    def ask(self, form: forms.Form) -> HttpResponse:
        return self.show(form=form, decision=selectors.decision_to_disclose(self.where))

    def save(self, form: DiscloseForm) -> str:
        made = disclosing.disclose(self.where, by=self.request.user, **form.cleaned_data)
        return f"Disclosed to {', '.join(each.user.name for each in made)}, who were told by e-mail."


class EndDisclosure(TalkView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str, disclosure: str) -> HttpResponse:
        ended = disclosing.end(self.where, disclosure, by=request.user)
        return self.back(f"{ended.user.name} cannot read it any more.")
