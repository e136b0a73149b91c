"""An intelligence package on paper: each item with whose it is, from when, and what it is (SHR-08, SHR-09)."""

import datetime as dt
from collections.abc import Iterable

from alerts.requests.models import Package, PackageItem
from safeguarding.web.pdf import document
from safeguarding.web.templatetags.hub import day


def package(of: Package, items: Iterable[PackageItem], *, at: dt.datetime) -> bytes:
    """Tagged PDF; `at` stands in the foot as the day on which it was made."""
    born = day(of.child_date_of_birth) or "not known"
    facts = [
        {"key": "Child", "value": f"{of.child_given_name} {of.child_family_name}, born {born}"},
        {"key": "From", "value": of.controller.name},
        {"key": "For", "value": of.sent_to.name if of.sent_to else "not sent yet"},
        {
            "key": "Settled by",
            "value": f"{of.settled_by.name}, {day(of.settled_at)}" if of.settled_by else "not settled yet",
        },
    ]
    data = {
        "marking": of.marking,
        "reference": of.ref,
        "made": day(at),
        "partnership": of.partnership.name,
        "facts": facts,
        "summary": of.summary,
        "items": [
            {
                "originator": each.originator,
                "what": f"{each.get_nature_display()}, {each.get_currency_display().lower()}"
                + (f", from {day(each.originated_on)}" if each.originated_on else ""),
                "limits": each.limits,
                "text": each.text,
            }
            for each in items
        ],
    }
    return document("package", data, at=at)
