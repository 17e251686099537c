import pytest
from django.template import engines
from django.urls import reverse


@pytest.mark.parametrize("view", ["meals:meal", "meals:again", "wellbeing:entry"])
def test_a_rows_address_is_the_one_that_django_finds(view: str) -> None:
    tag = engines["django"].from_string("{% load rows %}{% row_url view 1203 %}")
    assert tag.render({"view": view}) == reverse(view, args=[1203])
