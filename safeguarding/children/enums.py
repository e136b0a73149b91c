from django.db.models import TextChoices


class TokenKind(TextChoices):
    """Under which values a child can be found; together they bear a misspelt, swapped or half-known one (design §4)."""

    UPN = "upn", "UPN"
    NHS = "nhs", "NHS number"
    NAME_AND_BIRTH = "name_dob", "Name and date of birth"
    NAME = "name", "Name"
    BIRTH = "dob", "Date of birth"
    PART_AND_DIGITS = "pd", "Sound of one name, digits of the date of birth in any order"
    INITIAL_AND_BIRTH = "id", "First sound of one name, date of birth"
    SOUNDS_AND_YEAR = "sy", "Sounds of both names, year of birth"
    SOUNDS_AND_DAY = "sd", "Sounds of both names, day and month of birth"
    PART_AND_YEAR = "py", "Sound of one name, year of birth"


class PlacementSource(TextChoices):
    NOTIFICATION = "notification", "Named by the police"
    PERSON = "person", "Chosen by the MASH"
    REGISTER = "register", "Taken from a register"


class PairState(TextChoices):
    """What a person has said of two records that may be one child."""

    OPEN = "open", "Waits for a person"
    SAME = "same", "One child"
    DIFFERENT = "different", "Two children"


class Purpose(TextChoices):
    """Why somebody looks for a child; what is remembered is this choice, never what was typed (AUD-01)."""

    SCREENING = "screening", "Screen a notification"
    CALL = "call", "Answer a call or message about the child"
    STRATEGY = "strategy", "Prepare a strategy discussion or an assessment"
    RECORD = "record", "Put a record right"
    REQUEST = "request", "Answer a request for information"
