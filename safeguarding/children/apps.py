from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "safeguarding.children"
    default_auto_field = "django.db.models.BigAutoField"
