"""What somebody who reads German sees of accounts: their pages, those of strangers, and every mail."""

from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from pytest_django import Settings

from apps.accounts.letters import LETTERS
from apps.accounts.models import Invitation, User
from foodmood.audit.models import Event, SecurityEvent
from tests.accounts.letters import CONTEXTS
from tests.accounts.mails import last_link
from tests.conftest import sign_in
from tests.factories import PASSWORD
from tests.locale.reading import same_in_both

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TWO_STEPS = "/accounts/2fa/"
PHONE = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
NAMES = ("https://", "Potsdam", "Firefox on Android")  # of places and devices, as given


def page_in(client: Client, path: str, language: str) -> str:
    """As a person reads it, and a stranger."""
    User.objects.update(language=language)
    answer = client.get(path, headers={"Accept-Language": language}, follow=path.endswith("?follow"))
    assert answer.status_code in {200, 404}, path
    return answer.content.decode()


def same_on(client: Client, *paths: str) -> dict[str, set[str]]:
    return same_in_both(paths, lambda path, language: page_in(client, path, language))


@pytest.fixture
def sure(alices: Client, alice: User) -> Client:
    """Alice's browser, in which she has just shown that it is her. She runs this FoodMood."""
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    session = alices.session
    record_authentication(SimpleNamespace(session=session), alice, "password", reauthenticated=True)
    session.save()
    sign_in(Client(), alice).get("/", headers={"User-Agent": PHONE})
    return alices


@pytest.fixture
def passkey(alice: User) -> Authenticator:
    """And recovery codes, and an app."""
    TOTP.activate(alice, SECRET)
    RecoveryCodes.activate(alice)
    data = {"name": "q1x", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    return Authenticator.objects.create(
        user=alice, type=Authenticator.Type.WEBAUTHN, data=data, last_used_at=timezone.now()
    )


def test_no_page_of_an_account_says_the_same_in_both(sure: Client) -> None:
    pages = ["/account/", "/account/delete/", "/data/", "/privacy/", TWO_STEPS, f"{TWO_STEPS}totp/activate/"]
    pages += [f"{TWO_STEPS}webauthn/", f"{TWO_STEPS}webauthn/add/", "/accounts/password/change/"]
    pages += ["/accounts/logout/", "/accounts/reauthenticate/"]
    assert same_on(sure, *pages) == {}


def test_no_list_of_addresses_says_the_same_in_both(sure: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email="alice@example.com")
    assert same_on(sure, "/accounts/email/") == {}


def test_no_page_of_two_step_log_in_says_the_same_in_both(passkey: Authenticator, sure: Client) -> None:
    pages = ["", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/", "webauthn/"]
    pages += [f"webauthn/keys/{passkey.pk}/{what}/" for what in ("edit", "remove")]
    pages += ["reauthenticate/"]
    assert same_on(sure, *(TWO_STEPS + page for page in pages)) == {}


def test_setting_a_first_password_is_german(sure: Client, alice: User) -> None:
    alice.set_unusable_password()
    alice.save()
    assert same_on(sign_in(Client(), alice), "/accounts/password/set/?follow") == {}


def test_no_list_of_sessions_says_the_same_in_both(sure: Client) -> None:
    same = same_on(sure, "/accounts/sessions/").get("/accounts/sessions/", set())
    assert not [text for text in same if "127.0.0.1" not in text]


def test_every_security_event_is_named_in_german(sure: Client, alice: User) -> None:
    for event in Event:
        SecurityEvent.objects.create(event=event, person=alice.pk, by=alice.pk + 1)
    assert same_on(sure, "/account/events/") == {}


@pytest.mark.parametrize("how", ["open", "invite", "closed"])
def test_no_page_of_invitations_says_the_same_in_both(sure: Client, alice: User, settings: Settings, how: str) -> None:
    settings.SIGNUP = how
    assert same_on(sure, "/account/invitations/") == {}
    sure.post("/account/invitations/", {"email": "carol@example.org"})
    sure.post("/account/invitations/", {"email": "dora@example.org"})
    Invitation.objects.filter(email="dora@example.org").update(expires_at=timezone.now())
    assert same_on(sure, "/account/invitations/") == {}


@pytest.mark.parametrize("how", ["open", "invite", "closed"])
def test_no_page_of_strangers_says_the_same_in_both(client: Client, alice: User, settings: Settings, how: str) -> None:
    settings.SIGNUP = how
    pages = ["login/", "signup/", "password/reset/", "password/reset/done/", "password/reset/key/done/"]
    pages += ["password/reset/key/1-bad/", "inactive/", "confirm-email/", "confirm-email/bad/"]
    assert same_on(client, *(f"/accounts/{page}" for page in pages)) == {}
    assert same_on(client, "/account/invitations/accept/bad/?follow", "/privacy/") == {}


def test_a_link_from_a_mail_opens_a_page_in_german(client: Client, alice: User) -> None:
    address = EmailAddress.objects.create(user=alice, email="alice@example.com")
    confirm = f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/"
    assert same_on(client, confirm) == {}
    EmailAddress.objects.filter(user=alice).update(verified=True)
    assert same_on(client, confirm) == {}


def test_a_new_password_is_asked_for_in_german(client: Client, alice: User) -> None:
    client.post("/accounts/password/reset/", {"email": alice.email})
    form = client.get(last_link()).headers["Location"]
    assert same_on(client, form) == {}


def test_the_second_step_is_german(client: Client, alice: User) -> None:
    TOTP.activate(alice, SECRET)
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert same_on(client, "/accounts/2fa/authenticate/") == {}


def test_no_refusal_says_the_same_in_both(alice: User, settings: Settings) -> None:
    def refusal(template: str, language: str) -> str:
        name, _, reason = template.partition(" ")
        with translation.override(language):
            context = {"most": settings.IMPORT_MAX_BYTES, "minutes": 2, "reason": reason, "mail_is_sent": True}
            return render_to_string(name, context)

    assert same_in_both(["413.html", "429.html guess", "429.html mail", "429.html"], refusal) == {}


def test_no_mail_says_the_same_in_both(db: None) -> None:
    def html(prefix: str, language: str) -> str:
        with translation.override(language):
            letter = LETTERS[prefix](CONTEXTS[prefix]).to("you@example.org", sender="")
        return str(letter.alternatives[0][0])

    with request_context(RequestFactory(headers={"host": "testserver"}).get("/", secure=True)):
        same = same_in_both(LETTERS, html)
    assert {text for both in same.values() for text in both if not text.startswith(NAMES)} == set()
