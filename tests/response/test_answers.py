"""What a setting answers to an alert, and whom there it tells."""

import pytest
import time_machine
from django.utils import timezone

from alerts.delivery.enums import BoardView, SentBack
from alerts.delivery.selectors import board_page
from alerts.models import Alert, FileEntry
from alerts.response import answers, selectors
from alerts.response.answers import Overtaken
from alerts.response.enums import Concerns
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import World
from tests.readers.support import let_in, shut_out
from tests.response.support import WEEK, again, events, filed, say, sent_alert, tell
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


# -- the answer


@pytest.mark.req("ALR-12", "ALR-15")
@pytest.mark.parametrize("concerns", ["none", "allocated", "other"])
def test_an_answer_acknowledges_and_goes_into_the_childs_file(world: World, alert: Alert, concerns: str) -> None:
    say(alert, world.dsl, concerns, known="Often late on Mondays.", worker="Jo Marsh, early help")
    assert again(alert).status == "acknowledged"
    [_, (kind, words)] = filed(alert)
    assert kind == "answer"
    assert words.startswith(Concerns(concerns).label)
    assert "Often late on Mondays." in words
    assert "Jo Marsh" in words
    assert events(alert)[-3:] == ["alert.opened", "alert.acknowledged", "alert.answered"]
    with as_service("dispatch"):
        facts = AuditEntry.objects.filter(event="alert.answered").get().additional_data
    assert facts == {"concerns": concerns, "adult_works": None, "allocated": True}


@pytest.mark.req("ALR-12")
@pytest.mark.parametrize(
    ("concerns", "next_step"),
    [
        ("none", "tell the staff who need to know, and monitor"),
        ("allocated", "liaise with"),
        ("other", "talk to"),
    ],
)
def test_each_branch_says_what_comes_next(world: World, alert: Alert, concerns: str, next_step: str) -> None:
    client = signed_in(world.dsl)
    path = f"/alerts/{alert.ref}/"
    assert "Do you know of anything else about this child?" in client.get(path).content.decode()
    assert client.post(f"{path}acknowledge/", {"concerns": concerns, "version": "0"}).status_code == 302
    page = client.get(path).content.decode()
    assert next_step in page
    for task in ("What you know, and where it leads", "Silent or overt support", "Actions", "Review", "Close"):
        assert task in page


@pytest.mark.req("ALR-14")
def test_an_adult_who_works_with_children_is_for_the_mash_alone(world: World, alert: Alert) -> None:
    say(alert, world.dsl, "none", adult_works=True)
    page = signed_in(world.dsl).get(f"/alerts/{alert.ref}/").content.decode()
    assert "Do not contact the employer" in page
    assert "only the MASH may decide" in page
    assert "For the MASH alone" not in page
    assert "LADO" not in page  # whose threshold it is, the MASH judges: a DSL is offered no such route


def test_it_can_be_left_after_the_first_step_and_taken_up_by_a_deputy(world: World) -> None:
    alert = sent_alert(world, audience=3)
    client = signed_in(world.dsl)
    client.post(f"/alerts/{alert.ref}/acknowledge/")
    assert again(alert).status == "acknowledged"
    other = signed_in(world.deputy)
    assert "To do" in other.get(f"/alerts/{alert.ref}/").content.decode()
    answer = {"concerns": "allocated", "known": "", "worker": "Jo Marsh", "adult_works": "no", "version": "0"}
    assert other.post(f"/alerts/{alert.ref}/answer/", answer).status_code == 302
    form = client.get(f"/alerts/{alert.ref}/answer/").content.decode()
    assert "Jo Marsh" in form


# -- two at once


@pytest.mark.req("ALR-12")
def test_two_leads_answer_at_once_the_second_sees_the_first_and_nothing_is_lost(world: World) -> None:
    alert = sent_alert(world, audience=3)
    say(alert, world.dsl, "other", known="Bruise on Friday.")
    second = signed_in(world.deputy)
    late = second.post(f"/alerts/{alert.ref}/acknowledge/", {"concerns": "none", "version": "0"})
    page = late.content.decode()
    assert late.status_code == 409
    assert world.dsl.name in page
    assert "Bruise on Friday." in page
    assert "Nothing was lost" in page
    assert 'value="none" id="id_concerns_0" checked' in page
    with as_user(world.dsl):
        assert selectors.response_to(alert, for_user=world.dsl).concerns == "other"
    with pytest.raises(Overtaken), fixtures():
        say(alert, world.deputy, "none", version=0)
    say(alert, world.deputy, "none", known="Seen on Monday.", version=1)
    words = "\n".join(text for _, text in filed(alert))
    assert "Bruise on Friday." in words
    assert "Seen on Monday." in words


@pytest.mark.req("ALR-12", "ALR-23")
def test_what_one_has_opened_stays_in_the_list_of_the_others_until_it_is_answered(world: World) -> None:
    alert = sent_alert(world, audience=3)
    signed_in(world.dsl).get(f"/alerts/{alert.ref}/")
    inbox = signed_in(world.deputy).get("/alerts/?view=answer").content.decode()
    assert alert.ref in inbox
    assert f"opened by <bdi>{world.dsl.name}</bdi>" in inbox
    say(alert, world.deputy)
    assert alert.ref not in signed_in(world.dsl).get("/alerts/?view=answer").content.decode()
    assert alert.ref in signed_in(world.dsl).get("/alerts/").content.decode()


# -- several on a bad Monday


@pytest.mark.req("ALR-12")
def test_several_are_acknowledged_each_by_itself_and_a_conflict_is_told_for_its_alert(world: World) -> None:
    alerts = [sent_alert(world, audience=3) for _ in range(3)]
    say(alerts[1], world.deputy, "other", known="Known to us.")
    elsewhere = sent_alert(world, setting=world.other_school)
    client = signed_in(world.dsl)
    refs = [each.ref for each in (*alerts, elsewhere)]
    asked = client.get("/alerts/several/", {"ref": refs}).content.decode()
    assert elsewhere.ref not in asked
    page = client.post("/alerts/several/", {"ref": refs, "concerns": "none", "known": "All in today."}).content.decode()
    assert "2 of 3 acknowledged" in page
    assert f"{world.deputy.name} had acknowledged it already" in page
    assert {again(each).status for each in alerts} == {"acknowledged"}
    assert again(elsewhere).status == "sent"
    with as_user(world.dsl):
        assert [selectors.response_to(each, for_user=world.dsl).concerns for each in alerts] == [
            "none",
            "other",
            "none",
        ]
    for each in (alerts[0], alerts[2]):
        assert events(each)[-3:] == ["alert.opened", "alert.acknowledged", "alert.answered"]
        assert "All in today." in filed(each)[-1][1]
    assert "All in today." not in "".join(text for _, text in filed(alerts[1]))


# -- a child who has left


@pytest.mark.req("ALR-28")
def test_an_alert_for_a_child_who_has_left_goes_back_to_the_board_and_stays_open_there(
    world: World, alert: Alert
) -> None:
    with as_user(world.dsl):
        answers.send_back(alert, because=SentBack.LEFT, note="Moved to the coast.", by=world.dsl)
        with pytest.raises(Conflict, match="already"):
            answers.send_back(alert, because=SentBack.LEFT, note="", by=world.dsl)
    with as_user(world.officer):
        [row] = board_page(BoardView.SENT_BACK, cursor="", for_user=world.officer).rows
        assert row.alert == alert
    page = signed_in(world.officer).get(f"/sent/{alert.ref}/").content.decode()
    assert "not on the roll any more" in page
    assert "Moved to the coast." in page
    assert again(alert).status == "opened"
    assert alert.ref not in signed_in(world.dsl).get("/alerts/?view=answer").content.decode()
    # a colleague knows the child after all: it leaves the board
    say(alert, world.dsl)
    assert again(alert).sent_back_at is None
    assert "alert.taken_back" in events(alert)
    with as_user(world.dsl), pytest.raises(Refused, match="answered"):
        answers.send_back(alert, because=SentBack.LEFT, note="", by=world.dsl)


# -- need to know inside the setting


@pytest.mark.req("ALR-16", "ALR-20", "NTK-01")
def test_the_tutor_reads_one_plain_page_with_what_was_chosen_and_nothing_else(world: World, alert: Alert) -> None:
    grant = tell(alert, world.tutor, world.dsl)
    with fixtures():
        entry = FileEntry.objects.get(pk=grant.content_object_id)
    client = signed_in(world.tutor)
    page = client.get(f"/told/{entry.ref}/").content.decode()
    for told in ("Ottilie Quillfeather", "Let her be late without remark.", "Domestic abuse", "Tutor of the child"):
        assert told in page
    for kept in ("Ferelith", "Osric", "20 November", "4 May 2016", alert.ref, world.mash.name):
        assert kept not in page
    assert "Do not discuss this with the child, the family or other staff" in page
    assert "may not have been there" in page
    for shut in (f"/alerts/{alert.ref}/", "/alerts/", "/files/", f"/alerts/{alert.ref}/tell/"):
        assert client.get(shut).status_code == 404, shut
    assert "Ottilie Quillfeather" in client.get("/shared/").content.decode()
    assert "alert.share_opened" in events(alert)
    with fixtures():
        [mail] = Email.objects.filter(template="access_given")
    assert mail.to == world.tutor.email
    assert "Ottilie" not in str(mail.context)


@pytest.mark.req("ALR-16", "NTK-03")
def test_what_was_told_ends_by_itself_or_is_ended_and_each_opening_is_in_the_history(
    world: World, alert: Alert
) -> None:
    grant = tell(alert, world.tutor, world.dsl)
    with fixtures():
        path = f"/told/{grant.content_object.ref}/"
    client = signed_in(world.tutor)
    assert client.get(path).status_code == 200
    with time_machine.travel(timezone.now() + 2 * WEEK):
        assert signed_in(world.tutor).get(path).status_code == 404
    lead = signed_in(world.dsl)
    assert lead.post(f"/alerts/{alert.ref}/told/{grant.code}/end/").status_code == 302
    assert client.get(path).status_code == 404
    history = lead.get(f"/alerts/{alert.ref}/").content.decode()
    for line in ("Told to a colleague", "Read by the colleague who was told", "A colleague reads it no more"):
        assert line in history


@pytest.mark.req("ALR-16", "NTK-04")
def test_nobody_is_told_who_is_shut_out_or_works_elsewhere_and_only_lead_and_head_tell(world: World) -> None:
    alert = sent_alert(world, audience=3)
    shut_out(alert, world.tutor, by=world.dsl)
    for person in (world.tutor, world.other_dsl):
        with pytest.raises(Refused, match="cannot be told"):
            tell(alert, person, world.dsl)
    with pytest.raises(NotVisible):
        tell(alert, world.head, world.deputy)
    with fixtures():
        assert not FileEntry.objects.filter(kind="share").exists()


@pytest.mark.req("ALR-12", "MRC-18")
def test_the_head_answers_what_is_for_the_head_alone_and_nothing_of_it_is_filed_or_told(world: World) -> None:
    with fixtures():
        alert = world.alert(route="head", audience=4)
    client = signed_in(world.head)
    assert client.post(f"/alerts/{alert.ref}/acknowledge/", {"concerns": "other", "version": "0"}).status_code == 302
    page = client.get(f"/alerts/{alert.ref}/").content.decode()
    assert "for the head alone" in page
    assert "Tell colleagues who need to know" not in page
    assert client.get(f"/alerts/{alert.ref}/tell/").status_code == 404
    assert filed(alert) == []
    assert signed_in(world.dsl).get(f"/alerts/{alert.ref}/").status_code == 404


# -- who was only let see it


@pytest.mark.req("NTK-03")
def test_who_was_only_let_see_the_alert_answers_nothing(world: World, alert: Alert) -> None:
    let_in(alert, world.tutor, world.school, by=world.dsl)
    client = signed_in(world.tutor)
    assert client.get(f"/alerts/{alert.ref}/").status_code == 200
    for path in ("answer", "support", "actions", "review", "close", "send-back", "tell"):
        assert client.get(f"/alerts/{alert.ref}/{path}/").status_code == 404, path
        if path != "tell":
            assert client.post(f"/alerts/{alert.ref}/{path}/", {"support": "silent"}).status_code == 404, path
