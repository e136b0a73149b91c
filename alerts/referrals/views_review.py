"""The weekly review on a page, as CSV and on paper (MSH-07)."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from alerts import small_numbers
from alerts.referrals import review, selectors, services
from alerts.referrals.forms import FoundForm
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.governance.exports import csv_file
from safeguarding.web.pdf import document, pdf_file
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class ReviewView(HubView):
    """One week of one hub; what is opened is remembered with the week (AUD-01)."""

    template_name = "alerts/referrals/review.html"
    event = "week.opened"

    def found(self) -> review.Review:
        hub = review.hub_for(self.request.user, self.request.GET.get("hub", ""))
        found = review.review_of(hub, self.week(), for_user=self.request.user)
        record(self.event, hub, facts={"week": found.week.first.isoformat()}, at=hub.pk)
        return found

    def week(self) -> dt.date:
        """A day that nobody can read is the last whole week."""
        today = timezone.localdate()
        try:
            day = dt.date.fromisoformat(self.request.GET.get("week", ""))
        except ValueError:
            return review.last_whole_week(today)
        return review.week_of(day) if dt.date(2020, 1, 1) <= day <= today else review.last_whole_week(today)


class Review(ReviewView):
    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.show(self.found(), FoundForm())

    def show(self, found: review.Review, form: FoundForm) -> HttpResponse:
        context = {"review": found, "form": form, "rule": small_numbers.RULE, "definitions": review.DEFINITIONS}
        return self.page({**context, "hubs": selectors.hubs_of(self.request.user)})

    def post(self, request: SignedInRequest) -> HttpResponse:
        found, form = self.found(), FoundForm(request.POST)
        if not review.may_close(request.user, found.hub):
            raise NotVisible
        if not form.is_valid():
            return self.show(found, form)
        week = found.week.first
        services.close_week(found.hub, week=week, found=form.cleaned_data["found"], by=request.user)
        messages.success(request, f"The week of {found.hub.name} is closed, with the numbers as they stand.")
        query = urlencode({"hub": found.hub.slug, "week": week.isoformat()})
        return HttpResponseRedirect(f"{reverse('referrals:review')}?{query}")


class ReviewCsv(ReviewView):
    event = "week.exported"

    def get(self, request: SignedInRequest) -> HttpResponse:
        found = self.found()
        rows: list[Any] = [(label, *numbers) for label, numbers in found.by_source.rows]
        rows += [("All", *found.by_source.total), ()]
        rows += [(label, *numbers) for label, numbers in found.outcomes.rows]
        rows += [(), (small_numbers.RULE,)]
        name = f"weekly-review-{found.week.first.isoformat()}"
        return csv_file(name, ("Source", *found.by_source.heads), rows)


class ReviewPdf(ReviewView):
    event = "week.exported"

    def get(self, request: SignedInRequest) -> HttpResponse:
        found = self.found()
        closed = found.closed
        data = {
            "hub": found.hub.name,
            "first": _day(found.week.first),
            "last": _day(found.week.last),
            "heads": list(found.by_source.heads),
            "sources": [[label, *numbers] for label, numbers in found.by_source.rows],
            "total": list(found.by_source.total),
            "outcomes": [[label, *numbers] for label, numbers in found.outcomes.rows],
            "rule": small_numbers.RULE,
            "definitions": review.DEFINITIONS,
            "reviewed": f"{closed.reviewed_by.name}, {_day(timezone.localdate(closed.reviewed_at))}" if closed else "",
            "found": closed.found if closed else "",
            "marking": found.hub.partnerships.order_by("pk")[0].marking,
        }
        name = f"weekly-review-{found.week.first.isoformat()}"
        return pdf_file(name, document("weekly_review", data, at=timezone.now()))


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
