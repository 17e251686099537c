"""What the pages show of one category: the engine's results, put into words and onto one scale."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise

from apps.insights import wording
from apps.insights.charts import Bar, Scale
from apps.insights.engine import OutcomeResult, Pattern, Verdict, Window
from apps.wellbeing.models import Category

MOST_UNCLEAR = 5  # patterns without a clear link that a card shows
MOST_ROWS = 100  # patterns that the page of one category shows
IN_ORDER = list(Verdict)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One pattern, or several that the diary cannot tell apart: then `edible` names them all.

    tangled: every edible that it could be, where there is more than one; some may act the other way round.
    id: unique on a page.
    """

    id: str
    edible: str
    tangled: str
    window: str
    steps: str
    interval: str
    counts: str
    worth: bool
    better: bool
    explained_by: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class TickLabel:
    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    zero: float
    ticks: tuple[TickLabel, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One category. foods: how many were compared and have no clear link in any window; too_few: how many
    could not be compared. hidden: patterns without a clear link that are not among `unclear`.
    """

    category: Category
    entries: int
    verdict: Verdict
    verdict_in_words: str | Promise
    needed: tuple[str, ...]
    worth: tuple[Estimate, ...]
    unclear: tuple[Estimate, ...]
    foods: int
    too_few: int
    hidden: int
    axis: Axis

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        return self.worth + self.unclear


def cards(categories: Iterable[Category], results: Sequence[OutcomeResult]) -> list[Card]:
    """Answers first, then in the person's own order. What is archived and was never rated is left out; so is what
    was added or renamed while the answers were computed.
    """
    of = {result.category: result for result in results}
    shown = [
        card(category, of[category.name], most=MOST_UNCLEAR)
        for category in categories
        if category.name in of and (category.is_active or of[category.name].entries)
    ]
    return sorted(shown, key=lambda each: (not each.category.is_active, IN_ORDER.index(each.verdict)))


def card(category: Category, result: OutcomeResult, *, most: int, all_drawn: bool = False) -> Card:
    """most: how many patterns without a clear link are shown. all_drawn: those too, so that the scale fits them."""
    worth = _groups(Verdict.WORTH_A_TRIAL, result.patterns)
    unclear = _groups(Verdict.NO_CLEAR_LINK, result.patterns)
    too_few = _groups(Verdict.TOO_LITTLE_DATA, result.patterns)
    linked = _edibles(worth)
    compared = _edibles(unclear) - linked
    shown = worth + unclear[:most]
    scale = Scale.over(group[0] for group in (shown if all_drawn else worth))
    estimates = [_estimate(group, scale, category, id=f"{category.pk}-{number}") for number, group in enumerate(shown)]
    return Card(
        category=category,
        entries=result.entries,
        verdict=result.verdict,
        verdict_in_words=wording.VERDICTS[result.verdict],
        needed=wording.needed_in_words(result.needed) if result.needed else (),
        worth=tuple(estimates[: len(worth)]),
        unclear=tuple(estimates[len(worth) :]),
        hidden=len(unclear[most:]),
        foods=len(compared),
        too_few=len(_edibles(too_few) - compared - linked),
        axis=_axis(scale),
    )


def _groups(verdict: Verdict, patterns: Iterable[Pattern]) -> list[list[Pattern]]:
    """Those with the verdict; what the diary cannot tell apart is one answer, not several.

    Margarine in place of butter is tangled with it too, but goes the other way.
    """
    groups: defaultdict[tuple[Window, frozenset[str], bool], list[Pattern]] = defaultdict(list)
    for pattern in patterns:
        if pattern.verdict is verdict:
            tangled = frozenset({pattern.edible, *pattern.inseparable_from})
            groups[pattern.window, tangled, pattern.effect > 0].append(pattern)
    return list(groups.values())


def _edibles(groups: Iterable[list[Pattern]]) -> set[str]:
    return {pattern.edible for group in groups for pattern in group}


def _estimate(group: list[Pattern], scale: Scale, category: Category, *, id: str) -> Estimate:  # noqa: A002 -- the field
    pattern = group[0]
    return Estimate(
        id=id,
        edible=wording.alternatives_in_words(sorted(each.edible for each in group)),
        tangled=wording.alternatives_in_words(sorted({pattern.edible, *pattern.inseparable_from}))
        if pattern.inseparable_from
        else "",
        window=wording.window_in_words(pattern.window),
        steps=wording.steps_in_words(pattern),
        interval=wording.interval_in_words(pattern),
        counts=wording.counts_in_words(pattern),
        worth=pattern.verdict is Verdict.WORTH_A_TRIAL,
        better=wording.is_better(pattern, higher_is_better=category.higher_is_better),
        explained_by=wording.exposure_in_words(pattern.explained_by) if pattern.explained_by else "",
        bar=scale.bar(pattern.effect, pattern.interval),
    )


def _axis(scale: Scale) -> Axis:
    return Axis(scale.zero, tuple(TickLabel(tick.x, _signed(tick.value, scale.decimals)) for tick in scale.ticks))


def _signed(value: float, decimals: int) -> str:
    number = number_format(abs(round(value, decimals)), decimals)
    return f"+{number}" if value > 0 else f"−{number}" if value < 0 else "0"
