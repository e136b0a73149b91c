"""A senior officer signs the exact version, once; anybody can check it later (AGR-01 to AGR-03)."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from agreements.models import Agreement, GuestInvitation, Signature
from agreements.register import drafting, selectors, signing, text
from safeguarding.access.principal import acting_as
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.guests import services as guests
from safeguarding.notifications.models import Email
from tests.agreements.conftest import Desk, words
from tests.support.db import as_user, fixtures

pytestmark = pytest.mark.django_db


def sign(desk: Desk, agreement: Agreement, agency_name: str = "school", **fields: str) -> Signature:
    return desk.sign(agreement, getattr(desk.world, agency_name), **fields)


@pytest.mark.req("AGR-01")
@pytest.mark.parametrize(
    ("field", "nothing", "sentence"),
    [
        ("purposes", [], "purposes"),
        ("article_6", [], "Article 6"),
        ("schedule_1", [], "Schedule 1"),
        ("dpia_reference", "", "DPIA"),
        ("transfer_methods", [], "transferred"),
        ("transfer_assessed_on", None, "risks"),
        ("retention", "", "how long"),
        ("access_requests_to", "", "subject access"),
    ],
)
def test_a_draft_that_lacks_something_is_not_opened(desk: Desk, field: str, nothing: object, sentence: str) -> None:
    draft = desk.draft(**{field: nothing})
    with as_user(desk.ig), pytest.raises(Refused, match=sentence):
        drafting.open_for_signing(draft, by=desk.ig)
    draft.refresh_from_db()
    assert (draft.state, draft.digest) == ("draft", "")


@pytest.mark.req("AGR-01")
def test_every_item_needs_its_reason(desk: Desk) -> None:
    draft = desk.draft()
    with as_user(desk.ig), pytest.raises(Refused, match="needs a reason"):
        drafting.list_items(draft, {"child_name": ("  ", False)}, by=desk.ig)
    assert draft.items.count() == 5


@pytest.mark.req("AGR-02")
def test_the_signature_is_bound_to_the_exact_words(desk: Desk) -> None:
    agreement = desk.opened()
    assert agreement.digest == text.digest_of(agreement.text)
    signed = sign(desk, agreement)
    assert (signed.state, signed.digest, signed.capacity) == ("signed", agreement.digest, "siro")
    assert signing.check(signed).is_good
    with as_user(desk.ig), pytest.raises(Refused, match="cannot be changed"):
        drafting.write(agreement, {"retention": "For ever."}, by=desk.ig)


@pytest.mark.req("AGR-02")
@pytest.mark.parametrize(
    "altered",
    [
        {"signatory": "Somebody Else"},
        {"post": "Caretaker"},
        {"capacity": "head"},
        {"ico_registration": "ZA654321"},
        {"digest": "0" * 64},
        {"role": "both"},
        {"seal": b"0" * 64},
    ],
)
def test_whatever_is_altered_in_the_database_is_found(desk: Desk, altered: dict[str, object]) -> None:
    signed = sign(desk, desk.opened())
    with fixtures():
        Signature.objects.filter(pk=signed.pk).update(**altered)
    assert not signing.check(Signature.objects.select_related("agreement", "agency").get(pk=signed.pk)).is_good
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("check_signatures")


@pytest.mark.req("AGR-02")
def test_an_altered_text_is_found_on_every_signature(desk: Desk) -> None:
    agreement = desk.opened()
    signed = sign(desk, agreement)
    call_command("check_signatures")
    with fixtures():
        Agreement.objects.filter(pk=agreement.pk).update(text=agreement.text.replace("25", "99"))
    assert "text of the agreement" in signing.check(desk.party(agreement, desk.world.school)).faults[0]
    assert signed.digest == agreement.digest
    with pytest.raises(CommandError):
        call_command("check_signatures")


@pytest.mark.req("AGR-02")
def test_what_is_refused_at_signing(desk: Desk) -> None:
    agreement = desk.opened()
    with pytest.raises(Refused, match="Enter the ICO registration"):
        sign(desk, agreement, ico_registration="  ")
    with fixtures():
        desk.world.school.ico_registration = "Z7654321"
        desk.world.school.save()
    with pytest.raises(Refused, match="register of controllers"):
        sign(desk, agreement)
    assert sign(desk, agreement, ico_registration=" z7654321 ").ico_registration == "Z7654321"
    with pytest.raises(Refused, match="signed this version already"):
        sign(desk, agreement, ico_registration="Z7654321")


@pytest.mark.req("AGR-02", "IGV-07")
@pytest.mark.parametrize(
    ("number", "hint"),
    [("ZA123456", False), ("Z1234567", False), ("za 12", True), ("12345678", True), ("Tier 1/0042", True)],
)
def test_a_number_of_an_unusual_form_is_kept_with_a_hint(desk: Desk, number: str, hint: bool) -> None:
    signed = sign(desk, desk.opened(), ico_registration=number)
    assert signed.ico_registration == number.upper()
    assert bool(signing.ico_hint(signed.ico_registration)) is hint


@pytest.mark.req("AGR-02")
def test_only_a_senior_officer_of_the_agency_itself_signs(desk: Desk) -> None:
    agreement = desk.opened()
    party = desk.party(agreement, desk.world.school)
    for user in (desk.world.dsl, desk.ig, desk.world.officer, desk.signatory(desk.world.police)):
        with as_user(user), pytest.raises(NotVisible):
            signing.sign(party, words(user), digest=agreement.digest, by=user)
    leaver = desk.signatory(desk.world.school)
    with fixtures():
        leaver.memberships.update(ended_at=timezone.now() + dt.timedelta(seconds=1))
    with as_user(leaver), pytest.raises(NotVisible):
        signing.sign(party, words(leaver), digest=agreement.digest, by=leaver)
    head = desk.world.head
    with as_user(head):
        assert signing.sign(party, words(head, capacity="head"), digest=agreement.digest, by=head).state == "signed"


@pytest.mark.req("AGR-02", "AGR-03")
def test_a_new_version_asks_all_again_and_says_until_when_the_old_holds(desk: Desk) -> None:
    old = desk.opened()
    sign(desk, old)
    until = timezone.localdate() + dt.timedelta(days=30)
    with as_user(desk.ig):
        new = drafting.draft_next(old, version="2", by=desk.ig)
        with pytest.raises(Refused, match="until when"):
            drafting.open_for_signing(new, by=desk.ig)
        drafting.write(new, {"old_holds_until": until, "retention": "Until the child is 26."}, by=desk.ig)
        new = drafting.open_for_signing(new, by=desk.ig)
    assert {party.state for party in new.signatures.all()} == {"invited"}
    assert new.items.count() == old.items.count()
    assert f"holds until {until.day}" in new.text
    with pytest.raises(Refused, match="superseded by version 2"):
        sign(desk, old, "other_school")
    with fixtures():
        asked = Email.objects.filter(template="agreement_to_sign", context__version="2")
        assert {desk.signatory(desk.world.school).email, desk.signatory(desk.world.police).email} <= {
            email.to for email in asked
        }
        assert not [email for email in asked if "Ferelith" in str(email.context)]


@pytest.mark.req("AGR-02")
def test_the_words_must_be_those_that_were_shown(desk: Desk) -> None:
    agreement = desk.opened()
    user = desk.signatory(desk.world.school)
    with as_user(user), pytest.raises(Refused, match="text has changed"):
        signing.sign(desk.party(agreement, desk.world.school), words(user), digest="0" * 64, by=user)


@pytest.mark.req("AGR-06")
def test_a_body_may_refuse_and_sign_later(desk: Desk) -> None:
    agreement = desk.opened()
    user, party = desk.signatory(desk.world.school), desk.party(agreement, desk.world.school)
    with as_user(user):
        assert signing.refuse(party, reason="Governors have not met.", by=user).state == "refused"
        with pytest.raises(Refused, match="has not signed"):
            signing.refuse(party, reason="Again.", by=user)
    assert sign(desk, agreement).reason == ""


# ---------------------------------------------------------------- guests
def guest(desk: Desk, agreement: Agreement) -> GuestInvitation:
    with as_user(desk.ig):
        link = signing.invite_guest(
            desk.party(agreement, desk.world.school), name="Wren Oakley", email="wren@nursery.example", by=desk.ig
        )
    found = guests.find(signing.open_invitations(), secret=link.rstrip("/").rpartition("/")[2])
    assert found is not None
    return found


def newest_code() -> str:
    with fixtures():
        return str(Email.objects.filter(template="guest_code").latest("pk").context["code"])


@pytest.mark.req("AGR-02")
def test_a_guest_signs_with_a_link_and_a_code_once(desk: Desk) -> None:
    agreement = desk.opened()
    invitation = guest(desk, agreement)
    with acting_as(signing.as_guest()):
        guests.send_code(invitation)
    code = newest_code()
    with acting_as(signing.as_guest()):
        assert not guests.try_code(invitation, code="000000" if code != "000000" else "000001")
        assert guests.try_code(invitation, code=f" {code} ")
        said = words(desk.world.dsl, name="Wren Oakley", email=invitation.email, capacity="director")
        signed = signing.sign_as_guest(invitation, said, digest=agreement.digest)
        with pytest.raises(Refused, match="has been used"):
            signing.sign_as_guest(invitation, said, digest=agreement.digest)
    assert (signed.as_guest, signed.signed_by, signed.signatory) == (True, None, "Wren Oakley")
    assert signing.check(signed).is_good


@pytest.mark.req("AGR-02")
def test_a_guests_link_ends_and_codes_are_not_guessed(desk: Desk) -> None:
    agreement = desk.opened()
    first = guest(desk, agreement)
    second = guest(desk, agreement)
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    with acting_as(signing.as_guest()):
        guests.send_code(second)
        code = newest_code()
        for _ in range(5):
            assert not guests.try_code(second, code="wrong")
        assert not guests.try_code(second, code=code)
        with pytest.raises(Refused, match="Too many wrong codes"):
            guests.send_code(second)
    third = guest(desk, agreement)
    late = timezone.now() + signing.LINK_LIFETIME
    with time_machine.travel(late), acting_as(signing.as_guest()), pytest.raises(Refused, match="run out"):
        signing.sign_as_guest(third, words(desk.world.dsl), digest=agreement.digest)


@pytest.mark.req("AGR-01", "AGR-09")
def test_the_register_is_open_to_partners_and_drafts_to_their_owners(desk: Desk) -> None:
    draft = desk.draft()
    world = desk.world
    with as_user(world.dsl):
        assert draft not in selectors.register(for_user=world.dsl)
    with as_user(desk.ig):
        assert draft in selectors.register(for_user=desk.ig)
        drafting.open_for_signing(draft, by=desk.ig)
    with as_user(world.dsl):
        assert selectors.agreement_by_ref(draft.ref, for_user=world.dsl) == draft
        with pytest.raises(NotVisible):
            drafting.draft(partnership=world.partnership, owner=world.council, title="x", version="1", by=world.dsl)
        with pytest.raises(NotVisible):
            drafting.write(draft, {"retention": "x"}, by=world.dsl)
    with as_user(desk.ig), pytest.raises(Conflict):
        drafting.draft(partnership=world.partnership, owner=world.council, title=draft.title, version="1", by=desk.ig)
