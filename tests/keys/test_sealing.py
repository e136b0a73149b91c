"""What a field seals comes back as it was, and under no other row, column, table, version or key."""

import datetime as dt
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from alerts.models import Alert, Notification
from safeguarding.children.models import Child
from safeguarding.crypto.fields import Sealed, SealedDateField, SealedField
from safeguarding.crypto.models import DataKey, KeyEncryptionKey, unwrap, wrap
from safeguarding.crypto.sealing import fresh_key

pytestmark = pytest.mark.req("RET-07")

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=8,
)


def keyed(model: type, pk: int = 7, key: bytes | None = None) -> Any:
    data_key = DataKey(id=1)
    data_key.remember(key or fresh_key())
    return model(pk=pk, crypto_key=data_key)


def field(model: type, name: str) -> SealedField:
    found = model._meta.get_field(name)
    assert isinstance(found, SealedField)
    return found


def back(model: type, name: str, value: Any) -> Any:
    row = keyed(model)
    return field(model, name).unseal(row, Sealed(bytes(field(model, name).seal(row, value).data)))


@given(TEXT)
def test_every_text_comes_back(text: str) -> None:
    assert back(Child, "given_name", text) == text


@given(st.dates())
def test_every_date_comes_back(day: dt.date) -> None:
    assert isinstance(field(Child, "date_of_birth"), SealedDateField)
    assert back(Child, "date_of_birth", day) == day


@given(JSON)
def test_every_list_and_mapping_comes_back(value: Any) -> None:
    assert back(Notification, "content", value) == value


@given(st.text(min_size=1, max_size=30, alphabet="abcdefgh"), st.data())
def test_no_byte_of_a_ciphertext_can_be_changed(text: str, data: st.DataObject) -> None:
    row = keyed(Child)
    sealed = bytearray(field(Child, "given_name").seal(row, text).data)
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(InvalidTag):
        field(Child, "given_name").unseal(row, Sealed(bytes(sealed)))


@pytest.mark.parametrize("part", ["table", "row", "column", "version", "key"])
def test_every_part_that_is_bound_in_counts(part: str) -> None:
    key = fresh_key()
    sealed = field(Child, "given_name").seal(keyed(Child, key=key), "Ottilie").data
    model, name, pk = Child, "given_name", 7
    match part:
        case "table":
            model, name = Alert, "child_given_name"
            Alert._meta.get_field(name).column, column = "given_name", "child_given_name"
        case "row":
            pk = 8
        case "column":
            name = "family_name"
        case "version":
            sealed = type(sealed)(bytes([2]) + sealed[1:])
        case "key":
            key = fresh_key()
    try:
        with pytest.raises(InvalidTag):
            field(model, name).unseal(keyed(model, pk, key), Sealed(sealed))
    finally:
        if part == "table":
            Alert._meta.get_field(name).column = column


@pytest.mark.parametrize("part", ["partnership_id", "bucket", "version"])
def test_a_wrapped_key_opens_only_as_what_it_was_made_for(part: str) -> None:
    from safeguarding.crypto import roots

    kek = KeyEncryptionKey(partnership_id=1, bucket="child", version=1, root_version=1)
    kek.wrapped = roots.provider().wrap(1, fresh_key(), kek.aad)
    assert kek.open()
    setattr(kek, part, {"partnership_id": 2, "bucket": "alert", "version": 2}[part])
    with pytest.raises(Exception, match="root key of version 1 is not the one"):
        kek.open()


def test_a_data_key_opens_only_under_its_own_number() -> None:
    kek, key = fresh_key(), fresh_key()
    wrapped = wrap(kek, key, 1)
    assert unwrap(kek, wrapped, 1) == key
    with pytest.raises(InvalidTag):
        unwrap(kek, wrapped, 2)
