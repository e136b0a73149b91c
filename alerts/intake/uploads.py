"""Taking a file of notifications in, by small transactions that go on where a killed worker left off (ALR-01)."""

import datetime as dt
import time
from collections.abc import Sequence
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from alerts.intake import csv_upload
from alerts.intake.content import PoliceNotification
from alerts.intake.csv_upload import Group, Problem
from alerts.intake.enums import Channel, UploadStatus
from alerts.intake.models import Upload, UploadProblem
from alerts.intake.policies import check_can_send
from alerts.intake.selectors import Sender
from alerts.intake.services import AlreadyReceived, as_matching, receive
from safeguarding.agencies.models import User
from safeguarding.agencies.selectors import hub_of
from safeguarding.audit import record as audit
from safeguarding.crypto.keys import body_mac
from safeguarding.notifications.services import enqueue
from safeguarding.web.api.strict_json import canonical

TOPIC = "upload.read"
# One step's transaction holds the locks of intake: short, so that the police's own system need not wait long.
STEP_SECONDS = 2.0
_LONGEST_FILE_NAME = 200


@transaction.atomic
def take_file(*, data: bytes, file_name: str, sender: Sender, by: User) -> Upload:
    """Keeps the file sealed and promises to read it; raises `Unreadable` when nothing of it can be taken (ALR-01)."""
    check_can_send(sender.agency)
    text = csv_upload.decode(data)
    file = csv_upload.read(text)
    hub = hub_of(sender.partnership)
    upload = Upload.objects.create(
        partnership=sender.partnership,
        controller=hub,
        source=sender.agency,
        uploaded_by=by,
        file_name=file_name[:_LONGEST_FILE_NAME],
        body=text,
        digest=body_mac(sender.partnership.pk, data),
        rows_total=file.rows_total,
    )
    _keep(upload, file.problems)
    audit.record("upload.received", upload, facts={"rows": file.rows_total})
    enqueue(TOPIC, {"upload": upload.pk})
    return upload


def read_on(upload_id: int) -> None:
    """One step: some references, then a promise of the next step in the same transaction; nothing is read twice."""
    upload = (
        Upload.objects.with_keys()
        .select_related("source", "partnership", "uploaded_by")
        .defer("body")
        .select_for_update(of=("self",))
        .get(pk=upload_id)
    )
    if upload.status in (UploadStatus.DONE, UploadStatus.REFUSED):
        return
    until = time.monotonic() + STEP_SECONDS
    now = timezone.localtime(upload.uploaded_at)
    for group in _still_to_read(upload):
        _take_in(upload, group, now)
        upload.rows_read += len(group.rows)
        if time.monotonic() > until:
            break
    _step_done(upload)


def _still_to_read(upload: Upload) -> Sequence[Group]:
    groups = _groups(upload.pk)
    done = 0
    for place, group in enumerate(groups):
        if done >= upload.rows_read:
            return groups[place:]
        done += len(group.rows)
    return []


@lru_cache(maxsize=1)
def _groups(upload_id: int) -> Sequence[Group]:
    """Opened and read once for all steps of a worker, for its rows never change; forgotten when the file is done."""
    body = Upload.objects.with_keys().get(pk=upload_id).body
    assert body is not None, "the body goes with the last step"
    return csv_upload.read(body).groups


def _take_in(upload: Upload, group: Group, now: dt.datetime) -> None:
    content, problems = csv_upload.notification_of(group, now=now)
    if content is not None:
        problems += _receive(upload, group, content)
    upload.rows_bad += len({problem.row for problem in problems if not problem.is_warning})
    _keep(upload, problems)


def _receive(upload: Upload, group: Group, content: PoliceNotification) -> list[Problem]:
    try:
        receipt = receive(
            content=content,
            body=canonical(content.to_json()),
            source=upload.source,
            partnership=upload.partnership,
            channel=Channel.FILE,
            by=upload.uploaded_by,
        )
    except AlreadyReceived as error:
        return [Problem(row.number, error.sentence, "reference") for row in group.rows]
    if receipt.is_new:
        upload.notifications_new += 1
    else:
        upload.notifications_known += 1
    return []


def _keep(upload: Upload, problems: Sequence[Problem]) -> None:
    UploadProblem.objects.bulk_create(
        [
            UploadProblem(
                partnership_id=upload.partnership_id,
                controller_id=upload.controller_id,
                source_id=upload.source_id,
                upload=upload,
                row_number=problem.row,
                column=problem.column,
                reason=problem.reason,
                is_warning=problem.is_warning,
            )
            for problem in problems
        ],
        ignore_conflicts=True,
    )


def _step_done(upload: Upload) -> None:
    changed = ["rows_read", "notifications_new", "notifications_known", "rows_bad", "status"]
    if upload.rows_read >= upload.rows_total:
        upload.status, upload.finished_at, upload.body = UploadStatus.DONE, timezone.now(), None
        changed += ["finished_at", "body"]
        _groups.cache_clear()
        audit.record(
            "upload.finished",
            upload,
            facts={
                "new": upload.notifications_new,
                "known": upload.notifications_known,
                "rows_bad": upload.rows_bad,
            },
        )
    else:
        upload.status = UploadStatus.RUNNING
        enqueue(TOPIC, {"upload": upload.pk})
    upload.save(update_fields=changed)


def refuse(upload_id: int) -> None:
    """A file that could not be read to its end says so, and its content is deleted; what went in stays in."""
    with as_matching("intake"):
        Upload.objects.filter(pk=upload_id, status__in=(UploadStatus.WAITING, UploadStatus.RUNNING)).update(
            status=UploadStatus.REFUSED,
            refusal="The file could not be read to its end. Rows read so far went in. Upload it again: nothing doubles.",
            finished_at=timezone.now(),
            body=None,
        )
