"""Names of months in every language that Django speaks, for exports that write dates in their owner's language."""

import gettext
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from django import conf

from apps.portability.formats.letters import plain

_ENGLISH = (
    "January February March April May June July August September October November December",
    "jan feb mar apr may jun jul aug sep oct nov dec",
)
_ABBREVIATED = "Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec."


def month_in(word: str, languages: Iterable[str]) -> int | None:
    """1 to 12 for a month's name in the first of these languages that knows it, or in all others that do."""
    known = _names().get(plain(word), {})
    for language in languages:
        if language in known:
            return known[language]
    return next(iter(known.values())) if len(set(known.values())) == 1 else None


def languages_of(words: Iterable[str]) -> list[str]:
    """Languages in which the most of these words are months, English first.

    One word may be two months: “listopad” is November in Polish and October in Croatian.
    """
    counts: defaultdict[str, int] = defaultdict(int)
    for word in set(words):
        for language in _names().get(plain(word), {}):
            counts[language] += 1
    most = max(counts.values(), default=0)
    return sorted((each for each, count in counts.items() if count == most), key=lambda each: (each != "en", each))


@cache
def _names() -> Mapping[str, Mapping[str, int]]:
    """Name → language → month. Read from Django's catalogues directly, because Django would keep all 98 in memory."""
    names: defaultdict[str, dict[str, int]] = defaultdict(dict)
    _add(names, "en", gettext.NullTranslations())
    for file in sorted(Path(conf.__file__).parent.glob("locale/*/LC_MESSAGES/django.mo")):
        with file.open("rb") as catalogue:
            _add(names, file.parent.parent.name, gettext.GNUTranslations(catalogue))
    return names


def _add(names: Mapping[str, dict[str, int]], language: str, catalogue: gettext.NullTranslations) -> None:
    for month, (full, short, abbreviated) in enumerate(
        zip(*(line.split() for line in (*_ENGLISH, _ABBREVIATED)), strict=True), start=1
    ):
        spellings = (
            catalogue.gettext(full),
            catalogue.gettext(short),
            catalogue.pgettext("alt. month", full),
            catalogue.pgettext("abbrev. month", abbreviated),
        )
        for spelling in spellings:
            # A language that has no name for a month gives the English one back: it counts all the same.
            names[plain(spelling)].setdefault(language, month)
