"""A child of the demo world who moves from one area to another: the file waits for receipt, and the next hub is told."""

from django.utils import timezone

from alerts.files import services as files
from alerts.files.enums import ChildsPart, EntryKind
from alerts.files.services import Note
from alerts.models import ChildMove, SafeguardingFile
from alerts.moves import authority, services
from alerts.moves.enums import Destination, MoveReason
from alerts.moves.services import Leaving
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.demo.loading import PARTNERSHIPS

PURPOSE = "demo world"


def move_a_child() -> None:
    """From a school of the third partnership to the first one's; what the other school's lead does about it is theirs."""
    old, new = PARTNERSHIPS[2], PARTNERSHIPS[0]
    lead = User.objects.get(email=old.email_of("dsl", "harbour"))
    officer = User.objects.get(email=old.email_of("officer", "mash"))
    school = Agency.objects.get(slug=new.slug_of("meadow"))
    with acting_as(Principal(user_id=lead.pk, purpose=PURPOSE)):
        mine = SafeguardingFile.objects.visible_to(lead).filter(controller__slug=old.slug_of("harbour"))
        file = mine.select_related("crypto_key", "controller", "partnership").order_by("pk")[0]
        said = "Told her tutor that they may go and live with an aunt."
        note = Note(EntryKind.CHILD, timezone.localdate(), said, ChildsPart.UNKNOWN)
        files.write_note(file, note=note, by=lead)
        leaving = Leaving(timezone.localdate(), MoveReason.HOME, Destination.HUB, school)
        services.send(services.begin(file, leaving=leaving, by=lead), by=lead)
    with acting_as(Principal(user_id=officer.pk, purpose=PURPOSE)):
        move = ChildMove.objects.visible_to(officer).get()
        to = Partnership.objects.get(slug=new.slug)
        note_to_hub = (
            "Known to us from one notification. The mother has a new address, and the father must not learn of it."
        )
        authority.flag(move, to=to, note=note_to_hub, by=officer)
