"""What somebody who reads German sees."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.portability.exports import exported
from apps.wellbeing.starter import create_starter_categories
from tests.conftest import confirm
from tests.factories import NOON, CategoryFactory, EntryFactory, IngredientFactory, OptionFactory, PortionFactory
from tests.insights.diaries import always_together, demo, keep
from tests.locale.reading import same_in_both

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(alice: User) -> User:
    alice.language = "de"
    alice.save()
    return alice


def page_in(client: Client, user: User, path: str, language: str) -> str:
    User.objects.filter(pk=user.pk).update(language=language)
    return client.get(path).content.decode()


def test_no_page_says_the_same_in_english_and_in_german(alices: Client, alice: User) -> None:
    """Names in this diary hold a sign that no language has."""
    portion = PortionFactory.create(
        meal__owner=alice, meal__title="q1x", edible__name="q1x milk", amount="1.5", unit="q1x", meal__notes="q1x"
    )
    latte = IngredientFactory.create(edible=portion.edible, container__owner=alice, container__name="q1x latte")
    category = CategoryFactory.create(owner=alice, name="q1x", description="q1x")
    low, _high = (OptionFactory.create(category=category, label=f"q1x{n}", value=n) for n in (1, 2))
    entry = EntryFactory.create(option=low, notes="q1x")
    CategoryFactory.create(owner=alice, name="q1x old", is_active=False)
    edible, meal = portion.edible.pk, portion.meal.pk
    paths = [
        *("/", f"/day/{NOON:%Y-%m-%d}/", f"/meals/{meal}/", "/meals/", "/meals/?q=nothing", f"/meals/?edible={edible}"),
        *("/edibles/", "/edibles/?q=nothing", "/edibles/?q=q1x", "/edibles/new/", f"/edibles/{edible}/"),
        *(f"/edibles/{latte.container.pk}/", f"/edibles/{latte.container.pk}/edit/"),
        *("/wellbeing/", f"/wellbeing/?category={category.pk}", "/wellbeing/categories/", "/wellbeing/categories/new/"),
        *(f"/wellbeing/categories/{category.pk}/", f"/wellbeing/entries/{entry.pk}/"),
        *("/insights/", f"/insights/{category.pk}/", "/insights/how/", "/data/", "/no/such/page/"),
    ]
    assert same_in_both(paths, lambda path, language: page_in(alices, alice, path, language)) == {}


def test_a_fragment_is_german_too(alices: Client, alice: User) -> None:
    page = alices.post(f"/day/{NOON:%Y-%m-%d}/meal/", {}, headers={"HX-Request": "true"})
    assert page.status_code == 422
    assert "Nenne mindestens eine Sache" in page.content.decode()


def test_a_page_that_is_not_there_says_so_in_german(alices: Client) -> None:
    page = alices.get("/no/such/page/")
    assert page.status_code == 404
    assert "Hier ist nichts" in page.content.decode()


def test_a_fault_of_ours_says_so_in_german(alices: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm(alices, alice)

    def broken(owner: User) -> None:
        raise RuntimeError

    monkeypatch.setattr("apps.portability.views.exported", broken)
    alices.raise_request_exception = False
    page = alices.get("/data/export/").content.decode()
    assert "unser Fehler, nicht deiner" in page
    assert '<html lang="de">' in page


def test_dates_and_numbers_are_written_as_germans_do(alices: Client, alice: User) -> None:
    PortionFactory.create(meal__owner=alice, amount="1.500", unit="Tassen")
    page = alices.get("/meals/").content.decode()
    assert "Sonntag, 1. März 2026" in page
    assert "1,5 Tassen" in page


def test_fields_that_browsers_read_keep_their_own_format(alices: Client, alice: User) -> None:
    entry = EntryFactory.create(option__category__owner=alice, option__value=1000)
    assert 'value="13:00"' in alices.get(f"/wellbeing/entries/{entry.pk}/").content.decode()
    assert 'value="1000"' in alices.get(f"/wellbeing/categories/{entry.category.pk}/").content.decode()


@pytest.mark.parametrize(("typed", "kept"), [("0,5", "0.5"), ("0.5", "0.5"), ("1,125", "1.125"), ("0,125", "0.125")])
def test_an_amount_may_have_a_comma_or_a_point(alices: Client, alice: User, typed: str, kept: str) -> None:
    alices.post(
        f"/day/{NOON:%Y-%m-%d}/meal/",
        {"edible": "Milch", "amount": typed, "unit": "l", "category": "DRINK", "eaten_at": "2026-03-01T08:00"},
    )
    portion = alice.meals.get().portions.get()
    assert f"{portion.amount.normalize():f}" == kept  # type: ignore[union-attr] # None fails the test as well
    assert f'value="{kept.replace(".", ",")}"' in alices.get(f"/meals/{portion.meal.pk}/").content.decode()


def test_an_amount_that_may_be_a_thousand_is_asked_for_again(alices: Client, alice: User) -> None:
    page = alices.post(
        f"/day/{NOON:%Y-%m-%d}/meal/",
        {"edible": "Mehl", "amount": "1.500", "unit": "g", "category": "LUNCH", "eaten_at": "2026-03-01T08:00"},
    )
    assert page.status_code == 422
    assert "„1.500“ kann 1500 oder 1,5 bedeuten" in page.content.decode()
    assert not alice.meals.exists()


def test_insights_read_as_german_sentences(alices: Client, alice: User) -> None:
    keep(alice, demo())
    page = re.sub(r"<[^>]+>|\s+", " ", alices.get("/insights/").content.decode())
    assert re.search(
        r"Bloating war +etwa \d,\d Stufen höher +\(95 %: \d,\d bis \d,\d\) *, und das ist schlechter", page
    )
    assert re.search(r"Verglichen: \d+ Einträge mit, \d+ ohne\.", page)
    assert "Einen Versuch wert" in page


def test_what_the_diary_cannot_tell_apart_is_said_in_german(alices: Client, alice: User) -> None:
    keep(alice, always_together())
    assert "ob es Bread oder Butter ist" in alices.get("/insights/").content.decode()


def test_a_preview_of_an_import_counts_in_german(alices: Client, alice: User) -> None:
    confirm(alices, alice)
    create_starter_categories(owner=alice)
    file = SimpleUploadedFile(
        "moods.csv", b"full_date,time,mood,activities\n2026-03-01,20:00,gut,run\n2026-03-02,,mies,\n"
    )
    page = alices.post("/data/import/", {"kind": "daylio", "file": file}).content.decode()
    assert "2 Einträge" in page
    assert "Vom 1. März 2026 bis zum 2. März 2026." in page
    assert "1 Zeile nennt keine Uhrzeit. Wenn keine andere Zeile sie nennt, bekommt sie die übliche" in page
    assert "Weggelassen: Aktivitäten (1)." in page


def test_an_archive_does_not_depend_on_the_language(alices: Client, alice: User) -> None:
    confirm(alices, alice)
    create_starter_categories(owner=alice)
    PortionFactory.create(meal__owner=alice, amount="1.5", unit="l")
    german = alices.get("/data/export/").getvalue()
    assert german == b"".join(exported(alice))
    User.objects.update(language="en")
    assert alices.get("/data/export/").getvalue() == german
