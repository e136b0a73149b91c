"""The alert: exactly what a setting is told, to whom it is addressed, and until when it should be read."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agreements.register.enums import IN_AN_ALERT, Gateway, WithheldReason
from alerts.delivery.enums import AlertStatus, LateReason, RecalledBecause, SentBack
from alerts.delivery.querysets import AlertQuerySet
from alerts.intake.enums import NotificationKind, Route
from safeguarding.access.grants import Grant
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import (
    SealedDateField,
    SealedJSONField,
    SealedModel,
    SealedTextField,
)
from safeguarding.refs import RefModel


class Alert(SealedModel, RefModel, CaseRecord):
    """One alert per child and setting with exactly ALR-04's fields; `controller` sent it, `setting` receives it.

    `audience` is the sum of access.rules.AUDIENCE_BITS of the roles addressed; 0 until it has left.
    """

    REF_PREFIX = "A"
    KEY_BUCKET = "alert"
    notification = models.ForeignKey("alerts.Notification", on_delete=models.PROTECT, related_name="alerts")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    setting = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=NotificationKind)
    status = models.CharField(max_length=12, choices=AlertStatus, default=AlertStatus.QUEUED)
    audience = models.PositiveSmallIntegerField(default=0)
    route = models.CharField(max_length=10, choices=Route, default=Route.USUAL)
    # the setting whose alert this is, where nobody there may read it or is there to: then the council does (MRC-18)
    instead_of = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    child_given_name = SealedTextField()
    child_family_name = SealedTextField()
    child_date_of_birth = SealedDateField(null=True)
    # of a child that was not born yet
    child_expected_on = SealedDateField(null=True)
    adults = SealedJSONField()
    incident_on = models.DateField(null=True)
    disclaimer = models.TextField()
    query_contact = models.JSONField()
    origin = models.CharField(max_length=160)

    gateway = models.CharField(max_length=16, choices=Gateway, blank=True)
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # the data items that left, by the gateway that let them (AGR-01)
    items = models.JSONField(default=list)
    withheld_reason = models.CharField(max_length=16, choices=WithheldReason, blank=True)

    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    # the bell that it had to beat, the first after the incident, and when the hub could know of it: what a board counts
    bell_at = models.DateTimeField()
    received_at = models.DateTimeField()
    # in the holidays: by when the holiday contact should have opened it
    holiday_due_at = models.DateTimeField(null=True, blank=True)
    # when it was opened and acknowledged before it was told anew: a correction takes nobody's promptness away
    first_opened_at = models.DateTimeField(null=True, blank=True)
    first_acknowledged_at = models.DateTimeField(null=True, blank=True)
    # why the setting did not know before the bell, where a person of the hub said so
    late_reason = models.CharField(max_length=16, choices=LateReason, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    withheld_at = models.DateTimeField(null=True, blank=True)
    # sending was tried so often that a person has to look; cleared when it is tried again
    failed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    # the setting says that the child is not theirs: open for the hub until it is answered for or sent elsewhere
    sent_back_at = models.DateTimeField(null=True, blank=True)
    sent_back_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_back_because = models.CharField(max_length=8, choices=SentBack, blank=True)
    sent_back_note = SealedTextField(null=True)
    chased = models.PositiveSmallIntegerField(default=0)
    next_chase_at = models.DateTimeField(null=True, blank=True)

    # which items the police corrected after it was sent, and when last
    corrected_at = models.DateTimeField(null=True, blank=True)
    corrected = models.JSONField(default=list)
    # it counts no longer: read as if it had not been sent
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_because = models.CharField(max_length=16, choices=RecalledBecause, blank=True)
    # the alert that went to another setting, and that this one follows
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # alerts of one incident share it, by a person's word (ALR-10)
    incident = models.BigIntegerField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    @property
    def not_shared(self) -> set[str]:
        """The items of an alert that its gateway did not list; none is known of alerts from before items were kept."""
        return {str(item) for item in IN_AN_ALERT} - set(self.items) if self.items else set()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "child", "setting"], name="one_alert_per_child_and_setting"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "withheld", "cancelled"]) | Q(sent_at__isnull=False, audience__gt=0),
                name="sent_alert_is_addressed",
            ),
            models.CheckConstraint(
                condition=~Q(status="withheld") | ~Q(withheld_reason=""), name="withheld_alert_says_why"
            ),
            models.CheckConstraint(
                condition=Q(recalled_at=None) | Q(sent_at__isnull=False) & ~Q(recalled_because=""),
                name="recalled_alert_had_left_and_says_why",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(opened_at__gte=F("sent_at")), name="opened_after_sent"
            ),
        ]
        indexes = [
            models.Index(fields=["setting", "audience"], name="alert_addressed"),
            models.Index(fields=["setting", "-sent_at", "-id"], name="alert_inbox"),
            models.Index(fields=["setting", "-sent_at", "-id"], name="alert_unread", condition=Q(status="sent")),
            models.Index(
                fields=["setting", "-sent_at", "-id"],
                name="alert_to_answer",
                condition=Q(status__in=["sent", "opened"], sent_back_at=None),
            ),
            models.Index(
                fields=["controller", "-created_at", "-id"],
                name="alert_sent_back",
                condition=Q(sent_back_at__isnull=False),
            ),
            models.Index(fields=["controller", "-created_at", "-id"], name="alert_sent_by"),
            models.Index(fields=["controller", "bell_at", "id"], name="alert_by_bell"),
            models.Index(fields=["controller", "due_at", "id"], name="alert_unopened", condition=Q(status="sent")),
            models.Index(
                fields=["controller", "status", "-created_at", "-id"],
                name="alert_not_sent",
                condition=Q(status__in=["queued", "withheld"]),
            ),
            models.Index(fields=["setting", "incident"], name="alert_of_incident", condition=Q(incident__isnull=False)),
            models.Index(
                fields=["next_chase_at"], name="alert_to_chase", condition=Q(status="sent", next_chase_at__isnull=False)
            ),
        ]


class AlertGrant(Grant):
    """A person is let see one alert: who gave it, why, until when (NTK-03)."""

    content_object = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="grants")

    class Meta(Grant.Meta):
        abstract = False
        indexes = [models.Index(fields=["user", "expires_at"], name="alert_grant_by_user")]
