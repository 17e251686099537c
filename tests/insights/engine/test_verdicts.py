"""What is said of diaries that hold too little, or in which two things are always together."""

from apps.insights.engine import Exposure, Needed, Pattern, Verdict, Window
from apps.insights.engine.analysis import analyse
from tests.insights.engine.diaries import diary, meal, rating
from tests.insights.engine.simulation import Life, Planted, simulate

SOON = Window(4, 12)


def found(patterns: tuple[Pattern, ...], edible: str, window: Window = SOON) -> Pattern:
    return next(p for p in patterns if (p.edible, p.window) == (edible, window))


def test_an_empty_diary_has_no_results() -> None:
    assert analyse(diary([], []))[0].verdict is Verdict.TOO_LITTLE_DATA


def test_a_category_without_ratings_needs_everything() -> None:
    (result,) = analyse(diary([meal(8, "bread")], []))
    assert result.verdict is Verdict.TOO_LITTLE_DATA
    assert result.patterns == ()
    assert result.needed == Needed(entries=20, days=14, values=2)


def test_ratings_without_meals_need_meals() -> None:
    (result,) = analyse(diary([], [rating(24 * day, day % 3) for day in range(40)]))
    assert result.verdict is Verdict.TOO_LITTLE_DATA
    assert result.needed == Needed(entries=20, days=14, exposed=8, exposed_days=6, unexposed=8, unexposed_days=6)


def test_a_week_of_a_diary_says_how_much_is_missing() -> None:
    eaten = [meal(24 * day + 8, "tea" if day % 2 else "milk") for day in range(7)]
    (result,) = analyse(diary(eaten, [rating(24 * day + 15, day % 3) for day in range(7)]))
    assert result.verdict is Verdict.TOO_LITTLE_DATA
    assert result.needed is not None
    assert (result.needed.entries, result.needed.days) == (13, 7)


def test_constant_ratings_need_different_ones() -> None:
    eaten = [meal(24 * day + 8, "tea" if day % 2 else "milk") for day in range(60)]
    (result,) = analyse(diary(eaten, [rating(24 * day + 15, 3) for day in range(60)]))
    assert result.patterns == ()
    assert result.needed == Needed(values=1)


def test_what_is_eaten_every_time_needs_times_without_it() -> None:
    eaten = [meal(24 * day + 8, "tea") for day in range(60)]
    (result,) = analyse(diary(eaten, [rating(24 * day + 15, day % 5) for day in range(60)]))
    assert result.verdict is Verdict.TOO_LITTLE_DATA
    assert result.needed == Needed(unexposed=8, unexposed_days=6)


def test_what_is_eaten_by_the_clock_needs_other_times() -> None:
    """Coffee every morning and bread every noon: the noon rating differs by the clock as much as by the
    coffee.
    """
    eaten = [meal(24 * d + hour, food) for d in range(60) for hour, food in ((8, "coffee"), (13, "bread"))]
    ratings = [rating(24 * d + hour, (d * 7 + hour) % 5) for d in range(60) for hour in (10, 16)]
    (result,) = analyse(diary(eaten, ratings))
    assert result.verdict is Verdict.TOO_LITTLE_DATA
    assert result.needed == Needed(contrast_days=4)


def test_days_without_meals_count_neither_as_with_nor_as_without() -> None:
    eaten = [meal(24 * d + 8, "milk" if d % 3 else "tea") for d in range(60) if d % 2]
    (result,) = analyse(diary(eaten, [rating(24 * d + 15, (d * d) % 5) for d in range(60)]))
    milk = found(result.patterns, "milk")
    assert milk.exposed + milk.unexposed == 30


def test_an_ingredient_that_only_comes_inside_another_is_named_with_it() -> None:
    life = Life(carried=0.3)
    (result,) = analyse(simulate(1, life, (Planted("cream", -1.2),), {"casserole": 0.5}))
    cream = found(result.patterns, "cream")
    assert cream.verdict is Verdict.WORTH_A_TRIAL
    assert cream.inseparable_from == ("beans", "casserole", "garlic", "sauce")
    assert found(result.patterns, "casserole").q == cream.q


def test_a_composite_is_demoted_when_its_ingredient_explains_it() -> None:
    """Milk acts, and is drunk plain as well as in the latte."""
    life = Life(days=365)
    (result,) = analyse(simulate(2, life, (Planted("milk", -1.0),), {"latte": 0.4, "milk": 0.4}))
    assert found(result.patterns, "milk").verdict is Verdict.WORTH_A_TRIAL
    latte = found(result.patterns, "latte")
    assert latte.q <= 0.05
    assert latte.verdict is Verdict.NO_CLEAR_LINK
    assert latte.explained_by == Exposure("milk", SOON)


def test_two_ingredients_that_act_are_both_found() -> None:
    planted = (Planted("nuts", -1.2), Planted("wine", 1.0, Window(12, 24)))
    (result,) = analyse(simulate(3, Life(days=200), planted, {"nuts": 0.4, "wine": 0.4}))
    best = [(p.edible, p.window) for p in result.patterns if p.verdict is Verdict.WORTH_A_TRIAL]
    assert sorted(best) == [("nuts", SOON), ("wine", Window(12, 24))]


def test_the_strongest_pattern_comes_first_and_decides_for_the_category() -> None:
    (result,) = analyse(simulate(3, Life(), (Planted("nuts", -1.5),), {"nuts": 0.5}))
    assert (result.patterns[0].edible, result.patterns[0].window) == ("nuts", SOON)
    assert result.verdict is Verdict.WORTH_A_TRIAL
    assert [p.verdict for p in result.patterns] == sorted((p.verdict for p in result.patterns), key=list(Verdict).index)
