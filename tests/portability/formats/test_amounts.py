from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.archive.problems import Fault
from apps.portability.formats.amounts import amount_and_unit


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("8.00 g", "8", "g"),
        ('8.00 whole - 3 1/2" diameter', "8", 'whole - 3 1/2" diameter'),
        ("4.00 x 4.0 oz", "4", "x 4.0 oz"),
        ("100g", "100", "g"),
        ("0.00 g", "0", "g"),
        ("1.000 cup", "1", "cup"),
        ("1,5 cup", "1.5", "cup"),
        ("0,125 l", "0.125", "l"),
        ("1,000.50 g", "1000.5", "g"),
        ("1.000,50 g", "1000.5", "g"),
        ("1,000,000 IU", "1000000", "IU"),
        ("2   large\N{NO-BREAK SPACE}eggs", "2", "large eggs"),
        ("7", "7", ""),
    ],
)
def test_a_number_and_its_unit_are_told_apart(text: str, amount: str, unit: str) -> None:
    assert amount_and_unit(text) == (Decimal(amount), unit)


@pytest.mark.parametrize("text", ["", "x 1000.0 IU", "a handful", "1/2 cup", "5-6 pieces", "½ cup"])
def test_what_has_no_number_in_front_is_all_unit(text: str) -> None:
    assert amount_and_unit(text) == (None, text)


@pytest.mark.parametrize("text", ["1,000 g", "1 000,00 g", "1.2.3 g", "1,2,3 g", "-5 g", "10000000 g", "0.0005 g"])
def test_a_number_that_could_be_taken_wrongly_is_refused(text: str) -> None:
    with pytest.raises(Fault):
        amount_and_unit(text)


def test_a_unit_over_its_length_is_refused() -> None:
    with pytest.raises(Fault, match="has 81 characters"):
        amount_and_unit("1 " + "x" * 81)


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount, unit = amount_and_unit(text)
    except Fault:
        return
    assert amount is None or amount >= 0
    assert unit == " ".join(unit.split())


@given(st.decimals(0, 9_999_999, places=2), st.sampled_from(["g", "x 4.0 oz", '- 3 1/2" long', ""]))
def test_what_cronometer_writes_comes_back(amount: Decimal, unit: str) -> None:
    written = f"{amount:.2f} {unit}"
    # A unit that begins with a sign or a digit stands after white space: it is no part of the number.
    assert amount_and_unit(written) == (amount, unit)
