from django.urls import path

from safeguarding.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("keep-alive/", views.keep_alive, name="keep_alive"),
    path("help/", views.HelpPage.as_view(template_name="web/help.html"), name="help"),
    path("help/accessibility/", views.HelpPage.as_view(template_name="web/accessibility.html"), name="accessibility"),
    path("help/privacy/", views.HelpPage.as_view(template_name="web/privacy.html"), name="privacy"),
]
