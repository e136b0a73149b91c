from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate


def put_up_walls(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Walls follow every migration, so that no table ever stands without one."""
    from safeguarding.access.walls import apply_walls

    # Django sends no signal for an app without models
    if sender is [config for config in apps.get_app_configs() if config.models_module][-1]:
        apply_walls(connections[using])


class AccessConfig(AppConfig):
    name = "safeguarding.access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(put_up_walls, dispatch_uid="walls")
