from django.db.models import TextChoices


class EmailFailure(TextChoices):
    """Why an e-mail will not be sent, as the record keeps it."""

    ADDRESS = "address", "The address on record is not an e-mail address."
    REFUSED = "refused", "The mail server of the address refused it."
    LEFT = "left", "The person has left."
    GAVE_UP = "gave_up", "The mail server could not be reached for hours."


class Standing(TextChoices):
    """Whether content may be sent to a mail domain (SHR-10)."""

    SECURE = "secure", "Secure domain"
    DEAD = "dead", "Domain that was switched off"
    OTHER = "other", "Not known to be secure"
