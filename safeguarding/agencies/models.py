"""Partnerships, agencies, people and their memberships; a partnership's own rules are data on it."""

import datetime as dt
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from safeguarding.access.handlers import HANDLERS
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.agencies.enums import SETTING_KINDS, AgencyKind, Digest, PeriodKind, ReviewDecision, Role
from safeguarding.refs import ref_for


def who_may_break_the_glass() -> list[str]:
    """Those who would be asked to act on the record anyway (NTK-05)."""
    return list(HANDLERS["break_glass"])


def chased_in_the_holidays() -> list[dict[str, Any]]:
    """The holiday contact first, then the head; after a working day the hub phones (ALR-23, docs/adr/0050)."""
    return [
        {"minutes": 0, "to": Role.HOLIDAY_CONTACT.value},
        {"minutes": 180, "to": Role.HEAD.value},
        {"minutes": 420, "to": "mash"},
    ]


class Partnership(models.Model):
    """A safeguarding partnership; what differs between partnerships is data here, never an `if` on a name.

    Shapes of the JSON columns:
    `continuum`: [{"level": 1, "name": "…", "description": "…", "contact": bool}, …]; `contact` = setting is contacted (ALR-11).
    `recipients`: {setting kind or "*": [Role, …]} (ALR-07).   `gateways`: {setting kind or "*": ["agreement", "statutory_duty"]}.
    `query_contacts`: {notification kind or "*": {"name", "phone", "email"}} (ALR-21).
    `recipients["authority"]`: who at the council is told where nobody at a setting may or can be (MRC-18, ALR-23).
    `hub_answers`: whether the hub answers what a setting asks; else the query contact does, outside of this (ALR-21).
    `titles`: {notification kind: subject words} (ALR-02).     `clocks`: {"red": hours, "amber": hours, "green": hours}.
    `review_months`: how often an agency looks at its members' access again (NTK-07).
    `exceptions`: {"single_case" or "override": [Role, …]}, who may let one alert leave without a signature (AGR-07).
    `chasing`: [{"minutes": after the bell, "to": Role or "mash"}, …] in order (ALR-23).
    `holiday_chasing`: the same in the school holidays, counted from the bell's hour on the next working day; [] chases nobody then.
    `strategy`: clocks that differ from alerts.strategy.policies.DEFAULTS (STR-02, STR-05, return interviews).
    `unusual`: thresholds that differ from governance.rules.DEFAULTS (AUD-06).
    """

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    screens = models.BooleanField(default=True)
    continuum = models.JSONField(default=list)
    recipients = models.JSONField(default=dict)
    gateways = models.JSONField(default=dict)
    query_contacts = models.JSONField(default=dict)
    titles = models.JSONField(default=dict)
    clocks = models.JSONField(default=dict)
    chasing = models.JSONField(default=list)
    holiday_chasing = models.JSONField(default=chased_in_the_holidays, blank=True)
    unusual = models.JSONField(default=dict, blank=True)
    exceptions = models.JSONField(default=dict, blank=True)
    strategy = models.JSONField(default=dict, blank=True)
    disclaimer = models.TextField()
    no_further_information = models.BooleanField(default=False)
    hub_answers = models.BooleanField(default=True)
    front_door_phone = models.CharField(max_length=30, blank=True)
    marking = models.CharField(max_length=40, default="OFFICIAL-SENSITIVE")
    # the longest that a grant lasts; who may break the glass, for how long, and when somebody must have looked at it
    grant_days = models.PositiveSmallIntegerField(default=28)
    break_glass_roles = models.JSONField(default=who_may_break_the_glass)
    break_glass_minutes = models.PositiveSmallIntegerField(default=60)
    break_glass_review_days = models.PositiveSmallIntegerField(default=3)
    review_months = models.PositiveSmallIntegerField(default=6)

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """A tenant: one body that controls what it holds; it may belong to several partnerships."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=24, choices=AgencyKind)
    urn = models.CharField(max_length=6, unique=True, null=True, blank=True)
    laestab = models.CharField(max_length=7, blank=True)
    ico_registration = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    bell_at = models.TimeField(default=dt.time(8, 45))
    is_active = models.BooleanField(default=True)
    partnerships = models.ManyToManyField(Partnership, through="PartnershipAgency", related_name="agencies")

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name

    @property
    def is_setting(self) -> bool:
        return self.kind in SETTING_KINDS


class PartnershipAgency(models.Model):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    joined_on = models.DateField(default=timezone.localdate)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "agency"], name="partnership_agency_once")]


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person (or another system of an agency, `is_integration`); there is no superuser and no staff flag (NTK-01)."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_integration = models.BooleanField(default=False)
    digest = models.CharField(max_length=8, choices=Digest, default=Digest.NEVER)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """How an address names them: database ids never leave."""
        return ref_for("P", self.pk)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Asks the same rule as the lists do: `visible_to` (NTK-01)."""
        from safeguarding.access.backends import NeedToKnowBackend  # which needs this model first

        return NeedToKnowBackend().has_perm(self, perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return False


def _not_yet() -> dt.datetime:
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Membership(models.Model):
    """A person's role at an agency; ended means shut out at once (NTK-07).

    `cleared_until` is the database's: from then on training or acknowledgement is missing (access/conditions.py, NTK-06).
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cleared_until = models.DateTimeField(default=_not_yet, editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency", "role"], condition=Q(ended_at=None), name="membership_once_while_active"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="membership_ends_after_start"
            ),
        ]


class Course(models.Model):
    """Training that a partnership requires; a record of it is current for so many months (NTK-06, ALR-26)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="courses")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    months = models.PositiveSmallIntegerField(default=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "key"], name="course_once_in_partnership"),
            models.CheckConstraint(condition=Q(months__gt=0), name="course_lasts"),
        ]

    def __str__(self) -> str:
        return self.name


class CourseRequirement(models.Model):
    """Whose content needs the course: a role's, or with no role everybody's who sees any (NTK-06)."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="requirements")
    role = models.CharField(max_length=20, choices=Role, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "role"], name="course_required_once")]


class Terms(models.Model):
    """What each person acknowledges before first access; the newest version in force counts (NTK-06, AGR-08)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    required_from = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "version"], name="terms_version_once")]
        verbose_name_plural = "terms"


class TrainingRecord(models.Model):
    """A person has completed a course; `expires_at` is the midnight after the last day on which that counts (NTK-06)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="training")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    completed_on = models.DateField()
    expires_at = models.DateTimeField()
    evidence = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "course", "-expires_at"], name="training_of_person")]


class Acknowledgement(models.Model):
    """A person has said that they have read these terms and keep to them (NTK-06, AGR-08)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="acknowledgements")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField(default=timezone.now)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "terms"], name="acknowledged_once")]


class Suspension(models.Model):
    """A person is shut out at once while something is looked into; the account is closed until it is lifted (IGV-03)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="suspensions")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)
    suspended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lift_reason = models.CharField(max_length=400, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(lifted_at=None), name="suspended_once"),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | (Q(lifted_by__isnull=False) & ~Q(lift_reason="")),
                name="lifted_with_reason",
            ),
        ]


class AccessReview(models.Model):
    """Everybody's access at an agency, looked at again by a date; what nobody confirms ends then (NTK-07)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="reviews")
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency"], condition=Q(closed_at=None), name="one_open_review_an_agency")
        ]


class ReviewItem(models.Model):
    """One membership in a review: confirmed or ended by a person, or at the date by the review itself (NTK-07)."""

    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="items")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=ReviewDecision, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "membership"], name="reviewed_once")]

    @property
    def code(self) -> str:
        """How a form names it: database ids never leave."""
        return ref_for("V", self.pk)


class CalendarPeriod(models.Model):
    """A term or a closure, of the partnership (agency empty) or of one setting, which then stands before it.

    A setting has one calendar in all its partnerships; `partnership` is then the one in which it was entered.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="calendar")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="calendar")
    kind = models.CharField(max_length=8, choices=PeriodKind)
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_ends_after_start")]
        indexes = [models.Index(fields=["partnership", "agency", "ends_on"], name="calendar_lookup")]

    @property
    def code(self) -> str:
        """How an address names it: database ids never leave."""
        return ref_for("S", self.pk)


class HolidayCover(models.Model):
    """Who answers for a setting in a holiday, from which day until which, and on which number (ALR-07, ALR-23)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="covers")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(max_length=30)
    starts_on = models.DateField()
    ends_on = models.DateField()
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cover_ends_after_start")]
        indexes = [models.Index(fields=["agency", "ends_on"], name="cover_lookup", condition=Q(withdrawn_at=None))]

    @property
    def code(self) -> str:
        """How an address names it: database ids never leave."""
        return ref_for("H", self.pk)


class ApiToken(models.Model):
    """A bearer token of one integration or one person; only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="api_tokens")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)


class Invitation(models.Model):
    """An administrator's invitation to join an agency; single use, and it expires."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    roles = models.JSONField(default=list)
    digest = models.BinaryField(max_length=32, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    @property
    def code(self) -> str:
        """How an address names it: database ids never leave."""
        return ref_for("I", self.pk)
