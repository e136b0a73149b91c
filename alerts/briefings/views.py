"""The setting's page of staff training in the scheme and of its safe use (ALR-26)."""

from django.http import HttpResponse

from alerts.briefings import selectors, services
from alerts.briefings.forms import KeepForm
from alerts.documents.selectors import get_desk
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Briefings(HubView):
    template_name = "alerts/briefings/record_list.html"

    def get(self, request: SignedInRequest, slug: str) -> HttpResponse:
        return self.show(slug, KeepForm())

    def post(self, request: SignedInRequest, slug: str) -> HttpResponse:
        desk = get_desk(slug, for_user=request.user)
        form = KeepForm(request.POST)
        if not form.is_valid():
            return self.show(slug, form)
        services.keep(desk, by=request.user, **form.cleaned_data)
        return self.done("It is on record.", "briefings:setting", slug)

    def show(self, slug: str, form: KeepForm) -> HttpResponse:
        desk = get_desk(slug, for_user=self.request.user)
        known = {"dues": selectors.dues(desk), "records": selectors.records_of(desk)}
        return self.page({"setting": desk.setting, "form": form, **known})
