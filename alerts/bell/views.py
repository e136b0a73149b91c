"""The hub's pages of the bells: the board, what stands behind a number, a month's proof, the settings (ALR-23)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone

from alerts.bell import policies, proofs, school_days, selectors, services, words
from alerts.bell.enums import Show
from alerts.bell.forms import BoardFilter, ListFilter, ReasonForm
from alerts.bell.selectors import Asked
from alerts.delivery.enums import LateReason
from safeguarding.governance.exports import csv_file
from safeguarding.web.pdf import pdf_file
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class BoardView(HubView):
    """What every page of the board begins with: the days and settings asked for."""

    def filter(self) -> BoardFilter:
        user = self.request.user
        settings = selectors.settings_of_hubs(for_user=user)
        partnerships = selectors.partnerships_of_hubs(for_user=user)
        return BoardFilter(self.request.GET, settings=settings, partnerships=partnerships)

    def link(self, asked: Asked) -> str:
        """The board's own question, for the links behind its numbers."""
        days = {
            f"{name}_{n}": part for name in ("first", "last") for n, part in enumerate(_parts(getattr(asked, name)))
        }
        texts = {name: getattr(asked, name) for name in ("setting", "kind", "partnership") if getattr(asked, name)}
        return urlencode({**days, **texts})


def _parts(day: Any) -> tuple[int, int, int]:
    return day.day, day.month, day.year


class Board(BoardView):
    """Each day's bells: sent, opened and acknowledged before them; late, and why; then by setting."""

    template_name = "alerts/bell/board.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        form = self.filter()
        asked = form.asked()
        board = selectors.board(asked, for_user=request.user)
        selectors.remember_board(asked)
        context = {"form": form, "asked": asked, "board": board, "query": self.link(asked)}
        return self.page({**context, "days": words.day_rows(board.days, asked), "today": timezone.localdate()})


class Behind(BoardView):
    """The alerts behind a number of the board."""

    template_name = "alerts/bell/alert_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        form, chosen = self.filter(), ListFilter(request.GET)
        asked = form.asked()
        values = chosen.cleaned_data if chosen.is_valid() else {}
        show, why = Show(values.get("show") or Show.ALL), values.get("why", "")
        page = selectors.alerts_behind(asked, show, why, cursor=request.GET.get("cursor", ""), for_user=request.user)
        selectors.remember_list(page)
        title = LateReason(why).label if why else show.label
        rows = [(alert, words.outcome_of(alert)) for alert in page.rows]
        return self.page({"page": page, "rows": rows, "asked": asked, "title": title, "back": self.link(asked)})


class Reason(HubView):
    """One late alert: its times, and why a person of the hub says it was late."""

    template_name = "alerts/bell/reason.html"

    def show(self, ref: str, form: ReasonForm | None = None) -> HttpResponse:
        alert = selectors.late_alert(ref, for_user=self.request.user)
        late = policies.is_late(alert)
        form = form or ReasonForm(initial={"reason": alert.late_reason or getattr(alert, "outcome", "")})
        return self.page({"alert": alert, "late": late, "outcome": words.outcome_of(alert), "form": form})

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.show(ref)

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.show(ref, form)
        alert = services.say_why_late(ref, reason=LateReason(form.cleaned_data["reason"]), by=request.user)
        return self.done(f"The reason for {alert.ref} is saved.", "bell:reason", alert.ref)


class Months(HubView):
    template_name = "alerts/bell/month_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        partnerships = selectors.partnerships_of_hubs(for_user=request.user)
        return self.page({"partnerships": partnerships, "months": proofs.months(timezone.localdate())})


class Month(HubView):
    """A month counted now, whole, as only the hub sees it; and the two files in which small numbers are hidden."""

    template_name = "alerts/bell/month.html"

    def get(self, request: SignedInRequest, slug: str, month: str) -> HttpResponse:
        found = self.proof(slug, month)
        proofs.remember(found, "bell.proof")
        return self.page({"proof": found, "month": month})

    def proof(self, slug: str, month: str) -> proofs.Proof:
        return proofs.proof(slug, proofs.month_of(month), for_user=self.request.user)


class ProofPdf(Month):
    def get(self, request: SignedInRequest, slug: str, month: str) -> HttpResponse:
        found = self.proof(slug, month)
        proofs.remember(found, "bell.exported", format="pdf")
        return pdf_file(f"before-the-bell-{slug}-{month}", proofs.paper(found, proofs.published(found)))


class ProofCsv(Month):
    def get(self, request: SignedInRequest, slug: str, month: str) -> HttpResponse:
        found = self.proof(slug, month)
        proofs.remember(found, "bell.exported", format="csv")
        rows = proofs.csv_rows(proofs.published(found))
        return csv_file(f"before-the-bell-{slug}-{month}", proofs.CSV_HEAD, rows)


class Settings(HubView):
    """The bell and the school days of each setting, what is missing on top; whom to phone in a holiday."""

    template_name = "alerts/bell/setting_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        lines = school_days.settings_of_hub(for_user=request.user)
        return self.page({"lines": lines, "short": sum(line.ends_soon for line in lines)})
