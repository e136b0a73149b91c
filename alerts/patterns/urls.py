from django.urls import path

from alerts.patterns import views
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "patterns"
urlpatterns = [
    path("patterns/", views.PatternList.as_view(), name="list"),
    path("patterns/new/", views.PatternNew.as_view(), name="new"),
    path("patterns/<str:ref>/", views.PatternPage.as_view(), name="pattern"),
]

navigation.register("Places and patterns", "patterns:list", roles=HANDLERS["refer"], order=80)
