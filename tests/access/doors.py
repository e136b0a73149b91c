"""Every door and who gets through it, by reading and by writing; and which canaries each may see."""

import re
from dataclasses import dataclass

from django.utils import timezone

from tests.access.place import HUB, SETTING, Place

EVERYBODY = {"dsl", "other_dsl", "tutor", "constable", "officer", "ig_lead", "admin", "stranger", "let_in"}
PARTNERS = EVERYBODY - {"stranger"}
REFERRERS = EVERYBODY - {"ig_lead", "admin"}
DECIDERS = EVERYBODY - {"tutor", "admin"}
HUBS = {"officer", "stranger"}  # a stranger has a hub of their own: its pages, and none of ours


@dataclass(frozen=True)
class Door:
    """Who gets a page, and who may knock with a form; for everybody else there is nothing there."""

    get: frozenset[str] = frozenset()
    post: frozenset[str] = frozenset()


def door(get: set[str] | None = None, post: set[str] | None = None) -> Door:
    return Door(frozenset(get or ()), frozenset(post or ()))


# {name} stands for a reference or key of the place above.
DOORS: dict[str, Door] = {
    "/today/": door(EVERYBODY),
    "/today/summary/": door(EVERYBODY, EVERYBODY),
    "/account/": door(EVERYBODY),
    "/keep-alive/": door(post=EVERYBODY),
    "/clearance/": door(EVERYBODY),
    "/help/": door(EVERYBODY),
    "/help/accessibility/": door(EVERYBODY),
    "/help/words/": door(EVERYBODY),
    "/help/privacy/": door(EVERYBODY),
    # the police and the hub send notifications in
    "/notifications/": door({"constable", *HUBS}),
    "/notifications/new/": door({"constable", *HUBS}, {"constable", *HUBS}),
    "/notifications/{waiting}/": door({"constable"}),  # its state, for who sent it; the hub has it in its queue
    # whose force it is and the hub that received it say what it should have been; the hub looks again
    "/notifications/{waiting}/correct/": door({"constable", "officer"}, {"constable", "officer"}),
    "/notifications/{waiting}/withdraw/": door({"constable", "officer"}, {"constable", "officer"}),
    "/corrections/": door(HUBS),
    "/corrections/{waiting}/looked/": door(post={"officer"}),
    "/notifications/uploads/": door({"constable", *HUBS}),
    "/notifications/uploads/new/": door({"constable", *HUBS}, {"constable", *HUBS}),
    "/notifications/uploads/{upload}/": door({"constable"}),
    "/notifications/uploads/{upload}/progress/": door({"constable"}),
    # the hub screens
    "/queue/": door(HUBS),
    "/queue/next/": door(post=HUBS),
    "/queue/{waiting}/": door({"officer"}),
    "/queue/{waiting}/children/{position}/": door({"officer"}, {"officer"}),
    "/queue/{waiting}/children/{position}/settings/": door({"officer"}, {"officer"}),
    "/queue/{waiting}/same/{settled}/": door(post={"officer"}),
    "/queue/{waiting}/claim/": door(post={"officer"}),
    "/queue/{waiting}/release/": door(post={"officer"}),
    "/queue/{waiting}/screen/": door(post={"officer"}),
    # the hub finds children on record, and says which two are one
    "/children/": door(HUBS, HUBS),
    "/children/found/": door(HUBS),
    "/children/duplicates/": door(HUBS),
    "/children/{child}/": door({"officer"}),
    "/children/{child}/compare/{other}/": door({"officer"}, {"officer"}),
    "/children/{joined}/separate/": door({"officer"}, {"officer"}),
    # the hub looks after what it sent
    "/sent/": door(HUBS),
    "/sent/{alert}/": door({"officer"}),
    "/sent/{alert}/let-leave/": door(),  # a partnership without exceptions
    "/sent/{alert}/redirect/": door({"officer"}, {"officer"}),
    "/sent/{alert}/retry/": door(post={"officer"}),
    "/sent/unsettled/{unsettled}/retry/": door(post={"officer"}),
    # the bells: the hub counts its own; who leads or administers a setting looks after its school days
    "/bell/": door(HUBS),
    "/bell/alerts/": door(HUBS),
    "/bell/alerts/{alert}/": door({"officer"}, {"officer"}),
    "/bell/settings/": door(HUBS),
    "/bell/months/": door(HUBS),
    "/bell/months/{partnership}/{this_month}/": door({"officer"}),
    "/bell/months/{partnership}/{this_month}/pdf/": door({"officer"}),
    "/bell/months/{partnership}/{this_month}/csv/": door({"officer"}),
    "/school-days/": door({"dsl", "other_dsl", "admin"}),
    "/school-days/{school}/": door({"dsl", "admin"}),
    "/school-days/{school}/add/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/school-days/{school}/import/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/school-days/{school}/bell/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/school-days/{school}/contact/": door({"dsl", "admin"}, {"dsl", "admin"}),
    # an authority's defaults are its administrators', of whom there is none here (tests/bell)
    "/authority-days/{partnership}/": door(),
    "/authority-days/{partnership}/add/": door(),
    "/authority-days/{partnership}/import/": door(),
    "/authority-days/{partnership}/{default_period}/remove/": door(),
    "/school-days/{school}/{period}/remove/": door(post={"dsl", "admin"}),
    "/school-days/{school}/contact/{cover}/withdraw/": door(post={"dsl", "admin"}),
    # the setting reads
    "/alerts/": door({"dsl", "other_dsl"}),
    "/alerts/{alert}/": door({"dsl"}),
    "/alerts/{alert}/acknowledge/": door(post={"dsl"}),
    # between whom the alert is addressed to and the hub; what a lead lets somebody see by name is not meant
    "/talk/": door({"dsl", "other_dsl", *HUBS}),
    "/talk/{alert}/": door({"dsl", "officer"}),
    "/talk/{alert}/new/": door({"dsl", "officer"}, {"dsl", "officer"}),
    "/talk/{alert}/write/": door({"dsl", "officer"}, {"dsl", "officer"}),
    "/talk/{alert}/holds/": door({"dsl", "officer"}, {"dsl", "officer"}),
    "/talk/{alert}/phoned/": door({"dsl", "officer"}, {"dsl", "officer"}),
    "/talk/{alert}/questions/": door({"dsl", "officer"}, {"dsl", "officer"}),
    "/talk/{alert}/settle/": door(post={"dsl", "officer"}),
    "/talk/{alert}/recall/{entry}/": door({"dsl"}, {"dsl"}),
    "/talk/{alert}/liaise/": door({"dsl"}, {"dsl"}),
    "/talk/{alert}/rescreen/": door({"officer"}, {"officer"}),
    "/talk/{alert}/disclose/": door({"officer"}, {"officer"}),
    "/talk/{alert}/disclosures/{disclosure}/end/": door(post={"officer"}),
    # an adult who works with children: a manager judges, the LADO receives (neither is among these people)
    "/adults/": door(HUBS),
    "/adults/tell/{alert}/": door({"dsl"}, {"dsl"}),
    "/adults/note/{waiting}/": door(),  # the police say nothing of the kind
    "/adults/{concern}/": door({"officer"}),
    "/adults/{concern}/judge/": door(),
    "/adults/{concern}/receive/": door(),
    "/queue/{waiting}/children/{position}/route/": door(),  # this child has no setting yet
    "/alerts/several/": door({"dsl", "other_dsl"}, {"dsl", "other_dsl"}),
    "/alerts/waiting/": door(EVERYBODY),
    **{
        f"/alerts/{{alert}}/{what}/": door({"dsl"}, {"dsl"})
        for what in ("answer", "send-back", "support", "actions", "review", "close")
    },
    "/alerts/{alert}/tell/": door({"dsl"}),
    "/alerts/{alert}/tell/{tutor}/": door({"dsl"}, {"dsl"}),
    "/alerts/{alert}/told/{telling}/end/": door(post={"dsl"}),
    # a colleague who was told: one page, and what they do about it
    "/told/{told}/": door({"tutor"}),
    "/actions/{action}/": door({"dsl", "tutor"}, {"dsl", "tutor"}),
    # the child's safeguarding file, opened when the alert was sent; kept by the DSL, the deputy and the head
    "/files/": door({"dsl", "other_dsl"}),
    "/files/{file}/": door({"dsl"}),
    "/files/{file}/print/": door({"dsl"}),
    "/files/{file}/pdf/": door({"dsl"}),
    **{f"/files/{{file}}/{what}/": door({"dsl"}, {"dsl"}) for what in ("note", "people", "link")},
    "/files/{file}/entries/{file_entry}/add/": door({"dsl"}, {"dsl"}),
    "/files/{file}/people/{on_file}/end/": door(post={"dsl"}),
    # the file on its way: both ends see whose it is, and only its own end may do what is that end's
    "/transfers/": door({"dsl", "other_dsl"}),
    "/transfers/begin/{file}/": door({"dsl"}, {"dsl"}),
    "/transfers/{transfer}/": door({"dsl", "other_dsl"}),
    **{f"/transfers/{{transfer}}/{what}/": door(post={"dsl"}) for what in ("send", "cancel", "supplement", "link")},
    **{f"/transfers/{{transfer}}/{what}/": door(post={"other_dsl"}) for what in ("receive", "refuse")},
    # children who move: the hub's, and not passed on to another yet
    "/moved/": door(HUBS),
    "/moved/child/{child}/": door({"officer"}, {"officer"}),
    "/moved/{move}/": door({"officer"}),
    "/moved/{move}/decide/": door(post={"officer"}),
    "/moved/{move}/answer/": door(),
    # that a setting ends: its administrator says so, or a manager of its hub
    "/settings/": door({"admin", *HUBS}),
    "/settings/{school}/": door({"admin"}, {"admin"}),
    "/settings/{school}/hand-over/": door(),
    "/settings/{school}/take-back/": door(),
    # information governance: this lead's agency controls none of these records, but one of its people has seen the alert
    "/unusual/": door({"ig_lead"}),
    "/unusual/{unusual}/": door({"ig_lead"}, {"ig_lead"}),
    # sampling: a manager of a hub draws and records, the lead of the same agency reads
    "/samples/": door({"ig_lead", "stranger"}),
    "/samples/new/": door({"stranger"}, {"stranger"}),
    "/samples/{sample}/": door({"stranger"}, {"stranger"}),
    "/samples/{sample}/export/": door({"stranger"}, {"stranger"}),
    "/samples/{sample}/{first}/": door({"stranger"}, {"stranger"}),
    "/log/": door({"ig_lead"}),
    "/log/export/": door({"ig_lead"}, {"ig_lead"}),
    "/log/seen/": door({"ig_lead"}),
    "/log/seen/{alert}/": door({"ig_lead"}),
    "/log/seen/{alert}/export/": door({"ig_lead"}, {"ig_lead"}),
    "/log/people/{lead}/": door({"ig_lead"}),
    "/log/people/{lead}/export/": door({"ig_lead"}, {"ig_lead"}),
    # who lets in by name, and who shuts out: the hub's manager, and who leads the setting
    "/access/{alert}/": door({"officer", "dsl"}),
    "/access/{alert}/give/": door({"officer", "dsl"}),
    "/access/{alert}/give/{school}/{tutor}/": door({"officer", "dsl"}, {"officer", "dsl"}),
    "/access/{alert}/grants/{grant}/withdraw/": door({"officer", "dsl"}, {"officer", "dsl"}),
    "/access/{alert}/shut-out/": door({"dsl"}),
    "/access/{alert}/shut-out/{school}/{tutor}/": door({"dsl"}, {"dsl"}),
    "/access/{alert}/exclusions/{exclusion}/lift/": door({"dsl"}, {"dsl"}),
    "/shared/": door(EVERYBODY),
    "/shared/{waiting}/": door({"let_in"}),
    # emergencies: whose role may, and who reviews them for the agency that it was
    "/emergency/": door({"dsl", "other_dsl", *HUBS}, {"dsl", "other_dsl", *HUBS}),
    "/emergency/reviews/": door({"ig_lead"}),
    "/emergency/reviews/{glass}/": door({"ig_lead"}, {"ig_lead"}),
    "/emergency/reviews/{glass}/end/": door(post={"ig_lead"}),
    # referrals: whoever meets children refers; a draft is its writer's, the hub works on what was sent
    "/referrals/": door(REFERRERS),
    "/referrals/mine/": door(REFERRERS),
    "/referrals/new/": door(REFERRERS, REFERRERS),
    "/referrals/drafts/{own_draft}/": door({"dsl"}),
    "/referrals/drafts/{own_draft}/people/": door({"dsl"}),
    "/referrals/drafts/{own_draft}/check/": door({"dsl"}, {"dsl"}),
    "/referrals/drafts/{own_draft}/throw-away/": door(post={"dsl"}),
    "/referrals/drafts/{own_draft}/{step}/": door({"dsl"}, {"dsl"}),
    "/referrals/drafts/{own_draft}/{step}/remove/": door(post={"dsl"}),
    "/referrals/{referral}/": door({"officer", "dsl"}),
    "/referrals/{referral}/triage/": door(post={"officer"}),
    "/referrals/{referral}/decide/": door(post={"officer"}),
    "/referrals/{referral}/tell/": door(post={"officer"}),
    "/referrals/{referral}/close/": door(post={"officer"}),
    "/referrals/{referral}/children/{first}/": door({"officer"}, {"officer"}),
    "/referrals/review/": door(HUBS, {"stranger"}),
    "/referrals/review/export/": door(HUBS),
    "/referrals/review/pdf/": door(HUBS),
    # places and patterns: the hub's, and who recorded them
    "/patterns/": door(REFERRERS),
    "/patterns/new/": door(REFERRERS, REFERRERS),
    "/patterns/{pattern}/": door({"officer", "dsl"}),
    # agreements are open to partners; their owner's IG lead writes in them, senior officers sign (none is among these people)
    "/agreements/": door(EVERYBODY),
    "/agreements/new/": door({"ig_lead"}, {"ig_lead"}),
    "/agreements/returns/": door(EVERYBODY),
    "/agreements/returns/{agreement}/{school}/{hub}/": door(),
    "/agreements/{agreement}/": door(PARTNERS),
    "/agreements/{agreement}/text/": door(PARTNERS),
    "/agreements/{agreement}/copy/": door(PARTNERS),
    "/agreements/{agreement}/pdf/": door(PARTNERS),
    # corrections: asked by whom the alert reached, read by the hub too, answered by the police
    "/questioned/": door(EVERYBODY),
    "/questioned/about/{alert}/": door({"dsl"}, {"dsl"}),
    "/questioned/{correction}/": door({"dsl", "officer", "constable"}, {"constable"}),
    # counts, and a public register: IG leads and managers of the hub; each agency keeps its own entry
    "/processing/": door({"ig_lead", "stranger"}),
    "/controllers/": door(EVERYBODY),
    "/controllers/{council}/": door({"ig_lead"}, {"ig_lead"}),
    "/reports/board/": door({"ig_lead", "stranger"}),
    "/agreements/{agreement}/changes/": door(),
    "/agreements/{draft}/draft/{section}/": door({"ig_lead"}, {"ig_lead"}),
    "/agreements/{agreement}/parties/": door({"ig_lead"}, {"ig_lead"}),
    "/agreements/{draft}/open/": door(post={"ig_lead"}),
    "/agreements/{draft}/abandon/": door(post={"ig_lead"}),
    "/agreements/{agreement}/next/": door({"ig_lead"}, {"ig_lead"}),
    "/agreements/{agreement}/review/": door(post={"ig_lead"}),
    "/agreements/{agreement}/parties/{school}/sign/": door(),
    "/agreements/{agreement}/parties/{school}/check/": door(PARTNERS),
    "/agreements/{agreement}/parties/{school}/refuse/": door(),
    "/agreements/{agreement}/parties/{school}/notice/": door(),
    "/agreements/{agreement}/parties/{school}/stay/": door(),
    "/agreements/{agreement}/parties/{school}/guest/": door({"ig_lead"}, {"ig_lead"}),
    # the hub asks partners about a child on record
    "/requests/": door(HUBS),
    "/requests/new/{child}/": door({"officer"}, {"officer"}),
    "/requests/{request}/": door({"officer"}, {"officer"}),
    "/requests/{request}/close/": door(post={"officer"}),
    "/requests/{request}/items/{ask}/{first}/": door(post={"officer"}),
    # composed by a manager of the hub, and none is among these people
    "/requests/{request}/package/": door(),
    "/packages/{package}/": door({"officer"}),
    "/packages/{package}/pdf/": door({"officer"}),
    "/packages/{package}/pack/": door(),
    "/packages/{package}/leave-out/{ask}/{first}/": door(),
    "/packages/{package}/settle/": door(),
    "/packages/{package}/drop/": door(),
    "/packages/{package}/send/": door(),
    # the school was asked, and its lead answers
    "/asked/": door({"dsl", "other_dsl"}),
    "/asked/{ask}/": door({"dsl"}),
    "/asked/{ask}/add/": door({"dsl"}, {"dsl"}),
    "/asked/{ask}/finish/": door(post={"dsl"}),
    "/asked/{ask}/nothing/": door({"dsl"}, {"dsl"}),
    "/asked/{ask}/decline/": door({"dsl"}, {"dsl"}),
    "/asked/{ask}/items/{first}/": door({"dsl"}, {"dsl"}),
    # documents for parents are of who leads the setting; the partnership's words and services of the hub's manager
    "/documents/": door({"dsl", "other_dsl", "admin"}),
    "/briefings/": door({"dsl", "other_dsl", "admin"}),
    "/briefings/{school}/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/documents/at/{school}/": door({"dsl", "admin"}),
    "/documents/at/{school}/details/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/documents/at/{school}/{kind}/": door({"dsl", "admin"}),
    "/documents/at/{school}/{kind}/pdf/": door({"dsl", "admin"}),
    "/documents/at/{school}/{kind}/edit/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/documents/at/{school}/{kind}/reset/": door(post={"dsl", "admin"}),
    "/documents/at/{school}/{kind}/published/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/documents/words/": door({"stranger"}),
    "/documents/words/{kind}/": door({"stranger"}, {"stranger"}),
    "/support/": door(EVERYBODY),
    "/support/list/": door({"stranger"}),
    "/support/list/new/": door({"stranger"}, {"stranger"}),
    "/support/list/checked/": door(),
    "/support/list/gone/": door(),
    # decisions to share: who may decide sees their own agency's; the case is named in the address, and here is none
    "/decisions/": door(DECIDERS),
    "/decisions/export/": door(DECIDERS, DECIDERS),
    "/decisions/new/": door(),
    "/decisions/new/check/": door(),
    "/decisions/new/{section}/": door(),
    "/decisions/{decision}/": door({"officer"}),
    "/decisions/{decision}/end/": door({"officer"}, {"officer"}),
    "/decisions/{decision}/told/": door({"officer"}, {"officer"}),
    "/decisions/{decision}/consent/": door({"officer"}, {"officer"}),
    # an agency's administrator looks after its members
    "/members/": door({"admin"}),
    "/members/{school}/": door({"admin"}),
    "/members/{school}/invite/": door({"admin"}, {"admin"}),
    "/members/{school}/invitations/{invitation}/withdraw/": door(post={"admin"}),
    "/members/{school}/people/{tutor}/": door({"admin"}, {"admin"}),
    "/members/{school}/people/{tutor}/end/": door({"admin"}, {"admin"}),
    "/members/{school}/people/{tutor}/training/": door({"admin"}, {"admin"}),
    "/members/{school}/people/{tutor}/second-factor/": door({"admin"}, {"admin"}),
    "/members/{school}/review/": door({"admin"}, {"admin"}),
    # administrators and IG leads watch over the people of their own agency
    "/people/": door({"admin", "ig_lead"}),
    "/people/{school}/": door({"admin"}),
    "/people/{school}/{tutor}/suspend/": door({"admin"}, {"admin"}),
    "/people/{school}/{suspended}/lift/": door({"admin"}, {"admin"}),
    # strategy discussions: the hub that asked and the DSL who is invited; what is empty is the authority's, and of none of these
    "/strategy/": door(EVERYBODY),
    "/strategy/new/": door(),
    "/strategy/{discussion}/": door({"officer", "dsl"}),
    "/strategy/{discussion}/arrange/": door(),
    "/strategy/{discussion}/calendar/": door({"officer", "dsl"}),
    "/strategy/{discussion}/people/": door(),
    "/strategy/{discussion}/people/{school}/{tutor}/": door(),
    "/strategy/{discussion}/invitations/{invited}/withdraw/": door(),
    "/strategy/{discussion}/answer/": door(post={"dsl"}),
    "/strategy/{discussion}/deputy/": door({"dsl"}),
    "/strategy/{discussion}/deputy/{tutor}/": door({"dsl"}, {"dsl"}),
    "/strategy/{discussion}/held/": door(),
    "/strategy/{discussion}/not-held/": door(),
    "/strategy/{discussion}/write/": door(),
    "/strategy/{discussion}/record/": door(),  # a draft
    "/strategy/{discussion}/send/": door(),
    "/strategy/{discussion}/actions/new/": door(),
    "/strategy/{discussion}/actions/{to_do}/": door(),
    "/strategy/{discussion}/conference/": door(),
    "/strategy/{discussion}/outcome/": door(),
    "/strategy/{discussion}/disagree/": door(),  # not held yet
    "/strategy/{discussion}/disagree/{dissent}/": door(),
    "/strategy/{discussion}/disagree/{dissent}/take-back/": door(post={"dsl"}),
    # missing episodes: whose police reported it, and the hub; the interview is the authority's
    "/missing/": door({"constable", *HUBS}),
    "/missing/{episode}/": door({"officer", "constable"}),
    "/missing/{episode}/return/": door({"officer", "constable"}, {"officer", "constable"}),
    "/missing/{episode}/offer/": door(),
    "/missing/{episode}/interview/": door(),
}
# What each may read of the canaries, wherever it shows.
MAY_READ = {
    "dsl": SETTING | {"narrative", "question"},  # her own note on whom she shut out
    "officer": HUB | {"question"},
    "constable": {"child", "question"},  # what is asked of the police about what they sent
    "tutor": {"child"},  # what the DSL told her of it
    "let_in": HUB,
    "other_dsl": {"child"},  # whose file is coming
    "ig_lead": {"narrative"},  # the reason that was given for an emergency
}
# Doors that other tests knock on: sign-in (tests/frame, tests/web), the demonstration, the API below.
ELSEWHERE = re.compile(r"^/(accounts/|join/|sign/|refer/|receive/|demo/|mailbox/|components/|api/|$)")


def filled(pattern: str, place: Place) -> str:
    codes = {"tutor": place.world.tutor.code, "lead": place.world.ig_lead.code}
    names = {**place.refs, **codes, "school": place.world.school.slug, "position": 2}
    names |= {"step": "worries"}
    names |= {"partnership": place.world.partnership.slug, "this_month": f"{timezone.localdate():%Y-%m}"}
    names |= {"hub": place.world.mash.slug, "council": place.world.council.slug, "section": "about", "kind": "letter"}
    return pattern.format(**names)


def shape(path: str) -> str:
    """An address with its varying parts left out, to compare the list above with the resolver's."""
    return re.sub(r"\{\w+\}|A-0000-0000|nowhere|(?<=/)1(?=/)", "*", path)
