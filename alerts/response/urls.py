from django.urls import path

from alerts.response import views
from safeguarding.access.rules import AUDIENCE_BITS
from safeguarding.web import navigation

app_name = "response"
urlpatterns = [
    path("alerts/", views.Inbox.as_view(), name="inbox"),
    path("alerts/<str:ref>/", views.AlertPage.as_view(), name="alert"),
    path("alerts/<str:ref>/acknowledge/", views.Acknowledge.as_view(), name="acknowledge"),
]

navigation.register("Alerts", "response:inbox", roles=tuple(AUDIENCE_BITS), order=10)
