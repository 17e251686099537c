from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.wellbeing import forms
from apps.wellbeing.models import Category, Option
from apps.wellbeing.starter import create_starter_categories
from tests.factories import CategoryFactory, EntryFactory, OptionFactory
from tests.meanwhile import just_before

pytestmark = pytest.mark.django_db

NEW = reverse("wellbeing:new_category")
Row = dict[str, Any]


@pytest.fixture
def mood(alice: User) -> Category:
    return create_starter_categories(owner=alice)[0]


def url(category: Category) -> str:
    return reverse("wellbeing:category", args=[category.pk])


def rows_of(category: Category) -> list[Row]:
    fields = ("pk", "label", "value", "color", "order")
    return [dict(zip(fields, row, strict=True)) for row in category.options.values_list(*fields)]


def filled(rows: list[Row], **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"name": "Mood", "description": "", "icon": "🙂", "higher_is_better": "True"}
    data |= {"options-TOTAL_FORMS": len(rows), "options-INITIAL_FORMS": 0}
    data |= {f"options-{place}-{key}": value for place, row in enumerate(rows) for key, value in row.items()}
    return data | changes


def state() -> list[Any]:
    return [
        *Category.objects.order_by("pk").values_list("name", "description", "higher_is_better"),
        *Option.objects.order_by("pk").values_list("label", "key", "value", "color", "order"),
    ]


def test_a_new_one_is_its_makers_with_its_scale(alices: Client, alice: User) -> None:
    rows = [{"label": "No", "value": "0"}, {"label": ""}, {"label": " A  little ", "value": "1", "color": "#b4533c"}]
    assert alices.post(NEW, filled(rows, name="Pain", higher_is_better="False")).status_code == 302
    pain = alice.categories.get(name="Pain")
    assert not pain.higher_is_better
    assert [(row["label"], row["value"], row["color"], row["order"]) for row in rows_of(pain)] == [
        ("No", 0, "", 1),
        ("A little", 1, "#b4533c", 2),
    ]


def test_the_owner_sees_the_scale_and_empty_rows(alices: Client, mood: Category) -> None:
    response = alices.get(url(mood))
    assert len(response.context["options"].forms) == 5 + forms.EMPTY_ROWS
    assert b'value="Awful"' in response.content


def test_saving_what_is_there_changes_nothing(alices: Client, mood: Category) -> None:
    before = state()
    assert alices.post(url(mood), filled(rows_of(mood))).status_code == 302
    assert state() == before


def test_steps_may_swap_labels_and_values_in_one_save(alices: Client, mood: Category) -> None:
    entry = EntryFactory.create(category=mood, option=mood.options.get(label="Awful"))
    rows = rows_of(mood)
    for row, mirrored in zip(rows, rows_of(mood)[::-1], strict=True):
        row["value"] = mirrored["value"]
    rows[1]["label"], rows[2]["label"] = rows[2]["label"], rows[1]["label"]
    assert alices.post(url(mood), filled(rows)).status_code == 302
    assert {row["label"]: row["value"] for row in rows_of(mood)} == {
        "Awful": 5,
        "Okay": 4,
        "Bad": 3,
        "Good": 2,
        "Great": 1,
    }
    entry.refresh_from_db()
    assert (entry.option.label, entry.option.value) == ("Awful", 5)


def test_an_unused_step_can_be_removed_and_its_value_used_again(alices: Client, mood: Category) -> None:
    rows = rows_of(mood)
    rows[0]["DELETE"] = "on"
    rows.append({"label": "Terrible", "value": rows[0]["value"]})
    assert alices.post(url(mood), filled(rows)).status_code == 302
    assert "Terrible" in mood.options.values_list("label", flat=True)
    assert mood.options.count() == 5


def test_a_used_step_stays_with_a_clear_word(alices: Client, mood: Category) -> None:
    EntryFactory.create(category=mood, option=mood.options.get(label="Awful"))
    before, rows = state(), rows_of(mood)
    rows[0]["DELETE"] = "on"
    response = alices.post(url(mood), filled(rows, name="New name"))
    assert response.status_code == 422
    assert "“Awful” stays, because entries of yours use it" in response.content.decode()
    assert state() == before


def test_a_step_used_a_moment_ago_stays_with_the_same_word(
    alices: Client, mood: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    EntryFactory.create(category=mood, option=mood.options.get(label="Awful"))
    monkeypatch.setattr(forms.BaseOptionFormSet, "clean", lambda _: None)
    before, rows = state(), rows_of(mood)
    rows[0]["DELETE"] = "on"
    response = alices.post(url(mood), filled(rows, name="New name"))
    assert response.status_code == 422
    assert "“Awful” stays, because entries of yours use it" in response.content.decode()
    assert state() == before


def test_a_step_that_another_tab_added_stays(alices: Client, mood: Category) -> None:
    rows = rows_of(mood)
    OptionFactory.create(category=mood, label="Heavenly", value=6)
    assert alices.post(url(mood), filled(rows)).status_code == 302
    assert mood.options.filter(label="Heavenly").exists()


def test_one_deleted_a_moment_ago_is_not_brought_back(
    alices: Client, mood: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = filled(rows_of(mood))
    just_before(monkeypatch, forms, "save_category", lambda: Category.objects.get(name="Mood").delete())
    assert alices.post(url(mood), data).status_code == 404
    assert not Category.objects.filter(name="Mood").exists()


def test_one_archived_a_moment_ago_stays_archived(
    alices: Client, mood: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before(monkeypatch, forms, "save_category", lambda: Category.objects.update(is_active=False))
    assert alices.post(url(mood), filled(rows_of(mood))).status_code == 302
    mood.refresh_from_db()
    assert not mood.is_active


def test_a_step_deleted_a_moment_ago_is_not_brought_back(
    alices: Client, mood: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = filled(rows_of(mood), **{"options-INITIAL_FORMS": 5})
    just_before(monkeypatch, forms, "save_category", lambda: mood.options.get(label="Awful").delete())
    response = alices.post(url(mood), data)
    assert response.status_code == 422
    assert "This changed in the meantime" in response.content.decode()
    assert not mood.options.filter(label="Awful").exists()


def test_to_a_stranger_it_is_not_there(bobs: Client, mood: Category) -> None:
    before = state()
    assert bobs.get(url(mood)).status_code == 404
    assert bobs.post(url(mood), filled(rows_of(mood), name="Mine")).status_code == 404
    assert state() == before


def test_a_strangers_step_is_no_row(alices: Client, mood: Category, bob: User) -> None:
    theirs = OptionFactory.create(category__owner=bob, label="Theirs")
    before = state()
    for extra in ({"pk": theirs.pk, "label": "Mine", "value": 9}, {"pk": "9" * 30, "label": "Mine", "value": 9}):
        assert alices.post(url(mood), filled([*rows_of(mood), extra])).status_code == 422
    assert alices.post(url(mood), filled([*rows_of(mood), {"pk": theirs.pk, "DELETE": "on"}])).status_code in {302, 422}
    assert state() == before


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "ENERGY"},
        {"name": "x" * 10_000},
        {"name": "M\0od"},
        {"description": "x" * 501},
        {"icon": "x" * 17},
        {"higher_is_better": "perhaps"},
        {"options-0-label": ""},
        {"options-0-label": "x" * 81},
        {"options-0-label": "bad"},
        {"options-0-label": "\0"},
        {"options-0-value": ""},
        {"options-0-value": "2"},
        {"options-0-value": "1001"},
        {"options-0-value": "9" * 5000},
        {"options-0-value": "low"},
        {"options-0-color": "red"},
        {"options-0-color": '#12345"'},
        {"options-0-order": "-1"},
        {"options-0-order": "32768"},
        {"options-TOTAL_FORMS": ""},
        {"options-TOTAL_FORMS": "1000000000"},
        {"options-INITIAL_FORMS": "garbage"},
    ],
    ids=lambda bad: str(bad)[:40],
)
def test_bad_input_is_refused_and_nothing_half_written(alices: Client, mood: Category, bad: dict[str, Any]) -> None:
    before = state()
    assert alices.post(url(mood), filled(rows_of(mood), description="New") | bad).status_code == 422
    assert state() == before


@pytest.mark.parametrize("value", ["1001", "-5000", "2147483648", "9" * 30])
def test_a_value_out_of_range_is_told_the_range(alices: Client, mood: Category, value: str) -> None:
    response = alices.post(url(mood), filled(rows_of(mood)) | {"options-0-value": value})
    assert response.status_code == 422
    assert response.context["options"].errors[0] == {"value": ["Choose a whole number from -1000 to 1000."]}


@pytest.mark.parametrize("order", ["-1", "32768", "9" * 30])
def test_an_order_out_of_range_is_told_the_range(alices: Client, mood: Category, order: str) -> None:
    response = alices.post(url(mood), filled(rows_of(mood)) | {"options-0-order": order})
    assert response.status_code == 422
    assert response.context["options"].errors[0] == {"order": ["Choose a whole number from 0 to 32767."]}


@pytest.mark.parametrize(("field", "end"), [("value", -1000), ("value", 1000), ("order", 0), ("order", 32_767)])
def test_the_ends_of_the_ranges_can_be_chosen(alices: Client, mood: Category, field: str, end: int) -> None:
    assert alices.post(url(mood), filled(rows_of(mood)) | {f"options-0-{field}": end}).status_code == 302
    assert getattr(mood.options.get(label="Awful"), field) == end


@pytest.fixture
def fine(alice: User) -> Category:
    """A scale of 110 steps, as an import may bring one."""
    fine = CategoryFactory.create(owner=alice, name="Fine")
    Option.objects.bulk_create(Option(category=fine, label=f"Step {n}", value=n, order=n) for n in range(110))
    return fine


def sent(category: Category, *more: Row, **changes: Any) -> dict[str, Any]:
    """What the page sends: all steps, and the empty rows below them with these filled in."""
    rows = [*rows_of(category), *more]
    rows += [{"label": ""}] * (category.options.count() + forms.EMPTY_ROWS - len(rows))
    return filled(rows, **{"options-INITIAL_FORMS": category.options.count()}, **changes)


def test_a_scale_of_many_steps_shows_them_all_and_empty_rows(alices: Client, fine: Category) -> None:
    assert len(alices.get(url(fine)).context["options"].forms) == 110 + forms.EMPTY_ROWS


def test_a_scale_of_many_steps_can_be_saved(alices: Client, fine: Category) -> None:
    assert alices.post(url(fine), sent(fine, name="Finer")).status_code == 302
    fine.refresh_from_db()
    assert (fine.name, fine.options.count()) == ("Finer", 110)


def test_a_scale_of_many_steps_can_exchange_one(alices: Client, fine: Category) -> None:
    data = sent(fine, {"label": "New", "value": 500}) | {"options-0-DELETE": "on"}
    assert alices.post(url(fine), data).status_code == 302
    assert fine.options.filter(label="New").exists()
    assert fine.options.count() == 110


def test_a_scale_of_many_steps_may_not_grow(alices: Client, fine: Category) -> None:
    response = alices.post(url(fine), sent(fine, {"label": "New", "value": 500}))
    assert response.status_code == 422
    assert "A scale holds up to 110 steps; these are 111." in response.content.decode()
    assert fine.options.count() == 110


def test_a_scale_grows_up_to_the_limit(alices: Client, mood: Category) -> None:
    steps = [{"label": f"Step {n}", "value": n} for n in range(10, 10 + 101 - 5)]
    assert alices.post(url(mood), filled([*rows_of(mood), *steps])).status_code == 302
    response = alices.post(url(mood), sent(mood, {"label": "One more", "value": 500}))
    assert "A scale holds up to 101 steps; these are 102." in response.content.decode()


def test_more_rows_than_any_page_sends_are_called_steps(alices: Client, mood: Category) -> None:
    response = alices.post(url(mood), filled(rows_of(mood)) | {"options-TOTAL_FORMS": "1000000000"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "A scale holds up to 101 steps." in page
    assert page.count('class="step"') < 200


def test_an_empty_form_is_refused(alices: Client, mood: Category) -> None:
    assert alices.post(url(mood), {}).status_code == 422
    assert alices.post(NEW, {}).status_code == 422


@pytest.mark.parametrize("rows", [[], [{"label": "Only", "value": 1}]])
def test_a_scale_needs_two_steps(alices: Client, alice: User, rows: list[Row]) -> None:
    response = alices.post(NEW, filled(rows))
    assert response.status_code == 422
    assert "A scale needs two steps or more." in response.content.decode()
    assert not alice.categories.exists()


def test_a_name_taken_a_moment_ago_is_refused_in_words(
    alices: Client, mood: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(**_: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(forms, "save_category", late)
    assert alices.post(url(mood), filled(rows_of(mood))).status_code == 422


def test_a_colour_of_ones_own_stays_a_choice(alices: Client, alice: User) -> None:
    option = OptionFactory.create(category=CategoryFactory.create(owner=alice), color="#123456")
    assert b'<option value="#123456" selected>' in alices.get(url(option.category)).content
