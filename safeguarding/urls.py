"""Every door of the house; each room keeps its own list. Health probes are answered by middleware, before any door."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("safeguarding.demo.urls")),
    path("", include("safeguarding.web.urls")),
    path("", include("safeguarding.agencies.urls")),
    path("", include("safeguarding.governance.urls")),
    path("", include("safeguarding.children.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("agreements.register.urls")),
    path("", include("agreements.corrections.urls")),
    path("", include("agreements.processing.urls")),
    path("", include("agreements.decisions.urls")),
    path("", include("alerts.intake.urls")),
    path("", include("alerts.screening.urls")),
    path("", include("alerts.response.urls")),
    path("", include("alerts.files.urls")),
    path("", include("alerts.moves.urls")),
    path("", include("alerts.delivery.urls")),
    path("", include("alerts.readers.urls")),
    path("", include("alerts.briefings.urls")),
    path("", include("alerts.strategy.urls")),
    path("", include("alerts.missing.urls")),
    path("", include("alerts.documents.urls")),
    path("", include("alerts.referrals.urls")),
    path("", include("alerts.patterns.urls")),
    path("", include("alerts.bell.urls")),
    path("", include("alerts.conversations.urls")),
    path("", include("alerts.lado.urls")),
    path("", include("alerts.requests.urls")),
    path("api/", include("safeguarding.api_urls")),
]

handler400 = "safeguarding.web.views.bad_request"
handler403 = "safeguarding.web.views.permission_denied"
handler404 = "safeguarding.web.views.not_found"
handler500 = "safeguarding.web.views.server_error"
