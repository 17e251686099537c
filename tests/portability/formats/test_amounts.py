from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.portability.formats.amounts import Signs
from apps.portability.formats.amounts import amount_and_unit as read


def amount_and_unit(text: str, **how: Any) -> tuple[Decimal | None, str]:
    return read(text, lambda _what: None, **how)


def notes_on(text: str) -> list[str]:
    notes: list[str] = []
    read(text, notes.append)
    return notes


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
        ("1/2 cup", "0.5", "cup"),
        ("½ cup", "0.5", "cup"),
        ("1 1/2 cup", "1.5", "cup"),
        ("1½ cup", "1.5", "cup"),
        ("2⁄3 l", "0.667", "l"),
        ("0.3333 cup", "0.333", "cup"),
        ("0.0001 g", "0.001", "g"),
        ("12345.67891 g", "12345.679", "g"),
    ],
)
def test_a_number_and_its_unit_are_told_apart(text: str, amount: str, unit: str) -> None:
    assert amount_and_unit(text) == (Decimal(amount), unit)


@pytest.mark.parametrize("text", ["", "x 1000.0 IU", "a handful", "5-6 pieces", "1/0 cup", "1/2/3 cup"])
def test_what_has_no_number_in_front_is_all_unit(text: str) -> None:
    assert amount_and_unit(text) == (None, text)


@pytest.mark.parametrize(
    "text", ["1,000 g", "1 000,00 g", "1.2.3 g", "1,2,3 g", "10000000 g", "9999999 5/1 g", "1" * 60 + " g"]
)
def test_unclear_number_is_kept_as_text(text: str) -> None:
    assert amount_and_unit(text) == (None, text)
    assert "kept as text" in notes_on(text)[0]


def test_negative_amount_is_left_to_the_caller() -> None:
    assert amount_and_unit("-5 g") == (Decimal(-5), "g")
    assert amount_and_unit(f"-{'9' * 35} g") == (Decimal(-int("9" * 35)), "g")


@pytest.mark.parametrize(
    ("others", "text", "amount"),
    [
        (["1.00 slice", "20.5 g"], "1,500 g", "1500"),
        (["1,00 slice"], "1,500 g", "1.5"),
        (["1,00 slice"], "1.500 g", "1500"),
        (["1.00 slice"], "1.500 g", "1.5"),
    ],
)
def test_other_amounts_tell_the_decimal_sign(others: list[str], text: str, amount: str) -> None:
    signs = Signs()
    for other in others:
        signs.add(other)
    assert amount_and_unit(text, decimal=signs.decimal) == (Decimal(amount), "g")


def test_contradicting_amounts_tell_no_sign() -> None:
    signs = Signs()
    signs.add("1.00 g")
    signs.add("1,00 g")
    assert signs.decimal is None


def test_long_unit_is_shortened_and_noted() -> None:
    assert amount_and_unit("1 " + "x" * 81) == (Decimal(1), "x" * 79 + "…")
    assert notes_on("1 " + "x" * 81) == ["Longer than 80 characters, so it is shortened"]


def test_rounded_amount_is_noted() -> None:
    assert notes_on("0.3333 cup") == ["More than 3 decimals, so the amount is rounded"]


@given(st.text())
def test_any_text_is_an_amount(text: str) -> None:
    amount, unit = amount_and_unit(text)
    assert amount is None or amount.is_finite()
    assert unit == " ".join(unit.split())


@given(st.decimals(0, 9_999_999, places=2), st.sampled_from(["g", "x 4.0 oz", '- 3 1/2" long', ""]))
def test_what_cronometer_writes_comes_back(amount: Decimal, unit: str) -> None:
    written = f"{amount:.2f} {unit}"
    # A unit that begins with a sign or a digit stands after white space: it is no part of the number.
    assert amount_and_unit(written) == (amount, unit)
