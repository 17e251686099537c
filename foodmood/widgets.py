"""Inputs that write themselves. Each of Django's renders two templates or more, which took a fifth of Today's time."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django import forms
from django.forms import widgets
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foodmood import clock

Attributes = dict[str, Any] | None


class _Input(widgets.Input):
    def render(
        self, name: str, value: Any, attrs: Attributes = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        shown = self.format_value(value)
        rest = self.build_attrs(self.attrs, attrs)
        return format_html(
            '<input type="{}" name="{}"{}{}>',
            self.input_type,
            name,
            "" if shown is None else format_html(' value="{}"', shown),
            flatatt(rest),
        )


class TextInput(_Input, forms.TextInput):
    pass


class TypedMoment(str):
    """What was typed, and whether the person has said that it is meant to be in the future."""

    __slots__ = ("meant",)
    meant: bool


class MomentInput(forms.DateTimeInput):
    """An input for the date and one for the time, as the person writes times. Both have the same name.

    `asks` adds a box to tick for a moment in the future; see MomentField.
    """

    asks = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> TypedMoment:
        parts = data.getlist(name) if isinstance(data, MultiValueDict) else [data.get(name) or ""]
        typed = TypedMoment(" ".join(str(part) for part in parts).strip())
        typed.meant = bool(data.get(f"{name}-future"))
        return typed

    def render(
        self, name: str, value: Any, attrs: Attributes = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        moment = self._two(name, value, attrs)
        if not self.asks:
            return moment
        return format_html(
            '{}<label class="tick"><input type="checkbox" name="{}-future" value="1"{}> {}</label>',
            moment,
            name,
            " checked" if getattr(value, "meant", False) else "",
            _("Yes, that is still to come"),
        )

    def _two(self, name: str, value: Any, attrs: Attributes) -> SafeString:
        if isinstance(value, str):
            day, _separator, at = value.replace("T", " ", 1).partition(" ")
            at = self._own(at)
        else:
            day, at = (f"{value:%Y-%m-%d}", clock.to_type(value)) if value else ("", "")
        rest = self.build_attrs(self.attrs, attrs)
        limits: dict[str, Any] = {end: rest.pop(end) for end in ("min", "max") if end in rest}
        return format_html(
            '<span class="moment-inputs"><input type="date" name="{}" value="{}"{}{}>'
            '<input type="text" name="{}" value="{}" autocomplete="off" aria-label="{}" inputmode="{}"{}></span>',
            name,
            day,
            flatatt(limits),
            flatatt(rest),
            name,
            at,
            _("Time"),
            _keyboard(),
            flatatt({key: rest[key] for key in ("aria-invalid", "required", "disabled") if key in rest}),
        )

    def _own(self, at: str) -> str:
        try:
            return clock.to_type(clock.typed(at))
        except ValueError:
            return at


class ClockInput(_Input, forms.TimeInput):
    """A time of day, as the person writes times."""

    def format_value(self, value: Any) -> str | None:
        return clock.to_type(value) if isinstance(value, (datetime, time)) else value or None

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: Attributes = None) -> dict[str, Any]:
        return super().build_attrs(base_attrs, extra_attrs) | {"inputmode": _keyboard()}


def _keyboard() -> str:
    """Of a phone. Digits are enough for 1430."""
    return "numeric" if clock.hours() == "24" else "text"


class Textarea(forms.Textarea):
    def render(
        self, name: str, value: Any, attrs: Attributes = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        rest = flatatt(self.build_attrs(self.attrs, attrs))
        # A browser drops the line end after the tag, and none that was typed.
        return format_html('<textarea name="{}"{}>\n{}</textarea>', name, rest, self.format_value(value) or "")


class Select(forms.Select):
    """Of one choice, without groups."""

    def render(
        self, name: str, value: Any, attrs: Attributes = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, " selected" if str(key) == chosen else "", label) for key, label in self.choices),
        )
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )
