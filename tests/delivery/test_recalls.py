"""An alert went to the wrong setting: recalled there, sent where it belongs (ALR-03, ALR-23, ALR-28)."""

from collections.abc import Callable

import pytest
from django.test import Client

from agreements.models import AgreementItem, Signature
from alerts.delivery.enums import AlertStatus, RecalledBecause, RedirectedBecause, SentBack
from alerts.delivery.models import Alert
from alerts.delivery.recalls import redirect
from alerts.intake.models import Notification, NotificationChild
from alerts.response.answers import send_back
from alerts.response.services import acknowledge, open_alert
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.models import AuditEntry
from safeguarding.children.enums import PlacementSource
from safeguarding.children.models import Placement
from safeguarding.children.services import place
from safeguarding.errors import NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.delivery.support import drain, prepared, sent
from tests.factories import AgencyFactory, SignatureFactory, World
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]


def alerts() -> list[Alert]:
    with as_service("dispatch"):
        return list(Alert.objects.select_related("crypto_key", "setting", "child").order_by("pk"))


def redirected(
    world: World, setting: Agency, because: RedirectedBecause = RedirectedBecause.NOT_ON_ROLL
) -> list[Alert]:
    with as_user(world.officer):
        redirect(alerts()[0], setting=setting, because=because, by=world.officer)
    drain()
    return alerts()


@pytest.mark.req("ALR-03", "ALR-09", "ALR-28")
def test_sent_in_error_is_recalled_there_and_sent_where_it_belongs(world: World, client_of: ClientOf) -> None:
    notification = sent(world, world.school)
    with as_user(world.dsl):
        open_alert(alerts()[0], by=world.dsl, purpose="test")
    wrong, right = redirected(world, world.other_school)

    assert (wrong.status, wrong.recalled_because, wrong.opened_at) == (
        AlertStatus.SENT,
        RecalledBecause.WRONG_SETTING,
        None,
    )
    assert (wrong.child_given_name, wrong.child_family_name, wrong.child_date_of_birth) == ("", "", None)
    assert (wrong.adults, wrong.incident_on) == ([], None)
    assert (right.status, right.setting, right.child_given_name) == (AlertStatus.SENT, world.other_school, "Child0")
    assert right.follows_id == wrong.pk

    page = client_of(world.dsl).get(f"/alerts/{wrong.ref}/").content.decode()
    assert "Sent to you in error" in page
    assert "Do not act on it" in page
    for name in ("Child0", "Ferelith", "Osric", world.other_school.name):
        assert name not in page
    inbox = client_of(world.dsl).get("/alerts/").content.decode()
    assert "Recalled" in inbox
    assert "Domestic abuse</td>" in inbox
    assert "Child0" not in inbox
    assert "Child0" in client_of(world.other_dsl).get(f"/alerts/{right.ref}/").content.decode()
    assert client_of(world.dsl).get(f"/alerts/{right.ref}/").status_code == 404
    with as_user(world.dsl):
        assert acknowledge(wrong, by=world.dsl).status == AlertStatus.ACKNOWLEDGED
    with as_service("dispatch"):
        mails = dict(Email.objects.values_list("to", "template").order_by("pk"))
        assert mails == {world.dsl.email: "alert_changed", world.other_dsl.email: "alert_sent"}
        row = NotificationChild.objects.get(notification=notification)
        assert row.setting == world.other_school
        assert Notification.objects.get(pk=notification.pk).content is None
    with as_service("setup"):
        entry = AuditEntry.objects.get(event="alert.redirected")
        assert entry.actor == world.officer
        assert entry.additional_data == {"because": "not_on_roll", "to": right.ref}


def test_the_hub_does_it_in_the_browser(world: World, client_of: ClientOf) -> None:
    sent(world, world.school)
    [alert] = alerts()
    officer = client_of(world.officer)
    path = f"/sent/{alert.ref}/redirect/"
    assert "Send it to another setting" in officer.get(path).content.decode()
    found = officer.post(path, {"action": "search", "search": "second"}).content.decode()
    assert "1 setting found" in found
    nothing = officer.post(path, {"action": "send", "search": "second"}).content.decode()
    assert "Say why it goes to another setting" in nothing
    form = {"action": "send", "search": "second", "setting": world.other_school.slug, "because": "mistake"}
    response = officer.post(path, form)
    drain()
    _, right = alerts()
    assert response.headers["Location"] == f"/sent/{right.ref}/"
    page = officer.get(f"/sent/{alert.ref}/").content.decode()
    assert "It was sent to the wrong setting" in page
    assert right.ref in page
    assert officer.get(path).status_code == 409
    for stranger in (world.dsl, world.constable, world.ig_lead):
        assert client_of(stranger).get(path).status_code == 404
        assert client_of(stranger).post(path, form).status_code == 404


@pytest.mark.req("ALR-04")
def test_a_second_setting_is_told_as_well_and_the_first_left_in_peace(world: World) -> None:
    sent(world, world.school)
    first, second = redirected(world, world.other_school, RedirectedBecause.DUAL)
    assert (first.recalled_at, first.child_given_name) == (None, "Child0")
    assert (second.status, second.setting) == (AlertStatus.SENT, world.other_school)
    with as_service("dispatch"):
        row = NotificationChild.objects.get()
        assert (row.setting, row.second_setting) == (world.school, world.other_school)
        assert not Email.objects.filter(template="alert_changed").exists()


@pytest.mark.req("ALR-28")
def test_a_child_that_moved_is_on_record_where_it_is_now(world: World) -> None:
    sent(world, world.school)
    with as_user(world.officer):
        place(child=alerts()[0].child, setting=world.school, source=PlacementSource.REGISTER)
    redirected(world, world.other_school, RedirectedBecause.MOVED)
    with as_service("dispatch"):
        now = Placement.objects.filter(ends_on=None)
        assert [each.setting for each in now] == [world.other_school]
        assert Placement.objects.count() == 2


def test_what_had_not_left_never_leaves(world: World) -> None:
    prepared(world, world.school)
    wrong, right = redirected(world, world.other_school)
    assert (wrong.status, wrong.sent_at) == (AlertStatus.CANCELLED, None)
    assert right.status == AlertStatus.SENT
    with as_service("dispatch"):
        assert set(Email.objects.values_list("to", flat=True)) == {world.other_dsl.email}


@pytest.mark.req("ALR-08")
def test_the_other_setting_passes_the_gate_like_any(world: World) -> None:
    with fixtures():
        unsigned = AgencyFactory(partnership=world.partnership, name="Never Signed School")
    sent(world, world.school)
    _, right = redirected(world, unsigned)
    assert (right.status, right.withheld_reason) == (AlertStatus.WITHHELD, "never_signed")


def test_not_twice_not_where_it_is_and_not_to_a_closed_school(world: World) -> None:
    with fixtures():
        closed = AgencyFactory(partnership=world.partnership, name="Closed School", is_active=False)
        SignatureFactory(agreement=world.agreement, agency=closed)
    sent(world, world.school)
    for setting, sentence in ((world.school, "has an alert about this already"), (closed, "has closed")):
        with pytest.raises(Refused, match=sentence):
            redirected(world, setting)
    redirected(world, world.other_school)
    with pytest.raises(Refused, match="recalled already"):
        redirected(world, world.council)


def back_and_forth(world: World, *settings: Agency) -> list[Alert]:
    """From wherever the alert is now to each of these settings in turn."""
    for setting in settings:
        with as_user(world.officer):
            [now] = [each for each in alerts() if each.recalled_at is None and each.status != AlertStatus.CANCELLED]
            redirect(now, setting=setting, because=RedirectedBecause.NOT_ON_ROLL, by=world.officer)
        drain()
    return alerts()


@pytest.mark.req("ALR-03", "ALR-23")
def test_it_goes_back_to_a_setting_from_which_it_was_recalled(world: World, client_of: ClientOf) -> None:
    sent(world, world.school)
    with as_user(world.dsl):
        open_alert(alerts()[0], by=world.dsl, purpose="test")
        send_back(alerts()[0], because=SentBack.NEVER, note="Not ours", by=world.dsl)
    first, second = back_and_forth(world, world.other_school, world.school)

    assert (first.status, first.recalled_at, first.recalled_because) == (AlertStatus.SENT, None, "")
    assert (first.child_given_name, first.child_family_name) == ("Child0", "Quillfeather")
    assert first.adults
    assert first.incident_on is not None
    assert first.opened_at is None
    assert (first.sent_back_at, first.sent_back_because, first.sent_back_note) == (None, "", None)
    assert first.follows_id == second.pk
    assert (second.recalled_because, second.child_given_name) == (RecalledBecause.WRONG_SETTING, "")
    page = client_of(world.dsl).get(f"/alerts/{first.ref}/").content.decode()
    assert "Child0" in page
    assert "Sent to you in error" not in page
    assert "it counts after all" in page
    assert client_of(world.officer).get(f"/sent/{first.ref}/").status_code == 200
    with as_service("dispatch"):
        row = NotificationChild.objects.get()
        assert row.setting == world.school
    with as_user(world.dsl):
        assert acknowledge(first, by=world.dsl).status == AlertStatus.ACKNOWLEDGED


@pytest.mark.req("ALR-23")
def test_however_often_it_goes_back_and_forth_everybody_is_told_each_time(world: World) -> None:
    sent(world, world.school)
    back_and_forth(world, *(world.other_school, world.school) * 2)
    with as_service("dispatch"):
        mails = list(Email.objects.order_by("pk").values_list("template", "to"))
    ours, theirs = world.dsl.email, world.other_dsl.email
    assert mails[:3] == [("alert_sent", ours), ("alert_changed", ours), ("alert_sent", theirs)]
    assert sorted(mails[3:]) == [("alert_changed", to) for to in sorted([ours] * 3 + [theirs] * 3)]


def test_what_was_cancelled_before_it_left_leaves_after_all(world: World) -> None:
    prepared(world, world.school)
    first, second = back_and_forth(world, world.other_school, world.school)
    assert (first.status, first.follows_id) == (AlertStatus.SENT, second.pk)
    assert (first.child_given_name, second.recalled_because) == ("Child0", RecalledBecause.WRONG_SETTING)
    with as_service("dispatch"):
        mails = Email.objects.filter(to=world.dsl.email).values_list("template", flat=True)
        assert list(mails) == ["alert_sent"]


@pytest.mark.req("AGR-01", "ALR-09")
def test_it_goes_back_with_no_more_than_the_other_setting_was_told(world: World) -> None:
    sent(world, world.school)
    with fixtures():
        world.agreement.items.filter(key="adults_names").delete()
    back_and_forth(world, world.other_school)
    with fixtures():
        AgreementItem.objects.create(agreement=world.agreement, key="adults_names", justification="Needed.")
    first, _ = back_and_forth(world, world.school)
    assert (first.adults, first.not_shared) == ([], {"adults_names"})
    assert first.incident_on is not None


@pytest.mark.req("ALR-08")
def test_it_does_not_go_back_to_a_setting_that_may_not_be_told_any_more(world: World) -> None:
    sent(world, world.school)
    back_and_forth(world, world.other_school)
    with fixtures():
        Signature.objects.filter(agency=world.school).delete()
    with pytest.raises(Refused, match=r"may not be told.*never signed"):
        back_and_forth(world, world.school)
    first, second = alerts()
    assert (first.recalled_because, first.child_given_name) == (RecalledBecause.WRONG_SETTING, "")
    assert (second.recalled_at, second.child_given_name) == (None, "Child0")


@pytest.mark.req("NTK-02")
def test_nobody_but_the_hub_redirects(world: World) -> None:
    sent(world, world.school)
    for stranger in (world.dsl, world.constable, world.ig_lead):
        with as_user(stranger), pytest.raises(NotVisible):
            redirect(alerts()[0], setting=world.other_school, because=RedirectedBecause.MISTAKE, by=stranger)
