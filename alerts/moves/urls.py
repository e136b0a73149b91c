from django.urls import path

from alerts.moves import views, views_ends, views_guest, views_moved
from safeguarding.access.handlers import HANDLERS
from safeguarding.web import navigation

app_name = "moves"
urlpatterns = [
    path("transfers/", views.Transfers.as_view(), name="transfers"),
    path("transfers/begin/<str:ref>/", views.Begin.as_view(), name="begin"),
    path("transfers/<str:ref>/", views.TransferPage.as_view(), name="transfer"),
    path("transfers/<str:ref>/send/", views.Send.as_view(), name="send"),
    path("transfers/<str:ref>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("transfers/<str:ref>/supplement/", views.Supplement.as_view(), name="supplement"),
    path("transfers/<str:ref>/link/", views.NewLink.as_view(), name="link"),
    path("transfers/<str:ref>/receive/", views.Receive.as_view(), name="receive"),
    path("transfers/<str:ref>/refuse/", views.Refuse.as_view(), name="refuse"),
    # a setting that is not in the Hub: behind link and code
    path("receive/<str:token>/", views_guest.Guest.as_view(), name="guest"),
    path("receive/<str:token>/pdf/", views_guest.GuestPdf.as_view(), name="guest_pdf"),
    # between two hubs
    path("moved/", views_moved.Moves.as_view(), name="moves"),
    path("moved/child/<str:ref>/", views_moved.Moved.as_view(), name="moved"),
    path("moved/<str:ref>/", views_moved.MovePage.as_view(), name="move"),
    path("moved/<str:ref>/decide/", views_moved.Decide.as_view(), name="decide"),
    path("moved/<str:ref>/answer/", views_moved.Answer.as_view(), name="answer"),
    # settings that close or merge
    path("settings/", views_ends.Ends.as_view(), name="ends"),
    path("settings/<slug:slug>/", views_ends.EndPage.as_view(), name="end"),
    path("settings/<slug:slug>/hand-over/", views_ends.HandOver.as_view(), name="hand_over"),
    path("settings/<slug:slug>/take-back/", views_ends.TakeBack.as_view(), name="take_back"),
]

navigation.register("Files on their way", "moves:transfers", roles=HANDLERS["file"], order=70)
navigation.register("Children who moved", "moves:moves", roles=HANDLERS["child"], order=72)
navigation.register(
    "Settings that close or merge",
    "moves:ends",
    roles=("mash_manager", "mash_officer", "head", "agency_admin"),
    order=82,
)
