from django.urls import path

from alerts.response import follow_up_views, views
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.web import navigation

app_name = "response"
urlpatterns = [
    path("alerts/", views.Inbox.as_view(), name="inbox"),
    path("alerts/several/", views.Several.as_view(), name="several"),
    path("alerts/waiting/", follow_up_views.Waiting.as_view(), name="waiting"),
    path("alerts/<str:ref>/", views.AlertPage.as_view(), name="alert"),
    path("alerts/<str:ref>/acknowledge/", views.Acknowledge.as_view(), name="acknowledge"),
    path("alerts/<str:ref>/answer/", views.Answer.as_view(), name="answer"),
    path("alerts/<str:ref>/send-back/", views.SendBack.as_view(), name="send_back"),
    path("alerts/<str:ref>/support/", follow_up_views.SupportPage.as_view(), name="support"),
    path("alerts/<str:ref>/actions/", follow_up_views.Actions.as_view(), name="actions"),
    path("alerts/<str:ref>/review/", follow_up_views.ReviewPage.as_view(), name="review"),
    path("alerts/<str:ref>/close/", follow_up_views.Close.as_view(), name="close"),
    path("alerts/<str:ref>/tell/", follow_up_views.FindColleague.as_view(), name="find_colleague"),
    path("alerts/<str:ref>/tell/<str:code>/", follow_up_views.Tell.as_view(), name="tell"),
    path("alerts/<str:ref>/told/<str:code>/end/", follow_up_views.TellNoMore.as_view(), name="tell_no_more"),
    path("told/<str:ref>/", follow_up_views.Told.as_view(), name="told"),
    path("actions/<str:ref>/", follow_up_views.ActionPage.as_view(), name="action"),
]

navigation.register("Alerts", "response:inbox", roles=tuple(AUDIENCE_BITS), order=10)
