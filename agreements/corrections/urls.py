from django.urls import path

from agreements.corrections import views
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "corrections"
urlpatterns = [
    path("questioned/", views.Corrections.as_view(), name="list"),
    path("questioned/about/<str:ref>/", views.Ask.as_view(), name="ask"),
    path("questioned/<str:ref>/", views.CorrectionPage.as_view(), name="correction"),
]

# behind the areas that are somebody's home
navigation.register("Questioned items", "corrections:list", roles=HANDLERS["correction"], order=86)
