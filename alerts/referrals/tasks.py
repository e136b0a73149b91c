"""What the clock brings to referrals; each calls one service."""

from celery import shared_task

from alerts.referrals import chasing


@shared_task(name="alerts.referrals.tasks.chase_late")
def chase_late() -> None:
    chasing.chase_late()


@shared_task(name="alerts.referrals.tasks.clear_drafts")
def clear_drafts() -> None:
    chasing.clear_drafts()
