"""A person hears at the address that they have of any other that may let somebody in."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _notices(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True


def add(browser: Client, user: User) -> None:
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True, "verified": True})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post("/accounts/email/", {"action_add": "", "email": "second@example.org"})


def test_an_added_address_is_told_to_the_primary_one(alices: Client, alice: User) -> None:
    add(alices, alice)
    told = {str(message.subject): message.to for message in mail.outbox}
    assert told["An e-mail address was added"] == [alice.email]
    assert told["Confirm your e-mail address"] == ["second@example.org"]


def test_a_confirmed_address_is_told_to_the_primary_one(alices: Client, alice: User) -> None:
    add(alices, alice)
    (link,) = {
        path for message in mail.outbox for path in re.findall(r"/accounts/confirm-email/\S+/", str(message.body))
    }
    mail.outbox.clear()
    alices.post(link)
    (message,) = mail.outbox
    assert (message.to, message.subject) == ([alice.email], "An e-mail address was confirmed")
    assert "second@example.org" in str(message.body)


def test_where_no_mail_is_sent_it_goes_without(alices: Client, alice: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    new = "rye-bread-at-dawn"
    alices.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    alice.refresh_from_db()
    assert alice.check_password(new)
