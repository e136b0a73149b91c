"""The open page: a professional without an account asks for a link (MSH-05). It says nothing about anybody."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from alerts.referrals import selectors, services
from alerts.referrals.forms import AskForm
from safeguarding.web.limits import too_many
from safeguarding.web.views import HubView

# From one address of the network, and to one e-mail address, in an hour.
MOST_FROM, MOST_TO, HOUR = 20, 3, 3600


class Ask(HubView):
    template_name = "alerts/referrals/ask.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": AskForm(areas=selectors.areas())})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AskForm(request.POST, areas=selectors.areas())
        if not form.is_valid():
            return self.page({"form": form})
        if too_many("ask-from", request.META.get("REMOTE_ADDR", ""), most=MOST_FROM, seconds=HOUR):
            self.template_name = "alerts/referrals/ask_too_many.html"
            return self.page(status=429)
        # who has had too many e-mails gets no more of them; the page says the same as ever
        if not too_many("ask-to", form.cleaned_data["email"].lower(), most=MOST_TO, seconds=HOUR):
            services.invite_guest(**form.asked)
        return HttpResponseRedirect(reverse("referrals:asked"))


class Asked(HubView):
    template_name = "alerts/referrals/asked.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()
