from django.urls import path

from alerts.requests import views, views_answering, views_packages
from alerts.requests.forms import DeclineForm, NothingForm
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "requests"
urlpatterns = [
    path("requests/", views.Requests.as_view(), name="list"),
    path("requests/new/<str:ref>/", views.New.as_view(), name="new"),
    path("requests/<str:ref>/", views.RequestPage.as_view(), name="request"),
    path("requests/<str:ref>/close/", views.Close.as_view(), name="close"),
    path("requests/<str:ref>/items/<str:ask>/<int:position>/", views.AskPermission.as_view(), name="ask_permission"),
    path("requests/<str:ref>/package/", views_packages.Compose.as_view(), name="compose"),
    path("asked/", views_answering.Asked.as_view(), name="asked"),
    path("asked/<str:ref>/", views_answering.AskPage.as_view(), name="ask"),
    path("asked/<str:ref>/add/", views_answering.AddItem.as_view(), name="add_item"),
    path("asked/<str:ref>/finish/", views_answering.Finish.as_view(), name="finish"),
    path("asked/<str:ref>/nothing/", views_answering.AnswerInWords.as_view(form_class=NothingForm), name="nothing"),
    path("asked/<str:ref>/decline/", views_answering.AnswerInWords.as_view(form_class=DeclineForm), name="decline"),
    path("asked/<str:ref>/items/<int:position>/", views_answering.SayOnward.as_view(), name="onward"),
    path("packages/<str:ref>/", views_packages.PackagePage.as_view(), name="package"),
    path("packages/<str:ref>/pack/", views_packages.Pack.as_view(), name="pack"),
    path("packages/<str:ref>/leave-out/<str:ask>/<int:position>/", views_packages.LeaveOut.as_view(), name="leave_out"),
    path("packages/<str:ref>/settle/", views_packages.Settle.as_view(), name="settle"),
    path("packages/<str:ref>/drop/", views_packages.Drop.as_view(), name="drop"),
    path("packages/<str:ref>/send/", views_packages.Send.as_view(), name="send"),
    path("packages/<str:ref>/pdf/", views_packages.Paper.as_view(), name="paper"),
]

navigation.register("Requests to partners", "requests:list", roles=HANDLERS["notification"], order=47)
navigation.register("Questions from the hub", "requests:asked", roles=HANDLERS["asked"], order=46)
