"""A setting's own pages: when its bell rings, its school days, who answers in a holiday (ALR-07, ALR-23)."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from alerts.bell import ics, school_days, services
from alerts.bell.forms import BellForm, ConfirmImportForm, CoverForm, ImportForm, PeriodForm
from safeguarding.agencies.models import Agency
from safeguarding.errors import NotVisible
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView

_PAGE = "bell:school_days"


class Mine(HubView):
    """To the school days of the first setting that the person looks after."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        setting = school_days.looked_after(request.user).first()
        if setting is None:
            raise NotVisible
        return HttpResponseRedirect(reverse(_PAGE, args=[setting.slug]))


class SettingView(HubView):
    """Only for who looks after this setting's school days; to everybody else it is not there (NTK-02)."""

    setting: Agency

    def get(self, request: SignedInRequest, slug: str) -> HttpResponse:
        self.setting = school_days.setting_of(slug, for_user=request.user)
        return self.show()

    def post(self, request: SignedInRequest, slug: str, code: str = "") -> HttpResponse:
        self.setting = school_days.setting_of(slug, for_user=request.user)
        return self.change(code)

    def show(self, **context: Any) -> HttpResponse:
        return self.page({"setting": self.setting, **context})

    def change(self, code: str) -> HttpResponse:
        raise NotVisible

    def back(self, message: str) -> HttpResponse:
        return self.done(message, _PAGE, self.setting.slug)


class SchoolDays(SettingView):
    template_name = "alerts/bell/school_days.html"

    def show(self, **context: Any) -> HttpResponse:
        others = school_days.looked_after(self.request.user).exclude(pk=self.setting.pk)
        return super().show(found=school_days.school_days(self.setting), others=others)


class AddPeriod(SettingView):
    template_name = "alerts/bell/period_form.html"

    def show(self, **context: Any) -> HttpResponse:
        return super().show(**{"form": PeriodForm(), **context})

    def change(self, code: str) -> HttpResponse:
        form = PeriodForm(self.request.POST)
        if not form.is_valid():
            return self.show(form=form)
        added = services.add_period(self.setting, by=self.request.user, **form.cleaned_data)
        return self.back(f"{form.cleaned_data['name']} was {'added' if added else 'there already'}.")


class RemovePeriod(SettingView):
    http_method_names = ["post"]

    def change(self, code: str) -> HttpResponse:
        period = school_days.period_of(self.setting, code)
        services.remove_period(self.setting, period=period, by=self.request.user)
        return self.back(f"{period.name} was removed.")


class Import(SettingView):
    """The file is read and shown; what is shown is taken in only when somebody says so."""

    template_name = "alerts/bell/import_form.html"

    def show(self, **context: Any) -> HttpResponse:
        return super().show(**{"form": ImportForm(), **context})

    def change(self, code: str) -> HttpResponse:
        if "text" in self.request.POST:
            return self.confirm()
        form = ImportForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        try:
            text = ics.decode(form.cleaned_data["file"].read())
            return self.show(form=form, text=text, read=ics.read(text))
        except ics.Unreadable as trouble:
            form.add_error("file", trouble.sentence)
            return self.show(form=form)

    def confirm(self) -> HttpResponse:
        form = ConfirmImportForm(self.request.POST)
        try:
            found = ics.read(form.cleaned_data["text"] if form.is_valid() else "")
        except ics.Unreadable as trouble:
            fresh = ImportForm(self.request.POST, self.request.FILES)
            fresh.add_error("file", trouble.sentence)
            return self.show(form=fresh)
        added = services.import_periods(self.setting, periods=found.periods, by=self.request.user)
        there = len(found.periods) - added
        return self.back(f"{added} added from the file{f', {there} were there already' if there else ''}.")


class SetBell(SettingView):
    template_name = "alerts/bell/bell_form.html"

    def show(self, **context: Any) -> HttpResponse:
        at = self.setting.bell_at
        words = f"{at.hour % 12 or 12}:{at:%M}{'am' if at.hour < 12 else 'pm'}"
        return super().show(**{"form": BellForm(initial={"bell": words}), **context})

    def change(self, code: str) -> HttpResponse:
        form = BellForm(self.request.POST)
        if not form.is_valid():
            return self.show(form=form)
        services.set_bell(self.setting, bell_at=form.cleaned_data["bell"], by=self.request.user)
        return self.back("The time of the bell is saved.")


class NameCover(SettingView):
    template_name = "alerts/bell/cover_form.html"

    def form(self, data: Any = None) -> CoverForm:
        return CoverForm(data, contacts=school_days.contacts_of(self.setting))

    def show(self, **context: Any) -> HttpResponse:
        return super().show(**{"form": self.form(), **context})

    def change(self, code: str) -> HttpResponse:
        form = self.form(self.request.POST)
        if not form.is_valid():
            return self.show(form=form)
        cover = services.name_cover(self.setting, by=self.request.user, **form.chosen)
        return self.back(f"{cover.user.name} answers in the holiday.")


class WithdrawCover(SettingView):
    http_method_names = ["post"]

    def change(self, code: str) -> HttpResponse:
        cover = school_days.cover_of(self.setting, code)
        services.withdraw_cover(self.setting, cover=cover, by=self.request.user)
        return self.back(f"{cover.user.name} does not answer in that holiday any more.")
