from django.urls import path

from alerts.files import views
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "files"
urlpatterns = [
    path("files/", views.Files.as_view(), name="files"),
    path("files/<str:ref>/", views.FilePage.as_view(), name="file"),
    path("files/<str:ref>/print/", views.Print.as_view(), name="print"),
    path("files/<str:ref>/pdf/", views.Pdf.as_view(), name="pdf"),
    path("files/<str:ref>/note/", views.AddNote.as_view(), name="note"),
    path("files/<str:ref>/entries/<str:entry>/add/", views.AddAddendum.as_view(), name="addendum"),
    path("files/<str:ref>/people/", views.AddPerson.as_view(), name="person"),
    path("files/<str:ref>/people/<str:code>/end/", views.EndPerson.as_view(), name="end_person"),
    path("files/<str:ref>/link/", views.AddLink.as_view(), name="link"),
]

navigation.register("Files", "files:files", roles=HANDLERS["file"], order=12)
