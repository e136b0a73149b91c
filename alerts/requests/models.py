"""Asking partners what they hold, what they answered, whose it is, and the package that is made of it (MSH-02 to MSH-04)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.decisions.models import SharedItem
from alerts.requests.enums import AskState, Onward, PackageState, RequestState
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedDateField, SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel


class RequestsQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class InformationRequest(SealedModel, RefModel, CaseRecord):
    """What the hub wants to know about a child, from whom, and until when (MSH-02).

    `agencies`: slugs of those to be asked; who has been asked is a row of Ask, made when the request goes out.
    """

    REF_PREFIX = "Q"
    KEY_BUCKET = "case"
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=11, blank=True)
    question = SealedTextField()
    agencies = models.JSONField(default=list)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=RequestState, default=RequestState.DRAFT)
    asked_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RequestsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["controller", "-created_at", "-id"], name="request_of_hub")]


class Ask(SealedModel, RefModel, CaseRecord):
    """One agency is asked: the question, and which child it is about, under a key of its own (MSH-02).

    The asked agency reads this row and nothing else of the case.
    """

    REF_PREFIX = "H"
    KEY_BUCKET = "case"
    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="asks")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    child_given_name = SealedTextField()
    child_family_name = SealedTextField()
    child_date_of_birth = SealedDateField(null=True)
    question = SealedTextField()
    decision_ref = models.CharField(max_length=11)
    marking = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=AskState, default=AskState.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # where it looked, and why it declined
    words = SealedTextField(null=True)
    chased_at = models.DateTimeField(null=True, blank=True)

    objects = RequestsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "agency"], name="asked_once"),
            models.CheckConstraint(
                condition=Q(state__in=[AskState.ASKED, AskState.WITHDRAWN])
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="answer_says_who_and_when",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-asked_at", "-id"], name="ask_of_agency"),
            models.Index(fields=["due_at"], name="ask_waiting", condition=Q(state=AskState.ASKED)),
        ]


class HeldItem(SealedModel, CaseRecord, SharedItem):
    """One piece of information, its originator's own (the controller), and what that says of passing it on (MSH-03, SHR-08)."""

    KEY_BUCKET = "case"
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="items")
    # the hub that it was given to; nobody there sees it before the answer is sent
    hub = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    text = SealedTextField()
    given_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    onward = models.CharField(max_length=9, choices=Onward, default=Onward.HUB_ONLY)
    onward_limits = models.CharField(max_length=300, blank=True)
    onward_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    onward_at = models.DateTimeField(null=True, blank=True)

    objects = RequestsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ask", "position"], name="held_item_once"),
            models.CheckConstraint(
                condition=~Q(onward=Onward.PERMITTED) | Q(onward_by__isnull=False, onward_at__isnull=False),
                name="permission_says_who_and_when",
            ),
        ]


class Package(SealedModel, RefModel, CaseRecord):
    """An intelligence package about a child: permitted items and what the hub makes of them, for one team (MSH-04)."""

    REF_PREFIX = "J"
    KEY_BUCKET = "case"
    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="packages")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    child_given_name = SealedTextField()
    child_family_name = SealedTextField()
    child_date_of_birth = SealedDateField(null=True)
    summary = SealedTextField()
    marking = models.CharField(max_length=40)
    state = models.CharField(max_length=7, choices=PackageState, default=PackageState.DRAFT)
    composed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    sent_to = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    decision_ref = models.CharField(max_length=11, blank=True)

    objects = RequestsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=PackageState.SENT) | Q(sent_to__isnull=False, settled_by__isnull=False),
                name="sent_package_was_settled",
            )
        ]


class PackageItem(SealedModel, CaseRecord, SharedItem):
    """A held item as it stood when it was taken into the package; it reaches the team once the package is sent."""

    KEY_BUCKET = "case"
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey(HeldItem, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    text = SealedTextField()
    limits = models.CharField(max_length=300, blank=True)
    sent_to = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # taken out again before it was sent
    left_out = models.BooleanField(default=False)

    objects = RequestsQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "item"], name="packed_once")]
