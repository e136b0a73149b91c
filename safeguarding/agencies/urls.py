from django.urls import path

from safeguarding.agencies import clearance_views, people_views, views
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
    path("members/<slug:slug>/people/<str:code>/second-factor/", people_views.ResetFactor.as_view(), name="reset"),
    path("members/<slug:slug>/review/", people_views.Review.as_view(), name="review"),
    path("people/", people_views.MyPeople.as_view(), name="my_people"),
    path("people/<slug:slug>/", people_views.People.as_view(), name="people"),
    path("people/<slug:slug>/<str:code>/suspend/", people_views.Suspend.as_view(), name="suspend"),
    path("people/<slug:slug>/<str:code>/lift/", people_views.Lift.as_view(), name="lift"),
    path("clearance/", clearance_views.Clearance.as_view(), name="clearance"),
    path("join/<str:token>/", views.Join.as_view(), name="join"),
]

navigation.register("Members", "members:mine", roles=(Role.AGENCY_ADMIN,), order=80)
navigation.register("People", "members:my_people", roles=(Role.AGENCY_ADMIN, Role.IG_LEAD), order=85)
