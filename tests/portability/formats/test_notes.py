from hypothesis import given
from hypothesis import strategies as st

from apps.portability.formats.notes import plain_note


def test_a_tag_that_a_person_wrote_stays() -> None:
    assert plain_note("", "&lt;b&gt;") == "<b>"


def test_empty_lines_do_not_pile_up() -> None:
    assert plain_note("", "a<br><br><br><br>b") == "a\n\nb"


def test_very_many_opening_brackets_take_no_time() -> None:
    assert plain_note("", "<a" * 50_000).startswith("<a")


@given(st.text(), st.text())
def test_any_note_has_no_space_around_it(title: str, note: str) -> None:
    plain = plain_note(title, note)
    assert plain == plain.strip()
