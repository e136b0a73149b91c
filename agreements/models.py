from agreements.decisions.models import Consent, Decision, Draft
from agreements.register.models import (
    Agreement,
    AgreementItem,
    GuestInvitation,
    ReturnTask,
    Signature,
    SingleCase,
)

__all__ = [
    "Agreement",
    "AgreementItem",
    "Consent",
    "Decision",
    "Draft",
    "GuestInvitation",
    "ReturnTask",
    "Signature",
    "SingleCase",
]
