"""One JSON object of an archive: gives its values by key, notes what is wrong with its path, and goes on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from apps.archive import limits, values
from apps.archive.problems import Fault, Problem, Problems, quoted
from apps.archive.syntax import RepeatedKeys

T = TypeVar("T")
V = TypeVar("V")
_MISSING = object()
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # stands where a time was wrong; such an archive is never returned


class Fields:
    """Every getter returns a stand-in for a wrong value, so that one reading finds all problems."""

    __slots__ = ("_problems", "_values", "path")

    def __init__(
        self,
        value: object,
        path: str,
        keys: tuple[str, ...],
        problems: Problems[Problem],
        optional: tuple[str, ...] = (),
    ) -> None:
        self.path = path
        self._problems = problems
        self._values: dict[str, object] = {}
        if isinstance(value, dict):
            self._values = value
            self._check_keys(value, keys, optional)
        else:
            self._note(path, _expected(_("an object in { }"), value))

    def text(self, key: str, length: int) -> str:
        return self._text(key, lambda text: values.line_of_text(text, length))

    def notes(self, key: str, length: int = limits.NOTES_LENGTH) -> str:
        return self._text(key, lambda text: values.notes(text, length))

    def name(self, key: str, length: int) -> str:
        return self._text(key, lambda text: values.name(text, length))

    def color(self, key: str) -> str:
        return self._text(key, values.color)

    def time_zone(self, key: str) -> str:
        return self._text(key, values.time_zone)

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        def check(text: str) -> str:
            if text in choices:
                return text
            raise Fault(
                _("%(text)s is not known here") % {"text": quoted(text)},
                _("use one of %(choices)s") % {"choices": ", ".join(choices)},
            )

        return self._text(key, check)

    def flag(self, key: str) -> bool:
        value = self._values.get(key, _MISSING)
        if value is not _MISSING and not isinstance(value, bool):
            self._note(self.at(key), _expected(_("true or false"), value))
        return value is True

    def whole_number(self, key: str, least: int, most: int) -> int:
        value = self._values.get(key, _MISSING)
        if value is _MISSING:
            return least
        if isinstance(value, bool) or not isinstance(value, int):
            self._note(self.at(key), _expected(_("a whole number"), value))
            return least
        if not least <= value <= most:
            self._note(
                self.at(key),
                Fault(
                    _("%(n)s is out of range") % {"n": quoted(value)},
                    _("use %(least)d to %(most)d") % {"least": least, "most": most},
                ),
            )
        return value

    def amount(self, key: str) -> Decimal | None:
        value = self._values.get(key, _MISSING)
        if value is None or value is _MISSING:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self._note(self.at(key), _expected(_("a number or null"), value))
            return None
        return self._judge(self.at(key), values.amount, Decimal(value), None)

    def instant(self, key: str) -> datetime:
        value = self._values.get(key, _MISSING)
        if not isinstance(value, str):
            if value is not _MISSING:
                self._note(self.at(key), _expected(_("a text"), value))
            return _NO_TIME
        return self._judge(self.at(key), values.instant, value, _NO_TIME)

    def items(self, key: str) -> list[object]:
        value = self._values.get(key, _MISSING)
        if isinstance(value, list):
            return value
        if value is not _MISSING:
            self._note(self.at(key), _expected(_("a list in [ ]"), value))
        return []

    def names(self, key: str, length: int) -> tuple[str, ...]:
        found = []
        for index, value in enumerate(self.items(key)):
            path = f"{self.at(key)}[{index}]"
            if isinstance(value, str):
                found.append(self._judge(path, lambda text: values.name(text, length), value, value))
            else:
                self._note(path, _expected(_("a text"), value))
                found.append("")
        return tuple(found)

    def objects(self, key: str, keys: tuple[str, ...], optional: tuple[str, ...] = ()) -> "Iterator[Fields]":
        """One after the other, and each forgotten as soon as the next is asked for: a long diary is held only once."""
        at = self.at(key)
        items = self.items(key)
        for index in range(len(items)):
            value, items[index] = items[index], None
            yield Fields(value, f"{at}[{index}]", keys, self._problems, optional)

    def inner(self, key: str, keys: tuple[str, ...]) -> "Fields":
        # What lacks the key has been told so: an empty object here would only repeat it, key by key.
        if key in self._values:
            return Fields(self._values[key], self.at(key), keys, self._problems)
        return Fields({}, self.at(key), (), self._problems)

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _text(self, key: str, check: Callable[[str], str]) -> str:
        value = self._values.get(key, _MISSING)
        if isinstance(value, str):
            # A wrong name is still the name that others refer to: they must not be called undefined as well.
            return self._judge(self.at(key), check, value, value)
        if value is not _MISSING:
            self._note(self.at(key), _expected(_("a text"), value))
        return ""

    def _judge(self, path: str, check: Callable[[V], T], value: V, otherwise: T) -> T:
        try:
            return check(value)
        except Fault as fault:
            self._note(path, fault)
            return otherwise

    def _check_keys(self, value: dict[str, object], keys: tuple[str, ...], optional: tuple[str, ...]) -> None:
        for key in keys:
            if key not in value:
                self._note(self.at(key), Fault(_("is missing"), _("add it")))
        for key in value:
            if key not in keys and key not in optional:
                self._note(self.at(_shown_key(key)), Fault(_("is not known in version 1"), _("take it out")))
        if isinstance(value, RepeatedKeys):
            for key in value.repeated:
                self._note(self.at(_shown_key(key)), Fault(_("stands more than once"), _("keep one of them")))

    def _note(self, path: str, fault: Fault) -> None:
        self._problems.add(Problem(path, fault.what, fault.mend))


def _shown_key(key: str) -> str:
    return key if key.isidentifier() and len(key) <= limits.UNIT_LENGTH else quoted(key)


def _expected(what: str, value: object) -> Fault:
    return Fault(
        _("is %(kind)s") % {"kind": _kind(value)},
        _("it must be %(expected)s") % {"expected": what},
    )


def _kind(value: object) -> str:
    """What JSON calls it. The value itself is not shown: it may be a whole tree."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _("a text")
    if isinstance(value, list):
        return _("a list")
    if isinstance(value, dict):
        return _("an object")
    return _("the number %(n)s") % {"n": quoted(value)}
