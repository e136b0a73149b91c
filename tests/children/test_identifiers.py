import pytest

from safeguarding.children import identifiers


@pytest.mark.parametrize("upn", ["B801200005001", "P207000016049"])
def test_a_upn_with_its_check_letter_is_right(upn: str) -> None:
    assert identifiers.is_upn(upn)


@pytest.mark.parametrize("upn", ["A801200005001", "B801200005002", "B80120000500", "b801200005001", "B80120000500I"])
def test_a_upn_without_its_check_letter_is_wrong(upn: str) -> None:
    assert not identifiers.is_upn(upn)


def test_a_temporary_upn_counts_its_letter() -> None:
    body = "80120000500A"
    right = [letter for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if identifiers.is_upn(letter + body)]
    # A counts as 0 in last place: 8·2+0·3+1·4+2·5+5·10 = 80, and 80 mod 23 = 11.
    assert right == ["M"]


def test_an_unknown_local_authority_number_is_no_fault() -> None:
    body = "999200005001"
    assert sum(identifiers.is_upn(letter + body) for letter in "ABCDEFGHJKLMNPQRTUVWXYZ") == 1


@pytest.mark.parametrize(("number", "right"), [("9434765919", True), ("4010232137", True), ("9434765918", False)])
def test_nhs_numbers(number: str, right: bool) -> None:
    assert identifiers.is_nhs_number(number) is right


def test_spaces_and_hyphens_of_reading_aloud_are_taken_out() -> None:
    assert identifiers.tidy(" 943 476-5919 ") == "9434765919"
    assert identifiers.tidy("b801 2000 05001") == "B801200005001"


@pytest.mark.parametrize(("urn", "right"), [("900001", True), ("90001", False), ("٩٠٠٠٠١", False), ("9000011", False)])
def test_a_urn_is_six_digits(urn: str, right: bool) -> None:
    assert identifiers.is_urn(urn) is right
