from django.urls import path

from agreements.decisions import views
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "decisions"
urlpatterns = [
    path("decisions/", views.Register.as_view(), name="register"),
    path("decisions/export/", views.RegisterExport.as_view(), name="export"),
    path("decisions/new/", views.Step.as_view(), name="new"),
    path("decisions/new/check/", views.Check.as_view(), name="check"),
    path("decisions/new/<slug:step>/", views.Step.as_view(), name="step"),
    path("decisions/<str:ref>/", views.DecisionPage.as_view(), name="decision"),
    path("decisions/<str:ref>/end/", views.EndDecision.as_view(), name="end"),
    path("decisions/<str:ref>/told/", views.Tell.as_view(), name="tell"),
    path("decisions/<str:ref>/consent/", views.Withdraw.as_view(), name="withdraw"),
]

navigation.register("Decisions", "decisions:register", roles=HANDLERS["decide"], order=75)
