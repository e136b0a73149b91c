from django.db.models import TextChoices


class SignatureState(TextChoices):
    INVITED = "invited", "Not signed"
    SIGNED = "signed", "Signed"
    REFUSED = "refused", "Refused to sign"
    WITHDRAWN = "withdrawn", "Withdrew"


class Gateway(TextChoices):
    """By which right an alert may leave (rules.md: two different gateways)."""

    AGREEMENT = "agreement", "Signed agreement"
    STATUTORY_DUTY = "statutory_duty", "Statutory duty"


class WithheldReason(TextChoices):
    """Why an alert may not leave, as the record keeps it (ALR-08)."""

    NO_AGREEMENT = "no_agreement", "No agreement for this kind of notification is in force in the partnership."
    NEVER_SIGNED = "never_signed", "The setting has never signed the agreement."
    REFUSED = "refused", "The setting refused to sign the agreement."
    WITHDREW = "withdrew", "The setting withdrew from the agreement."
    NOT_YET = "not_yet", "The setting's signature is not in force yet."
    NO_GATEWAY = "no_gateway", "Neither an agreement nor the statutory duty lets this kind of setting be told."
    CLOSED = "closed", "The setting has closed, so nobody there could read it."
