from agreements.register.models import Agreement, Signature

__all__ = ["Agreement", "Signature"]
