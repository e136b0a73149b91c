import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.children import names


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoë", "ZOE"),
        ("Zoë", "Zoe\u0308"),
        ("D’Arcy", "D'Arcy"),
        ("O'Neil", "ONeil"),
        ("Anne-Marie", "Anne Marie"),
        ("Anne–Marie", "annemarie"),
        ("Łucja", "Lucja"),
        ("Søren", "Soren"),
        ("STRAẞE", "Strasse"),
        ("ﬁnn", "Finn"),
        ("  Ottilie  ", "Ottilie"),
        ("محـمد", "محمد"),
        ("\u200fדנה\u200f", "דנה"),
        ("Sam 😀", "Sam"),
        ("Ангелина", "АНГЕЛИНА"),
    ],
)
def test_the_same_name_written_differently_has_one_key(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize(
    ("one", "other"), [("Ella", "Emma"), ("की", "का"), ("😀", "😎"), ("Ana", "Anna"), ("کمال", "جمال")]
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert names.key(one) != names.key(other)


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Freya", "Freyja"),
        ("Meghan", "Megan"),
        ("Sean", "Shaun"),
        ("Mohammed", "Muhammad"),
        ("William", "Bill"),
        ("Anne-Marie", "Anne"),
        ("Isobel", "Isabelle"),
        ("Catherine", "Katherine"),
        ("Alexander", "Alex"),
    ],
)
def test_a_misspelt_or_short_name_is_alike(one: str, other: str) -> None:
    assert names.alike(one, other)
    assert names.alike(other, one)


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize(
    ("one", "other"), [("Freya", "Oscar"), ("Ella", "Emma"), ("Poppy", "Daisy"), ("Ben", "Sam"), ("Noah", "Nora")]
)
def test_twins_with_clearly_different_names_are_not_alike(one: str, other: str) -> None:
    assert not names.alike(one, other)


@given(st.text(max_size=60))
def test_any_text_has_a_key_that_is_its_own_key(name: str) -> None:
    key = names.key(name)
    assert names.key(key) == key
    assert not names.alike(name, "") or not key


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    assert names.alike(one, other) == names.alike(other, one)
