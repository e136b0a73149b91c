"""What a controller says of itself in the register (IGV-07)."""

import datetime as dt

from django.db import transaction

from agreements.processing import selectors
from agreements.processing.models import PrivacyNotice
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.record import record
from safeguarding.errors import Refused


@transaction.atomic
def record_controller(
    agency: Agency, *, ico_registration: str, address: str, published_on: dt.date, review_due_on: dt.date, by: User
) -> PrivacyNotice:
    """The registration with the regulator, and the privacy notice as it stands now; what stood before is kept (IGV-07)."""
    held = Agency.objects.select_for_update(of=("self",), no_key=True).get(
        pk=selectors.keeps(agency.slug, for_user=by).pk
    )
    if review_due_on <= published_on:
        raise Refused("The notice is looked at again after it was published. Nothing was saved. Check the two days.")
    held.ico_registration = ico_registration.strip().upper()
    held.save(update_fields=["ico_registration"])
    notice = PrivacyNotice.objects.create(
        agency=held, address=address, published_on=published_on, review_due_on=review_due_on, recorded_by=by
    )
    record("controller.recorded", notice, facts={"review_due_on": review_due_on.isoformat()})
    return notice
