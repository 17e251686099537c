import pytest
from django.core.exceptions import ValidationError

from foodmood.fields import NameField

FIELD = NameField(max_length=200)


@pytest.mark.parametrize(
    "name",
    [
        "\u3164",
        "\u115f\u1160",
        "\uffa0",
        "\u2800",
        "\u3164 \u200b\u2800",
        "\u17b4",
        "\u034f",
        "\ufe0f",
        "\u00ad",
        "\U000e0041",
    ],
    ids=ascii,
)
def test_a_name_that_nobody_can_see_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="Use signs that can be seen"):
        FIELD.clean(name)


@pytest.mark.parametrize("name", ["김치", "ᄀ\u1160", "☕️", "👨‍👩‍👧", "½", "नमक", "a\u3164b", "⠍⠊⠇⠅"], ids=ascii)
def test_a_name_with_something_to_see_is_kept(name: str) -> None:
    assert FIELD.clean(name) == name
