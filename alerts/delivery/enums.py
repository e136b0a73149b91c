from django.db.models import TextChoices


class AlertStatus(TextChoices):
    QUEUED = "queued", "Being sent"
    WITHHELD = "withheld", "Withheld"
    SENT = "sent", "Sent"
    OPENED = "opened", "Opened"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled before it was sent"


AT_THE_SETTING = (AlertStatus.SENT, AlertStatus.OPENED, AlertStatus.ACKNOWLEDGED, AlertStatus.CLOSED)


class LateReason(TextChoices):
    """Why a setting did not know before the bell; the first four the Hub sees by itself (ALR-23)."""

    ARRIVED = "arrived", "It reached the hub after the bell"
    SCREENED = "screened", "It was screened or sent after the bell"
    UNOPENED = "unopened", "Nobody at the setting opened it before the bell"
    WITHHELD = "withheld", "Withheld"
    UNSURE = "unsure", "The child or the setting had to be found out first"
    PHONED = "phoned", "The setting was told by telephone before the bell"
    ELSEWHERE = "elsewhere", "The child does not go to this setting any more"
    FAULT = "fault", "The Hub or an e-mail did not work"


class SentBack(TextChoices):
    """Why a setting sends an alert back to the hub (ALR-28)."""

    LEFT = "left", "The child has left and is not on the roll any more"
    NEVER = "never", "The child was never on the roll"
    UNKNOWN = "unknown", "The setting cannot tell which child is meant"


class BoardView(TextChoices):
    """The lists of the hub's board."""

    ALL = "all", "All"
    OVERDUE = "overdue", "Overdue"
    HOLIDAY = "holiday", "Unopened in holidays"
    SENT_BACK = "back", "Sent back"
    WITHHELD = "withheld", "Withheld"
    SENDING = "sending", "Being sent"


class RecalledBecause(TextChoices):
    """Why an alert that a setting holds counts no longer."""

    WITHDRAWN = "withdrawn", "The police withdrew it"
    NOT_NAMED = "not_named", "The police no longer name this child"
    WRONG_SETTING = "wrong_setting", "It was sent to the wrong setting"


class RedirectedBecause(TextChoices):
    """Why a sent alert goes to another setting; a code, so that it can stand in the audit."""

    MOVED = "moved", "The child has moved to another setting"
    NOT_ON_ROLL = "not_on_roll", "The setting says that the child is not on its roll"
    MISTAKE = "mistake", "We chose the wrong setting"
    DUAL = "dual", "The child goes to both settings"
