"""The record of processing and the board's report as files: CSV, and PDF (IGV-08, AGR-10)."""

import datetime as dt
from collections.abc import Iterator

from django.http import HttpResponse

from agreements.processing.report import Report
from agreements.processing.selectors import Activity
from safeguarding.governance.exports import csv_file
from safeguarding.web.pdf import document

RECORD_HEAD = (
    *("Activity", "Reference", "Controllers", "Purposes", "People", "Data items", "Lawful basis"),
    *("Recipients", "Kept how long", "Security", "Sent overseas", "Left in twelve months"),
)
NOWHERE = "Nothing is transferred overseas"


def record_file(activities: list[Activity]) -> HttpResponse:
    return csv_file("record-of-processing", RECORD_HEAD, map(_record_row, activities))


def _record_row(each: Activity) -> tuple[str, ...]:
    return (
        each.name,
        each.ref,
        "; ".join(each.controllers),
        "; ".join(each.purposes),
        each.people,
        "; ".join(each.items),
        "; ".join(each.bases),
        "; ".join(each.recipients),
        each.retention,
        each.security,
        NOWHERE,
        "; ".join(f"{gateway}, {kind}: {count}" for gateway, kind, count in each.flows),
    )


def report_file(report: Report) -> HttpResponse:
    return csv_file("board-report", ("Section", "What", "Figure"), _report_rows(report))


def _report_rows(report: Report) -> Iterator[tuple[str, str, str]]:
    for title, lines in report.sections:
        for line in lines:
            yield title, line.words, line.figure
    for agreement, standing, signed, parties in report.agreements:
        yield "Each agreement", f"{agreement}: {standing.label}", f"{signed} of {parties} signed"


def report_pdf(report: Report, *, at: dt.datetime) -> bytes:
    return document("board_report", said(report, at.date()), at=at)


def said(report: Report, today: dt.date) -> dict[str, object]:
    return {
        "partnership": report.partnership.name,
        "marking": report.partnership.marking,
        "period": f"{_spoken(report.since)} to {_spoken(report.until)}",
        "made": _spoken(today),
        "sections": [
            {"title": title, "lines": [[line.words, line.figure] for line in lines]} for title, lines in report.sections
        ],
        "agreements": [
            [str(agreement), str(standing.label), _spoken(agreement.review_due_on), f"{signed} of {parties}"]
            for agreement, standing, signed, parties in report.agreements
        ],
    }


def _spoken(day: dt.date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "No day"
