from django.urls import path

from safeguarding.agencies.enums import Role
from safeguarding.web import navigation, views

# Doors that allauth brings and this house does not have: sign-up, other e-mail addresses, other accounts.
CLOSED = (
    "accounts/signup/",
    "accounts/email/",
    "accounts/confirm-email/",
    "accounts/confirm-email/<str:key>/",
    "accounts/password/set/",
    "accounts/login/code/confirm/",
    "accounts/3rdparty/signup/",
    "accounts/3rdparty/",
)

urlpatterns = [
    path("", views.home, name="home"),
    path("today/", views.Today.as_view(), name="today"),
    path("today/summary/", views.Summary.as_view(), name="digest"),
    path("account/", views.Account.as_view(), name="account"),
    path("keep-alive/", views.keep_alive, name="keep_alive"),
    path("help/", views.HelpPage.as_view(template_name="web/help.html"), name="help"),
    path("help/words/", views.Glossary.as_view(), name="glossary"),
    path("help/accessibility/", views.HelpPage.as_view(template_name="web/accessibility.html"), name="accessibility"),
    path("help/privacy/", views.HelpPage.as_view(template_name="web/privacy.html"), name="privacy"),
    *(path(closed, views.closed) for closed in CLOSED),
]

_PEOPLE = tuple(role for role in Role if role != Role.INTEGRATION)
navigation.register("Today", "today", roles=_PEOPLE, order=5)
