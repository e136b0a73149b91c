from django.urls import path

from agreements.register import views, views_signing
from safeguarding.agencies.enums import Role
from safeguarding.web import navigation

app_name = "agreements"
urlpatterns = [
    path("agreements/", views.Register.as_view(), name="register"),
    path("agreements/new/", views.New.as_view(), name="new"),
    path("agreements/returns/", views_signing.Returns.as_view(), name="returns"),
    path(
        "agreements/returns/<str:ref>/<slug:slug>/<slug:holder>/",
        views_signing.ConfirmReturn.as_view(),
        name="confirm_return",
    ),
    path("agreements/<str:ref>/", views.AgreementPage.as_view(), name="agreement"),
    path("agreements/<str:ref>/text/", views.AgreementText.as_view(), name="text"),
    path("agreements/<str:ref>/copy/", views.Publishable.as_view(), name="copy"),
    path("agreements/<str:ref>/pdf/", views.AgreementPdf.as_view(), name="pdf"),
    path("agreements/<str:ref>/changes/", views.Compare.as_view(), name="compare"),
    path("agreements/<str:ref>/draft/<slug:section>/", views.Section.as_view(), name="section"),
    path("agreements/<str:ref>/parties/", views.Parties.as_view(), name="parties"),
    path("agreements/<str:ref>/open/", views.Open.as_view(), name="open"),
    path("agreements/<str:ref>/abandon/", views.Abandon.as_view(), name="abandon"),
    path("agreements/<str:ref>/next/", views.NextVersion.as_view(), name="next"),
    path("agreements/<str:ref>/review/", views.Review.as_view(), name="review"),
    path("agreements/<str:ref>/parties/<slug:slug>/sign/", views_signing.Sign.as_view(), name="sign"),
    path("agreements/<str:ref>/parties/<slug:slug>/check/", views_signing.Check.as_view(), name="check"),
    path("agreements/<str:ref>/parties/<slug:slug>/refuse/", views_signing.Refuse.as_view(), name="refuse"),
    path("agreements/<str:ref>/parties/<slug:slug>/notice/", views_signing.GiveNotice.as_view(), name="notice"),
    path("agreements/<str:ref>/parties/<slug:slug>/stay/", views_signing.TakeNoticeBack.as_view(), name="stay"),
    path("agreements/<str:ref>/parties/<slug:slug>/guest/", views_signing.InviteGuest.as_view(), name="guest"),
    path("sign/<str:token>/", views_signing.Guest.as_view(), name="guest_sign"),
]

navigation.register(
    "Agreements",
    "agreements:register",
    roles=(Role.IG_LEAD, Role.SIGNATORY, Role.HEAD, Role.MASH_MANAGER, Role.AGENCY_ADMIN),
    # behind the areas that are somebody's home
    order=88,
)
