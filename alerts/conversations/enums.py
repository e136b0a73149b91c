from django.db.models import IntegerChoices, TextChoices


class Side(TextChoices):
    """On which side of a conversation somebody stands."""

    SETTING = "setting", "The setting"
    HUB = "hub", "The hub"


class TalkState(TextChoices):
    """For whose word a conversation waits."""

    TO_HUB = "to_hub", "Waits for the hub"
    TO_SETTING = "to_setting", "Waits for the setting"
    SETTLED = "settled", "Nothing waits"


class EntryKind(TextChoices):
    """What stands in a conversation, one under the other."""

    MESSAGE = "message", "Message"
    ITEM = "item", "What we hold"
    PHONE = "phone", "Phone call"


class RecallBecause(TextChoices):
    """Why something that was written is taken out of sight again."""

    WRONG_CASE = "wrong_case", "It belongs to another case"
    TOO_MUCH = "too_much", "It says more than the other side needs"
    MISTAKE = "mistake", "It is mistaken, and a new one follows"


class Service(TextChoices):
    """With whom a child is allocated already (ALR-12)."""

    SOCIAL_CARE = "social_care", "Children's social care"
    EARLY_HELP = "early_help", "Early Help"


class LiaisonOutcome(TextChoices):
    """What came of talking to the allocated worker (ALR-12)."""

    KNOWS = "knows", "The worker knows now, and leads on what follows"
    PLAN = "plan", "We agreed what each of us does"
    NO_CHANGE = "no_change", "The worker knew already, and nothing changes"
    NOT_REACHED = "not_reached", "The worker was not reached: a message was left"


class Worry(IntegerChoices):
    """How worried somebody is (MSH-06): of the children's workforce, each professional has a number of their own."""

    NONE = 0, "0: not worried"
    ONE = 1, "1"
    TWO = 2, "2"
    THREE = 3, "3"
    FOUR = 4, "4"
    FIVE = 5, "5"
    SIX = 6, "6"
    SEVEN = 7, "7"
    EIGHT = 8, "8"
    NINE = 9, "9"
    TEN = 10, "10: as worried as I can be"
