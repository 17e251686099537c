"""An analysis as `manage.py analyse` prints it: one JSON line for programs, or a page of text for people."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.insights import wording
from apps.insights.engine import Exposure, Interval, Needed, OutcomeResult, Pattern, Verdict, Window

MOST_UNCLEAR = 3  # of the patterns without a clear link, those shown to people
# The archive's words where the engine's differ.
KEYS = {
    "exposed": "with",
    "exposed_days": "with_days",
    "unexposed": "without",
    "unexposed_days": "without_days",
}


def json_line(file: str, results: Sequence[OutcomeResult]) -> str:
    document = {"file": file, "outcomes": [_outcome(result) for result in results]}
    return json.dumps(document, ensure_ascii=False, allow_nan=False)


def _outcome(result: OutcomeResult) -> dict[str, Any]:
    return {
        "category": result.category,
        "entries": result.entries,
        "verdict": result.verdict.value,
        "patterns": [_pattern(pattern) for pattern in result.patterns],
    } | _missing(result.needed)


def _pattern(pattern: Pattern) -> dict[str, Any]:
    written = {
        "edible": pattern.edible,
        "window_hours": _hours(pattern.window),
        "effect": _rounded(pattern.effect),
        "interval": _ends(pattern.interval),
        "effect_sd": _rounded(pattern.effect_sd),
        "interval_sd": _ends(pattern.interval_sd),
        "with": pattern.exposed,
        "without": pattern.unexposed,
        "p": _rounded(pattern.p),
        "q": _rounded(pattern.q),
        "verdict": pattern.verdict.value,
        "inseparable_from": list(pattern.inseparable_from),
    }
    return written | _explained(pattern.explained_by) | _missing(pattern.needed)


def _explained(exposure: Exposure | None) -> dict[str, Any]:
    if exposure is None:
        return {}
    return {"explained_by": {"edible": exposure.edible, "window_hours": _hours(exposure.window)}}


def _missing(needed: Needed | None) -> dict[str, Any]:
    if needed is None:
        return {}
    return {"needed": {KEYS.get(name, name): lack for name, lack in asdict(needed).items() if lack}}


def _hours(window: Window) -> list[int]:
    return [window.start_hours, window.end_hours]


def _ends(interval: Interval) -> list[float]:
    return [_rounded(interval.low), _rounded(interval.high)]


def _rounded(value: float) -> float:
    """To four digits: an estimate from a diary has no more to say."""
    return float(f"{value:.4g}")


def text_page(file: str, results: Sequence[OutcomeResult]) -> str:
    lines = [file]
    if not results:
        lines += ["", _("Nothing is rated in this diary: there are no wellbeing categories.")]
    for result in results:
        entries = ngettext("%(n)s entry", "%(n)s entries", result.entries) % {
            "n": number_format(result.entries, force_grouping=True)
        }
        lines += ["", f"{result.category}: {wording.VERDICTS[result.verdict]} ({entries})"]
        lines += [f"  {line}" for line in _told(result)]
    return "\n".join(lines) + "\n"


def _told(result: OutcomeResult) -> Iterator[str]:
    if result.needed is not None:
        yield _("Still missing:")
        yield from (f"- {line}" for line in wording.needed_in_words(result.needed))
        yield _("An entry counts when the meals in the hours before it are logged, too.")
    for pattern in result.patterns:
        if pattern.verdict is Verdict.WORTH_A_TRIAL:
            yield from _worth_a_trial(pattern, higher_is_better=result.higher_is_better)
    unclear = [pattern for pattern in result.patterns if pattern.verdict is Verdict.NO_CLEAR_LINK]
    if unclear:
        yield ngettext(
            "%(n)s comparison without a clear link; the strongest:",
            "%(n)s comparisons without a clear link; the strongest:",
            len(unclear),
        ) % {"n": len(unclear)}
    for pattern in unclear[:MOST_UNCLEAR]:
        yield f"- {_headline(pattern)}"
        if pattern.explained_by:
            yield "  " + _("%(other)s explains it better") % {"other": wording.exposure_in_words(pattern.explained_by)}


def _worth_a_trial(pattern: Pattern, *, higher_is_better: bool) -> Iterator[str]:
    yield f"* {_headline(pattern)}"
    better = wording.is_better(pattern, higher_is_better=higher_is_better)
    yield "  " + (_("which is better for you") if better else _("which is worse for you"))
    if pattern.inseparable_from:
        yield "  " + _("can't be told apart here from %(names)s") % {
            "names": wording.alternatives_in_words(pattern.inseparable_from)
        }


def _headline(pattern: Pattern) -> str:
    return f"{pattern.edible}, {wording.window_in_words(pattern.window)}: " + _("%(estimate)s; %(counts)s") % {
        "estimate": wording.estimate_in_words(pattern),
        "counts": wording.counts_in_words(pattern),
    }
