import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodmood.names import fold


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text())
def test_white_space_around_and_between_does_not_matter(name: str) -> None:
    assert fold(f"\t {name}\u00a0") == fold(name)
    assert fold("  ".join(name.split())) == fold(name)


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="ıİ")))
def test_case_does_not_matter_in_any_script(name: str) -> None:
    """Save for the Turkish i, whose capital is another letter elsewhere, and for loose accents."""
    assert fold(name.upper()) == fold(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Äpfel", "äpfel"), ("A\u0308pfel", "Äpfel"), ("Weißwurst", "WEISSWURST"), ("ΣΟΥΠΑΣ", "σουπας"), ("ﬁg", "FIG")],
)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Apfel", "Äpfel"), ("Milk", "Milk 2"), ("oatmilk", "oat milk")])
def test_other_names_stay_other(one: str, other: str) -> None:
    assert fold(one) != fold(other)
