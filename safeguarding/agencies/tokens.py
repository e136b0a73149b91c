"""Bearer tokens of the API: shown once, kept as a hash, ended by time or by hand (spec v1, conventions)."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from safeguarding.agencies.enums import Role, Scope
from safeguarding.agencies.models import Agency, ApiToken, Membership, Partnership, User
from safeguarding.audit import record as audit

LIFETIME = dt.timedelta(days=365)
PREFIX = "hub_"
AGENCY_SCOPES = (Scope.NOTIFICATIONS_WRITE, Scope.NOTIFICATIONS_READ)
PERSON_SCOPES = (Scope.ALERTS_READ, Scope.ALERTS_WRITE)
# The time of last use is for people who tidy up; writing it more often would make every request queue for one row.
_USE_IS_NOTED_EVERY = dt.timedelta(minutes=1)


class CannotIssue(Exception):
    """The sentence says what is missing."""


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


@transaction.atomic
def issue_to_agency(*, agency: Agency, scopes: Sequence[str], partnership: Partnership | None = None) -> str:
    """A token for an agency's own system, which acts as a user of its own (NTK-02, NTK-07)."""
    _check_scopes(scopes, AGENCY_SCOPES, "An agency's token")
    where = _partnership_of(agency, partnership)
    system, _ = User.objects.get_or_create(
        email=f"system@{agency.slug}.invalid",
        defaults={"name": f"{agency.name} (system)", "is_integration": True, "password": "!"},
    )
    Membership.objects.get_or_create(user=system, agency=agency, role=Role.INTEGRATION, ended_at=None)
    return _issue(user=system, agency=agency, partnership=where, scopes=scopes)


@transaction.atomic
def issue_to_person(*, user: User, scopes: Sequence[str] = PERSON_SCOPES) -> str:
    """A token with which a person's own system reads what that person may read (NTK-02)."""
    _check_scopes(scopes, PERSON_SCOPES, "A person's token")
    if not user.is_active:
        raise CannotIssue("This person's account is closed.")
    return _issue(user=user, agency=None, partnership=None, scopes=scopes)


def _issue(*, user: User, agency: Agency | None, partnership: Partnership | None, scopes: Sequence[str]) -> str:
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        agency=agency,
        partnership=partnership,
        digest=digest_of(secret),
        scopes=[str(scope) for scope in scopes],
        expires_at=timezone.now() + LIFETIME,
    )
    audit.record("token.issued", token, facts={"scopes": token.scopes, "user": user.pk})
    return secret


def _check_scopes(scopes: Sequence[str], allowed: Sequence[str], whose: str) -> None:
    if not scopes or not set(scopes) <= set(allowed):
        raise CannotIssue(f"{whose} takes one or more of these scopes: {', '.join(allowed)}.")


def _partnership_of(agency: Agency, named: Partnership | None) -> Partnership:
    joined = list(agency.partnerships.filter(partnershipagency__left_on=None).order_by("slug"))
    if named is None and len(joined) == 1:
        return joined[0]
    if named in joined and named is not None:
        return named
    choices = ", ".join(each.slug for each in joined) or "none"
    raise CannotIssue(f"Say for which partnership of the agency's: {choices}.")


def find(secret: str) -> ApiToken | None:
    """The token in force that hashes to this; none for a leaver's (NTK-07)."""
    token = ApiToken.objects.select_related("user", "agency", "partnership").filter(digest=digest_of(secret)).first()
    if token is None or token.revoked_at or token.expires_at <= timezone.now() or not token.user.is_active:
        return None
    return token


def is_still_used(token: ApiToken) -> bool:
    """An agency that ends its system's membership shuts it out at once (NTK-07); asked as the system itself."""
    if token.agency_id is None:
        return True
    own = Membership.objects.filter(user_id=token.user_id, agency_id=token.agency_id, role=Role.INTEGRATION)
    return own.filter(ended_at=None).exists()


def note_use(token: ApiToken) -> None:
    """When the token was last used; remembered also when the request comes to nothing."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - _USE_IS_NOTED_EVERY:
        ApiToken.objects.using("outside").filter(pk=token.pk).update(last_used_at=now)
