"""German says what English says: the same numbers, in other words."""

import re
from collections.abc import Callable

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.insights import wording
from apps.insights.engine import Interval, Needed, Pattern, Verdict, Window

counts = st.integers(0, 5_000)
effects = st.floats(-30, 30)
windows = st.sampled_from([Window(0, 4), Window(4, 12), Window(12, 24), Window(24, 48)])


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    low, effect, high = sorted(draw(st.tuples(effects, effects, effects)))
    return Pattern(
        edible="Milk",
        window=draw(windows),
        effect=effect,
        interval=Interval(low, high),
        effect_sd=effect,
        interval_sd=Interval(low, high),
        exposed=draw(counts),
        unexposed=draw(counts),
        p=0.5,
        q=0.5,
        verdict=Verdict.NO_CLEAR_LINK,
    )


def numbers(text: str, *, group: str, point: str) -> list[str]:
    """Sorted, because a language has its own order."""
    found = re.findall(rf"\d(?:[\d{group}]*\d)?(?:{re.escape(point)}\d+)?", text)
    return sorted(number.replace(group, "").replace(point, ".") for number in found)


def holds_in_both(say: Callable[..., object], *things: object) -> None:
    with translation.override("en"):
        english = str(say(*things))
    with translation.override("de"):
        german = str(say(*things))
    assert numbers(english, group=",", point=".") == numbers(german, group=".", point=",")
    assert english != german


@pytest.mark.parametrize(
    "say",
    [wording.steps_in_words, wording.interval_in_words, wording.estimate_in_words, wording.counts_in_words],
    ids=lambda say: say.__name__,
)
@given(pattern=patterns())
def test_a_pattern_has_the_same_numbers(say: Callable[..., object], pattern: Pattern) -> None:
    holds_in_both(say, pattern)


@given(window=windows)
def test_a_window_has_the_same_hours(window: Window) -> None:
    holds_in_both(wording.window_in_words, window)


@given(
    needed=st.builds(
        Needed,
        entries=counts,
        days=counts,
        exposed=counts,
        exposed_days=counts,
        unexposed=counts,
        unexposed_days=counts,
        contrast_days=counts,
        values=st.sampled_from([0, 1, 2]),
    ).filter(wording.needed_in_words)
)
def test_what_is_missing_is_the_same_in_number(needed: Needed) -> None:
    holds_in_both(lambda each: "\n".join(wording.needed_in_words(each)), needed)


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_its_german(verdict: Verdict) -> None:
    holds_in_both(lambda each: wording.VERDICTS[each], verdict)


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        (Needed(entries=12, days=5), "12 weitere Einträge an 5 weiteren Tagen"),
        (Needed(entries=1, days=1), "1 weiterer Eintrag an 1 weiteren Tag"),
        (Needed(days=2), "Einträge an 2 weiteren Tagen"),
    ],
)
def test_numbers_agree_with_their_words(needed: Needed, words: str) -> None:
    with translation.override("de"):
        assert wording.needed_in_words(needed) == (words,)
