from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model

from safeguarding.access.querysets import VisibleQuerySet


class NeedToKnowBackend(BaseBackend):
    """`user.has_perm("alerts.view_alert", alert)` asks `visible_to`; without an object the answer is no (NTK-01)."""

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        if obj is None or not user_obj.is_active:
            return False
        manager = type(obj)._default_manager.all()
        expected = f"{obj._meta.app_label}.view_{obj._meta.model_name}"
        if perm != expected or not isinstance(manager, VisibleQuerySet):
            return False
        return manager.visible_to(user_obj).filter(pk=obj.pk).exists()
