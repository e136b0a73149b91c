"""What beat asks for: the ledger of what was shredded goes out of the database."""

import logging

from celery import shared_task

from safeguarding.crypto import ledger

log = logging.getLogger("hub.keys")


@shared_task(name="safeguarding.crypto.tasks.copy_ledger")
def copy_ledger() -> None:
    try:
        if count := ledger.copy_out():
            log.info("written into the ledger outside", extra={"count": count})
    finally:
        if ledger.waiting().late:
            log.error("what was shredded is not in the ledger outside yet; look at SHREDDING_LEDGER and its disk")
