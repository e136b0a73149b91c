from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "safeguarding.web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeguarding.web import sign_in

        sign_in.connect()
