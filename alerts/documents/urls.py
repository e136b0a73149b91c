from django.urls import path

from alerts.documents import views
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "documents"
urlpatterns = [
    path("documents/", views.Mine.as_view(), name="mine"),
    path("documents/words/", views.Words.as_view(), name="words"),
    path("documents/words/<slug:kind>/", views.Word.as_view(), name="word"),
    path("documents/at/<slug:slug>/", views.Documents.as_view(), name="list"),
    path("documents/at/<slug:slug>/details/", views.Details.as_view(), name="details"),
    path("documents/at/<slug:slug>/<slug:kind>/", views.DocumentPage.as_view(), name="document"),
    path("documents/at/<slug:slug>/<slug:kind>/pdf/", views.Pdf.as_view(), name="pdf"),
    path("documents/at/<slug:slug>/<slug:kind>/edit/", views.Edit.as_view(), name="edit"),
    path("documents/at/<slug:slug>/<slug:kind>/reset/", views.Reset.as_view(), name="reset"),
    path("documents/at/<slug:slug>/<slug:kind>/published/", views.Confirm.as_view(), name="confirm"),
    path("support/", views.Support.as_view(), name="support"),
    path("support/list/", views.SupportDesk.as_view(), name="support_desk"),
    path("support/list/new/", views.AddService.as_view(), name="support_new"),
    path("support/list/checked/", views.ServiceAct.as_view(), {"act": "checked"}, name="support_checked"),
    path("support/list/gone/", views.ServiceAct.as_view(), {"act": "gone"}, name="support_gone"),
]

navigation.register("Documents", "documents:mine", roles=("dsl", "deputy_dsl", "head"), order=50)
navigation.register("Words for settings", "documents:words", roles=HANDLERS["wording"], order=75)
navigation.register("Where families find help", "documents:support", roles=HANDLERS["member"], order=95)
