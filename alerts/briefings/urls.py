from django.urls import path

from alerts.briefings import views
from alerts.documents.views import Mine
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "briefings"
urlpatterns = [
    path("briefings/", Mine.as_view(title="Staff training in the scheme", where="briefings:setting"), name="mine"),
    path("briefings/<slug:slug>/", views.Briefings.as_view(), name="setting"),
]

navigation.register("Staff training in the scheme", "briefings:mine", roles=HANDLERS["documents"], order=87)
