from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config.parsers import contact
from config.variables import BadValueError
from foodmood.well_known import VALID

pytestmark = pytest.mark.django_db

SECURITY = "/.well-known/security.txt"


def test_favicon_leads_to_an_icon(client: Client) -> None:
    where = client.get("/favicon.ico").headers["Location"]
    file = finders.find(where.removeprefix("/static/"))
    assert file
    assert Path(file).read_bytes().startswith(b"\0\0\1\0")


def test_change_password_leads_to_the_form(alices: Client) -> None:
    assert alices.get("/.well-known/change-password").headers["Location"] == "/accounts/password/change/"


def test_security_txt_names_the_contact(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT, settings.SITE_URL = "mailto:security@example.org", "https://food.example.org"
    answer = client.get(SECURITY)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines()[0] == "Contact: mailto:security@example.org"
    assert b"Canonical: https://food.example.org/.well-known/security.txt\n" in answer.content


def test_security_txt_never_expires(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = "https://example.org/security"
    line = next(line for line in client.get(SECURITY).content.decode().splitlines() if line.startswith("Expires: "))
    expires = datetime.fromisoformat(line.removeprefix("Expires: "))
    assert VALID - timedelta(days=1) <= expires - timezone.now() <= VALID


def test_without_a_contact_there_is_no_security_txt(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = None
    assert client.get(SECURITY).status_code == 404


@pytest.mark.parametrize("given", ["security@example.org", "mailto:security@example.org"])
def test_an_address_becomes_a_uri(given: str) -> None:
    assert parseaddr(contact(given).removeprefix("mailto:"))[1] == "security@example.org"
    assert contact(given).startswith("mailto:")


@pytest.mark.parametrize("given", ["security", "http://example.org", "a@b\nContact: x", "https://", "a b@example.org"])
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(BadValueError, match="write an e-mail address or a page"):
        contact(given)
