from django.urls import path

from alerts.delivery import views
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "delivery"
urlpatterns = [
    path("sent/", views.Board.as_view(), name="board"),
    path("sent/<str:ref>/", views.SentAlert.as_view(), name="sent_alert"),
    path("sent/<str:ref>/let-leave/", views.LetLeave.as_view(), name="let_leave"),
    path("sent/<str:ref>/redirect/", views.Redirect.as_view(), name="redirect"),
    path("sent/<str:ref>/retry/", views.TryAgain.as_view(), name="retry"),
    path("sent/unsettled/<str:ref>/retry/", views.SettleAgain.as_view(), name="retry_settle"),
]

navigation.register("Sent", "delivery:board", roles=HANDLERS["sent_alert"], order=30)
