"""The pages of a transfer: begun by the one lead, received by the other; and by a link and a code outside of the Hub."""

import hashlib
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from alerts.models import FileEntry, SafeguardingFile, Transfer, TransferLink
from alerts.moves import outside, selectors
from alerts.moves.enums import Destination
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Refused
from safeguarding.notifications.models import Email
from tests.factories import AgencyFactory, PartnershipFactory, World
from tests.moves.support import OUTSIDE, again, begun, filled_file, sent, today
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("ALR-28")]


def form(**fields: Any) -> dict[str, Any]:
    day = today()
    values = {
        "left_on_0": day.day, "left_on_1": day.month, "left_on_2": day.year, "reason": "setting", "destination": "hub",
        "action": "begin",
    }  # fmt: skip
    return {**values, **fields}


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_one_lead_begins_and_sends_and_the_other_confirms(world: World) -> None:
    file = filled_file(world)
    lead, other = signed_in(world.dsl), signed_in(world.other_dsl)
    assert f"/transfers/begin/{file.ref}/" in lead.get(f"/files/{file.ref}/").content.decode()
    page = f"/transfers/begin/{file.ref}/"
    assert "The child has left" in text(lead.get(page))
    found = lead.post(page, form(search="second", action="search"))
    assert "1 setting found" in text(found)
    assert "There is a problem" not in text(found)
    begun_at = lead.post(page, form(search="second", setting=world.other_school.slug))
    where = begun_at.headers["Location"]
    assert "Send the file to Second School" in text(lead.get(where))
    assert other.get(where).status_code == 404
    assert lead.post(f"{where}send/").status_code == 302
    assert "Waits for receipt" in text(lead.get(where))
    coming = text(other.get(where))
    assert "Quillfeather" in coming
    assert "CANARY" not in coming
    assert "What was sent" not in coming
    assert "/transfers/" in text(other.get("/today/"))
    refused = other.post(f"{where}receive/")
    assert "Check that the child is on your roll" in text(refused)
    received = other.post(f"{where}receive/", {"ours": "on"}, follow=True)
    assert "CANARY came without a coat." in text(received)
    assert "Came with a transfer" in text(received)
    assert f"{world.dsl.name}, First School" in re.sub(r"</?bdi>", "", text(received))
    assert "What was sent" in text(other.get(where))
    mine = text(lead.get(f"/files/{file.ref}/"))
    assert "Second School received this file" in mine
    assert "Received" in text(lead.get("/transfers/"))
    with fixtures():
        copy = SafeguardingFile.objects.get(controller=world.other_school)
    for path in ("print/", "pdf/"):
        assert other.get(f"/files/{copy.ref}/{path}").status_code == 200


def test_what_is_missing_is_said_and_nothing_is_lost(world: World) -> None:
    file = filled_file(world)
    lead, page = signed_in(world.dsl), f"/transfers/begin/{file.ref}/"
    assert "Find the setting, then choose it" in text(lead.post(page, form()))
    missing = text(lead.post(page, form(destination="outside", outside_setting="Marsh End School")))
    assert "Enter the e-mail address of its safeguarding lead" in missing
    assert "Marsh End School" in missing
    assert "Select why" in text(lead.post(page, form(reason="")))
    assert "The day lies ahead" in text(lead.post(page, form(left_on_2=today().year + 1)))
    # its own setting is not among those that are offered
    assert "No setting was found" in text(lead.post(page, form(search="first", action="search")))
    lead.post(page, form(destination="authority", reason="unknown"))
    assert "on its way already" in text(lead.get(page))
    with fixtures():
        assert Transfer.objects.get().recipient == world.council


def test_sent_back_with_a_reason(world: World) -> None:
    transfer = sent(world, filled_file(world))
    other, lead = signed_in(world.other_dsl), signed_in(world.dsl)
    where = f"/transfers/{transfer.ref}/"
    assert "Say why you send it back" in text(other.post(f"{where}refuse/"))
    assert other.post(f"{where}refuse/", {"why": "Not on our roll."}).status_code == 302
    assert "Not on our roll." in text(lead.get(where))
    conflict = lead.post(f"{where}cancel/")
    assert conflict.status_code == 409


def test_a_setting_of_any_partnership_is_found(world: World) -> None:
    with fixtures():
        AgencyFactory(partnership=PartnershipFactory(), name="Far Away School", urn="999777")
    assert [each.name for each in selectors.find_settings_anywhere("far away")] == ["Far Away School"]
    assert [each.name for each in selectors.find_settings_anywhere("999777")] == ["Far Away School"]
    assert selectors.find_settings_anywhere(" ") == []


# -- outside of the Hub


def mail(template: str) -> dict[str, Any]:
    with fixtures():
        return dict(Email.objects.filter(template=template).latest("pk").context)


def guest_path() -> str:
    return re.sub(r"^https?://[^/]+", "", mail("transfer_guest_link")["link"])


def outside_transfer(world: World) -> Transfer:
    cache.clear()
    return sent(world, filled_file(world), destination=Destination.OUTSIDE, setting=None, outside=OUTSIDE)


def let_in() -> tuple[Client, str]:
    guest, path = Client(), guest_path()
    first = text(guest.get(path))
    assert "Show that it is you" in first
    assert "Quillfeather" not in first
    assert "Quillfeather" not in guest.get(f"{path}pdf/").content.decode()
    assert guest.post(path, {"send": "1"}).status_code == 302
    assert guest.post(path, {"code": mail("guest_code")["code"]}).status_code == 302
    return guest, path


@pytest.mark.req("SHR-09")
def test_a_setting_outside_of_the_hub_downloads_and_gives_receipt(world: World) -> None:
    transfer = outside_transfer(world)
    assert "Quillfeather" not in str(mail("transfer_guest_link"))
    guest, path = let_in()
    page = text(guest.get(path))
    assert "Quillfeather" in page
    assert transfer.digest in page
    assert world.partnership.marking in page
    answer = {"answer": "ours", "name": "Wren Halloran", "post": "Head of school"}
    early = guest.post(path, answer)
    assert "Download it first" in text(early)
    paper = guest.get(f"{path}pdf/")
    assert paper.content.startswith(b"%PDF")
    assert hashlib.sha256(paper.content).hexdigest() in page
    assert "Quillfeather" not in paper.headers["Content-Disposition"]
    assert "Enter your post" in text(guest.post(path, {**answer, "post": ""}))
    assert "Receipt given" in text(guest.post(path, answer))
    assert guest.get(path).status_code == 404
    lead = signed_in(world.dsl)
    seen = text(lead.get(f"/transfers/{transfer.ref}/"))
    assert "Wren Halloran" in seen
    assert "Head of school" in seen
    with fixtures():
        file = SafeguardingFile.objects.select_related("crypto_key").get(pk=transfer.file_id)
        assert file.moved_to == "Marsh End School"
        events = set(AuditEntry.objects.filter(object_repr=transfer.ref).values_list("event", flat=True))
        assert {"transfer.read", "transfer.downloaded", "transfer.received"} <= events
        assert FileEntry.objects.filter(file=file, kind="transfer").count() == 2


def test_a_guest_says_that_the_child_is_not_theirs(world: World) -> None:
    transfer = outside_transfer(world)
    guest, path = let_in()
    said = {"answer": "not_ours", "name": "Wren Halloran", "post": "Head of school"}
    assert "Say why the child is not yours" in text(guest.post(path, said))
    assert "Sent back" in text(guest.post(path, {**said, "why": "We have no child of that name."}))
    with as_user(world.dsl):
        found = selectors.get_transfer(transfer.ref, for_user=world.dsl).transfer
        assert (found.state, found.answer) == ("refused", "We have no child of that name.")


def test_a_new_link_ends_the_one_before_and_cancelling_ends_all(world: World) -> None:
    transfer = outside_transfer(world)
    first = guest_path()
    lead = signed_in(world.dsl)
    assert lead.post(f"/transfers/{transfer.ref}/link/").status_code == 302
    second = guest_path()
    assert first != second
    assert "does not work any more" in text(Client().get(first))
    assert Client().get(second).status_code == 200
    assert lead.post(f"/transfers/{transfer.ref}/cancel/").status_code == 302
    assert Client().get(second).status_code == 404
    assert again(transfer).state == "cancelled"
    with fixtures():
        assert not TransferLink.objects.filter(withdrawn_at=None).exists()


def test_no_link_goes_out_where_nobody_outside_waits(world: World) -> None:
    transfer = begun(world, filled_file(world))
    with as_user(world.dsl), pytest.raises(Refused, match="No link was sent"):
        outside.send_link(transfer, by=world.dsl)
