import pytest

from apps.insights.charts import Scale
from apps.insights.engine import Interval, Needed, Pattern, Verdict, Window
from apps.insights.wording import alternatives_in_words, estimate_in_words, needed_in_words, window_in_words


def pattern(effect: float, low: float, high: float) -> Pattern:
    return Pattern(
        edible="Milk",
        window=Window(4, 12),
        effect=effect,
        interval=Interval(low, high),
        effect_sd=effect,
        interval_sd=Interval(low, high),
        exposed=40,
        unexposed=200,
        p=0.01,
        q=0.02,
        verdict=Verdict.WORTH_A_TRIAL,
    )


@pytest.mark.parametrize(
    ("effect", "low", "high", "words"),
    [
        (1.178, 0.933, 1.422, "about 1.2 steps higher (95 %: 0.9 to 1.4)"),
        (-0.62, -0.9, -0.34, "about 0.6 steps lower (95 %: 0.3 to 0.9)"),
        (0.3, -0.2, 0.8, "about 0.3 steps higher (95 %: 0.2 lower to 0.8 higher)"),
        (-0.3, -0.6, 0.01, "about 0.3 steps lower (95 %: 0.0 to 0.6)"),
        (0.02, -0.5, 0.5, "about the same (95 %: 0.5 lower to 0.5 higher)"),
        (0.123, 0.051, 0.195, "about 0.12 steps higher (95 %: 0.05 to 0.20)"),
        (42.4, 20.2, 64.6, "about 42 steps higher (95 %: 20 to 65)"),
    ],
)
def test_an_estimate_reads_as_one(effect: float, low: float, high: float, words: str) -> None:
    assert estimate_in_words(pattern(effect, low, high)) == words


def test_the_first_window_begins_with_the_meal() -> None:
    assert window_in_words(Window(0, 4)) == "within 4 hours of eating"


def test_alternatives_are_joined_by_or() -> None:
    assert alternatives_in_words(["Bread", "Butter", "Jam"]) == "Bread, Butter or Jam"


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        (Needed(entries=12, days=5), "12 more entries on 5 more days"),
        (Needed(entries=1, days=1), "1 more entry on 1 more day"),
        (Needed(days=1), "entries on 1 more day"),
        (Needed(exposed=1), "1 more entry some hours after eating the same food, best on other days"),
        (Needed(unexposed_days=2), "2 more entries after meals without that food, best on other days"),
        (Needed(contrast_days=1), "1 more day on which you leave a usual food out, or eat it at another time"),
        (Needed(entries=20, days=14, values=2), "20 more entries on 14 more days"),
        (Needed(values=1), "entries that differ: so far every one is the same"),
    ],
)
def test_what_is_missing_is_said_in_numbers(needed: Needed, words: str) -> None:
    assert needed_in_words(needed) == (words,)


@pytest.mark.parametrize("ends", [(0.9, 1.4), (-1.4, -0.9), (-0.2, 0.3), (0.0, 0.0)])
def test_zero_and_the_interval_are_inside_the_drawing(ends: tuple[float, float]) -> None:
    estimate = pattern(sum(ends) / 2, *ends)
    scale = Scale.over([estimate])
    bar = scale.bar(estimate.effect, estimate.interval)
    assert all(12 <= place <= 308 for place in (scale.zero, bar.left, bar.point, bar.right))


def test_a_scale_has_round_ticks_and_zero_among_them() -> None:
    ticks = Scale.over([pattern(1.2, 0.9, 1.4)]).ticks
    assert [round(tick.value, 9) for tick in ticks] == [0.0, 0.5, 1.0]
