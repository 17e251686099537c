"""Form fields for what people type: names, notes, and moments on their own clock."""

import unicodedata
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foodmood.clock import typed as clock_time
from foodmood.clock import written
from foodmood.days import validate_diary_time
from foodmood.names import fold
from foodmood.text import validate_notes
from foodmood.widgets import ClockInput, MomentInput, Textarea, TextInput

SOON = timedelta(minutes=5)  # a clock may be fast
# Hangul fillers and the empty Braille pattern, which Unicode counts among letters and symbols.
BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


class NameField(forms.CharField):
    """One line with single spaces and at least one sign that can be seen."""

    default_error_messages = {
        "required": _("Write a name."),
        "max_length": _("Use at most %(limit_value)d characters; these are %(show_value)d."),
        "invisible": _("Use signs that can be seen; these hold control characters or nothing visible."),
    }
    widget = TextInput

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)
        # CharField brings messages of its own that the class can't replace.
        self.error_messages["max_length"] = self.default_error_messages["max_length"]

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())

    def validate(self, value: str) -> None:
        super().validate(value)
        kinds = {unicodedata.category(sign) for sign in value if sign not in BLANKS}
        if value and ("Cc" in kinds or all(kind[0] in "CMZ" for kind in kinds)):
            raise ValidationError(self.error_messages["invisible"], "invisible")

    def run_validators(self, value: str) -> None:
        # Length first: folding a long text can take minutes. Then folded: one character may fold to eighteen, and the
        # column has room for three each.
        if self.max_length is not None:
            self._check_length(len(value), self.max_length)
            self._check_length(len(fold(value)), 3 * self.max_length)
        super().run_validators(value)

    def _check_length(self, length: int, limit: int) -> None:
        if length > limit:
            params = {"limit_value": self.max_length, "show_value": length}
            raise ValidationError(self.error_messages["max_length"], "max_length", params)


class NotesField(forms.CharField):
    """Several lines, with the line ends of a text file rather than those of HTTP."""

    widget = Textarea(attrs={"rows": 3})
    default_validators = [validate_notes]

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class MomentField(forms.DateTimeField):
    """A moment to the minute on the person's own clock.

    When clocks go back an hour comes twice: the first is meant, unless the moment was there before and its
    minute was left alone (`settled`). When they go forward an hour never comes: such a time is refused.

    A moment in the future is mostly a typing error, so the form comes back and asks, with a box to tick. It does not
    ask about one that is stored already: a form that changes a row sets `stored`.
    """

    stored: datetime | None = None
    widget = MomentInput(attrs={"min": "1900-01-01", "max": "2099-12-31"})
    default_error_messages = {
        "required": _("Choose a date and a time."),
        "invalid": _("Choose a date and a time, such as 2026-03-01 08:05."),
        "gap": _("The clocks went forward over this time, so it never was. Choose one an hour later."),
        "future": _("%(when)s is still to come. Correct it, or tick the box to save it like that."),
    }

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        is_future = moment is not None and moment > timezone.now() + SOON
        if moment and is_future and not (self.stored and settled(moment, self.stored) == self.stored):
            self.widget.asks = True
            if not getattr(value, "meant", False):
                params = {"when": written(timezone.localtime(moment), "DATETIME_FORMAT")}
                raise ValidationError(self.error_messages["future"], "future", params)
        return moment

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            typed = _read(str(value).strip()).replace(second=0, microsecond=0)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid") from error
        zone = timezone.get_current_timezone()
        moment = typed if typed.tzinfo else typed.replace(tzinfo=zone)
        validate_diary_time(moment)  # before arithmetic that the ends of the calendar would break
        if not typed.tzinfo and _on_clock(moment, zone) != typed:
            raise ValidationError(self.error_messages["gap"], "gap")
        return moment.astimezone(UTC)


def _read(text: str) -> datetime:
    """Of an input for both, or of two: 2026-03-01T14:30, or a date and a time as people type it. Raises ValueError."""
    day, _separator, at = text.partition(" ")
    try:
        return datetime.combine(date.fromisoformat(day), clock_time(at))
    except ValueError:
        if len(day) == len(text) == len("2026-03-01"):  # a date without a time
            raise
        return datetime.fromisoformat(text)


class ClockField(forms.TimeField):
    """A time of day, typed with 12 or 24 hours."""

    widget = ClockInput
    default_error_messages = {"invalid": _("Write a time, such as 14:30 or 2:30 pm.")}

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values or isinstance(value, time):
            return value or None
        try:
            return clock_time(str(value))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid") from error


def settled(typed: datetime, before: datetime | None) -> datetime:
    """The moment that was there before, to its second, when what was typed is the same minute of the clock."""
    zone = timezone.get_current_timezone()
    if before and _on_clock(before, zone).replace(second=0, microsecond=0) == _on_clock(typed, zone):
        return before
    return typed


def _on_clock(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)
