from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "safeguarding.runtime"
    label = "runtime"
