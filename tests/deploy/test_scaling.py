"""What docs/scaling.md says of a million people is what comes out when it is calculated."""

from benchmarks.growth import CALCULATION_HEADS, REQUEST_HEADS, Assumptions, calculation, markdown, requests
from config.env import BASE_DIR


def test_the_page_holds_the_calculation_for_a_million() -> None:
    page = (BASE_DIR / "docs" / "scaling.md").read_text(encoding="utf-8")
    assert markdown(requests(), REQUEST_HEADS) in page
    assert markdown(calculation(Assumptions()), CALCULATION_HEADS) in page


def test_ten_times_as_many_people_take_ten_times_as_much() -> None:
    one, ten = (dict(row[:2] for row in calculation(Assumptions(people=people))) for people in (100_000, 1_000_000))
    assert (one["disk a year"], ten["disk a year"]) == ("206 GB", "2,064 GB")
    assert (one["requests a day"], ten["requests a day"]) == ("2.8 million", "28.2 million")
    assert int(ten["web servers"]) > int(one["web servers"]) > 2
