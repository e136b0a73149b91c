from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "safeguarding.audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from safeguarding.audit import door  # noqa: F401 - connects its receivers
        from safeguarding.audit.configuration import follow

        follow()
