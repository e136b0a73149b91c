"""Work that intake promised."""

from alerts.intake import uploads
from safeguarding.notifications.handlers import handler


def _gave_up(upload: int) -> None:
    uploads.refuse(upload)


@handler(uploads.TOPIC, service="matching", gave_up=_gave_up)
def read_upload(upload: int) -> None:
    uploads.read_on(upload)
