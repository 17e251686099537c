"""From signing up to a verified address."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from tests.accounts.mails import last_link
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

SIGNED_UP = {"email": "carol@example.org", "password1": PASSWORD, "consent": "on", "time_zone": "UTC"}


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_who_signs_up_is_asked_to_look_into_their_mail(client: Client) -> None:
    response = client.post("/accounts/signup/", SIGNED_UP, follow=True)
    assert "Look into your mail" in response.content.decode()
    assert [message.to for message in mail.outbox] == [["carol@example.org"]]
    assert not is_in(client)


def test_opening_the_link_verifies_nothing_yet(client: Client) -> None:
    client.post("/accounts/signup/", SIGNED_UP)
    page = client.get(last_link()).content.decode()
    assert "Is this your address?" in page
    assert "carol@example.org" in page
    assert not EmailAddress.objects.get().verified


def test_who_confirms_in_the_same_browser_is_in(client: Client) -> None:
    client.post("/accounts/signup/", SIGNED_UP)
    assert client.post(last_link()).headers["Location"] == "/"
    assert is_in(client)
    assert EmailAddress.objects.get().verified


def test_before_that_the_right_password_opens_nothing_but_sends_the_link(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"verification-mail": "9/h/key"}
    client.post("/accounts/signup/", SIGNED_UP)
    phone = Client()
    answer = phone.post("/accounts/login/", {"login": "carol@example.org", "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/confirm-email/"
    assert not is_in(phone)
    assert len(mail.outbox) == 2


def test_a_used_link_says_so(client: Client) -> None:
    client.post("/accounts/signup/", SIGNED_UP)
    link = last_link()
    client.post(link)
    assert "verified already" in client.get(link).content.decode()
    assert "verified already" in client.post(link).content.decode()


def test_an_expired_link_says_so(client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    address = EmailAddress.objects.create(user=alice, email="new@example.org")
    later = (timezone.now() + timedelta(days=3, minutes=1)).timestamp()
    link = f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/"
    monkeypatch.setattr("time.time", lambda: later)
    assert "too old" in client.get(link).content.decode()
    client.post(link)
    address.refresh_from_db()
    assert not address.verified


@pytest.mark.parametrize("key", ["bad", "a:b:c", "%00", "x" * 5000])
def test_a_broken_link_says_so(client: Client, key: str) -> None:
    link = f"/accounts/confirm-email/{key}/"
    assert "broken" in client.get(link).content.decode()
    assert "broken" in client.post(link).content.decode()


def test_a_link_whose_account_is_gone_says_no_more_than_a_broken_one(client: Client) -> None:
    client.post("/accounts/signup/", SIGNED_UP)
    link = last_link()
    User.objects.all().delete()
    assert "broken" in client.get(link).content.decode()


def test_an_address_that_was_verified_elsewhere_in_the_meantime_is_refused(client: Client, alice: User) -> None:
    address = EmailAddress.objects.create(user=alice, email="shared@example.org")
    link = f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/"
    bob = User.objects.create_user("bob@example.org", PASSWORD)
    EmailAddress.objects.create(user=bob, email="shared@example.org", verified=True)
    assert "can’t be used for this one" in client.get(link).content.decode()
    client.post(link)
    address.refresh_from_db()
    assert not address.verified


def test_the_mail_is_sent_again_on_request(client: Client, settings: Settings) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"verification-mail": "9/h/key"}
    client.post("/accounts/signup/", SIGNED_UP)
    response = client.post("/account/resend/", follow=True)
    assert "Look into your mail" in response.content.decode()
    assert len(mail.outbox) == 2
    client.post(last_link())
    assert is_in(client)


def test_it_is_not_sent_again_within_three_minutes(client: Client) -> None:
    client.post("/accounts/signup/", SIGNED_UP)
    client.post("/account/resend/")
    assert len(mail.outbox) == 1


def test_a_stranger_who_asks_for_the_mail_is_sent_to_log_in(client: Client) -> None:
    assert client.post("/account/resend/").headers["Location"] == "/accounts/login/"
    assert client.get("/account/resend/").status_code == 405
    assert not mail.outbox


def test_where_no_mail_is_sent_who_signs_up_is_in(client: Client, no_mail: None) -> None:
    assert client.post("/accounts/signup/", SIGNED_UP).headers["Location"] == "/"
    assert is_in(client)


def test_where_no_mail_is_sent_a_password_can_be_changed_all_the_same(alices: Client, no_mail: None) -> None:
    new = "rye-bread-at-dawn"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert alices.post("/accounts/password/change/", data).status_code == 302
    assert User.objects.get().check_password(new)
