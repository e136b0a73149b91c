"""What a school of the demo world does about an alert: answered, a tutor told, support, an action, a review, the file."""

import datetime as dt

from django.utils import timezone

from alerts.files import services as files
from alerts.files.enums import ChildsPart, EntryKind, PersonsPart, Relation, StaffRole
from alerts.files.models import SafeguardingFile
from alerts.files.services import Note, file_of
from alerts.models import Alert
from alerts.readers import sharing
from alerts.response import answers, follow_up
from alerts.response.answers import Answer
from alerts.response.enums import ActionKind, Concerns, Support
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import User
from safeguarding.demo.loading import PARTNERSHIPS

PURPOSE = "demo world"
_ANSWERED = 106


def respond() -> None:
    """In the first partnership, to the alert that its school has acknowledged; the others are as far as their stories say."""
    data = PARTNERSHIPS[0]
    lead, tutor = (User.objects.get(email=data.email_of(local, "meadow")) for local in ("dsl", "tutor"))
    with acting_as(Principal(service="dispatch", purpose=PURPOSE)):
        alert = Alert.objects.filter(
            setting__slug=data.slug_of("meadow"), notification__reference__endswith=f"/{_ANSWERED:07d}"
        ).select_related("setting", "controller", "partnership", "crypto_key").get()  # fmt: skip
    with acting_as(Principal(user_id=lead.pk, purpose=PURPOSE)):
        said = Answer(Concerns.NONE, known="Tired since half term. No other worries here.", adult_works=False)
        answers.answer(alert, said, version=0, by=lead)
        follow_up.decide_support(alert, support=Support.SILENT, note="A calm start each morning.", by=lead)
        _tell(alert, tutor, lead)
        _plan(alert, tutor, lead)
        file = file_of(alert)
        assert file is not None
        _write(file, lead)


def _tell(alert: Alert, tutor: User, lead: User) -> None:
    telling = sharing.Telling(
        person=tutor,
        agency=alert.setting,
        as_role=StaffRole.TUTOR,
        reason="Sees the child every morning",
        items=["kind"],
        words="Something happened at home. Let the child settle in quietly, and tell me the same day if anything worries you.",
        until=timezone.localdate() + dt.timedelta(days=14),
    )
    sharing.tell(alert, telling, by=lead)


def _plan(alert: Alert, tutor: User, lead: User) -> None:
    in_a_fortnight = timezone.localdate() + dt.timedelta(days=14)
    follow_up.add_actions(
        alert, kinds=[ActionKind.MONITOR, ActionKind.QUIET_TIME], owner=tutor, due_on=in_a_fortnight, note="", by=lead
    )
    follow_up.review(alert, note="", next_on=in_a_fortnight, by=lead)


def _write(file: SafeguardingFile, lead: User) -> None:
    today = timezone.localdate()
    late = Note(EntryKind.CONCERN, today - dt.timedelta(days=12), "Fell asleep in assembly.", ChildsPart.UNKNOWN)
    [entry] = files.write_note(file, note=late, by=lead)
    files.add_addendum(entry, text="It was in the reading hour, not in assembly.", by=lead)
    files.write_note(
        file, note=Note(EntryKind.FAMILY, today, "The mother phoned about a lost coat. Nothing else was said."), by=lead
    )
    files.add_person(
        file,
        name="Ngozi Anyanwu",
        relation=Relation.MOTHER,
        part=PersonsPart.SUPPORTS,
        note="Picks the child up.",
        by=lead,
    )
