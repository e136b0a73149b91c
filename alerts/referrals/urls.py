from django.urls import path

from alerts.referrals import views, views_ask, views_draft, views_review
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "referrals"
urlpatterns = [
    # open to everybody: a link is asked for, and everything else stands behind link and code
    path("refer/", views_ask.Ask.as_view(), name="ask"),
    path("refer/asked/", views_ask.Asked.as_view(), name="asked"),
    path("refer/<str:token>/", views_draft.GuestHome.as_view(), name="guest"),
    path("refer/<str:token>/people/", views_draft.GuestPeople.as_view(), name="guest_people"),
    path("refer/<str:token>/check/", views_draft.GuestCheck.as_view(), name="guest_check"),
    path("refer/<str:token>/<slug:step>/", views_draft.GuestStep.as_view(), name="guest_step"),
    path("refer/<str:token>/<slug:step>/remove/", views_draft.GuestRemove.as_view(), name="guest_remove"),
    # members of a partner
    path("referrals/", views.ReferralList.as_view(), name="list"),
    path("referrals/mine/", views.Mine.as_view(), name="mine"),
    path("referrals/new/", views.New.as_view(), name="new"),
    path("referrals/drafts/<str:ref>/", views_draft.OwnOverview.as_view(), name="draft"),
    path("referrals/drafts/<str:ref>/people/", views_draft.OwnPeople.as_view(), name="draft_people"),
    path("referrals/drafts/<str:ref>/check/", views_draft.OwnCheck.as_view(), name="draft_check"),
    path("referrals/drafts/<str:ref>/throw-away/", views_draft.OwnThrowAway.as_view(), name="throw_away"),
    path("referrals/drafts/<str:ref>/<slug:step>/", views_draft.OwnStep.as_view(), name="draft_step"),
    path("referrals/drafts/<str:ref>/<slug:step>/remove/", views_draft.OwnRemove.as_view(), name="draft_remove"),
    # the hub's week
    path("referrals/review/", views_review.Review.as_view(), name="review"),
    path("referrals/review/export/", views_review.ReviewCsv.as_view(), name="review_export"),
    path("referrals/review/pdf/", views_review.ReviewPdf.as_view(), name="review_pdf"),
    # the hub; the first is its referrer's as well
    path("referrals/<str:ref>/", views.ReferralPage.as_view(), name="referral"),
    path("referrals/<str:ref>/triage/", views.Triage.as_view(), name="triage"),
    path("referrals/<str:ref>/decide/", views.Decide.as_view(), name="decide"),
    path("referrals/<str:ref>/tell/", views.Tell.as_view(), name="tell"),
    path("referrals/<str:ref>/close/", views.Close.as_view(), name="close"),
    path("referrals/<str:ref>/children/<int:position>/", views.SameChild.as_view(), name="same_child"),
]

navigation.register("Referrals", "referrals:list", roles=HANDLERS["refer"], order=40)
navigation.register("Weekly review", "referrals:review", roles=HANDLERS["referral"], order=75)
