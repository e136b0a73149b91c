"""Sealed columns: bound to table, row and column, opened by their own key only, gone with it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import F

from alerts.models import Alert, Notification, Screening
from safeguarding.children.models import Child
from safeguarding.crypto import keys
from safeguarding.crypto.fields import Sealed, SealedField
from safeguarding.crypto.models import DataKey, KeyEncryptionKey, opened
from tests.factories import ChildFactory, PartnershipFactory, World
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with fixtures():
        world = World()
        world.one = world.alert(child_given_name="Ottilie", adults=["Ferelith Quillfeather"])
        world.other = world.alert(child_given_name="Barnaby")
    return world


@pytest.fixture
def forgetful_keys() -> Iterator[None]:
    """Nothing opened earlier is remembered, before and after."""
    opened.clear()
    yield
    opened.clear()


def row(table: str, pk: int, column: str) -> bytes:
    with fixtures(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def overwrite(table: str, pk: int, **values: Any) -> None:
    with fixtures(), connection.cursor() as cursor:
        for column, value in values.items():
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])


def reread(alert: Alert) -> Alert:
    return Alert.objects.select_related("crypto_key").get(pk=alert.pk)


def test_what_was_written_comes_back_and_the_row_holds_none_of_it(world: World) -> None:
    with as_user(world.dsl):
        alert = reread(world.one)
        assert (alert.child_given_name, alert.child_date_of_birth) == ("Ottilie", dt.date(2016, 5, 4))
        assert alert.adults == ["Ferelith Quillfeather"]
    assert b"Ottilie" not in row("alerts_alert", world.one.pk, "child_given_name")
    with as_service("dispatch"):
        assert row("alerts_alert", world.one.pk, "child_given_name") != row(
            "alerts_alert", world.one.pk, "child_family_name"
        )


@pytest.mark.parametrize("value", ["", "O'Brien", "Zoë 🦊", "שרה", "x" * 5000, "a\x1fb", "\u202eevil"])
def test_any_text_survives(world: World, value: str) -> None:
    with fixtures():
        child = ChildFactory(partnership=world.partnership, controller=world.mash, given_name=value)
        assert Child.objects.get(pk=child.pk).given_name == value


def test_the_same_value_never_looks_the_same(world: World) -> None:
    with fixtures():
        twins = [ChildFactory(partnership=world.partnership, controller=world.mash) for _ in range(2)]
    sealed = [row("children_child", twin.pk, "family_name") for twin in twins]
    assert sealed[0] != sealed[1]
    assert twins[0].crypto_key_id != twins[1].crypto_key_id


def test_a_ciphertext_copied_to_another_row_does_not_open(world: World) -> None:
    overwrite("alerts_alert", world.one.pk, child_given_name=row("alerts_alert", world.other.pk, "child_given_name"))
    with as_user(world.dsl), pytest.raises(InvalidTag):
        _ = reread(world.one).child_given_name


def test_not_even_together_with_its_key(world: World) -> None:
    stolen = row("alerts_alert", world.other.pk, "child_given_name")
    overwrite("alerts_alert", world.one.pk, child_given_name=stolen, crypto_key_id=world.other.crypto_key_id)
    with as_user(world.dsl), pytest.raises(InvalidTag):
        _ = reread(world.one).child_given_name


def test_a_ciphertext_copied_to_another_column_does_not_open(world: World) -> None:
    overwrite("alerts_alert", world.one.pk, child_family_name=row("alerts_alert", world.one.pk, "child_given_name"))
    with as_user(world.dsl), pytest.raises(InvalidTag):
        _ = reread(world.one).child_family_name


def test_one_flipped_bit_is_noticed(world: World) -> None:
    data = bytearray(row("alerts_alert", world.one.pk, "child_given_name"))
    data[-1] ^= 1
    overwrite("alerts_alert", world.one.pk, child_given_name=bytes(data))
    with as_user(world.dsl), pytest.raises(InvalidTag):
        _ = reread(world.one).child_given_name


def test_a_wrapped_key_moved_to_another_record_does_not_open(world: World) -> None:
    overwrite(
        "crypto_datakey", world.one.crypto_key_id, wrapped=row("crypto_datakey", world.other.crypto_key_id, "wrapped")
    )
    with as_user(world.dsl), pytest.raises(InvalidTag):
        _ = reread(world.one).child_given_name


@pytest.mark.usefixtures("forgetful_keys")
def test_under_another_root_key_nothing_opens(world: World, settings: Any) -> None:
    settings.ROOT_KEYS = {1: bytes(reversed(range(32)))}
    opened.clear()
    with as_user(world.dsl), pytest.raises(ImproperlyConfigured, match="version 1 is not the one"):
        _ = reread(world.one).child_given_name


def test_a_destroyed_key_takes_every_copy_with_it(world: World) -> None:
    overwrite("crypto_datakey", world.one.crypto_key_id, wrapped=None)
    with as_user(world.dsl):
        alert = reread(world.one)
        assert alert.ref
        with pytest.raises(keys.KeyDestroyed):
            _ = alert.child_given_name
        assert reread(world.other).child_given_name == "Barnaby"


def test_sealed_columns_cannot_be_searched_or_written_around(world: World) -> None:
    with as_user(world.officer):
        for query in (
            lambda: Alert.objects.filter(child_given_name="Ottilie"),
            lambda: Alert.objects.filter(child_given_name__icontains="Ott"),
            lambda: Alert.objects.exclude(child_date_of_birth__gt=dt.date(2010, 1, 1)),
            lambda: Alert.objects.update(child_given_name="Clear"),
            lambda: Alert.objects.update(child_given_name=b"Clear"),
            lambda: Alert.objects.bulk_update([_renamed(reread(world.one))], ["child_given_name"]),
        ):
            with pytest.raises(FieldError, match="encrypted"), transaction.atomic():
                query()
        assert Alert.objects.filter(child_date_of_birth__isnull=True).count() == 0
        values = Alert.objects.values_list("child_given_name", flat=True)
        assert all(isinstance(value, Sealed) and "Ottilie" not in repr(value) for value in values)


def _renamed(alert: Alert) -> Alert:
    alert.child_given_name = "Clear"
    return alert


def test_a_column_copied_by_sql_expression_does_not_open(world: World) -> None:
    with as_user(world.officer):
        Alert.objects.filter(pk=world.one.pk).update(child_given_name=F("child_family_name"))
        with pytest.raises(InvalidTag):
            _ = reread(world.one).child_given_name


def test_deferred_columns_come_when_they_are_looked_at(world: World) -> None:
    with as_user(world.dsl):
        assert Alert.objects.only("ref").get(pk=world.one.pk).child_given_name == "Ottilie"
        assert Alert.objects.defer("adults").get(pk=world.one.pk).adults == ["Ferelith Quillfeather"]
        alert = reread(world.one)
        alert.refresh_from_db()
        assert alert.child_given_name == "Ottilie"


def test_a_list_changed_in_place_is_saved(world: World) -> None:
    with as_user(world.officer):
        alert = reread(world.one)
        before = row("alerts_alert", alert.pk, "adults")
        alert.save(update_fields=["adults"])
        assert row("alerts_alert", alert.pk, "adults") == before
        alert.adults.append("Osric Vane")
        alert.save(update_fields=["adults"])
        assert reread(alert).adults == ["Ferelith Quillfeather", "Osric Vane"]


def test_many_at_once_are_sealed_like_one(world: World) -> None:
    with fixtures():
        made = Child.objects.bulk_create(
            [
                Child(partnership=world.partnership, controller=world.mash, given_name=f"Child {n}", family_name="Q")
                for n in range(5)
            ]
        )
        assert [child.given_name for child in Child.objects.filter(pk__in=[c.pk for c in made]).order_by("pk")] == [
            f"Child {n}" for n in range(5)
        ]
    assert len({child.ref for child in made}) == len({child.crypto_key_id for child in made}) == 5


def test_a_sealed_record_is_not_copied_by_taking_its_id_away(world: World) -> None:
    with fixtures():
        notification = world.notification()
        screening = Screening.objects.create(
            partnership=world.partnership, controller=world.mash, notification=notification, level=2,
            level_name="Early help", decision="send", reason="why", decided_by=world.officer,
        )  # fmt: skip
        screening.pk = None
        with pytest.raises(TypeError, match="bound to the id"):
            screening.save()


def test_a_page_of_rows_costs_no_query_for_each_key(world: World, django_assert_num_queries: Any) -> None:
    with as_user(world.dsl):
        assert reread(world.one).child_given_name  # the partnership's own key is opened once and remembered
    with as_user(world.dsl), django_assert_num_queries(1):
        assert {alert.child_given_name for alert in Alert.objects.select_related("crypto_key")} == {
            "Ottilie",
            "Barnaby",
        }


def test_one_key_encryption_key_for_each_bucket_of_each_partnership(world: World) -> None:
    with fixtures():
        ChildFactory(partnership=world.partnership, controller=world.mash)
        buckets = set(KeyEncryptionKey.objects.filter(partnership=world.partnership).values_list("bucket", flat=True))
        assert {"alert", "child", "police"} <= buckets
        assert KeyEncryptionKey.objects.filter(partnership=world.partnership).count() == len(buckets)
        assert DataKey.objects.get(pk=world.one.crypto_key_id).kek.bucket == "alert"


def test_tokens_of_one_partnership_say_nothing_in_another() -> None:
    with fixtures():
        one, two = (PartnershipFactory().pk for _ in range(2))
    assert keys.blind_token(one, "upn", "B801200005001") == keys.blind_token(one, "upn", "B801200005001")
    assert keys.blind_token(one, "upn", "B801200005001") != keys.blind_token(two, "upn", "B801200005001")
    assert keys.blind_token(one, "upn", "B801200005001") != keys.blind_token(one, "nhs", "B801200005001")
    assert keys.body_mac(one, b"x") != keys.body_mac(one, b"y") != keys.body_mac(two, b"y")


def test_every_column_that_names_or_tells_is_sealed() -> None:
    """Design section 4: names, dates of birth, narratives and reasons; states, times and keys are not."""
    sealed = {
        model: {field.name for field in model._meta.fields if isinstance(field, SealedField)}
        for model in (Child, Alert, Notification, Screening)
    }
    assert sealed == {
        Child: {"given_name", "family_name", "date_of_birth", "upn", "nhs_number"},
        Alert: {
            *("child_given_name", "child_family_name", "child_date_of_birth", "child_expected_on", "adults"),
            "sent_back_note",
        },
        Notification: {"content"},
        Screening: {"reason"},
    }
