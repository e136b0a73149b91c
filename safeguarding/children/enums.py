from django.db.models import TextChoices


class TokenKind(TextChoices):
    """Under which exact values a child can be found; misspellings add their kinds later."""

    UPN = "upn", "UPN"
    NHS = "nhs", "NHS number"
    NAME_AND_BIRTH = "name_dob", "Name and date of birth"
    NAME = "name", "Name"
    BIRTH = "dob", "Date of birth"


class PlacementSource(TextChoices):
    NOTIFICATION = "notification", "Named by the police"
    PERSON = "person", "Chosen by the MASH"
    REGISTER = "register", "Taken from a register"
