"""Pages of the record of processing, the register of controllers, and the board's report (IGV-07, IGV-08, AGR-10)."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from agreements.processing import exports, report, selectors, services
from agreements.processing.forms import ControllerForm, PeriodForm
from agreements.register.views import COLOURS
from safeguarding.audit.record import record
from safeguarding.web.pdf import pdf_file
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class PartnershipView(HubView):
    """Of one partnership; whoever reads for several chooses."""

    read_by = staticmethod(selectors.reports_for)

    def scope(self) -> dict[str, Any]:
        found = self.read_by(self.request.user)
        chosen = selectors.chosen(self.request.GET.get("partnership", ""), found)
        return {"partnership": chosen, "partnerships": found if len(found) > 1 else []}


class RecordOfProcessing(PartnershipView):
    template_name = "agreements/processing/record.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        scope = self.scope()
        activities = selectors.record_of_processing(scope["partnership"], timezone.localdate())
        if request.GET.get("format") == "csv":
            record("processing.exported", scope["partnership"], facts={"activities": len(activities)})
            return exports.record_file(activities)
        return self.page({**scope, "activities": activities, "nowhere": exports.NOWHERE})


class Controllers(PartnershipView):
    template_name = "agreements/processing/controllers.html"
    read_by = staticmethod(selectors.partnerships_of_mine)

    def get(self, request: SignedInRequest) -> HttpResponse:
        scope = self.scope()
        return self.page({**scope, "rows": selectors.controllers(scope["partnership"], for_user=request.user)})


class Controller(HubView):
    """Whoever answers for an agency keeps its entry (IGV-07)."""

    template_name = "agreements/processing/controller_form.html"

    def get(self, request: SignedInRequest, slug: str) -> HttpResponse:
        agency = selectors.keeps(slug, for_user=request.user)
        notice = selectors.notices().filter(agency=agency).last()
        known = {"ico_registration": agency.ico_registration, "address": notice.address if notice else ""}
        return self.page(
            {"agency": agency, "form": ControllerForm(initial=known), "notices": selectors.notices_of(agency)}
        )

    def post(self, request: SignedInRequest, slug: str) -> HttpResponse:
        agency = selectors.keeps(slug, for_user=request.user)
        form = ControllerForm(request.POST)
        if not form.is_valid():
            return self.page({"agency": agency, "form": form, "notices": selectors.notices_of(agency)})
        services.record_controller(agency, by=request.user, **form.cleaned_data)
        return self.done("The register of controllers was changed.", "processing:controller", agency.slug)


class BoardReport(PartnershipView):
    """Figures alone, for the management board: as a page, a spreadsheet, a document (AGR-10)."""

    template_name = "agreements/processing/board_report.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        scope = self.scope()
        form = PeriodForm(request.GET)
        period = form.cleaned_data if form.is_valid() else dict(zip(("since", "until"), form.period({}), strict=True))
        made = report.board_report(scope["partnership"], **period, today=timezone.localdate())
        match request.GET.get("format"):
            case "csv":
                return exports.report_file(made)
            case "pdf":
                return pdf_file(f"board-report-{made.until}", exports.report_pdf(made, at=timezone.localtime()))
        rows = [(*row, COLOURS.get(row[1], "grey")) for row in made.agreements]
        query = request.GET.copy()
        query.pop("format", None)
        return self.page({**scope, "form": form, "report": made, "rows": rows, "query_string": query.urlencode()})
