"""Pages about settings that close or merge, and settings without a safeguarding lead (ALR-23, ALR-28)."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from alerts.moves import ending, ends, selectors
from alerts.moves.forms import EndForm
from alerts.moves.models import SettingEnd
from safeguarding.agencies.models import Agency
from safeguarding.errors import NotVisible
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Ends(HubView):
    template_name = "alerts/moves/end_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        user, search = request.user, request.GET.get("search", "")
        ends.check_looks_after_settings(user)
        return self.page(
            {
                "search": search,
                "found": ends.find(search, for_user=user),
                "may_record": ends.may_end(user).exists(),
                "ends": ends.recorded(for_user=user),
                "own": ends.own_settings(for_user=user),
                "without": ends.without_lead(for_user=user),
            }
        )


class EndView(HubView):
    """One setting; absent and somebody else's are the same (NTK-01)."""

    template_name = "alerts/moves/end_detail.html"

    @cached_property
    def agency(self) -> Agency:
        return ends.setting(self.kwargs["slug"], for_user=self.request.user)

    @property
    def end(self) -> SettingEnd:
        found = ends.end_of(self.agency)
        if found is None:
            raise NotVisible
        return found

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "moves:end", self.agency.slug)


class EndPage(EndView):
    """What is recorded, and what is still there; or the question whether the setting ends."""

    def show(self, form: EndForm | None, found: list[Agency] | None = None) -> HttpResponse:
        end = ends.end_of(self.agency)
        context = {"agency": self.agency, "end": end, "form": None if end else form, "found": found}
        come = end is not None and end.ends_on <= timezone.localdate()
        return self.page({**context, "left": ends.left_at(self.agency), "come": come})

    def get(self, request: SignedInRequest, slug: str) -> HttpResponse:
        self.agency  # noqa: B018  # asked first: absent and somebody else's are the same
        return self.show(EndForm(settings=[]))

    def post(self, request: SignedInRequest, slug: str) -> HttpResponse:
        agency, search = self.agency, request.POST.get("search", "")
        found = [each for each in selectors.find_settings_anywhere(search) if each.pk != agency.pk]
        form = EndForm(request.POST, settings=found)
        if request.POST.get("action") != "record":
            form.forget_errors()
            return self.show(form, found)
        if not form.is_valid():
            return self.show(form, found if search else None)
        ending.record_end(agency, by=request.user, **form.said)
        return self.back("Noted. Nothing was handed over yet.")


class HandOver(EndView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, slug: str) -> HttpResponse:
        sent = ending.hand_over(self.end, by=request.user)
        more = ends.left_at(self.agency).files
        rest = f" {more} more are still here: press again." if more else ""
        return self.back(f"{sent} file{'' if sent == 1 else 's'} on the way.{rest}")


class TakeBack(EndView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, slug: str) -> HttpResponse:
        ending.take_back(self.end, by=request.user)
        return self.back("Taken back. The setting goes on as before.")
