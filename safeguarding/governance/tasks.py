"""What beat asks for; it calls one service."""

from celery import shared_task

from safeguarding.governance import watching


@shared_task(name="safeguarding.governance.tasks.watch")
def watch() -> None:
    watching.watch()
