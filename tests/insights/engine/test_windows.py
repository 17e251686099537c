import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from apps.insights.engine.boundaries import SECONDS_PER_HOUR, bounds, whole_seconds
from apps.insights.engine.windows import WINDOWS

ENTRY = 20_000 * 24 * SECONDS_PER_HOUR


def windows_holding(lag_seconds: int) -> list[int]:
    """Start hours of the windows that hold a meal this long before an entry."""
    meals, entries = np.array([ENTRY - lag_seconds]), np.array([ENTRY])
    slices = [(window, bounds(window, meals, entries)) for window in WINDOWS]
    return [window.start_hours for window, (first, last) in slices if last[0] > first[0]]


@given(st.integers(0, 48 * SECONDS_PER_HOUR - 1))
def test_a_meal_of_the_last_two_days_is_in_exactly_one_window(lag: int) -> None:
    assert len(windows_holding(lag)) == 1


@given(st.one_of(st.integers(-10_000_000, -1), st.integers(48 * SECONDS_PER_HOUR, 10_000_000)))
def test_a_later_or_an_older_meal_is_in_none(lag: int) -> None:
    assert windows_holding(lag) == []


def test_a_meal_on_a_boundary_belongs_to_the_later_window() -> None:
    assert windows_holding(0) == [0]
    assert windows_holding(4 * SECONDS_PER_HOUR) == [4]
    assert windows_holding(12 * SECONDS_PER_HOUR) == [12]
    assert windows_holding(24 * SECONDS_PER_HOUR) == [24]


@given(st.integers(0, 60 * 24 * 20_000))
def test_a_boundary_holds_for_times_that_are_not_exact_in_binary(minute: int) -> None:
    meal, entry = whole_seconds([minute / 60, minute / 60 + 4])
    assert entry - meal == 4 * SECONDS_PER_HOUR
