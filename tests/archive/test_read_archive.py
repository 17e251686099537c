import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.archive.model import Archive, Edible
from apps.archive.problems import ArchiveError
from apps.archive.reader import read_archive
from apps.archive.writer import write_archive
from tests.archive.diaries import SMALL

Change = Callable[[dict[str, Any]], object]


def read(document: object) -> Archive:
    return read_archive(json.dumps(document).encode())


def problems_after(change: Change) -> list[str]:
    document = copy.deepcopy(SMALL)
    change(document)
    with pytest.raises(ArchiveError) as refused:
        read(document)
    return [str(problem) for problem in refused.value.problems]


def refusal_of(data: bytes) -> str:
    with pytest.raises(ArchiveError) as refused:
        read_archive(data)
    return str(refused.value)


def test_the_example_of_the_format_is_read() -> None:
    archive = read(SMALL)
    assert archive.timezone == "Europe/Berlin"
    assert archive.edibles[1].ingredients == ("Espresso", "Milk")
    assert archive.meals[0].portions[0].amount == Decimal("254.5")
    assert archive.categories[0].options[1].color == "#3b82f6"
    assert archive.entries[0].option == "Low"


def test_times_are_instants_in_utc() -> None:
    assert read(SMALL).meals[0].eaten_at == datetime(2026, 3, 1, 7, 5, tzinfo=UTC)


def test_a_byte_order_mark_is_accepted() -> None:
    assert read_archive(b"\xef\xbb\xbf" + json.dumps(SMALL).encode()) == read(SMALL)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"  \n ", "The file is empty"),
        (b"PK\x03\x04...", "This is a ZIP archive or a spreadsheet"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b"{\0}", "NUL bytes"),
        ('{\n"näme": 1}'.encode("latin-1"), "line 2, column 3"),
        (b'{\n  "format": }', "line 2, column 13"),
        (b"[]", "its JSON must be an object"),
        (b"{}", 'must say "foodmood"'),
        (b'{"format": "foodmood"}', "does not say its version"),
        (b'{"format": "foodmood", "version": true}', "does not say its version"),
        (b'{"format": "foodmood", "version": 0}', "does not say its version"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_archive_is_refused_saying_why(data: bytes, said: str) -> None:
    assert said in refusal_of(data)


def test_a_newer_version_is_refused_by_name_before_its_unknown_keys() -> None:
    assert refusal_of(b'{"format": "foodmood", "version": 2, "moods": []}') == (
        "version: This archive is version 2; this FoodMood reads version 1: update FoodMood, then import again"
    )


def a_meal(**changes: object) -> Change:
    return lambda document: document["meals"][0].update(changes)


def a_portion(**changes: object) -> Change:
    return lambda document: document["meals"][0]["edibles"][0].update(changes)


def milk(**changes: object) -> Change:
    return lambda document: document["edibles"][2].update(changes)


def the_category(**changes: object) -> Change:
    return lambda document: document["wellbeing"]["categories"][0].update(changes)


def an_option(**changes: object) -> Change:
    return lambda document: document["wellbeing"]["categories"][0]["options"][1].update(changes)


def an_entry(**changes: object) -> Change:
    return lambda document: document["wellbeing"]["entries"][0].update(changes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(moods=[]), "moods: is not known in version 1"),
        (a_portion(kcal=1), "meals[0].edibles[0].kcal: is not known in version 1"),
        (lambda d: d.pop("meals"), "meals: is missing"),
        (lambda d: d.pop("wellbeing"), "wellbeing: is missing"),
        (lambda d: d["meals"][0].pop("notes"), "meals[0].notes: is missing"),
        (lambda d: d.update(meals={}), "meals: is an object: it must be a list"),
        (lambda d: d.update(meals=[1]), "meals[0]: is the number “1”: it must be an object"),
        (lambda d: d.update(timezone="Mars/Olympus"), "timezone: “Mars/Olympus” is not a known time zone"),
        (lambda d: d.update(timezone="../etc/passwd"), "is not a known time zone"),
        (lambda d: d.update(timezone=None), "timezone: is null: it must be a text"),
        (milk(ingredients=["Milk"]), "edibles[2].ingredients: “Milk” contains itself"),
        (milk(ingredients=[None]), "edibles[2].ingredients[0]: is null"),
        (milk(ingredients=["Espresso", "Espresso"]), "ingredients[1]: “Espresso” stands here twice"),
        (milk(ingredients=["Oats"]), "edibles[2].ingredients[0]: “Oats” is not defined in edibles"),
        (milk(ingredients=["espresso"]), "spell it “Espresso” as there"),
        (milk(ingredients=["Latte"]), "edibles contain each other: Latte → Milk → Latte"),
        (milk(name="   "), "edibles[2].name: is blank"),
        (milk(name="Milk "), "edibles[2].name: “Milk ” has white space around it"),
        (milk(name="x" * 201), "edibles[2].name: has 201 characters: shorten it to 200"),
        (milk(name="Mi\0lk"), "edibles[2].name: holds the control character U+0000"),
        (milk(name="Mi\ud800lk"), "edibles[2].name: holds the control character U+D800"),
        (milk(name="LATTE"), "edibles[2].name: “LATTE” is already at edibles[1].name"),
        (milk(name=7), "edibles[2].name: is the number “7”: it must be a text"),
        (a_meal(category="BRUNCH"), "meals[0].category: “BRUNCH” is not known here"),
        (a_meal(title="x" * 201), "meals[0].title: has 201 characters"),
        (a_meal(notes="x" * 10_001), "meals[0].notes: has 10001 characters"),
        (a_meal(notes="\x07"), "meals[0].notes: holds the control character U+0007"),
        (a_meal(eaten_at="2026-03-01T08:05:00"), "does not say its offset from UTC"),
        (a_meal(eaten_at="2026-03-01"), "“2026-03-01” is not a date and time"),
        (a_meal(eaten_at="2026-02-30T08:05:00Z"), "is not a date and time"),
        (a_meal(eaten_at="2026-W09-7T08:05:00Z"), "is not a date and time"),
        (a_meal(eaten_at="1899-12-31T08:05:00Z"), "the year 1899 is outside 1900 to 2099"),
        (a_meal(eaten_at="2100-01-01T08:05:00Z"), "the year 2100 is outside 1900 to 2099"),
        (a_meal(eaten_at="0001-01-01T00:00:00+14:00"), "the year 1 is outside"),
        (a_meal(eaten_at=5), "meals[0].eaten_at: is the number “5”: it must be a text"),
        (a_portion(name="Tea"), "meals[0].edibles[0].name: “Tea” is not defined in edibles"),
        (a_portion(amount=-1), "meals[0].edibles[0].amount: “-1” is negative"),
        (a_portion(amount=10_000_000), "is too large: give at most 9999999.999"),
        (a_portion(amount=0.0001), "has too many decimals: round it to 3 decimals"),
        (a_portion(amount=float("nan")), "“NaN” is not a finite number"),
        (a_portion(amount=float("inf")), "“Infinity” is not a finite number"),
        (a_portion(amount=True), "meals[0].edibles[0].amount: is true: it must be a number or null"),
        (a_portion(amount="8"), "meals[0].edibles[0].amount: is a text: it must be a number or null"),
        (a_portion(unit="x" * 81), "meals[0].edibles[0].unit: has 81 characters"),
        (the_category(name="x" * 81), "wellbeing.categories[0].name: has 81 characters"),
        (the_category(description="x" * 501), "wellbeing.categories[0].description: has 501 characters"),
        (the_category(icon="x" * 17), "wellbeing.categories[0].icon: has 17 characters"),
        (the_category(is_active=1), "wellbeing.categories[0].is_active: is the number “1”"),
        (an_option(label="LOW"), "options[1].label: “LOW” is already at"),
        (an_option(value=1), "options[1].value: the value 1 is already at"),
        (an_option(value=1001), "options[1].value: “1001” is out of range: use -1000 to 1000"),
        (an_option(value=True), "options[1].value: is true: it must be a whole number"),
        (an_option(value=2.0), "options[1].value: is the number “2.0”: it must be a whole number"),
        (an_option(order=-1), "options[1].order: “-1” is out of range"),
        (an_option(color="blue"), "options[1].color: “blue” is not a colour"),
        (an_entry(category="Sleep"), "wellbeing.entries[0].category: “Sleep” is not defined"),
        (an_entry(option="Great"), "wellbeing.entries[0].option: “Great” is not defined"),
    ],
)
def test_a_wrong_value_is_refused_with_its_path(change: Change, said: str) -> None:
    assert any(said in problem for problem in problems_after(change))


def test_a_second_category_of_one_name_is_refused_whatever_its_case() -> None:
    def repeat(document: dict[str, Any]) -> None:
        categories = document["wellbeing"]["categories"]
        categories.append(categories[0] | {"name": "MOOD"})

    (problem,) = problems_after(repeat)
    assert problem == (
        "wellbeing.categories[1].name: “MOOD” is already at wellbeing.categories[0].name: "
        "names may not differ in case alone: rename or remove one"
    )


def test_a_key_that_stands_twice_is_refused_with_its_path() -> None:
    text = json.dumps(SMALL).replace('"title": ""', '"title": "", "title": "Brunch"')
    assert refusal_of(text.encode()) == "meals[0].title: stands more than once: keep one of them"


def test_a_number_of_very_many_digits_is_refused_like_any_other() -> None:
    text = json.dumps(SMALL).replace("254.5", "9" * 10_000)
    assert "is too large" in refusal_of(text.encode())


def test_an_exponent_beyond_all_bounds_is_refused() -> None:
    text = json.dumps(SMALL).replace("254.5", "1e99999999999999999999")
    assert "is not a finite number" in refusal_of(text.encode())


def test_a_wrong_name_is_not_called_undefined_as_well() -> None:
    def lengthen(document: dict[str, Any]) -> None:
        document["edibles"].append({"name": "x" * 201, "ingredients": []})
        document["edibles"][2]["ingredients"] = ["x" * 201]

    assert not any("not defined" in problem for problem in problems_after(lengthen))


def test_all_problems_are_told_at_once() -> None:
    def spoil(document: dict[str, Any]) -> None:
        a_portion(amount=-1)(document)
        an_option(value=5000)(document)

    assert len(problems_after(spoil)) == 2


def test_twenty_problems_are_told_and_the_rest_counted() -> None:
    document = copy.deepcopy(SMALL)
    document["meals"] = [{}] * 5
    with pytest.raises(ArchiveError) as refused:
        read(document)
    assert (len(refused.value.problems), refused.value.more) == (20, 5)
    assert str(refused.value).endswith("and at least 5 more")


def test_the_path_of_a_cycle_is_named() -> None:
    def bake(document: dict[str, Any]) -> None:
        document["edibles"] += [
            {"name": "Toast", "ingredients": ["Bread"]},
            {"name": "Bread", "ingredients": ["Dough"]},
            {"name": "Dough", "ingredients": ["Milk", "Bread"]},
        ]

    (problem,) = problems_after(bake)
    assert problem.startswith("edibles[5].ingredients: edibles contain each other: Bread → Dough → Bread:")


def test_a_very_deep_chain_of_edibles_is_read() -> None:
    depth = 5_000
    edibles = [{"name": f"Layer {i}", "ingredients": [f"Layer {i + 1}"]} for i in range(depth)]
    document = copy.deepcopy(SMALL)
    document["edibles"] = [*edibles, {"name": f"Layer {depth}", "ingredients": []}]
    document["meals"] = []
    assert len(read(document).edibles) == depth + 1


def test_an_edible_reached_on_two_ways_is_no_cycle() -> None:
    document = copy.deepcopy(SMALL)
    document["edibles"] = [
        {"name": "Latte", "ingredients": ["Milk", "Foam"]},
        {"name": "Foam", "ingredients": ["Milk"]},
        {"name": "Milk", "ingredients": []},
    ]
    assert len(read(document).edibles) == 3


def test_an_amount_keeps_its_value_but_not_its_zeros() -> None:
    text = json.dumps(SMALL).replace("254.5", "100.000")
    amount = read_archive(text.encode()).meals[0].portions[0].amount
    assert str(amount) == "100"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(ArchiveError):
        read_archive(data)


@given(st.data())
def test_any_json_in_any_place_is_read_or_refused(data: st.DataObject) -> None:
    document = copy.deepcopy(SMALL)
    holder: Any = document
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(holder[key], dict | list) and holder[key] and data.draw(st.booleans()):
            holder = holder[key]
        else:
            break
    holder[key] = data.draw(json_values)
    try:
        read(document)
    except ArchiveError as error:
        str(error).encode()


def test_an_edible_may_bring_its_notes() -> None:
    archive = Archive("UTC", edibles=(Edible("Milk", notes="From the farm"),))
    assert read_archive(write_archive(archive)) == archive


def test_guessed_times_are_read_from_their_optional_key() -> None:
    document = copy.deepcopy(SMALL)
    document["meals"][0]["time_guessed"] = True  # type: ignore[index] # its shape is known
    document["wellbeing"]["entries"][0]["time_guessed"] = False  # type: ignore[index] # as above
    archive = read(document)
    assert (archive.meals[0].time_guessed, archive.entries[0].time_guessed) == (True, False)


def test_a_guess_that_is_no_flag_is_refused() -> None:
    def change(document: dict[str, Any]) -> None:
        document["meals"][0]["time_guessed"] = "perhaps"

    assert problems_after(change) == ["meals[0].time_guessed: is a text: it must be true or false"]


def test_a_name_whose_signs_stand_for_many_letters_each_is_refused() -> None:
    archive = Archive("UTC", edibles=(Edible("ﷺ" * 40),))
    with pytest.raises(ArchiveError, match=r"edibles\[0\]\.name: has signs that stand for many letters"):
        read_archive(write_archive(archive))


def test_a_file_that_is_wrong_all_over_is_not_read_to_its_end() -> None:
    document = copy.deepcopy(SMALL) | {"edibles": [[]] * 100_000}
    with pytest.raises(ArchiveError) as refusal:
        read_archive(json.dumps(document).encode())
    assert refusal.value.more < 1000
