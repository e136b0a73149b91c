from django.urls import path

from alerts.strategy import views, views_steps
from safeguarding.access.handlers import HANDLERS
from safeguarding.agencies.enums import Role
from safeguarding.web import navigation

app_name = "strategy"
urlpatterns = [
    path("strategy/", views.DiscussionList.as_view(), name="list"),
    path("strategy/new/", views_steps.Ask.as_view(), name="new"),
    path("strategy/<str:ref>/", views.Discussion.as_view(), name="discussion"),
    path("strategy/<str:ref>/arrange/", views_steps.Arrange.as_view(), name="arrange"),
    path("strategy/<str:ref>/calendar/", views.CalendarFile.as_view(), name="calendar"),
    path("strategy/<str:ref>/people/", views.Find.as_view(), name="find"),
    path("strategy/<str:ref>/people/<slug:agency>/<str:code>/", views_steps.Invite.as_view(), name="invite"),
    path("strategy/<str:ref>/invitations/<str:code>/withdraw/", views.Uninvite.as_view(), name="uninvite"),
    path("strategy/<str:ref>/answer/", views.Answer.as_view(), name="answer"),
    path("strategy/<str:ref>/deputy/", views.Deputy.as_view(), name="deputy"),
    path("strategy/<str:ref>/deputy/<str:code>/", views_steps.SendDeputy.as_view(), name="send_deputy"),
    path("strategy/<str:ref>/held/", views_steps.Hold.as_view(), name="hold"),
    path("strategy/<str:ref>/not-held/", views_steps.NotHeld.as_view(), name="not_held"),
    path("strategy/<str:ref>/write/", views_steps.Write.as_view(), name="write"),
    path("strategy/<str:ref>/record/", views.Record.as_view(), name="record"),
    path("strategy/<str:ref>/send/", views_steps.Send.as_view(), name="send"),
    path("strategy/<str:ref>/actions/new/", views_steps.AddAction.as_view(), name="add_action"),
    path("strategy/<str:ref>/actions/<str:code>/", views_steps.Report.as_view(), name="report"),
    path("strategy/<str:ref>/conference/", views_steps.Conference.as_view(), name="conference"),
    path("strategy/<str:ref>/outcome/", views_steps.Outcome.as_view(), name="outcome"),
    path("strategy/<str:ref>/disagree/", views_steps.Disagree.as_view(), name="disagree"),
    path("strategy/<str:ref>/disagree/<str:dissent>/", views_steps.AnswerDissent.as_view(), name="answer_dissent"),
    path("strategy/<str:ref>/disagree/<str:dissent>/take-back/", views.TakeBack.as_view(), name="take_back"),
]

# who asks, who convenes, and who is likely to be invited
_INVITED = (Role.POLICE_OFFICER, Role.PRACTITIONER, Role.DSL, Role.DEPUTY_DSL, Role.HEAD, Role.IDVA)
_ROLES = (*HANDLERS["strategy"], *HANDLERS["notification"], *_INVITED)
navigation.register("Discussions", "strategy:list", roles=_ROLES, order=45)
