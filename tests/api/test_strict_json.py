import pytest

from safeguarding.web.api.strict_json import Malformed, canonical, loads


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 1} {}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'"\xff"',
        b'"\\ud800"',
        b'{"\\udfff": 1}',
        b'"a\x00b"',
        b"[" * 33 + b"]" * 33,
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"1" * 5000,
        b'{"a": "\n"}',
    ],
)
def test_what_two_programs_could_read_differently_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed) as told:
        loads(body)
    assert str(told.value).endswith(".")


def test_good_json_is_read() -> None:
    assert loads(b'\xef\xbb\xbf {"a": [1, "\\ud83d\\ude00", null]}') == {"a": [1, "😀", None]}


def test_equal_values_have_one_spelling() -> None:
    assert canonical(loads(b'{"b": [1, 2], "a": "\\u00e9"}')) == canonical(loads('{ "a":"é",\n"b":[1,2] }'.encode()))
    assert canonical({"a": True}) != canonical({"a": 1})
    assert canonical({"a": None}) != canonical({})


def test_the_sentence_never_repeats_the_body() -> None:
    with pytest.raises(Malformed) as told:
        loads(b'{"narrative": "CANARY" CANARY}')
    assert "CANARY" not in str(told.value)
    assert told.value.__cause__ is None
