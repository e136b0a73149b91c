from django.urls import path

from alerts.missing import views
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "missing"
urlpatterns = [
    path("missing/", views.EpisodeList.as_view(), name="list"),
    path("missing/<str:ref>/", views.Episode.as_view(), name="episode"),
    path("missing/<str:ref>/return/", views.Return.as_view(), name="return"),
    path("missing/<str:ref>/offer/", views.Offer.as_view(), name="offer"),
    path("missing/<str:ref>/interview/", views.Interview.as_view(), name="interview"),
]

_ROLES = (*HANDLERS["missing"], *HANDLERS["notification"], *HANDLERS["own_notification"])
navigation.register("Missing children", "missing:list", roles=_ROLES, order=46)
