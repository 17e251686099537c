"""Before a diary goes out or comes in, its owner shows once more who they are."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from foodmood.audit.models import Event, SecurityEvent
from tests.conftest import confirm, sign_in
from tests.downloads import close
from tests.factories import PASSWORD
from tests.portability.test_data_pages import SERVINGS, send

pytestmark = pytest.mark.django_db

CONFIRM = "/accounts/reauthenticate/?next=/data/"


@pytest.fixture
def unsure(alice: User) -> Client:
    """A browser in which alice has been signed in for a while."""
    return sign_in(Client(), alice)


@pytest.mark.parametrize("path", ["/data/export/", "/data/export/tables/"])
def test_a_download_asks_who_it_is(unsure: Client, path: str) -> None:
    assert unsure.get(path).headers["Location"] == CONFIRM
    answer = unsure.post(CONFIRM, {"password": PASSWORD})
    assert answer.headers["Location"] == "/data/"
    answer = unsure.get(path)
    assert answer.status_code == 200
    close(answer)


def test_an_import_asks_who_it_is(unsure: Client, alice: User) -> None:
    answer = send(unsure, "cronometer", SERVINGS, **{"import": "1"})
    assert answer.headers["Location"] == CONFIRM
    assert not alice.meals.exists()


def test_htmx_is_led_there_too(unsure: Client) -> None:
    file = SimpleUploadedFile("file", SERVINGS)
    answer = unsure.post("/data/import/", {"kind": "cronometer", "file": file}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == CONFIRM


def test_the_page_offers_it_before_a_file_is_chosen(unsure: Client) -> None:
    page = unsure.get("/data/").content.decode()
    assert f'href="{CONFIRM}"' in page
    assert "/data/import/" not in page
    assert "/data/export/" not in page


def test_a_log_in_alone_does_not_count(unsure: Client, alice: User) -> None:
    session = unsure.session
    record_authentication(SimpleNamespace(session=session), alice, "password")
    session.save()
    assert unsure.get("/data/export/").status_code == 302


def test_it_counts_for_ten_minutes(unsure: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    confirm(unsure, alice)
    later = time.time() + settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1
    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.time.time", lambda: later)
    assert unsure.get("/data/export/").status_code == 302


def test_with_a_factor_the_password_is_not_enough(alice: User) -> None:
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    alice.refresh_from_db()
    answer = sign_in(Client(), alice).get(CONFIRM)
    assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_a_download_is_among_the_events(alices: Client, alice: User) -> None:
    close(alices.get("/data/export/"))
    close(alices.get("/data/export/tables/"))
    events = SecurityEvent.objects.filter(event=Event.EXPORTED, person=alice.pk)
    assert {event.detail for event in events} == {"archive", "tables"}
    assert all(timezone.now() - event.at < timedelta(minutes=5) for event in events)
    assert "Downloaded the diary" in alices.get("/account/events/").content.decode()


def test_an_import_is_among_the_events_and_a_preview_is_not(alices: Client, alice: User) -> None:
    send(alices, "cronometer", SERVINGS)
    assert not SecurityEvent.objects.filter(event=Event.IMPORTED).exists()
    send(alices, "cronometer", SERVINGS, **{"import": "1"})
    assert SecurityEvent.objects.get(event=Event.IMPORTED).person == alice.pk
    assert "Imported a file" in alices.get("/account/events/").content.decode()
