from django.urls import path

from safeguarding.access.rules import HANDLERS
from safeguarding.governance import views
from safeguarding.web import navigation

app_name = "governance"
urlpatterns = [
    path("log/", views.LogPage.as_view(), name="log"),
    path("log/export/", views.LogExport.as_view(), name="log_export"),
    path("log/seen/", views.Seen.as_view(), name="seen"),
    path("log/seen/<str:ref>/", views.TrailPage.as_view(), name="trail"),
    path("log/seen/<str:ref>/export/", views.TrailExport.as_view(), name="trail_export"),
    path("log/people/<str:code>/", views.PersonPage.as_view(), name="person"),
    path("log/people/<str:code>/export/", views.PersonExport.as_view(), name="person_export"),
]

navigation.register("Access log", "governance:log", roles=HANDLERS["audit"], order=60)
navigation.register("Who has seen", "governance:seen", roles=HANDLERS["audit"], order=61)
