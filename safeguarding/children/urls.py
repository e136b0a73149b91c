from django.urls import path

from safeguarding.access.handlers import HANDLERS
from safeguarding.children import views
from safeguarding.web import navigation

app_name = "children"
urlpatterns = [
    path("children/", views.Search.as_view(), name="search"),
    path("children/found/", views.Found.as_view(), name="found"),
    path("children/duplicates/", views.Duplicates.as_view(), name="duplicates"),
    path("children/<str:ref>/", views.RecordPage.as_view(), name="record"),
    path("children/<str:ref>/compare/<str:other>/", views.Compare.as_view(), name="compare"),
    path("children/<str:ref>/separate/", views.Separate.as_view(), name="separate"),
]

navigation.register("Children", "children:search", roles=HANDLERS["child"], order=20)
