from typing import Any

import pytest
from django import forms
from django.test.html import parse_html

from foodmood import widgets

COLOURS: dict[str, Any] = {"choices": [("r", "<Red>"), ("g", "Green")], "attrs": {"data-x": '{"a": "<&>"}'}}


@pytest.mark.parametrize(
    ("ours", "djangos", "value"),
    [
        (widgets.TextInput(), forms.TextInput(), 'Oats & "<b>milk</b>"'),
        (widgets.TextInput(attrs={"size": 4}), forms.TextInput(attrs={"size": 4}), None),
        (widgets.Textarea(), forms.Textarea(), "\n</textarea><script>"),
        (widgets.Textarea(attrs={"rows": 3}), forms.Textarea(attrs={"rows": 3}), None),
        (widgets.Select(**COLOURS), forms.Select(**COLOURS), "g"),
        (widgets.Select(**COLOURS), forms.Select(**COLOURS), "<none of them>"),
    ],
)
def test_an_input_that_writes_itself_says_what_djangos_says(
    ours: forms.Widget, djangos: forms.Widget, value: Any
) -> None:
    attrs = {"id": "it", "required": True, "disabled": False, "aria-describedby": 'a "b"'}
    assert parse_html(ours.render("name", value, attrs)) == parse_html(djangos.render("name", value, attrs))
