import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.factories import EntryFactory

pytestmark = pytest.mark.django_db

URL = reverse("accounts:profile")


def test_it_shows_the_address_and_the_time_zone(alices: Client) -> None:
    page = alices.get(URL).content.decode()
    assert "alice@example.org" in page
    assert '<option value="Europe/Berlin" selected>Berlin</option>' in page


def test_the_time_zone_can_change_and_times_are_shown_in_it(alices: Client, alice: User) -> None:
    entry = EntryFactory.create(option__category__owner=alice)
    assert alices.post(URL, {"language": "en", "time_zone": "America/New_York"}).status_code == 302
    alice.refresh_from_db()
    assert alice.time_zone == "America/New_York"
    assert b'value="7:00 am"' in alices.get(f"/wellbeing/entries/{entry.pk}/").content


@pytest.mark.parametrize("garbage", ["", "Atlantis/Center", "x" * 10_000, "\0", "../localtime", "localtime"])
def test_what_is_no_time_zone_is_refused(alices: Client, alice: User, garbage: str) -> None:
    assert alices.post(URL, {"language": "en", "time_zone": garbage}).status_code == 422
    alice.refresh_from_db()
    assert alice.time_zone == "Europe/Berlin"


def offered(page: str) -> list[str]:
    return re.findall(r'<option value="([^"]+)"', page.partition('name="time_zone"')[2].partition("</select>")[0])


def test_each_place_is_offered_by_its_present_name(alices: Client) -> None:
    names = offered(alices.get(URL).content.decode())
    assert {"UTC", "Europe/Oslo", "Asia/Kolkata", "America/Argentina/Buenos_Aires"} <= set(names)
    assert not {"W-SU", "Asia/Calcutta", "US/Eastern", "EST", "GMT0", "Etc/GMT+5", "posixrules"} & set(names)


def test_places_are_grouped_by_region_and_readable(alices: Client) -> None:
    page = alices.get(URL).content.decode()
    assert '<optgroup label="Indian Ocean">' in page
    assert '<option value="America/Argentina/Buenos_Aires">Buenos Aires, Argentina</option>' in page


def test_a_former_name_is_shown_as_its_present_one(alices: Client, alice: User) -> None:
    alice.time_zone = "Asia/Calcutta"
    alice.save()
    assert '<option value="Asia/Kolkata" selected>Kolkata</option>' in alices.get(URL).content.decode()


def test_an_unusual_zone_stays_when_the_profile_is_saved(alices: Client, alice: User) -> None:
    alice.time_zone = "Etc/GMT+5"
    alice.save()
    assert "Etc/GMT+5" in offered(alices.get(URL).content.decode())
    assert alices.post(URL, {"language": "en", "time_zone": "Etc/GMT+5"}).status_code == 302


def test_nothing_else_of_a_person_can_be_set(alices: Client, alice: User) -> None:
    changes = {"is_staff": "on", "is_superuser": "on", "email": "root@example.org"}
    alices.post(URL, {"language": "en", "time_zone": "UTC"} | changes)
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser, alice.email) == (False, False, "alice@example.org")


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client) -> None:
    assert client.get(URL).headers["Location"] == f"/accounts/login/?next={URL}"


def test_other_methods_are_refused(alices: Client) -> None:
    assert alices.delete(URL).status_code == 405
