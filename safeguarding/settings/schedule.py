"""What the clock brings, and how often; each task calls one service."""

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "chase-overdue-alerts": {
        "task": "alerts.delivery.tasks.chase_overdue",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "remind-of-reviews-and-actions": {
        "task": "alerts.response.tasks.remind_of_what_is_due",
        "schedule": 60 * 60.0,
        "options": {"expires": 55 * 60},
    },
    "copy-shredding-ledger": {
        "task": "safeguarding.crypto.tasks.copy_ledger",
        "schedule": 15.0,
        "options": {"expires": 14},
    },
    "watch-for-unusual-access": {
        "task": "safeguarding.governance.tasks.watch",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "review-access": {
        "task": "safeguarding.agencies.tasks.review_access",
        "schedule": 60 * 60.0,
        "options": {"expires": 55 * 60},
    },
    "remind-of-lapse": {
        "task": "safeguarding.agencies.tasks.remind_of_lapse",
        "schedule": 6 * 60 * 60.0,
        "options": {"expires": 6 * 60 * 60 - 60},
    },
    "chase-late-referrals": {
        "task": "alerts.referrals.tasks.chase_late",
        "schedule": 5 * 60.0,
        "options": {"expires": 4 * 60},
    },
    "clear-old-drafts": {
        "task": "alerts.referrals.tasks.clear_drafts",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
    # at seven by the clock on the wall, and again in case beat was down then; nobody gets it twice
    "digests": {
        "task": "safeguarding.web.tasks.digests",
        "schedule": crontab(hour="7", minute="0,20"),
        "options": {"expires": 15 * 60},
    },
    "chase-requests": {
        "task": "alerts.requests.tasks.chase",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    "chase-strategy-discussions": {
        "task": "alerts.strategy.tasks.chase",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "chase-return-interviews": {
        "task": "alerts.missing.tasks.chase",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    # once a day whoever is late; asked more often, in case beat was down then
    "chase-transfers": {
        "task": "alerts.moves.tasks.chase",
        "schedule": 3600.0,
        "options": {"expires": 3500},
    },
    # more often than daily, so that a beat that was down at the hour loses no day
    "agreements-day": {
        "task": "agreements.register.tasks.another_day",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
    "count-flows": {
        "task": "agreements.processing.tasks.count_flows",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
}
