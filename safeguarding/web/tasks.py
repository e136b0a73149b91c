"""What beat and workers do for the frame; each calls one service."""

from celery import shared_task

from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import DISPATCH
from safeguarding.notifications.handlers import handler
from safeguarding.web import digest


@handler("digest.write", service=DISPATCH)
def write_digest(user: int) -> None:
    digest.write(user)


@shared_task(name="safeguarding.web.tasks.digests")
def digests() -> None:
    with acting_as(Principal(service=DISPATCH, purpose="summaries by e-mail")):
        digest.promise_due()
