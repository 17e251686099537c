"""Form fields for what people type: names, notes, and moments on their own clock."""

import unicodedata
from datetime import UTC, datetime, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foodmood.days import validate_diary_time
from foodmood.names import fold
from foodmood.text import validate_notes
from foodmood.widgets import DateTimeInput, Textarea, TextInput

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
        # Length is judged here, folded too: one sign may fold to eighteen, and the column for it has three each.
        folded = len(fold(value))
        if self.max_length is not None and (len(value) > self.max_length or folded > 3 * self.max_length):
            size = len(value) if len(value) > self.max_length else folded
            params = {"limit_value": self.max_length, "show_value": size}
            raise ValidationError(self.error_messages["max_length"], "max_length", params)
        super().run_validators(value)


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
    """

    widget = DateTimeInput(
        format="%Y-%m-%dT%H:%M",
        attrs={"type": "datetime-local", "min": "1900-01-01T00:00", "max": "2099-12-31T23:59"},
    )
    default_error_messages = {
        "required": _("Choose a date and a time."),
        "invalid": _("Choose a date and a time, such as 2026-03-01 08:05."),
        "gap": _("The clocks went forward over this time, so it never was. Choose one an hour later."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            typed = datetime.fromisoformat(str(value).strip()).replace(second=0, microsecond=0)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid") from error
        zone = timezone.get_current_timezone()
        moment = typed if typed.tzinfo else typed.replace(tzinfo=zone)
        validate_diary_time(moment)  # before arithmetic that the ends of the calendar would break
        if not typed.tzinfo and _on_clock(moment, zone) != typed:
            raise ValidationError(self.error_messages["gap"], "gap")
        return moment.astimezone(UTC)


def settled(typed: datetime, before: datetime | None) -> datetime:
    """The moment that was there before, to its second, when what was typed is the same minute of the clock."""
    zone = timezone.get_current_timezone()
    if before and _on_clock(before, zone).replace(second=0, microsecond=0) == _on_clock(typed, zone):
        return before
    return typed


def _on_clock(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)
