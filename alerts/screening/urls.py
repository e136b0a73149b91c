from django.urls import path

from alerts.screening import views
from safeguarding.agencies.enums import Role
from safeguarding.web import navigation

app_name = "screening"
urlpatterns = [
    path("queue/", views.QueuePage.as_view(), name="queue"),
    path("queue/next/", views.TakeNext.as_view(), name="next"),
    path("queue/<str:ref>/same/<str:other>/", views.Same.as_view(), name="same"),
    path("queue/<str:ref>/", views.NotificationPage.as_view(), name="notification"),
    path("queue/<str:ref>/claim/", views.Claim.as_view(), name="claim"),
    path("queue/<str:ref>/release/", views.Release.as_view(), name="release"),
    path("queue/<str:ref>/children/<int:position>/route/", views.ChildRoute.as_view(), name="route"),
    path("queue/<str:ref>/screen/", views.Screen.as_view(), name="screen"),
]

navigation.register("Queue", "screening:queue", roles=(Role.MASH_OFFICER, Role.MASH_MANAGER), order=10)
