"""Every page and who looks at it; a route of the URL conf that stands nowhere here fails the suite."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from safeguarding.refs import ref_for
from tests.functional.page_list import PAGES
from tests.functional.stack import Stack

# shown and judged where they lead somewhere: a journey there ends with these routes
SEEN_IN_SIGN_IN = {
    "accounts/2fa/",
    "accounts/2fa/authenticate/",
    "accounts/2fa/recovery-codes/",
    "accounts/2fa/recovery-codes/generate/",
    "accounts/2fa/totp/activate/",
    "accounts/2fa/totp/deactivate/",
    "accounts/2fa/webauthn/",
    "accounts/2fa/webauthn/add/",
    "accounts/2fa/webauthn/keys/<int:pk>/edit/",
    "accounts/2fa/webauthn/keys/<int:pk>/remove/",
    "accounts/2fa/reauthenticate/",
    "accounts/reauthenticate/",
    "join/<str:token>/",
}

# looked at and judged in tests/functional/test_ways_in.py, behind what is made there
SEEN_IN_WAYS_IN = {
    "access/<str:ref>/grants/<str:code>/withdraw/",
    "access/<str:ref>/exclusions/<str:exclusion>/lift/",
    "shared/<str:ref>/",
    "emergency/reviews/<str:ref>/",
}

NO_PAGES: dict[str, str] = {
    "emergency/reviews/<str:ref>/end/": "only takes a form",
    "keep-alive/": "answers a script",
    "school-days/": "leads to the school days of one's own setting or area",
    "school-days/<slug:slug>/<str:code>/remove/": "only takes a form",
    "authority-days/<slug:slug>/<str:code>/remove/": "only takes a form",
    "school-days/<slug:slug>/contact/<str:code>/withdraw/": "only takes a form",
    "bell/months/<slug:slug>/<str:month>/pdf/": "a file; taken in test_bell",
    "bell/months/<slug:slug>/<str:month>/csv/": "a file; taken in test_bell",
    "strategy/<str:ref>/calendar/": "a file for a calendar",
    "strategy/<str:ref>/answer/": "only takes a form",
    "strategy/<str:ref>/invitations/<str:code>/withdraw/": "only takes a form",
    "strategy/<str:ref>/disagree/<str:dissent>/take-back/": "only takes a form",
    "missing/<str:ref>/offer/": "only takes a form",
    "demo/sign-in/": "only takes a form",
    "people/": "leads to the people of one's own agency",
    "people/<slug:slug>/<str:code>/lift/": "judged in test_conditions, where somebody is suspended",
    "members/": "leads to the members of one's own agency",
    "members/<slug:slug>/invitations/<str:code>/withdraw/": "only takes a form",
    "queue/next/": "only takes a form; leads to what was taken",
    "queue/<str:ref>/same/<str:other>/": "only takes a form",
    "corrections/<str:ref>/looked/": "only takes a form",
    "talk/<str:ref>/settle/": "only takes a form",
    "talk/<str:ref>/disclosures/<str:disclosure>/end/": "only takes a form",
    "adults/<str:ref>/judge/": "only takes a form",
    "adults/<str:ref>/receive/": "only takes a form",
    "queue/<str:ref>/claim/": "only takes a form; its question is asked in a journey of screening",
    "queue/<str:ref>/release/": "only takes a form",
    "queue/<str:ref>/screen/": "only takes a form",
    "alerts/<str:ref>/acknowledge/": "only takes a form",
    "alerts/<str:ref>/told/<str:code>/end/": "only takes a form",
    "files/<str:ref>/people/<str:code>/end/": "only takes a form",
    "files/<str:ref>/pdf/": "a PDF",
    "sent/<str:ref>/retry/": "only takes a form",
    "requests/<str:ref>/close/": "only takes a form",
    "requests/<str:ref>/items/<str:ask>/<int:position>/": "only takes a form",
    "asked/<str:ref>/finish/": "only takes a form",
    "packages/<str:ref>/pack/": "only takes a form",
    "packages/<str:ref>/leave-out/<str:ask>/<int:position>/": "only takes a form",
    "packages/<str:ref>/settle/": "only takes a form",
    "packages/<str:ref>/drop/": "only takes a form",
    "packages/<str:ref>/send/": "only takes a form",
    "packages/<str:ref>/pdf/": "a PDF",
    "briefings/": "leads to the page of one's own setting",
    "documents/": "leads to the documents of one's own setting",
    "documents/at/<slug:slug>/<slug:kind>/pdf/": "a PDF",
    "documents/at/<slug:slug>/<slug:kind>/reset/": "only takes a form",
    "support/list/checked/": "only takes a form",
    "support/list/gone/": "only takes a form",
    "sent/unsettled/<str:ref>/retry/": "only takes a form",
    "children/found/": "what was typed lies in the session; judged in test_children, after a search",
    "sign/<str:token>/": "judged in test_agreements, behind a link that works once",
    "agreements/<str:ref>/pdf/": "a PDF and no page; tests/agreements looks into it",
    **{
        f"refer/<str:token>/{rest}": "judged in test_referrals, behind a link and a code"
        for rest in ("", "people/", "check/", "<slug:step>/")
    },
    "refer/<str:token>/<slug:step>/remove/": "only takes a form",
    "receive/<str:token>/": "judged in test_moves, behind a link and a code",
    "receive/<str:token>/pdf/": "a file",
    **{
        f"transfers/<str:ref>/{act}/": "only takes a form"
        for act in ("send", "cancel", "supplement", "link", "receive", "refuse")
    },
    **{f"moved/<str:ref>/{act}/": "only takes a form" for act in ("decide", "answer")},
    **{f"settings/<slug:slug>/{act}/": "only takes a form" for act in ("hand-over", "take-back")},
    "referrals/drafts/<str:ref>/<slug:step>/remove/": "only takes a form",
    "referrals/drafts/<str:ref>/throw-away/": "only takes a form",
    **{f"referrals/<str:ref>/{act}/": "only takes a form" for act in ("triage", "decide", "tell", "close")},
    "referrals/review/export/": "a file",
    "referrals/review/pdf/": "a file",
    "decisions/new/<slug:step>/": "judged in test_decisions, behind the first answers",
    "decisions/new/check/": "judged in test_decisions, behind the answers",
    "agreements/<str:ref>/open/": "only takes a form",
    "agreements/<str:ref>/abandon/": "only takes a form",
    "agreements/<str:ref>/review/": "only takes a form",
    "agreements/<str:ref>/parties/<slug:slug>/stay/": "only takes a form",
    "notifications/uploads/<str:ref>/progress/": "answers a script",
    "accounts/2fa/recovery-codes/download/": "a text file",
    "accounts/2fa/webauthn/login/": "answers a script",
    "accounts/2fa/webauthn/reauthenticate/": "part of accounts/reauthenticate/",
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "judged in test_sign_in, behind a link that works once",
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/": "leads to a council's own sign-in",
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/": "comes back from a council's own sign-in",
}
CLOSED_PREFIXES = (
    "accounts/3rdparty/",
    "accounts/social/",
    "accounts/signup/",
    "accounts/email/",
    "accounts/confirm-email/",
)
CLOSED = (
    "accounts/^confirm-email/(?P<key>[-:\\w]+)/$",
    "accounts/password/set/",
    "accounts/login/code/confirm/",
    "accounts/inactive/",
)


@dataclass(frozen=True)
class Look:
    """One person's look at one page."""

    route: str
    who: str
    path: str


def routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Every route of the URL conf but the API's."""
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, route)
        elif isinstance(each, URLPattern) and not route.startswith("api/"):
            yield route


def looks() -> list[Look]:
    """Grouped by person, so that one browser looks at all of a person's pages."""
    # in `make test` the first look at each route; `make prove` takes them all
    most = None if os.environ.get("PROVE") else 1
    found = [Look(route, who, path) for route, all_looks in PAGES.items() for who, path in all_looks[:most]]
    return sorted(found, key=lambda look: look.who)


def world_of(stack: Stack) -> dict[str, str]:
    """What the demo world's pages are about."""

    def one(statement: str) -> str:
        return str(stack.sql(statement)[0][0])

    def notification(number: int) -> str:
        return one(f"SELECT ref FROM alerts_notification WHERE reference LIKE 'WE/%%/{number:07d}'")

    def alert(number: int) -> str:
        return one(
            "SELECT a.ref FROM alerts_alert a JOIN alerts_notification n ON n.id = a.notification_id"
            f" WHERE n.reference LIKE '%%/{number:07d}' ORDER BY a.id"
        )

    def filed(statement: str) -> str:
        """Of the safeguarding file of the child whose alert was answered."""
        return one(f"{statement} WHERE e.source_ref = '{alert(106)}' ORDER BY e.id")

    def code(prefix: str, statement: str) -> str:
        """As the running Hub names it in addresses, by its own secret."""
        with override_settings(SECRET_KEY=(stack.data_dir / "keys" / "secret-key").read_text()):
            return ref_for(prefix, int(one(statement)))

    def colleague(email: str) -> str:
        return code("P", f"SELECT id FROM agencies_user WHERE email = '{email}'")

    def discussion(where: str) -> str:
        return one(f"SELECT ref FROM alerts_strategydiscussion WHERE {where} ORDER BY id LIMIT 1")

    def episode(where: str) -> str:
        return one(
            f"SELECT m.ref FROM alerts_missingepisode m JOIN alerts_notification n ON n.id = m.notification_id WHERE {where}"
        )

    def pair(state: str) -> tuple[str, str]:
        """Two records of the demo world that may be one child, and what was said of them."""
        found = stack.sql(
            "SELECT f.ref, s.ref FROM children_possibleduplicate p JOIN children_child f ON f.id = p.first_id"
            " JOIN children_child s ON s.id = p.second_id WHERE p.state = %s ORDER BY p.id",
            state,
        )
        return str(found[0][0]), str(found[0][1])

    (child, double), (_, joined) = pair("open"), pair("same")
    twins = stack.sql(
        "SELECT c.ref FROM alerts_notificationchild n JOIN alerts_matchcandidate m ON m.notification_child_id = n.id"
        " JOIN children_child c ON c.id = m.child_id OR c.id = m.child_id + 1 ORDER BY c.id LIMIT 2"
    )

    def agreement(state: str) -> str:
        return one(
            "SELECT g.ref FROM agreements_agreement g JOIN agencies_partnership p ON p.id = g.partnership_id"
            f" WHERE p.slug = 'wexbourne' AND g.state = '{state}' AND g.title LIKE 'Telling%%' ORDER BY g.id DESC"
        )

    referred = "SELECT r.ref FROM alerts_referral r JOIN agencies_partnership p ON p.id = r.partnership_id"
    unsure, at = stack.sql(
        "SELECT r.ref, c.position FROM alerts_referralchild c JOIN alerts_referral r ON r.id = c.referral_id"
        " WHERE c.state = 'waiting' ORDER BY c.id"
    )[0]

    def decision(outcome: str, more: str = "true") -> str:
        return one(f"SELECT ref FROM agreements_decision WHERE outcome = '{outcome}' AND {more} ORDER BY id")

    return {
        "own_draft": one("SELECT ref FROM alerts_referraldraft WHERE ended_at IS NULL ORDER BY id"),
        "referral": one(f"{referred} WHERE p.slug = 'wexbourne' AND r.state = 'received' ORDER BY r.id"),
        "to_tell": one(f"{referred} WHERE p.slug = 'wexbourne' AND r.state = 'decided' ORDER BY r.id"),
        "told": one(f"{referred} WHERE p.slug = 'wexbourne' AND r.state = 'told' ORDER BY r.id"),
        "unsure_referral": str(unsure),
        "at": str(at),
        "pattern": one("SELECT ref FROM alerts_pattern ORDER BY id"),
        "consented": decision("share", "basis = 'consent'"),
        "refused": decision("not_share"),
        "asked": decision("advice"),
        "request": one("SELECT ref FROM alerts_informationrequest ORDER BY id"),
        "package": one("SELECT ref FROM alerts_package ORDER BY id"),
        "ask": one("SELECT ref FROM alerts_ask WHERE state = 'asked' ORDER BY id"),
        "answered_ask": one("SELECT ref FROM alerts_ask WHERE state = 'answered' ORDER BY id"),
        "child": child,
        "coming": one("SELECT ref FROM alerts_transfer ORDER BY id LIMIT 1"),
        "moved": one("SELECT ref FROM alerts_childmove ORDER BY id LIMIT 1"),
        "double": double,
        "month": f"{timezone.localdate():%Y-%m}",
        "joined": joined,
        "twin": str(twins[0][0]),
        "other_twin": str(twins[1][0]),
        "colleague": colleague("tutor@meadow.wexbourne.example"),
        "unusual": one("SELECT ref FROM governance_unusualaccess ORDER BY id LIMIT 1"),
        "sample": one("SELECT ref FROM governance_sample ORDER BY id LIMIT 1"),
        "practitioner": colleague("practitioner@health.wexbourne.example"),
        "at_level_four": notification(107),
        "asked_for": discussion("state = 'asked'"),
        "arranged": discussion("state = 'arranged'"),
        "at_night": discussion("state = 'held'"),
        "discussed": discussion("state = 'sent'"),
        "dissent": one("SELECT ref FROM alerts_dissent ORDER BY id LIMIT 1"),
        "discussion_action": code(
            "K",
            "SELECT c.id FROM alerts_discussionaction c JOIN agencies_agency a ON a.id = c.agency_id"
            " WHERE a.slug = 'health' ORDER BY c.id LIMIT 1",
        ),
        "missing": episode("n.reference LIKE 'WE/%%/0000119'"),
        "back": episode("n.reference LIKE 'WE/%%/0000118'"),
        "tutor": colleague("tutor@meadow.wexbourne.example"),
        "reader": colleague("dsl@meadow.wexbourne.example"),
        "said": one(
            "SELECT ref FROM alerts_talkentry WHERE side = 'setting' AND recalled_at IS NULL ORDER BY id LIMIT 1"
        ),
        "to_judge": one("SELECT ref FROM alerts_adultconcern WHERE state = 'told' ORDER BY id LIMIT 1"),
        "referred": one("SELECT ref FROM alerts_adultconcern WHERE lado_agency_id IS NOT NULL ORDER BY id LIMIT 1"),
        "received": notification(101),
        "claimed": notification(102),
        "unsure": notification(103),
        "nowhere": notification(104),
        "sent": notification(106),
        "twin_report": notification(113),
        "unborn": notification(114),
        "taken_back": notification(116),
        "corrected": alert(115),
        "taken_back_alert": alert(116),
        "in_error": alert(117),
        "opened": alert(105),
        "acknowledged": alert(106),
        "file": filed("SELECT f.ref FROM alerts_safeguardingfile f JOIN alerts_fileentry e ON e.file_id = f.id"),
        "entry": filed("SELECT e.ref FROM alerts_fileentry e"),
        "note": filed("SELECT e.ref FROM alerts_fileentry e JOIN alerts_entrygrant g ON g.content_object_id = e.id"),
        "action": one(
            f"SELECT ref FROM alerts_action WHERE alert_id = (SELECT id FROM alerts_alert WHERE ref = '{alert(106)}') ORDER BY id"
        ),
        "overdue": alert(108),
        "withheld": alert(109),
        "in_nenevale": alert(302),
        "agreement": agreement("open"),
        "correction": one("SELECT ref FROM agreements_correction WHERE state = 'asked' ORDER BY id LIMIT 1"),
        "draft": agreement("draft"),
    }
