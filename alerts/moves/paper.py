"""A file as it was sent, on paper: for a setting that is not in the Hub (ALR-28, SHR-09)."""

import hashlib

from django.utils import timezone

from alerts.files.paper import file_pdf
from alerts.files.selectors import Line
from alerts.moves import policies, selectors, services
from alerts.moves.models import Transfer, TransferLink
from alerts.moves.selectors import Contents
from safeguarding.audit.record import record


def transfer_of(link: TransferLink) -> Transfer:
    """The transfer behind a link, with the sender's file; runs as dispatch."""
    whole = Transfer.objects.select_related(
        "crypto_key",
        "controller",
        "recipient",
        "partnership",
        "file__crypto_key",
        "file__controller",
        "file__partnership",
    )
    found: Transfer = whole.get(pk=link.transfer_id)
    return found


def pdf_of(transfer: Transfer, contents: Contents) -> bytes:
    """The same bytes each time it is asked for, so that both ends can compare a hash; runs as dispatch."""
    assert transfer.sent_at is not None
    lines = {entry.pk: Line(entry) for entry in contents.entries if entry.addendum_to_id is None}
    for entry in contents.entries:
        if entry.addendum_to is not None:
            # in a supplement what it belongs to went before, and stands here again to be understood
            lines.setdefault(entry.addendum_to.pk, Line(entry.addendum_to)).addenda.append(entry)
    by_day = sorted(lines.values(), key=lambda line: (line.entry.happened_on, line.entry.pk))
    return file_pdf(
        transfer.file,
        by_day,
        contents.people,
        made_for=services.goes_to(transfer),
        at=transfer.sent_at,
        note=f"Transfer {transfer.ref}. SHA-256 of the list of what was sent: {transfer.digest}",
    )


def download(link: TransferLink) -> bytes:
    """What the guest takes away: as it was frozen, or nothing; remembered with its hash. Runs as dispatch."""
    transfer = transfer_of(link)
    contents = selectors.contents_sent(transfer)
    policies.check_is_as_sent(same=selectors.is_as_sent(contents))
    content = pdf_of(transfer, contents)
    link.downloaded_at = timezone.now()
    link.save(update_fields=["downloaded_at"])
    facts = {"guest": link.pk, "sha256": hashlib.sha256(content).hexdigest()}
    record("transfer.downloaded", transfer, facts=facts)
    return content
