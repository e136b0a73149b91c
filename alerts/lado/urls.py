from django.urls import path

from alerts.lado import views
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "lado"
urlpatterns = [
    path("adults/", views.Concerns.as_view(), name="list"),
    path("adults/tell/<str:ref>/", views.Tell.as_view(), name="tell"),
    path("adults/note/<str:ref>/", views.Note.as_view(), name="note"),
    path("adults/<str:ref>/", views.ConcernPage.as_view(), name="concern"),
    path("adults/<str:ref>/judge/", views.Judge.as_view(), name="judge"),
    path("adults/<str:ref>/receive/", views.Receive.as_view(), name="receive"),
]

navigation.register(
    "Adults who work with children", "lado:list", roles=(*HANDLERS["sent_alert"], *HANDLERS["lado"]), order=56
)
