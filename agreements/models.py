from agreements.corrections.models import Correction, CorrectionNotice
from agreements.decisions.models import Consent, Decision, Draft
from agreements.processing.models import Flow, PrivacyNotice
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
    "Correction",
    "CorrectionNotice",
    "Decision",
    "Draft",
    "Flow",
    "GuestInvitation",
    "PrivacyNotice",
    "ReturnTask",
    "Signature",
    "SingleCase",
]
