from typing import Any

from django.apps import AppConfig
from django.db import models
from django.db.models.signals import post_save


class CryptoConfig(AppConfig):
    name = "safeguarding.crypto"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_save.connect(make_keys_of, sender="agencies.Partnership", dispatch_uid="keys-of-a-partnership")


def make_keys_of(instance: models.Model, created: bool, raw: bool, **_: Any) -> None:
    from safeguarding.crypto.keys import make_blind_key

    if created and not raw:
        make_blind_key(instance.pk)
