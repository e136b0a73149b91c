"""Every state of the app and what may follow it, in one table (docs/states.md is made from it)."""

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
