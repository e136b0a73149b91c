"""A linter of other people's making reads the policies; what it finds is either mended or explained here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from safeguarding.access.vocabulary import Open
from safeguarding.access.walls import DEFINER_READS, tables

# The definer's own policy lets it read everything: it is NOLOGIN, and only its functions, which ask first, wear it.
DEFINER_RULES = {"SEC004", "SEC005", "SEC008", "SEC028", "SEC038"}
EXPLAINED = {
    # triggers that run as the definer: they keep `cleared_until`, which nobody else may (access/conditions.py)
    ("SEC013", "public.agencies_membership.clearance"),
    ("SEC013", "public.agencies_trainingrecord.clearance"),
    ("SEC013", "public.agencies_acknowledgement.clearance"),
    ("SEC001", "public.auditlog_logentry"),  # auditlog's own table: no model of ours, and nobody has a right to it
    # reads the memberships of the entry's own actor and nobody else's, and writes into that entry alone (ADR 0020)
    ("SEC013", "public.audit_auditentry.fill_hat"),
    ("SEC005", "public.governance_unusualaccess.adds"),  # the watch alone raises, whoever it is about
    ("SEC005", "public.alerts_safeguardingfile.adds"),  # dispatch opens it with the first alert, and nobody else does
    ("SEC005", "public.agreements_correctionnotice.adds"),  # what a recipient was told is written by dispatch alone
    # taken in by the service that finds the child, whoever refers: a guest has no account to compare with
    ("SEC005", "public.alerts_referral.adds"),
    ("SEC005", "public.alerts_referralchild.adds"),
    ("SEC005", "public.agencies_reviewitem.adds"),  # a review is opened by the service alone
    ("SEC005", "public.notifications_email.changes"),  # services only: sending is not about whose row it is
    ("SEC005", "public.notifications_outboxmessage.changes"),
    ("SEC005", "public.audit_seal.need_to_know"),  # the sealer only: a seal is nobody's row
    ("SEC005", "public.audit_seal.adds"),
    ("SEC005", "public.crypto_shredding.need_to_know"),  # whoever keeps the keys reads all of it; nobody else any
    ("PERF003", "public.alerts_alert.need_to_know"),  # (setting, audience) are one index, and compared as one row
    ("PERF003", "public.alerts_alert.changes"),
    # a dozen rows a child, always reached by their token or their child: the controller is compared on the rows found
    ("PERF003", "public.children_childtoken.need_to_know"),
    ("PERF003", "public.children_childtoken.adds"),
    # few rows, reached by their alert or by whom they were disclosed to: whether one runs is compared on the rows found
    ("PERF003", "public.alerts_disclosure.need_to_know"),
    # asked once a query of the few subjects that somebody is shut out from
    ("PERF003", "public.audit_auditentry.shut_out"),
}


# Asked of one new row, or of one that is closed: never of a list.
ONE_ROW = {
    *("alerts_alertgrant", "alerts_notificationgrant", "alerts_exclusion", "alerts_breakglass"),
    *("alerts_filegrant", "alerts_entrygrant"),
    *("alerts_strategydiscussion", "alerts_discussioninvitation"),
}


def explained(rule: str, place: str) -> bool:
    table, _, policy = place.removeprefix("public.").partition(".")
    known = tables()
    return (
        (rule, place) in EXPLAINED
        or (rule == "SEC001" and isinstance(known.get(table), Open))
        or (rule in ("PERF003", "PERF004") and table in ONE_ROW and policy in ("adds", "changes"))
        or (rule in DEFINER_RULES and policy == "definer" and table in DEFINER_READS)
    )


@pytest.mark.req("NTK-01")
@pytest.mark.django_db
def test_the_linter_finds_nothing_that_is_not_explained() -> None:
    here = connection.settings_dict
    url = make_conninfo(
        dbname=here["NAME"],
        user=here["USER"] or None,
        password=here["PASSWORD"] or None,
        host=here["HOST"] or None,
        port=here["PORT"] or None,
    )
    done = subprocess.run(
        [str(Path(sys.executable).parent / "pgrls"), "lint", "--format", "json", "--database-url", url],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    findings = {
        (finding["rule_id"], finding["location"])
        for finding in report["violations"]
        if finding["severity"].lower() != "info"
    }
    # It did look: the tables that are open by decision are always among what it names.
    assert ("SEC001", "public.agencies_partnership") in findings
    assert sorted(finding for finding in findings if not explained(*finding)) == []
