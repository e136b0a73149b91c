from django.urls import path

from alerts.intake import amendment_views, views
from safeguarding.agencies.enums import Role
from safeguarding.web import navigation

app_name = "intake"
urlpatterns = [
    path("notifications/", views.NotificationList.as_view(), name="notifications"),
    path("notifications/new/", views.NotificationNew.as_view(), name="new"),
    path("notifications/uploads/", views.UploadList.as_view(), name="uploads"),
    path("notifications/uploads/new/", views.UploadNew.as_view(), name="upload_new"),
    path("notifications/uploads/<str:ref>/", views.UploadDetail.as_view(), name="upload"),
    path("notifications/uploads/<str:ref>/progress/", views.UploadProgress.as_view(), name="upload_progress"),
    path("notifications/<str:ref>/", views.NotificationDetail.as_view(), name="notification"),
    path("notifications/<str:ref>/correct/", amendment_views.Correct.as_view(), name="correct"),
    path("notifications/<str:ref>/withdraw/", amendment_views.Withdraw.as_view(), name="withdraw"),
    path("corrections/", amendment_views.AmendmentList.as_view(), name="amendments"),
    path("corrections/<str:ref>/looked/", amendment_views.LookedAgain.as_view(), name="looked_again"),
    path("queue/<str:ref>/children/<int:position>/", views.ChildMatch.as_view(), name="child_match"),
    path("queue/<str:ref>/children/<int:position>/settings/", views.ChildSettings.as_view(), name="child_settings"),
]

navigation.register(
    "Notifications",
    "intake:notifications",
    roles=(Role.POLICE_OFFICER, Role.MASH_OFFICER, Role.MASH_MANAGER),
    order=40,
)
