from agreements.register.models import (
    Agreement,
    AgreementItem,
    GuestInvitation,
    ReturnTask,
    Signature,
    SingleCase,
)

__all__ = ["Agreement", "AgreementItem", "GuestInvitation", "ReturnTask", "Signature", "SingleCase"]
