from http.cookies import Morsel
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from apps.accounts.models import User
from apps.portability.models import Format
from apps.portability.reading import read_file
from apps.wellbeing.starter import create_starter_categories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

SWITCH = reverse("set_language")
LOG_IN = "/accounts/login/"
ACCOUNT = reverse("accounts:profile")
GERMAN_BROWSER = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def is_german(page: Any) -> bool:
    return bool(page.headers["Content-Language"] == "de" and '<html lang="de">' in page.content.decode())


def test_a_stranger_is_spoken_to_in_the_browsers_language(client: Client) -> None:
    assert is_german(client.get(LOG_IN, headers=GERMAN_BROWSER))
    assert not is_german(client.get(LOG_IN, headers={"Accept-Language": "fr"}))


def test_a_stranger_can_choose_another_and_stays_on_the_page(client: Client) -> None:
    page = client.get(f"{LOG_IN}?next=/meals/").content.decode()
    assert f'name="next" value="{LOG_IN}?next=/meals/"' in page
    answer = client.post(SWITCH, {"language": "de", "next": f"{LOG_IN}?next=/meals/"})
    assert answer.headers["Location"] == f"{LOG_IN}?next=/meals/"
    assert is_german(client.get(LOG_IN))


def test_every_language_is_called_by_its_own_name(client: Client) -> None:
    page = client.get(LOG_IN, headers=GERMAN_BROWSER).content.decode()
    assert ">English</button>" in page
    assert ">Deutsch</button>" in page


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_the_switch_leads_to_no_other_site(client: Client, elsewhere: str) -> None:
    assert client.post(SWITCH, {"language": "de", "next": elsewhere}).headers["Location"] == "/"


@pytest.mark.parametrize("garbage", ["", "fr", "xx", "../de", "\0", "d" * 10_000])
def test_what_is_no_language_of_ours_changes_nothing(client: Client, garbage: str) -> None:
    client.post(SWITCH, {"language": garbage, "next": LOG_IN})
    assert not is_german(client.get(LOG_IN))


def test_the_choice_rests_in_a_cookie_that_no_script_reads_and_no_other_site_sends(client: Client) -> None:
    client.post(SWITCH, {"language": "de", "next": "/"})
    cookie: Morsel[str] = client.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 60 * 60)


def test_the_switch_is_a_form_with_a_token(settings: Settings) -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(SWITCH, {"language": "de"}).status_code == 403
    assert careful.get(SWITCH).status_code == 405


def test_a_persons_own_choice_is_stronger_than_the_browsers(alices: Client, alice: User) -> None:
    assert not is_german(alices.get("/", headers=GERMAN_BROWSER))
    alice.language = "de"
    alice.save()
    assert is_german(alices.get("/", headers={"Accept-Language": "en"}))
    assert is_german(alices.get("/no/such/page/", headers={"Accept-Language": "en"}))


def test_the_language_is_chosen_in_the_account_and_the_answer_is_in_it(alices: Client, alice: User) -> None:
    page = alices.post(ACCOUNT, {"language": "de", "time_zone": "Europe/Berlin"}, follow=True)
    alice.refresh_from_db()
    assert alice.language == "de"
    assert is_german(page)
    assert "Gespeichert. Zeiten werden in Europe/Berlin angezeigt." in page.content.decode()


@pytest.mark.parametrize("garbage", ["", "fr", "DE", "../de", "\0", "d" * 10_000])
def test_what_is_no_language_is_refused(alices: Client, alice: User, garbage: str) -> None:
    assert alices.post(ACCOUNT, {"language": garbage, "time_zone": "UTC"}).status_code == 422
    alice.refresh_from_db()
    assert (alice.language, alice.time_zone) == ("en", "Europe/Berlin")


def test_who_signs_up_in_german_has_a_german_diary(client: Client) -> None:
    client.post(
        "/accounts/signup/",
        {"email": "carol@example.org", "password1": PASSWORD, "consent": "on"},
        headers=GERMAN_BROWSER,
    )
    carol = User.objects.get()
    assert carol.language == "de"
    names = [category.name for category in carol.categories.all()]
    assert names == ["Stimmung", "Energie", "Schlafqualität", "Blähbauch"]
    labels = [option.label for option in carol.categories.get(name="Blähbauch").options.all()]
    assert labels == ["Gar nicht", "Leicht", "Mittel", "Stark", "Sehr stark"]


def test_a_weak_password_is_refused_in_german(client: Client) -> None:
    form = {"email": "carol@example.org", "password1": "12345678901"}
    page = client.post("/accounts/signup/", form, headers=GERMAN_BROWSER).content.decode()
    assert "Dieses Passwort besteht nur aus Ziffern." in page


def test_who_logs_in_is_spoken_to_in_their_own_language(client: Client, alice: User) -> None:
    alice.language = "de"
    alice.save()
    page = client.post(LOG_IN, {"login": alice.email, "password": PASSWORD}, follow=True)
    assert "Diese Seite ist noch leer" in page.content.decode()


def test_who_changed_the_language_is_not_offered_the_same_categories_again(alices: Client, alice: User) -> None:
    create_starter_categories(owner=alice)
    alice.language = "de"
    alice.save()
    alices.post(reverse("wellbeing:add_starters"))
    assert alice.categories.count() == 4


def test_imported_moods_find_the_category_from_before_the_language_was_changed(alice: User) -> None:
    create_starter_categories(owner=alice)
    alice.language = "de"
    found = read_file(
        data=b"full_date,date,weekday,time,mood,activities,note\n2026-03-01,March 1,Sunday,20:00,gut,,\n",
        kind=Format.DAYLIO,
        owner=alice,
    )
    assert found.moods
    assert (found.moods.category.name, found.moods.mapping) == ("Mood", {"gut": 4})


def test_a_german_diarys_moods_stand_on_its_own_scale(alice: User) -> None:
    alice.language = "de"
    found = read_file(
        data=b"full_date,date,weekday,time,mood,activities,note\n2026-03-01,March 1,Sunday,20:00,gut,,\n",
        kind=Format.DAYLIO,
        owner=alice,
    )
    assert found.moods
    assert found.moods.category.name == "Stimmung"
    assert found.moods.scale[found.moods.mapping["gut"]] == "Gut"
