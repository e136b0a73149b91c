"""Every state of the app and what may follow it, in one table (docs/states.md is made from it)."""

from agreements.corrections.enums import CorrectionState
from agreements.decisions.enums import Outcome, Told
from agreements.register.enums import AgreementState, ReturnState, SignatureState

AGREEMENT = {
    AgreementState.DRAFT: {AgreementState.OPEN, AgreementState.ABANDONED},
    AgreementState.OPEN: {AgreementState.SUPERSEDED},
    AgreementState.SUPERSEDED: set(),
    AgreementState.ABANDONED: set(),
}

# A party may come back: by signing the version that is open.
SIGNATURE = {
    SignatureState.INVITED: {SignatureState.SIGNED, SignatureState.REFUSED},
    SignatureState.SIGNED: {SignatureState.WITHDRAWN},
    SignatureState.REFUSED: {SignatureState.SIGNED},
    SignatureState.WITHDRAWN: {SignatureState.SIGNED},
}

RETURN = {
    ReturnState.OPEN: {ReturnState.RETURNED, ReturnState.DESTROYED, ReturnState.KEPT},
    ReturnState.RETURNED: set(),
    ReturnState.DESTROYED: set(),
    ReturnState.KEPT: set(),
}

# Advice that was asked for is followed by one decision; what was decided stands, and is ended, never changed.
DECISION = {
    Outcome.SHARE: set(),
    Outcome.NOT_SHARE: set(),
    Outcome.ADVICE: {Outcome.SHARE, Outcome.NOT_SHARE, Outcome.ADVICE},
}

# Whether the person is told: a promise is kept or taken back with its reason; a reason may fall away.
TOLD = {
    Told.TO_BE_TOLD: {Told.TOLD, Told.RISK, Told.PREJUDICE, Told.UNREACHABLE},
    Told.RISK: {Told.TOLD},
    Told.PREJUDICE: {Told.TOLD},
    Told.UNREACHABLE: {Told.TOLD},
    Told.TOLD: set(),
}

# Answered once; a new doubt is a new question.
CORRECTION = {
    CorrectionState.ASKED: {CorrectionState.CORRECTED, CorrectionState.DECLINED},
    CorrectionState.CORRECTED: set(),
    CorrectionState.DECLINED: set(),
}
