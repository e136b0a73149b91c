from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "safeguarding.agencies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeguarding.agencies import today

        today.register()
