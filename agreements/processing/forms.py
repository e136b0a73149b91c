"""What a controller says of itself, and for which time a report is asked (IGV-07, AGR-10)."""

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils import timezone

from safeguarding.web.forms import HubDateField


class ControllerForm(forms.Form):
    ico_registration = forms.CharField(
        label="ICO registration",
        help_text="As the regulator issued it: usually a letter or two and digits, for example ZA123456.",
        max_length=20,
        error_messages={"required": "Enter the ICO registration", "max_length": "Enter 20 characters or fewer"},
    )
    address = forms.URLField(
        label="Where the privacy notice is published",
        help_text="A web address that begins with https://",
        max_length=200,
        assume_scheme="https",
        error_messages={
            "required": "Enter where the privacy notice is published",
            "invalid": "Enter a web address, like https://www.council.example/privacy",
        },
    )
    published_on = HubDateField(what="Day on which this notice was published")
    review_due_on = HubDateField(what="Day on which it is looked at again")


class PeriodForm(forms.Form):
    """The last twelve whole months, if nobody says otherwise."""

    since = HubDateField(what="First day", required=False)
    until = HubDateField(what="Last day", required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = self.period(said)
        if since > until:
            self.add_error("until", "The last day must not lie before the first")
        return {"since": since, "until": until}

    @staticmethod
    def period(said: dict[str, Any]) -> tuple[dt.date, dt.date]:
        today = timezone.localdate()
        until = said.get("until") or today
        return said.get("since") or until - relativedelta(months=12) + dt.timedelta(days=1), until
