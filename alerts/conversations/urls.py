from django.urls import path

from alerts.conversations import views
from safeguarding.access.handlers import AUDIENCE_BITS, HANDLERS
from safeguarding.web import navigation

app_name = "talk"
urlpatterns = [
    path("talk/", views.Talks.as_view(), name="list"),
    path("talk/<str:ref>/", views.Talk.as_view(), name="detail"),
    path("talk/<str:ref>/new/", views.New.as_view(), name="new"),
    path("talk/<str:ref>/write/", views.Write.as_view(), name="write"),
    path("talk/<str:ref>/holds/", views.Hold.as_view(), name="hold"),
    path("talk/<str:ref>/phoned/", views.Phone.as_view(), name="phone"),
    path("talk/<str:ref>/questions/", views.Questions.as_view(), name="questions"),
    path("talk/<str:ref>/settle/", views.Settle.as_view(), name="settle"),
    path("talk/<str:ref>/recall/<str:entry>/", views.Recall.as_view(), name="recall"),
    path("talk/<str:ref>/liaise/", views.Liaise.as_view(), name="liaise"),
    path("talk/<str:ref>/rescreen/", views.Rescreen.as_view(), name="rescreen"),
    path("talk/<str:ref>/disclose/", views.Disclose.as_view(), name="disclose"),
    path("talk/<str:ref>/disclosures/<str:disclosure>/end/", views.EndDisclosure.as_view(), name="end"),
]

navigation.register("Conversations", "talk:list", roles=(*AUDIENCE_BITS, *HANDLERS["sent_alert"]), order=55)
