"""Reads of notifications for those who sent them, and of children that wait for a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from alerts.intake.content import Person, PoliceNotification
from alerts.intake.models import Amendment, MatchCandidate, Notification, NotificationChild, Upload, UploadProblem
from alerts.intake.policies import check_can_change_settings, check_can_decide_match
from safeguarding.access.posts import agencies_where
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies import selectors as agencies
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.audit import record as audit
from safeguarding.children.models import Child
from safeguarding.children.selectors import settings_attended, settings_left
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref

MOST_PROBLEMS = 500
# Everything of a notification but the police's content, which is never read back to a sender (spec v1).
_STATUS_ONLY = (
    "ref", "reference", "kind", "channel", "status", "occurred_at",
    "received_at", "screened_at", "sent_at", "withheld_at", "closed_at", "withdrawn_at", "source__name",
)  # fmt: skip


@dataclass(frozen=True)
class Sender:
    """For whom a person sends: the agency, and the partnership whose rules apply."""

    agency: Agency
    partnership: Partnership


def senders_for(user: User) -> list[Sender]:
    """Where a person may send notifications from: police officers, and the hub's own members (ALR-01)."""
    roles = (Role.POLICE_OFFICER, Role.MASH_OFFICER, Role.MASH_MANAGER)
    return [
        Sender(agency, partnership)
        for agency in agencies.agencies_of(user.pk, roles)
        for partnership in agencies.partnerships_of(agency)
    ]


def sent_notifications(*, for_user: User, agency: Agency | None = None) -> QuerySet[Notification]:
    """Own agency's notifications with status and times only; content is never read back (spec v1)."""
    sources = [agency] if agency else [sender.agency for sender in senders_for(for_user)]
    visible = Notification.objects.visible_to(for_user).filter(source__in=sources)
    return visible.select_related("source").only(*_STATUS_ONLY).order_by("-received_at", "-pk")


def get_sent(ref: str, *, for_user: User, agency: Agency | None = None) -> Notification:
    found = sent_notifications(for_user=for_user, agency=agency).filter(ref=normalise_ref(ref)).first()
    if found is None:
        raise NotVisible
    return found


def amendable(*, for_user: User) -> QuerySet[Notification]:
    """What a person may correct or withdraw: their own force's, and what the hub at which they screen received (ALR-01)."""
    mine = Q(source__in=agencies_where(for_user, "own_notification"))
    handled = Q(controller__in=agencies_where(for_user, "notification"))
    return Notification.objects.visible_to(for_user).filter(mine | handled)


def get_amendable(ref: str, *, for_user: User, agency: Agency | None = None) -> Notification:
    """The one with this reference; absent and another's are the same (NTK-01). `agency`: whose token asks."""
    found = amendable(for_user=for_user).select_related("source", "partnership", "controller", "crypto_key")
    if agency is not None:
        found = found.filter(source=agency)
    notification = found.filter(ref=normalise_ref(ref) or "").first()
    if notification is None:
        raise NotVisible
    return notification


def handles(notification: Notification, *, for_user: User) -> bool:
    """The person screens at the hub that received it, and may read what the police wrote (NTK-02)."""
    return notification.controller_id in agencies_where(for_user, "notification")


def content_for(notification: Notification, *, for_user: User) -> PoliceNotification | None:
    """What the police wrote, for the hub while it is there; never for its sender (spec v1, ALR-09)."""
    if not notification.content or not handles(notification, for_user=for_user):
        return None
    audit.record("notification.opened", notification, purpose="correct")
    return PoliceNotification.from_json(notification.content)


def people_named(notification: Notification) -> tuple[int, int]:
    """How many children and adults it names now: numbers and no more, so a service counts them (spec v1, ALR-09)."""
    with acting_as(as_dispatch("count who is named")):
        held = Notification.objects.select_related("crypto_key").get(pk=notification.pk)
        rows = NotificationChild.objects.filter(notification=held, generation=held.generation).count()
    people = PoliceNotification.from_json(held.content).people if held.content else ()
    return rows, sum(not person.is_child for person in people)


def amendments_of(notification: Notification, *, for_user: User) -> list[Amendment]:
    """What the police said of it later, oldest first; without its content (ALR-09)."""
    visible = Amendment.objects.visible_to(for_user).filter(notification=notification)
    return list(visible.select_related("made_by", "source", "looked_by").order_by("made_at", "pk"))


def to_look_at(*, for_user: User) -> QuerySet[Amendment]:
    """Corrections and withdrawals after the hub had decided: does the decision still stand (MSH-01)."""
    mine = Amendment.objects.visible_to(for_user).filter(controller__in=agencies_where(for_user, "notification"))
    return mine.filter(needs_a_look=True, looked_at=None)


@dataclass(frozen=True)
class Alike:
    """A child on record beside the one that the police named."""

    number: int
    child: Child
    score: int
    reasons: Sequence[str]
    settings: Sequence[Agency]

    @property
    def title(self) -> str:
        return f"Record {self.number}: {self.child.ref}"


@dataclass(frozen=True)
class Waiting:
    """A child that waits for a person: what the police sent, and who on record is alike (ALR-03)."""

    row: NotificationChild
    person: Person
    content: PoliceNotification
    alike: Sequence[Alike]
    attended: Sequence[Agency]
    left: Agency | None
    warnings: Sequence[str]


def left_by(person: Person, left: Sequence[Agency]) -> Agency | None:
    """The setting that the police name, where the child has left it on our record (ALR-03)."""
    named = person.setting.urn if person.setting else None
    return next((each for each in left if named and each.urn == named), None)


def get_waiting(ref: str, position: int, *, for_user: User) -> Waiting:
    """The child at this place of the notification; looking at it is logged (ALR-03, AUD-01)."""
    row = _child_at(ref, position, for_user)
    check_can_decide_match(row)
    assert row.notification.content is not None
    content = PoliceNotification.from_json(row.notification.content)
    candidates = list(_candidates(row, for_user))
    known = [row.child_id] if row.child_id else []
    attended = settings_attended([each.child_id for each in candidates] + known)
    audit.record(
        "notification.opened",
        row.notification,
        purpose="match",
        shown=[row.notification.ref, *(each.child.ref for each in candidates)],
    )
    return Waiting(
        row=row,
        person=content.people[position],
        content=content,
        alike=[
            Alike(number, each.child, each.score, each.reasons, attended.get(each.child_id, []))
            for number, each in enumerate(candidates, start=1)
        ],
        attended=attended.get(row.child_id or 0, []),
        left=left_by(content.people[position], settings_left(known).get(row.child_id or 0, [])),
        warnings=[
            remark["detail"]
            for remark in row.notification.warnings
            if remark["pointer"].startswith(f"/people/{position}/")
        ],
    )


def _child_at(ref: str, position: int, user: User) -> NotificationChild:
    """The child at this place of what the police say now; absent and another's are the same (NTK-01)."""
    found = NotificationChild.objects.visible_to(user).filter(notification__ref=normalise_ref(ref), position=position)
    with_all = found.select_related(
        "notification__partnership", "notification__crypto_key", "setting", "second_setting", "child__crypto_key"
    )
    row = with_all.order_by("-generation").first()
    if row is None:
        raise NotVisible
    return row


def _candidates(row: NotificationChild, for_user: User) -> QuerySet[MatchCandidate]:
    visible = MatchCandidate.objects.visible_to(for_user).filter(notification_child=row)
    return visible.select_related("child__crypto_key")


def uploads(*, for_user: User) -> QuerySet[Upload]:
    """The files that the person's agencies sent, newest first."""
    sources = [sender.agency for sender in senders_for(for_user)]
    visible = Upload.objects.visible_to(for_user).filter(source__in=sources).defer("body")
    return visible.select_related("crypto_key", "uploaded_by", "source").order_by("-uploaded_at", "-pk")


def get_upload(ref: str, *, for_user: User) -> Upload:
    found = uploads(for_user=for_user).filter(ref=normalise_ref(ref)).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class Problems:
    """The first problems of a file; `more` when there are others."""

    shown: Sequence[UploadProblem]
    more: bool


def problems_of(upload: Upload, *, for_user: User) -> Problems:
    """Bad rows with number and reason, none with a word of its content (ALR-01)."""
    visible = UploadProblem.objects.visible_to(for_user).filter(upload=upload).order_by("row_number", "pk")
    found = list(visible[: MOST_PROBLEMS + 1])
    return Problems(found[:MOST_PROBLEMS], len(found) > MOST_PROBLEMS)


@dataclass(frozen=True)
class Settled:
    """A child of a notification that nobody has decided yet, and the settings to choose from (ALR-03)."""

    row: NotificationChild
    person: Person
    settings: Sequence[Agency]
    where: str


def get_settled(ref: str, position: int, *, for_user: User) -> Settled:
    """The child at this place, while its settings may change; looking at it is logged (ALR-03, AUD-01)."""
    row = _child_at(ref, position, for_user)
    check_can_change_settings(row)
    assert row.notification.content is not None
    person = PoliceNotification.from_json(row.notification.content).people[position]
    urns = [person.setting.urn] if person.setting and person.setting.urn else []
    named = agencies.settings_by_urn(row.notification.partnership, urns) if urns else {}
    own = [row.setting if not row.home_educated else None, row.second_setting]
    attended = settings_attended([row.child_id] if row.child_id else []).get(row.child_id or 0, [])
    offered = {each.pk: each for each in (*own, *named.values(), *attended) if each is not None}
    audit.record("notification.opened", row.notification, purpose="settings")
    where = "home" if row.home_educated else row.setting.slug if row.setting else "none"
    return Settled(row, person, list(offered.values()), where)
