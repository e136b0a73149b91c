from django.urls import path

from agreements.processing import views
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "processing"
urlpatterns = [
    path("processing/", views.RecordOfProcessing.as_view(), name="record"),
    path("controllers/", views.Controllers.as_view(), name="controllers"),
    path("controllers/<slug:slug>/", views.Controller.as_view(), name="controller"),
    path("reports/board/", views.BoardReport.as_view(), name="board"),
]

_READERS = (*HANDLERS["agreement"], *HANDLERS["sampling"])
# behind the areas that are somebody's home
navigation.register("Record of processing", "processing:record", roles=_READERS, order=93)
navigation.register("Controllers", "processing:controllers", roles=(*_READERS, *HANDLERS["signing"]), order=94)
navigation.register("Report to the board", "processing:board", roles=_READERS, order=95)
