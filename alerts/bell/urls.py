from django.urls import path

from alerts.bell import views
from alerts.bell import views_school_days as days
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "bell"
urlpatterns = [
    path("bell/", views.Board.as_view(), name="board"),
    path("bell/alerts/", views.Behind.as_view(), name="behind"),
    path("bell/alerts/<str:ref>/", views.Reason.as_view(), name="reason"),
    path("bell/settings/", views.Settings.as_view(), name="settings"),
    path("bell/months/", views.Months.as_view(), name="months"),
    path("bell/months/<slug:slug>/<str:month>/", views.Month.as_view(), name="month"),
    path("bell/months/<slug:slug>/<str:month>/pdf/", views.ProofPdf.as_view(), name="pdf"),
    path("bell/months/<slug:slug>/<str:month>/csv/", views.ProofCsv.as_view(), name="csv"),
    path("school-days/", days.Mine.as_view(), name="my_school_days"),
    path("school-days/<slug:slug>/", days.SchoolDays.as_view(), name="school_days"),
    path("school-days/<slug:slug>/add/", days.AddPeriod.as_view(), name="add"),
    path("school-days/<slug:slug>/import/", days.Import.as_view(), name="import"),
    path("school-days/<slug:slug>/bell/", days.SetBell.as_view(), name="set_bell"),
    path("school-days/<slug:slug>/contact/", days.NameCover.as_view(), name="contact"),
    path("school-days/<slug:slug>/contact/<str:code>/withdraw/", days.WithdrawCover.as_view(), name="withdraw"),
    path("authority-days/<slug:slug>/", days.AuthorityDays.as_view(), name="authority_days"),
    path("authority-days/<slug:slug>/add/", days.AuthorityAdd.as_view(), name="authority_add"),
    path("authority-days/<slug:slug>/import/", days.AuthorityImport.as_view(), name="authority_import"),
    path("authority-days/<slug:slug>/<str:code>/remove/", days.AuthorityRemove.as_view(), name="authority_remove"),
    path("school-days/<slug:slug>/<str:code>/remove/", days.RemovePeriod.as_view(), name="remove"),
]

navigation.register("Before the bell", "bell:board", roles=HANDLERS["sent_alert"], order=55)
navigation.register("School days", "bell:my_school_days", roles=HANDLERS["calendar"], order=56)
