from django.urls import path

from safeguarding.access.handlers import HANDLERS
from safeguarding.governance import views
from safeguarding.web import navigation

app_name = "governance"
urlpatterns = [
    path("unusual/", views.UnusualList.as_view(), name="unusual"),
    path("unusual/<str:ref>/", views.UnusualPage.as_view(), name="unusual_detail"),
    path("samples/", views.Samples.as_view(), name="samples"),
    path("samples/new/", views.Draw.as_view(), name="draw"),
    path("samples/<str:ref>/", views.SamplePage.as_view(), name="sample"),
    path("samples/<str:ref>/export/", views.SampleExport.as_view(), name="sample_export"),
    path("samples/<str:ref>/<int:position>/", views.ItemPage.as_view(), name="sample_item"),
    path("log/", views.LogPage.as_view(), name="log"),
    path("log/export/", views.LogExport.as_view(), name="log_export"),
    path("log/seen/", views.Seen.as_view(), name="seen"),
    path("log/seen/<str:ref>/", views.TrailPage.as_view(), name="trail"),
    path("log/seen/<str:ref>/export/", views.TrailExport.as_view(), name="trail_export"),
    path("log/people/<str:code>/", views.PersonPage.as_view(), name="person"),
    path("log/people/<str:code>/export/", views.PersonExport.as_view(), name="person_export"),
]

navigation.register("Unusual access", "governance:unusual", roles=HANDLERS["audit"], order=58)
navigation.register("Access log", "governance:log", roles=HANDLERS["audit"], order=60)
navigation.register("Sampling", "governance:samples", roles=(*HANDLERS["audit"], *HANDLERS["sampling"]), order=62)
