"""Days as exports and spreadsheets write them: text → date, once it is known whether day or month comes first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from apps.archive.problems import Fault, quoted
from apps.portability.formats.months import languages_of, month_in

_NUMBERS = re.compile(r"(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,4})\s?\.?", re.ASCII)
_EAST_ASIAN = re.compile(
    r"(?:(?P<year>\d{4})\s?[年년]\s?)?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]?", re.ASCII
)
_DAY_AND_MONTH = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.?", re.ASCII)
_WITH_CLOCK = re.compile(r"(?P<day>\S.*?)[T\s]\s*(?P<clock>\d{1,2}:\d\d.*)", re.ASCII | re.IGNORECASE)
_MIDNIGHT = re.compile(r"0{1,2}:00(?::00(?:\.0+)?)?\s?(?:z|am)?|12:00(?::00)?\s?am", re.IGNORECASE)
_SERIAL = re.compile(r"(?P<day>[34567]\d{4})(?P<clock>[.,]\d+)?", re.ASCII)
_SPREADSHEETS_DAY_0 = date(1899, 12, 30)
_DIGIT = re.compile(r"\d+", re.ASCII)
_NOT_A_NAME = re.compile(r"[\d.,/-]+")
_FILLERS = frozenset({"de", "of", "den", "d", "the", "st", "nd", "rd", "th", "del"})
_LONGEST = 60  # characters of a day with its time; some expressions take quadratic time
_MONTHS = 12
_YEAR_DIGITS, _SHORT_YEAR_DIGITS = 4, 2
_THIS_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class Dates:
    """How one file writes its days. `day_first` is None where 3/11/2022 may be either."""

    day_first: bool | None = None
    languages: tuple[str, ...] = ("en",)

    def day(self, text: str) -> date:
        """Raises Fault. A time of day behind it is left out: see day_and_clock()."""
        text = " ".join(day_and_clock(text[: _LONGEST + 1])[0].split())
        try:
            found = self._numbers(text) or _serial(text) or _east_asian(text) or self._with_name(text)
        except Fault:
            raise
        except ValueError:
            found = None  # such as 2026-02-30
        if found is None:
            raise Fault(_("%(text)s is not a day") % {"text": quoted(text)}, _("write it like 2026-03-01"))
        return found

    def day_in(self, year: int, text: str) -> date:
        """March 5, 5. März, 5 de marzo or 05.03. (day first; 3/5 could be either and is refused)."""
        text = " ".join(text[: _LONGEST + 1].split())
        try:
            if found := _DAY_AND_MONTH.fullmatch(text) or _EAST_ASIAN.fullmatch(text):
                return date(year, int(found["month"]), int(found["day"]))
            numbers, name = _DIGIT.findall(text), _name(text)
            if len(numbers) == 1 and (month := month_in(name, self.languages)):
                return date(year, month, int(numbers[0]))
        except ValueError:
            pass  # such as February 30
        raise Fault(
            _("%(text)s is not a day of %(year)d") % {"text": quoted(text), "year": year},
            _("write it like March 5 or 05.03."),
        )

    def _numbers(self, text: str) -> date | None:
        found = _ordered(text)
        if found is None:
            return None
        year, one, two, order = found
        if order is None:
            order = self.day_first
        if order is None:
            raise Fault(
                _("%(text)s may be two different days") % {"text": quoted(text)},
                _("say whether the day or the month comes first"),
            )
        return date(year, two, one) if order else date(year, one, two)

    def _with_name(self, text: str) -> date | None:
        """3-Nov-22, November 3, 2022, 3. November 2022."""
        numbers = _DIGIT.findall(text)
        month = month_in(_name(text), self.languages) if len(numbers) == 2 else None  # noqa: PLR2004 -- day and year
        if month is None:
            return None
        day, year = reversed(numbers) if len(numbers[0]) == _YEAR_DIGITS else numbers
        return date(_full_year(year), month, int(day)) if len(day) <= _SHORT_YEAR_DIGITS else None


@dataclass(slots=True)
class Survey:
    """The days of a file, looked at before they are read, to learn how they are written."""

    day_first: int = 0  # days that can only be day first
    month_first: int = 0
    open: int = 0
    example: str = ""  # of the open ones
    names: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        text = " ".join(day_and_clock(text)[0].split())[:_LONGEST]
        found = _ordered(text)
        if found is None:
            if (name := _name(text)) and len(self.names) < _MONTHS * 10:
                self.names.add(name)
        elif found[3] is None:
            self.open += 1
            self.example = self.example or text
        elif "." not in text:
            self.day_first += found[3]
            self.month_first += not found[3]

    @property
    def is_open(self) -> bool:
        """Whether some day may be two days, and the others don't settle it (or contradict each other)."""
        return bool(self.open) and bool(self.day_first) == bool(self.month_first)

    def dates(self, answer: bool | None = None) -> Dates:
        settled = answer if self.is_open else bool(self.day_first)
        return Dates(settled, tuple(languages_of(self.names)))


def surveyed(texts: Iterable[str]) -> Survey:
    survey = Survey()
    for text in texts:
        survey.add(text)
    return survey


def day_and_clock(text: str) -> tuple[str, str]:
    """A cell that holds both; the time is empty where it is the midnight that spreadsheets add to a day."""
    text = text.strip()
    if len(text) > _LONGEST:
        return text, ""
    if (found := _SERIAL.fullmatch(text)) and found["clock"]:
        # Always a part of a day: with more digits nobody takes it for a time such as 0.25.
        return found["day"], "" if not found["clock"].strip(".,0") else f"0{found['clock']}".ljust(5, "0")
    found = _WITH_CLOCK.fullmatch(text)
    if found is None:
        return text, ""
    return found["day"].rstrip(","), "" if _MIDNIGHT.fullmatch(found["clock"]) else found["clock"]


def _ordered(text: str) -> tuple[int, int, int, bool | None] | None:
    """(year, two numbers, whether the first of them is the day); None for that where it may be either."""
    found = _NUMBERS.fullmatch(text)
    if found is None:
        return None
    first, separator, second, third = found.groups()
    if len(first) == _YEAR_DIGITS and len(third) <= _SHORT_YEAR_DIGITS:
        return int(first), int(second), int(third), False
    if len(first) > _SHORT_YEAR_DIGITS or len(third) not in {_SHORT_YEAR_DIGITS, _YEAR_DIGITS}:
        return None
    one, two, year = int(first), int(second), _full_year(third)
    if separator == "." or one > _MONTHS:
        return year, one, two, True
    return year, one, two, False if two > _MONTHS or one == two else None


def _full_year(digits: str) -> int:
    return int(digits) + (_THIS_CENTURY if len(digits) == _SHORT_YEAR_DIGITS else 0)


def _serial(text: str) -> date | None:
    """44868: a day as spreadsheets count them."""
    found = _SERIAL.fullmatch(text)
    return _SPREADSHEETS_DAY_0 + timedelta(days=int(found["day"])) if found else None


def _east_asian(text: str) -> date | None:
    found = _EAST_ASIAN.fullmatch(text)
    return date(int(found["year"]), int(found["month"]), int(found["day"])) if found and found["year"] else None


def _name(text: str) -> str:
    words = _NOT_A_NAME.sub(" ", text).split()
    return " ".join(word for word in words if word.casefold() not in _FILLERS)
