"""School days, of a setting or an authority's defaults; when the bell rings, and who answers in a holiday (ALR-07, ALR-23)."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from alerts.bell import ics, school_days, services
from alerts.bell.forms import BellForm, ConfirmImportForm, CoverForm, ImportForm, PeriodForm
from alerts.bell.school_days import Whose
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.errors import NotVisible
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView

_SETTING, _AUTHORITY = "bell:school_days", "bell:authority_days"


def _kept(user: User) -> list[tuple[str, str]]:
    """Everything that this person looks after, by name and address: settings first, then areas."""
    of_settings = [(each.name, reverse(_SETTING, args=[each.slug])) for each in school_days.looked_after(user)]
    of_areas = [(each.name, reverse(_AUTHORITY, args=[each.slug])) for each in school_days.authorities(user)]
    return [*of_settings, *of_areas]


class Mine(HubView):
    """To the first school days that the person looks after."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        kept = _kept(request.user)
        if not kept:
            raise NotVisible
        return HttpResponseRedirect(kept[0][1])


class DaysView(HubView):
    """Only for who looks after these school days; to everybody else they are not there (NTK-02)."""

    whose: Whose
    home = _SETTING

    def find(self, slug: str) -> Whose:
        return school_days.setting_of(slug, for_user=self.request.user)

    def get(self, request: SignedInRequest, slug: str) -> HttpResponse:
        self.whose = self.find(slug)
        return self.show()

    def post(self, request: SignedInRequest, slug: str, code: str = "") -> HttpResponse:
        self.whose = self.find(slug)
        return self.change(code)

    def show(self, **context: Any) -> HttpResponse:
        home = reverse(self.home, args=[self.whose.slug])
        return self.page({"whose": self.whose, "home": home, **context})

    def change(self, code: str) -> HttpResponse:
        raise NotVisible

    def back(self, message: str) -> HttpResponse:
        return self.done(message, self.home, self.whose.slug)

    def others(self) -> list[tuple[str, str]]:
        here = reverse(self.home, args=[self.whose.slug])
        return [each for each in _kept(self.request.user) if each[1] != here]


class SettingView(DaysView):
    """What only a setting has: its bell, and who answers in its holidays."""

    @property
    def setting(self) -> Agency:
        assert isinstance(self.whose, Agency)
        return self.whose


class AuthorityView(DaysView):
    """The defaults of an authority, for who administers it."""

    home = _AUTHORITY

    def find(self, slug: str) -> Whose:
        return school_days.authority_of(slug, for_user=self.request.user)


class SchoolDays(SettingView):
    template_name = "alerts/bell/school_days.html"

    def show(self, **context: Any) -> HttpResponse:
        return super().show(found=school_days.school_days(self.setting), others=self.others())


class AuthorityDays(AuthorityView):
    template_name = "alerts/bell/authority_days.html"

    def show(self, **context: Any) -> HttpResponse:
        assert isinstance(self.whose, Partnership)
        return super().show(found=school_days.authority_days(self.whose), others=self.others())


class AddPeriod(DaysView):
    template_name = "alerts/bell/period_form.html"

    def show(self, **context: Any) -> HttpResponse:
        return super().show(**{"form": PeriodForm(), **context})

    def change(self, code: str) -> HttpResponse:
        form = PeriodForm(self.request.POST)
        if not form.is_valid():
            return self.show(form=form)
        added = services.add_period(self.whose, by=self.request.user, **form.cleaned_data)
        return self.back(f"{form.cleaned_data['name']} was {'added' if added else 'there already'}.")


class RemovePeriod(DaysView):
    http_method_names = ["post"]

    def change(self, code: str) -> HttpResponse:
        period = school_days.period_of(self.whose, code)
        services.remove_period(self.whose, period=period, by=self.request.user)
        return self.back(f"{period.name} was removed.")


class Import(DaysView):
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
        added = services.import_periods(self.whose, periods=found.periods, by=self.request.user)
        there = len(found.periods) - added
        return self.back(f"{added} added from the file{f', {there} were there already' if there else ''}.")


class AuthorityAdd(AuthorityView, AddPeriod):
    pass


class AuthorityRemove(AuthorityView, RemovePeriod):
    pass


class AuthorityImport(AuthorityView, Import):
    pass


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
