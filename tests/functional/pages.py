"""Every page and who looks at it; a route of the URL conf that stands nowhere here fails the suite."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from safeguarding.refs import ref_for
from tests.functional.stack import Stack

DSL, HEAD, TUTOR = "dsl@meadow.wexbourne", "head@meadow.nenevale", "tutor@meadow.wexbourne"
POLICE, OFFICER, MANAGER = "officer@police.wexbourne", "officer@mash.wexbourne", "manager@mash.wexbourne"
ADMIN, EHE, IG = "admin@meadow.wexbourne", "ehe@council.wexbourne", "ig@council.wexbourne"
CARE, WORKER, NURSE = "caremanager@council.wexbourne", "socialworker@council.wexbourne", "nurse@health.wexbourne"
LAPSED = "deputy@thornbank.wexbourne"
LARCH = "head@larch.wexbourne"
WEX_HEAD = "head@meadow.wexbourne"
LADO = "lado@council.wexbourne"
DESK = "desk@council.wexbourne"
NOBODY = ""
EVERY_ROLE = (
    *(DSL, HEAD, TUTOR, POLICE, OFFICER, MANAGER, ADMIN, EHE, IG, CARE, WORKER, NURSE),
    *("deputy@harbour.wexbourne", "holiday@meadow.wexbourne", "dsl@pebble.wexbourne", "officer@mash.nenevale"),
    *(
        "coordinator@marac.calderwick",
        "chair@marac.calderwick",
        "idva@haven.calderwick",
        "practitioner@health.calderwick",
    ),
)

# route → (who, path); `{name}` is filled in from the demo world
PAGES: dict[str, list[tuple[str, str]]] = {
    "": [*((who, "/") for who in EVERY_ROLE), (NOBODY, "/")],
    "today/": [(who, "/today/") for who in (DSL, MANAGER, IG, ADMIN, TUTOR, LARCH, POLICE, LAPSED)],
    "today/summary/": [(DSL, "/today/summary/")],
    "account/": [(who, "/account/") for who in (DSL, OFFICER)],
    "help/": [(NOBODY, "/help/"), (DSL, "/help/")],
    "help/words/": [(NOBODY, "/help/words/")],
    "help/accessibility/": [(NOBODY, "/help/accessibility/")],
    "help/privacy/": [(NOBODY, "/help/privacy/")],
    "demo/people/": [(NOBODY, "/demo/people/"), (NOBODY, "/demo/people/?agency=Meadow")],
    "mailbox/": [(DSL, "/mailbox/"), (DSL, "/mailbox/?to=nobody")],
    "components/": [(DSL, "/components/")],
    "members/<slug:slug>/": [(ADMIN, "/members/meadow/")],
    "members/<slug:slug>/invite/": [(ADMIN, "/members/meadow/invite/")],
    "members/<slug:slug>/people/<str:code>/": [(ADMIN, "{colleague}")],
    "members/<slug:slug>/people/<str:code>/end/": [(ADMIN, "{colleague}end/")],
    "members/<slug:slug>/people/<str:code>/training/": [(ADMIN, "{colleague}training/")],
    "members/<slug:slug>/people/<str:code>/second-factor/": [(ADMIN, "{colleague}second-factor/")],
    "members/<slug:slug>/review/": [(ADMIN, "/members/meadow/review/")],
    "people/<slug:slug>/": [(ADMIN, "/people/meadow/"), (IG, "/people/council/")],
    "people/<slug:slug>/<str:code>/suspend/": [(ADMIN, "/people/meadow/{reader}/suspend/")],
    "clearance/": [(LAPSED, "/clearance/"), (DSL, "/clearance/")],
    "accounts/login/": [(NOBODY, "/accounts/login/")],
    "accounts/logout/": [(DSL, "/accounts/logout/")],
    "accounts/password/reset/": [(NOBODY, "/accounts/password/reset/")],
    "accounts/password/reset/done/": [(NOBODY, "/accounts/password/reset/done/")],
    "accounts/password/reset/key/done/": [(NOBODY, "/accounts/password/reset/key/done/")],
    "accounts/password/change/": [(DSL, "/accounts/password/change/")],
    "accounts/sessions/": [(DSL, "/accounts/sessions/")],
    "notifications/": [(POLICE, "/notifications/"), (OFFICER, "/notifications/")],
    "notifications/new/": [(POLICE, "/notifications/new/")],
    "notifications/uploads/": [(POLICE, "/notifications/uploads/")],
    "notifications/uploads/new/": [(POLICE, "/notifications/uploads/new/")],
    "notifications/uploads/<str:ref>/": [(POLICE, "/notifications/uploads/{upload}/")],
    "notifications/<str:ref>/": [(POLICE, "/notifications/{received}/"), (POLICE, "/notifications/{sent}/")],
    "queue/<str:ref>/children/<int:position>/": [
        (OFFICER, "/queue/{unsure}/children/2/"),
        (OFFICER, "/queue/{nowhere}/children/2/"),
    ],
    # corrections and redirects
    "notifications/<str:ref>/correct/": [
        (OFFICER, "/notifications/{received}/correct/"),
        (POLICE, "/notifications/{received}/correct/"),
        (POLICE, "/notifications/{sent}/correct/"),
    ],
    "notifications/<str:ref>/withdraw/": [(POLICE, "/notifications/{sent}/withdraw/")],
    "corrections/": [(OFFICER, "/corrections/")],
    "queue/<str:ref>/children/<int:position>/settings/": [(OFFICER, "/queue/{received}/children/2/settings/")],
    "sent/<str:ref>/redirect/": [(OFFICER, "/sent/{overdue}/redirect/")],
    "queue/": [(OFFICER, "/queue/"), *((MANAGER, f"/queue/?view={view}") for view in ("all", "mine", "waiting"))],
    "queue/<str:ref>/": [
        (OFFICER, "/queue/{received}/"),
        (MANAGER, "/queue/{claimed}/"),
        (OFFICER, "/queue/{sent}/"),
        (OFFICER, "/queue/{twin_report}/"),
        (OFFICER, "/queue/{unborn}/"),
        (OFFICER, "/queue/{taken_back}/"),
    ],
    "alerts/": [(who, "/alerts/") for who in (DSL, HEAD, EHE)] + [(DSL, "/alerts/?view=overdue&kind=domestic_abuse")],
    "alerts/several/": [(DSL, "/alerts/several/?ref={opened}"), (DSL, "/alerts/several/")],
    "alerts/waiting/": [(DSL, "/alerts/waiting/")],
    **{
        f"alerts/<str:ref>/{page}/": [(DSL, f"/alerts/{{acknowledged}}/{page}/")]
        for page in ("answer", "support", "actions", "review", "close")
    },
    "alerts/<str:ref>/send-back/": [(DSL, "/alerts/{opened}/send-back/")],
    "alerts/<str:ref>/tell/": [(DSL, "/alerts/{acknowledged}/tell/?name=a")],
    "alerts/<str:ref>/tell/<str:code>/": [(DSL, "/alerts/{acknowledged}/tell/{tutor}/")],
    "told/<str:ref>/": [(TUTOR, "/told/{note}/")],
    "actions/<str:ref>/": [(TUTOR, "/actions/{action}/"), (DSL, "/actions/{action}/")],
    "files/": [(DSL, "/files/"), (WEX_HEAD, "/files/")],
    "files/<str:ref>/": [(DSL, "/files/{file}/"), (DSL, "/files/{file}/?kind=concern"), (WEX_HEAD, "/files/{file}/")],
    "files/<str:ref>/print/": [(DSL, "/files/{file}/print/")],
    "files/<str:ref>/note/": [(DSL, "/files/{file}/note/")],
    "files/<str:ref>/people/": [(DSL, "/files/{file}/people/")],
    "files/<str:ref>/link/": [(DSL, "/files/{file}/link/")],
    "files/<str:ref>/entries/<str:entry>/add/": [(DSL, "/files/{file}/entries/{entry}/add/")],
    "alerts/<str:ref>/": [
        (DSL, "/alerts/{acknowledged}/"),
        (DSL, "/alerts/{opened}/"),
        (DSL, "/alerts/{corrected}/"),
        (DSL, "/alerts/{taken_back_alert}/"),
        (DSL, "/alerts/{in_error}/"),
        (HEAD, "/alerts/{in_nenevale}/"),
    ],
    "unusual/": [(IG, "/unusual/"), (IG, "/unusual/?view=reviewed")],
    "samples/": [(IG, "/samples/"), (MANAGER, "/samples/")],
    "samples/new/": [(MANAGER, "/samples/new/")],
    "samples/<str:ref>/": [(MANAGER, "/samples/{sample}/"), (IG, "/samples/{sample}/")],
    "samples/<str:ref>/export/": [(IG, "/samples/{sample}/export/")],
    "samples/<str:ref>/<int:position>/": [(MANAGER, "/samples/{sample}/1/")],
    "unusual/<str:ref>/": [(IG, "/unusual/{unusual}/")],
    "log/": [(IG, "/log/"), (IG, "/log/?event=alert.opened&person=dsl"), (IG, "/log/?ref=wrong&since=31/2/2026")],
    "log/export/": [(IG, "/log/export/?event=alert.opened")],
    "log/seen/": [(IG, "/log/seen/"), (IG, "/log/seen/?ref=wrong")],
    "log/seen/<str:ref>/": [(IG, "/log/seen/{opened}/")],
    "log/seen/<str:ref>/export/": [(IG, "/log/seen/{opened}/export/")],
    "log/people/<str:code>/": [(IG, "/log/people/{reader}/")],
    "log/people/<str:code>/export/": [(IG, "/log/people/{reader}/export/")],
    "children/": [(OFFICER, "/children/"), (MANAGER, "/children/")],
    "children/duplicates/": [(OFFICER, "/children/duplicates/"), (MANAGER, "/children/duplicates/?cursor=nonsense")],
    "children/<str:ref>/": [
        (OFFICER, "/children/{child}/"),
        (OFFICER, "/children/{child}/?purpose=call"),
        (OFFICER, "/children/{twin}/?purpose=record"),
    ],
    "children/<str:ref>/compare/<str:other>/": [
        (OFFICER, "/children/{double}/compare/{child}/"),
        (OFFICER, "/children/{twin}/compare/{other_twin}/"),
    ],
    "children/<str:ref>/separate/": [(OFFICER, "/children/{joined}/separate/")],
    "access/<str:ref>/": [
        (DSL, "/access/{acknowledged}/"),
        (MANAGER, "/access/{overdue}/"),
        (OFFICER, "/access/{received}/"),
    ],
    "access/<str:ref>/give/": [
        (DSL, "/access/{acknowledged}/give/"),
        (OFFICER, "/access/{overdue}/give/?name=a"),
        (OFFICER, "/access/{overdue}/give/?name=nobody+at+all"),
    ],
    "access/<str:ref>/give/<slug:agency>/<str:code>/": [(DSL, "/access/{acknowledged}/give/meadow/{tutor}/")],
    "access/<str:ref>/shut-out/": [(MANAGER, "/access/{overdue}/shut-out/?name=a")],
    "access/<str:ref>/shut-out/<slug:agency>/<str:code>/": [
        (DSL, "/access/{acknowledged}/shut-out/meadow/{tutor}/"),
        (MANAGER, "/access/{received}/shut-out/meadow/{tutor}/"),
    ],
    "shared/": [(who, "/shared/") for who in (TUTOR, DSL)],
    "emergency/": [(who, "/emergency/") for who in (DSL, OFFICER)],
    "emergency/reviews/": [(IG, "/emergency/reviews/")],
    "talk/": [(DSL, "/talk/?view=all"), (OFFICER, "/talk/")],
    "talk/<str:ref>/": [
        (DSL, "/talk/{acknowledged}/"),
        (OFFICER, "/talk/{acknowledged}/"),
    ],
    "talk/<str:ref>/new/": [(DSL, "/talk/{opened}/new/"), (HEAD, "/talk/{in_nenevale}/new/")],
    "talk/<str:ref>/write/": [(OFFICER, "/talk/{acknowledged}/write/")],
    "talk/<str:ref>/holds/": [(DSL, "/talk/{acknowledged}/holds/")],
    "talk/<str:ref>/phoned/": [(DSL, "/talk/{acknowledged}/phoned/")],
    "talk/<str:ref>/questions/": [(DSL, "/talk/{acknowledged}/questions/")],
    "talk/<str:ref>/recall/<str:entry>/": [(DSL, "/talk/{acknowledged}/recall/{said}/")],
    "talk/<str:ref>/liaise/": [(DSL, "/talk/{opened}/liaise/")],
    "talk/<str:ref>/rescreen/": [(OFFICER, "/talk/{acknowledged}/rescreen/")],
    "talk/<str:ref>/disclose/": [(OFFICER, "/talk/{acknowledged}/disclose/")],
    "adults/": [(MANAGER, "/adults/"), (LADO, "/adults/")],
    "adults/tell/<str:ref>/": [(DSL, "/adults/tell/{opened}/"), (DSL, "/adults/tell/{acknowledged}/")],
    "adults/note/<str:ref>/": [(OFFICER, "/adults/note/{received}/")],
    "adults/<str:ref>/": [(MANAGER, "/adults/{to_judge}/"), (LADO, "/adults/{referred}/")],
    "queue/<str:ref>/children/<int:position>/route/": [(OFFICER, "/queue/{received}/children/2/route/")],
    "sent/": [(MANAGER, "/sent/"), *((OFFICER, f"/sent/?view={view}") for view in ("overdue", "withheld"))],
    # before the bell
    "bell/": [
        (MANAGER, "/bell/"),
        (OFFICER, "/bell/?first_0=31&first_1=2&first_2=2026&setting=meadow"),
    ],
    "bell/alerts/": [(MANAGER, "/bell/alerts/?show=late"), (MANAGER, "/bell/alerts/?show=in_time")],
    "bell/alerts/<str:ref>/": [(MANAGER, "/bell/alerts/{overdue}/")],
    "bell/settings/": [(MANAGER, "/bell/settings/")],
    "bell/months/": [(MANAGER, "/bell/months/")],
    "bell/months/<slug:slug>/<str:month>/": [(MANAGER, "/bell/months/wexbourne/{month}/")],
    "school-days/<slug:slug>/": [(DSL, "/school-days/meadow/"), (ADMIN, "/school-days/meadow/")],
    "school-days/<slug:slug>/add/": [(DSL, "/school-days/meadow/add/")],
    "school-days/<slug:slug>/import/": [(DSL, "/school-days/meadow/import/")],
    "school-days/<slug:slug>/bell/": [(DSL, "/school-days/meadow/bell/")],
    "school-days/<slug:slug>/contact/": [(DSL, "/school-days/meadow/contact/")],
    "agreements/": [(IG, "/agreements/"), (WEX_HEAD, "/agreements/")],
    "agreements/new/": [(IG, "/agreements/new/")],
    "agreements/returns/": [(IG, "/agreements/returns/")],
    "agreements/<str:ref>/": [
        (IG, "/agreements/{agreement}/"),
        (WEX_HEAD, "/agreements/{agreement}/"),
        (IG, "/agreements/{draft}/"),
    ],
    "agreements/<str:ref>/changes/": [(IG, "/agreements/{draft}/changes/")],
    "agreements/<str:ref>/draft/<slug:section>/": [
        (IG, f"/agreements/{{draft}}/draft/{section}/")
        for section in ("items", "about", "status", "bases", "transfer", "keeping", "life")
    ],
    "agreements/<str:ref>/parties/<slug:slug>/sign/": [(LARCH, "/agreements/{agreement}/parties/larch/sign/")],
    "agreements/<str:ref>/parties/<slug:slug>/refuse/": [(LARCH, "/agreements/{agreement}/parties/larch/refuse/")],
    "agreements/returns/<str:ref>/<slug:slug>/<slug:holder>/": [
        (WEX_HEAD, "/agreements/returns/{agreement}/quay/meadow/")
    ],
    "questioned/": [(POLICE, "/questioned/"), (DSL, "/questioned/"), (OFFICER, "/questioned/")],
    "questioned/about/<str:ref>/": [(DSL, "/questioned/about/{opened}/")],
    "questioned/<str:ref>/": [(POLICE, "/questioned/{correction}/"), (DSL, "/questioned/{correction}/")],
    "processing/": [(IG, "/processing/"), (MANAGER, "/processing/")],
    "controllers/": [(IG, "/controllers/"), (WEX_HEAD, "/controllers/")],
    "controllers/<slug:slug>/": [(IG, "/controllers/council/")],
    "reports/board/": [(IG, "/reports/board/"), (MANAGER, "/reports/board/")],
    "agreements/<str:ref>/text/": [(IG, "/agreements/{agreement}/text/")],
    "agreements/<str:ref>/copy/": [(IG, "/agreements/{agreement}/copy/")],
    "agreements/<str:ref>/parties/": [(IG, "/agreements/{agreement}/parties/")],
    "agreements/<str:ref>/next/": [(IG, "/agreements/{agreement}/next/")],
    "agreements/<str:ref>/parties/<slug:slug>/check/": [(IG, "/agreements/{agreement}/parties/meadow/check/")],
    "agreements/<str:ref>/parties/<slug:slug>/guest/": [(IG, "/agreements/{agreement}/parties/larch/guest/")],
    "agreements/<str:ref>/parties/<slug:slug>/notice/": [(WEX_HEAD, "/agreements/{agreement}/parties/meadow/notice/")],
    # asking partners, answering, and what is made of it
    "requests/": [(OFFICER, "/requests/")],
    "requests/new/<str:ref>/": [(OFFICER, "/requests/new/{child}/")],
    "requests/<str:ref>/": [(MANAGER, "/requests/{request}/")],
    "requests/<str:ref>/package/": [(MANAGER, "/requests/{request}/package/")],
    "packages/<str:ref>/": [(MANAGER, "/packages/{package}/")],
    "asked/": [(DSL, "/asked/")],
    "asked/<str:ref>/": [(DSL, "/asked/{ask}/"), (DESK, "/asked/{answered_ask}/")],
    "asked/<str:ref>/add/": [(DSL, "/asked/{ask}/add/")],
    "asked/<str:ref>/nothing/": [(DSL, "/asked/{ask}/nothing/")],
    "asked/<str:ref>/decline/": [(DSL, "/asked/{ask}/decline/")],
    "asked/<str:ref>/items/<int:position>/": [(DESK, "/asked/{answered_ask}/items/1/")],
    # documents for parents, and where families find help
    "briefings/<slug:slug>/": [(DSL, "/briefings/meadow/"), (LARCH, "/briefings/larch/")],
    "documents/at/<slug:slug>/": [(DSL, "/documents/at/meadow/"), (LARCH, "/documents/at/larch/")],
    "documents/at/<slug:slug>/details/": [(DSL, "/documents/at/meadow/details/")],
    "documents/at/<slug:slug>/<slug:kind>/": [
        (DSL, f"/documents/at/meadow/{kind}/") for kind in ("letter", "policy", "briefing")
    ],
    "documents/at/<slug:slug>/<slug:kind>/edit/": [(DSL, "/documents/at/meadow/letter/edit/")],
    "documents/at/<slug:slug>/<slug:kind>/published/": [(DSL, "/documents/at/meadow/policy/published/")],
    "documents/words/": [(MANAGER, "/documents/words/")],
    "documents/words/<slug:kind>/": [(MANAGER, "/documents/words/website/")],
    "support/": [(who, "/support/") for who in (DSL, TUTOR)],
    "support/list/": [(MANAGER, "/support/list/")],
    "support/list/new/": [(MANAGER, "/support/list/new/")],
    "refer/": [(NOBODY, "/refer/")],
    "refer/asked/": [(NOBODY, "/refer/asked/")],
    "referrals/": [(OFFICER, "/referrals/"), *((MANAGER, f"/referrals/?view={view}") for view in ("late", "told"))],
    "referrals/mine/": [(DSL, "/referrals/mine/"), (OFFICER, "/referrals/mine/")],
    "referrals/new/": [(DSL, "/referrals/new/"), (POLICE, "/referrals/new/")],
    "referrals/drafts/<str:ref>/": [(DSL, "/referrals/drafts/{own_draft}/")],
    "referrals/drafts/<str:ref>/people/": [(DSL, "/referrals/drafts/{own_draft}/people/")],
    "referrals/drafts/<str:ref>/check/": [(DSL, "/referrals/drafts/{own_draft}/check/")],
    "referrals/drafts/<str:ref>/<slug:step>/": [
        (DSL, f"/referrals/drafts/{{own_draft}}/{step}/")
        for step in ("child-1", "you", "adult-1", "family", "worries", "score", "consent", "given", "without")
    ],
    "referrals/review/": [(MANAGER, "/referrals/review/"), (OFFICER, "/referrals/review/?week=2026-01-05")],
    "referrals/<str:ref>/": [
        (OFFICER, "/referrals/{referral}/"),
        (DSL, "/referrals/{referral}/"),
        (MANAGER, "/referrals/{to_tell}/"),
        (OFFICER, "/referrals/{told}/"),
    ],
    "referrals/<str:ref>/children/<int:position>/": [(OFFICER, "/referrals/{unsure_referral}/children/{at}/")],
    "patterns/": [(MANAGER, "/patterns/"), (DSL, "/patterns/")],
    "patterns/new/": [(POLICE, "/patterns/new/")],
    "patterns/<str:ref>/": [(OFFICER, "/patterns/{pattern}/")],
    "decisions/": [(who, "/decisions/") for who in (MANAGER, IG, DSL)] + [(IG, "/decisions/?outcome=advice")],
    "decisions/export/": [(IG, "/decisions/export/")],
    "decisions/new/": [
        (OFFICER, "/decisions/new/?about={overdue}&to=council&items=child_name,incident_kind"),
        (OFFICER, "/decisions/new/?about={overdue}"),
        (DSL, "/decisions/new/?about={acknowledged}&to=mash"),
    ],
    "decisions/<str:ref>/": [(OFFICER, f"/decisions/{{{each}}}/") for each in ("consented", "refused", "asked")],
    "decisions/<str:ref>/end/": [(OFFICER, "/decisions/{consented}/end/")],
    "decisions/<str:ref>/told/": [(OFFICER, "/decisions/{consented}/told/")],
    "decisions/<str:ref>/consent/": [(OFFICER, "/decisions/{consented}/consent/")],
    "sent/<str:ref>/let-leave/": [(MANAGER, "/sent/{withheld}/let-leave/")],
    "sent/<str:ref>/": [
        (OFFICER, "/sent/{withheld}/"),
        (OFFICER, "/sent/{overdue}/"),
        (OFFICER, "/sent/{opened}/"),
        (OFFICER, "/sent/{in_error}/"),
    ],
}

PAGES |= {
    # files on their way, and children who move
    "transfers/": [(DSL, "/transfers/"), ("dsl@harbour.nenevale", "/transfers/")],
    "transfers/begin/<str:ref>/": [(DSL, "/transfers/begin/{file}/")],
    "transfers/<str:ref>/": [(DSL, "/transfers/{coming}/"), ("dsl@harbour.nenevale", "/transfers/{coming}/")],
    "moved/": [(MANAGER, "/moved/"), ("officer@mash.nenevale", "/moved/")],
    "moved/child/<str:ref>/": [(OFFICER, "/moved/child/{child}/")],
    "moved/<str:ref>/": [(MANAGER, "/moved/{moved}/"), ("officer@mash.nenevale", "/moved/{moved}/")],
    "settings/": [(MANAGER, "/settings/"), (ADMIN, "/settings/"), (OFFICER, "/settings/")],
    "settings/<slug:slug>/": [(MANAGER, "/settings/quay/"), (ADMIN, "/settings/meadow/")],
    "strategy/": [(CARE, "/strategy/"), (NURSE, "/strategy/?view=all"), (DSL, "/strategy/"), (OFFICER, "/strategy/")],
    "strategy/new/": [(WORKER, "/strategy/new/"), (OFFICER, "/strategy/new/?from={at_level_four}")],
    "strategy/<str:ref>/": [
        (CARE, "/strategy/{discussed}/"),
        *((CARE, f"/strategy/{{{each}}}/") for each in ("asked_for", "arranged", "at_night")),
        (NURSE, "/strategy/{discussed}/"),
        (DSL, "/strategy/{discussed}/"),
        (OFFICER, "/strategy/{arranged}/"),
        (WORKER, "/strategy/{asked_for}/"),
    ],
    "strategy/<str:ref>/arrange/": [(CARE, "/strategy/{arranged}/arrange/"), (CARE, "/strategy/{asked_for}/arrange/")],
    "strategy/<str:ref>/people/": [
        (CARE, "/strategy/{arranged}/people/?name=a"),
        (CARE, "/strategy/{asked_for}/people/?name=zz"),
    ],
    "strategy/<str:ref>/people/<slug:agency>/<str:code>/": [(CARE, "/strategy/{asked_for}/people/meadow/{reader}/")],
    "strategy/<str:ref>/deputy/": [(NURSE, "/strategy/{arranged}/deputy/?name=a")],
    "strategy/<str:ref>/deputy/<str:code>/": [(NURSE, "/strategy/{arranged}/deputy/{practitioner}/")],
    "strategy/<str:ref>/held/": [(CARE, "/strategy/{arranged}/held/")],
    "strategy/<str:ref>/not-held/": [(CARE, "/strategy/{asked_for}/not-held/")],
    "strategy/<str:ref>/write/": [(CARE, "/strategy/{at_night}/write/")],
    "strategy/<str:ref>/record/": [(CARE, "/strategy/{discussed}/record/"), (NURSE, "/strategy/{discussed}/record/")],
    "strategy/<str:ref>/send/": [(CARE, "/strategy/{at_night}/send/")],
    "strategy/<str:ref>/actions/new/": [(CARE, "/strategy/{at_night}/actions/new/")],
    "strategy/<str:ref>/actions/<str:code>/": [(NURSE, "/strategy/{discussed}/actions/{discussion_action}/")],
    "strategy/<str:ref>/conference/": [(CARE, "/strategy/{discussed}/conference/")],
    "strategy/<str:ref>/outcome/": [(CARE, "/strategy/{discussed}/outcome/")],
    "strategy/<str:ref>/disagree/": [(NURSE, "/strategy/{discussed}/disagree/")],
    "strategy/<str:ref>/disagree/<str:dissent>/": [(CARE, "/strategy/{discussed}/disagree/{dissent}/")],
    "missing/": [(WORKER, "/missing/"), (OFFICER, "/missing/?state=missing"), (POLICE, "/missing/")],
    "missing/<str:ref>/": [
        (POLICE, "/missing/{missing}/"),
        (WORKER, "/missing/{back}/"),
        (OFFICER, "/missing/{missing}/"),
    ],
    "missing/<str:ref>/return/": [(POLICE, "/missing/{missing}/return/")],
    "missing/<str:ref>/interview/": [(WORKER, "/missing/{missing}/interview/")],
}

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
    "school-days/": "leads to the school days of one's own setting",
    "school-days/<slug:slug>/<str:code>/remove/": "only takes a form",
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
    "packages/<str:ref>/leave-out/<int:place>/": "only takes a form",
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
    **{f"transfers/<str:ref>/{act}/": "only takes a form" for act in ("send", "cancel", "link", "receive", "refuse")},
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
