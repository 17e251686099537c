import numpy as np
import pytest

from apps.insights.engine import Eaten, Window
from apps.insights.engine.boundaries import whole_seconds
from apps.insights.engine.exposure import Meals

DAY = 20_000 * 24.0


def observed(eaten: list[Eaten], entry_hours: list[float], window: Window) -> list[bool]:
    meals = Meals.of(eaten, {})
    entries = whole_seconds([DAY + hour for hour in entry_hours])
    kept: list[bool] = meals.observed(entries, np.array(entry_hours) % 24, window).tolist()
    return kept


def test_an_ingredient_two_levels_down_is_eaten_with_the_whole() -> None:
    meals = Meals.of([Eaten(DAY + 8, "casserole")], {"casserole": ("sauce",), "sauce": ("cream",)})
    exposed = meals.exposed(whole_seconds([DAY + 9, DAY + 13]), Window(0, 4))
    assert meals.edibles == ("casserole", "cream", "sauce")
    assert exposed.tolist() == [[True, True, True], [False, False, False]]


def test_an_edible_eaten_twice_in_one_meal_counts_once() -> None:
    meals = Meals.of([Eaten(DAY, "latte"), Eaten(DAY, "milk")], {"latte": ("milk",)})
    assert meals.counts[-1].tolist() == [1, 1]


def test_a_window_without_any_meal_was_not_observed() -> None:
    assert observed([Eaten(DAY + 8, "bread")], [9.0, 15.0], Window(0, 4)) == [True, False]


def test_a_window_with_half_of_the_usual_meals_was_observed() -> None:
    eaten = [Eaten(DAY + 24 * day + hour, "bread") for day in range(10) for hour in (8, 12, 18, 20)]
    fewer = [Eaten(DAY + 240 + 8, "bread"), Eaten(DAY + 240 + 12, "bread")]
    evenings = [24.0 * day + 22 for day in range(12)]
    assert observed(eaten + fewer, evenings, Window(0, 24))[10:] == [True, False]


def test_a_window_with_less_than_half_of_the_usual_meals_was_not_observed() -> None:
    eaten = [Eaten(DAY + 24 * day + hour, "bread") for day in range(10) for hour in (8, 12, 18, 20)]
    single = [Eaten(DAY + 240 + 12, "bread")]
    evenings = [24.0 * day + 22 for day in range(11)]
    assert observed(eaten + single, evenings, Window(0, 24)) == [True] * 10 + [False]


@pytest.mark.parametrize(
    ("lag", "window", "expected"),
    [
        (2, Window(0, 4), True),
        (6.5, Window(0, 4), True),  # perhaps eaten at 3.5
        (-2, Window(0, 4), True),  # guessed after the entry, perhaps eaten before it
        (7.5, Window(0, 4), False),
        (-3.5, Window(0, 4), False),
        (11, Window(4, 12), False),  # the window is longer than the six hours in question
    ],
)
def test_a_guess_blurs_shorter_windows_near_it(lag: float, window: Window, *, expected: bool) -> None:
    meals = Meals.of([Eaten(DAY, "bread", within=3)], {})
    blurred = meals.blurred(whole_seconds([DAY + lag]), np.array([0]), window)
    assert blurred.tolist() == [expected]


def test_guesses_of_meal_and_entry_add_up() -> None:
    meals = Meals.of([Eaten(DAY, "bread", within=3), Eaten(DAY + 40, "cheese")], {})
    entries, within = whole_seconds([DAY + 8, DAY + 8, DAY + 41]), np.array([0, 4, 4])
    assert meals.blurred(entries, within, Window(4, 12)).tolist() == [False, True, False]
    assert meals.blurred(entries, within, Window(0, 4)).tolist() == [False, True, True]


def test_known_times_blur_nothing() -> None:
    meals = Meals.of([Eaten(DAY, "bread")], {})
    assert not meals.blurred(whole_seconds([DAY + 2]), np.array([0]), Window(0, 4)).any()


def test_a_person_who_logs_one_meal_a_day_is_observed() -> None:
    eaten = [Eaten(DAY + 24 * day + 12, "bread") for day in range(5)]
    assert observed(eaten, [24.0 * day + 18 for day in range(5)], Window(4, 12)) == [True] * 5
