"""E-mails about agreements, to those at each party who answer for it; agreements name no child."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings

from agreements.register.models import Agreement, Signature
from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.access.rules import DISPATCH
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, Membership, User
from safeguarding.notifications.services import queue_email

# Who at an agency is told: everybody who holds one of these roles.
_ANSWERS = (Role.SIGNATORY, Role.IG_LEAD, Role.HEAD, Role.AGENCY_ADMIN)


def ask_to_sign(agreement: Agreement, agencies: Iterable[Agency]) -> int:
    old = agreement.supersedes
    return sum(
        _tell(
            agency,
            "agreement_to_sign",
            agreement,
            f"sign {agreement.pk}",
            old_version=old.version if old else "",
            old_holds_until=_spoken(agreement.old_holds_until),
        )
        for agency in agencies
    )


def of_notice(signature: Signature) -> int:
    """The other signatories learn who leaves, and when (AGR-05)."""
    return _tell_the_others(signature, "agreement_notice", f"notice {signature.pk} {signature.notice_given_on}")


def of_notice_taken_back(signature: Signature) -> int:
    return _tell_the_others(
        signature, "agreement_notice_taken_back", f"notice back {signature.pk} {signature.leaves_on}"
    )


def of_withdrawal(signature: Signature) -> int:
    return _tell_the_others(signature, "agreement_withdrawn", f"withdrawn {signature.pk} {signature.leaves_on}")


def of_review(agreement: Agreement, today: dt.date, *, overdue: bool) -> int:
    if agreement.owner is None:
        return 0
    return _tell(
        agreement.owner,
        "agreement_review",
        agreement,
        f"review {agreement.pk} {today}",
        due=_spoken(agreement.review_due_on),
        overdue=overdue,
    )


def _tell_the_others(signature: Signature, template: str, occasion: str) -> int:
    signed = Signature.objects.filter(agreement_id=signature.agreement_id, signed_on__isnull=False)
    others = signed.exclude(pk=signature.pk).select_related("agency").order_by("agency_id")
    return sum(
        _tell(
            other.agency,
            template,
            signature.agreement,
            occasion,
            leaver=signature.agency.name,
            leaves_on=_spoken(signature.leaves_on),
        )
        for other in others
    )


def _tell(agency: Agency, template: str, agreement: Agreement, occasion: str, **words: object) -> int:
    asker = current()
    # Who works where is read as dispatch: no member of one agency may read another's members (NTK-02).
    with acting_as(Principal(service=DISPATCH, purpose="agreements", request_id=asker.request_id)):
        people = _who_answers(agency)
        for user in people:
            queue_email(
                to=user.email,
                template=template,
                context={
                    "title": agreement.title,
                    "version": agreement.version,
                    "link": f"{settings.SITE_URL}/agreements/{agreement.ref}/",
                    **words,
                },
                dedupe_key=f"{occasion} {agency.pk} {user.pk}",
                recipient=user,
                about=agreement,
            )
    return len(people)


def _who_answers(agency: Agency) -> list[User]:
    held = Membership.objects.filter(
        agency=agency, role__in=_ANSWERS, ended_at=None, user__is_active=True, user__is_integration=False
    )
    people = {membership.user_id: membership.user for membership in held.select_related("user").order_by("pk")}
    return list(people.values())


def _spoken(day: dt.date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
