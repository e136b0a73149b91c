"""Changes of configuration and of people's accounts, diffed by auditlog; case data never goes this way (design §5)."""

from typing import Any

from auditlog.models import LogEntryManager
from auditlog.registry import auditlog
from django.apps import apps
from django.db import models, transaction

from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.access.querysets import VisibleQuerySet

MASK = "•••"
# Which columns of which table; a password is masked whole, because the library's own mask shows half of it.
FOLLOWED: dict[str, dict[str, list[str]]] = {
    "agencies.Partnership": {},
    "agencies.Agency": {},
    "agencies.PartnershipAgency": {},
    "agencies.CalendarPeriod": {},
    "agencies.HolidayCover": {},
    "agencies.Membership": {"exclude_fields": ["cleared_until"]},
    "agencies.Course": {},
    "agencies.CourseRequirement": {},
    "agencies.Terms": {},
    "agencies.User": {"exclude_fields": ["last_login"], "mask_fields": ["password"]},
    "agencies.ApiToken": {"exclude_fields": ["last_used_at", "digest"]},
    "agencies.Invitation": {"exclude_fields": ["digest"]},
    "notifications.MailDomain": {},
    "agreements.Agreement": {},
    "agreements.AgreementItem": {},
    "agreements.Signature": {"exclude_fields": ["seal"]},
}
_EVENTS = {0: "configuration.added", 1: "configuration.changed", 2: "configuration.removed"}


def masked(value: str) -> str:
    """Says that there is a value, and nothing else of it (AUD-02)."""
    return MASK if value else ""


def follow() -> None:
    """Tell auditlog what to watch; once, when the apps are ready."""
    for label, columns in FOLLOWED.items():
        auditlog.register(
            apps.get_model(label),
            exclude_fields=list(columns.get("exclude_fields", [])),
            mask_fields=list(columns.get("mask_fields", [])),
            mask_callable=f"{__name__}.masked",
        )


class AuditManager(LogEntryManager.from_queryset(VisibleQuerySet)):  # type: ignore[misc]  # a base made at run time
    """Gives auditlog's entries the same who, why and from where as all others."""

    def log_create(self, instance: models.Model, force_log: bool = False, **kwargs: Any) -> models.Model | None:
        principal = current()
        if not principal.is_someone and instance._meta.label == "agencies.User":
            # A forgotten password is set by somebody who is not signed in: the door acts.
            with acting_as(Principal(service="door", purpose="sign-in")), transaction.atomic():
                return self.log_create(instance, force_log, **kwargs)
        is_agency = instance._meta.label == "agencies.Agency"
        return super().log_create(
            instance,
            force_log,
            **{
                "event": _EVENTS[kwargs["action"]],
                "actor_id": principal.user_id,
                "service": principal.service,
                "purpose": principal.purpose,
                "remote_addr": principal.remote_addr,
                "cid": principal.request_id or None,
                "object_repr": f"{instance._meta.label} {instance.pk}",
                "agency_id": instance.pk if is_agency else getattr(instance, "agency_id", None),
                "partnership_id": getattr(instance, "partnership_id", None),
                **kwargs,
            },
        )
