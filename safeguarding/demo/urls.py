from django.urls import path

from safeguarding.demo import views

app_name = "demo"

urlpatterns = [
    path("", views.front_door, name="front_door"),
    path("demo/people/", views.People.as_view(), name="people"),
    path("demo/sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("mailbox/", views.Mailbox.as_view(), name="mailbox"),
    path("components/", views.Components.as_view(), name="components"),
]
