from datetime import datetime
from typing import Any

import pytest
from django import forms
from django.test.html import parse_html

from foodmood import widgets

WHEN: dict[str, Any] = {"format": "%Y-%m-%dT%H:%M", "attrs": {"type": "datetime-local"}}
COLOURS: dict[str, Any] = {"choices": [("r", "<Red>"), ("g", "Green")], "attrs": {"data-x": '{"a": "<&>"}'}}


@pytest.mark.parametrize(
    ("ours", "djangos", "value"),
    [
        (widgets.TextInput(), forms.TextInput(), 'Oats & "<b>milk</b>"'),
        (widgets.TextInput(attrs={"size": 4}), forms.TextInput(attrs={"size": 4}), None),
        (widgets.Textarea(), forms.Textarea(), "\n</textarea><script>"),
        (widgets.Textarea(attrs={"rows": 3}), forms.Textarea(attrs={"rows": 3}), None),
        (widgets.MomentInput(attrs=WHEN["attrs"]), forms.DateTimeInput(**WHEN), datetime(2026, 3, 1, 8, 5)),  # noqa: DTZ001 -- as forms show it
        (widgets.MomentInput(attrs=WHEN["attrs"]), forms.DateTimeInput(**WHEN), '"no time'),
        (widgets.Select(**COLOURS), forms.Select(**COLOURS), "g"),
        (widgets.Select(**COLOURS), forms.Select(**COLOURS), "<none of them>"),
    ],
)
def test_an_input_that_writes_itself_says_what_djangos_says(
    ours: forms.Widget, djangos: forms.Widget, value: Any
) -> None:
    attrs = {"id": "it", "required": True, "disabled": False, "aria-describedby": 'a "b"'}
    assert parse_html(ours.render("name", value, attrs)) == parse_html(djangos.render("name", value, attrs))
