from django.urls import path

from alerts.readers import views
from safeguarding.access.handlers import HANDLERS
from safeguarding.agencies.enums import Role
from safeguarding.web import navigation

app_name = "readers"
urlpatterns = [
    path("access/<str:ref>/", views.Access.as_view(), name="access"),
    path("access/<str:ref>/give/", views.Find.as_view(), name="find"),
    path("access/<str:ref>/give/<slug:agency>/<str:code>/", views.Give.as_view(), name="give"),
    path("access/<str:ref>/grants/<str:code>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("access/<str:ref>/shut-out/", views.Find.as_view(to_shut_out=True), name="find_to_shut_out"),
    path("access/<str:ref>/shut-out/<slug:agency>/<str:code>/", views.ShutOut.as_view(), name="shut_out"),
    path("access/<str:ref>/exclusions/<str:exclusion>/lift/", views.Lift.as_view(), name="lift"),
    path("shared/", views.SharedWithMe.as_view(), name="shared"),
    path("shared/<str:ref>/", views.SharedNotification.as_view(), name="shared_notification"),
    path("emergency/", views.Emergency.as_view(), name="emergency"),
    path("emergency/reviews/", views.Reviews.as_view(), name="reviews"),
    path("emergency/reviews/<str:ref>/", views.Review.as_view(), name="review"),
    path("emergency/reviews/<str:ref>/end/", views.EndGlass.as_view(), name="end"),
]

# whose role alone opens no list of records
_BY_NAME_ONLY = (Role.SETTING_STAFF, Role.PRACTITIONER, Role.IDVA, Role.COORDINATOR, Role.CHAIR)
navigation.register("Shared with you", "readers:shared", roles=_BY_NAME_ONLY, order=60)
navigation.register("Emergency access", "readers:emergency", roles=HANDLERS["break_glass"], order=90)
navigation.register("Emergency reviews", "readers:reviews", roles=HANDLERS["audit"], order=70)
