"""Inputs that write themselves. Each of Django's renders two templates or more, which took a fifth of Today's time."""

from typing import Any

from django import forms
from django.forms import widgets
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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


class DateTimeInput(_Input, forms.DateTimeInput):
    pass


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
