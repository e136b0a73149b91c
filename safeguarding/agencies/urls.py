from django.urls import path

from safeguarding.agencies import clearance_views, views
from safeguarding.agencies.enums import Role
from safeguarding.web import navigation

app_name = "members"

urlpatterns = [
    path("members/", views.MyMembers.as_view(), name="mine"),
    path("members/<slug:slug>/", views.Members.as_view(), name="list"),
    path("members/<slug:slug>/invite/", views.Invite.as_view(), name="invite"),
    path("members/<slug:slug>/invitations/<str:code>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("members/<slug:slug>/people/<str:code>/", views.Roles.as_view(), name="roles"),
    path("members/<slug:slug>/people/<str:code>/end/", views.End.as_view(), name="end"),
    path("members/<slug:slug>/people/<str:code>/training/", clearance_views.Training.as_view(), name="training"),
    path("clearance/", clearance_views.Clearance.as_view(), name="clearance"),
    path("join/<str:token>/", views.Join.as_view(), name="join"),
]

navigation.register("Members", "members:mine", roles=(Role.AGENCY_ADMIN,), order=80)
