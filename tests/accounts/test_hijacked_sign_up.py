"""Mallory signs up with an address that is not hers, and its owner opens the link."""

from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from foodmood.audit.models import SecurityEvent
from tests.accounts.mails import last_link
from tests.conftest import sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

VICTIM = "victim@example.net"
MALLORYS = "barley-tea-at-night"
OWN = "rye-bread-at-dawn"
NEW = {"password1": OWN, "password2": OWN}


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def log_in(password: str, address: str = VICTIM, browser: Client | None = None) -> Client:
    browser = browser or Client()
    browser.post("/accounts/login/", {"login": address, "password": password})
    return browser


@pytest.fixture
def mallorys(settings: Settings) -> Client:
    """The browser in which mallory has signed up with the victim's address."""
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"verification-mail": "99/h/key"}
    browser = Client()
    browser.post("/accounts/signup/", {"email": VICTIM, "password1": MALLORYS, "consent": "on"})
    return browser


@pytest.fixture
def victims() -> Client:
    return Client()


def test_link_elsewhere_asks_for_a_new_password(mallorys: Client, victims: Client) -> None:
    link = last_link(to=VICTIM)
    assert "Choose your password" in victims.get(link).content.decode()
    assert victims.post(link).status_code == 422
    assert not EmailAddress.objects.get().verified
    assert User.objects.get().check_password(MALLORYS)


def test_new_password_opens_the_diary(mallorys: Client, victims: Client) -> None:
    assert victims.post(last_link(to=VICTIM), NEW).headers["Location"] == "/"
    assert is_in(victims)
    assert victims.get("/").headers["Location"] == "/account/consent/?next=/"  # whoever signed up agreed to nothing
    assert EmailAddress.objects.get().verified
    assert "password_reset" in SecurityEvent.objects.filter(person=User.objects.get().pk).values_list(
        "event", flat=True
    )


def test_whoever_signed_up_stays_out(mallorys: Client, victims: Client) -> None:
    """With the log-in that waits in her browser, her password, the link, and a session of her own making."""
    link = last_link(to=VICTIM)
    early = Client()
    early.force_login(User.objects.get())
    User.objects.update(last_login=None)
    victims.post(link, NEW)
    assert not is_in(early)
    assert not is_in(log_in(MALLORYS))
    for path in ("/", "/accounts/email/", "/accounts/2fa/totp/activate/"):
        assert mallorys.get(path).status_code == 302
    mallorys.post(link, {"password1": MALLORYS, "password2": MALLORYS})
    mallorys.post("/account/resend/")
    assert not is_in(log_in(MALLORYS, browser=mallorys))
    assert User.objects.get().check_password(OWN)


def test_nothing_that_was_added_before_stays(mallorys: Client, victims: Client) -> None:
    account = User.objects.get()
    EmailAddress.objects.create(user=account, email="mallory@example.org")
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    victims.post(last_link(to=VICTIM), NEW)
    assert is_in(victims)
    assert [address.email for address in EmailAddress.objects.all()] == [VICTIM]
    assert not Authenticator.objects.exists()


def test_taking_over_blames_no_operator(mallorys: Client, client: Client, bob: User) -> None:
    client.force_login(bob)
    client.post(last_link(to=VICTIM), NEW)
    assert User.objects.get(email=VICTIM).check_password(OWN)
    assert [message.subject for message in mail.outbox if "operator" in message.body] == []


@pytest.mark.parametrize("password", ["short", VICTIM, "password123"])
def test_weak_password_is_refused(mallorys: Client, victims: Client, password: str) -> None:
    answer = victims.post(last_link(to=VICTIM), {"password1": password, "password2": password})
    assert answer.status_code == 422
    assert answer.context["form"].errors["password1"]
    assert not EmailAddress.objects.get().verified


def test_second_post_changes_nothing(mallorys: Client, victims: Client) -> None:
    link = last_link(to=VICTIM)
    victims.post(link, NEW)
    page = Client().post(link, {"password1": MALLORYS, "password2": MALLORYS}).content.decode()
    assert "verified already" in page
    assert User.objects.get().check_password(OWN)


def test_sign_up_browser_confirms_after_the_wait(mallorys: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log-in that waits there ends after a quarter of an hour; whose browser it is stays known."""
    session = mallorys.session
    del session["account_login"]
    session.save()
    mallorys.post(last_link(to=VICTIM))
    assert EmailAddress.objects.get().verified
    assert is_in(log_in(MALLORYS))


def test_reset_before_confirming_keeps_her_out(mallorys: Client, victims: Client) -> None:
    victims.post("/accounts/password/reset/", {"email": VICTIM})
    form = victims.get(last_link(to=VICTIM)).headers["Location"]
    victims.post(form, NEW)
    victims.post(last_link(to=VICTIM))
    assert is_in(victims)
    assert not is_in(log_in(MALLORYS))


def test_invitation_leads_to_the_reset(mallorys: Client, victims: Client) -> None:
    call_command("invite", VICTIM, host="testserver")
    assert victims.get(last_link(to=VICTIM)).headers["Location"] == "/accounts/login/"
    victims.post("/accounts/password/reset/", {"email": VICTIM})
    victims.post(victims.get(last_link(to=VICTIM)).headers["Location"], NEW)
    victims.post(last_link(to=VICTIM))
    assert is_in(victims)
    assert not is_in(log_in(MALLORYS))


def test_added_address_is_confirmed_only_by_its_account(victims: Client) -> None:
    """Or mallory's account would be the one that the victim's reset opens, with her own ways in."""
    mallory = UserFactory.create(email="mallory@example.org")
    mallorys = sign_in(Client(), mallory)
    mallorys.post("/accounts/reauthenticate/", {"password": PASSWORD})
    mallorys.post("/accounts/email/", {"email": VICTIM, "action_add": ""})
    link = last_link(to=VICTIM)
    assert "Log in to confirm" in victims.get(link).content.decode()
    victims.post(link, NEW)
    assert not EmailAddress.objects.get(email=VICTIM).verified
    mallory.refresh_from_db()
    assert mallory.check_password(PASSWORD)
    mallorys.post("/accounts/email/", {"email": VICTIM, "action_primary": ""})
    mallory.refresh_from_db()
    assert mallory.email == "mallory@example.org"
    mallorys.post(link)
    assert EmailAddress.objects.get(email=VICTIM).verified


def test_link_of_another_account_logs_nobody_out(alices: Client, mallorys: Client) -> None:
    link = last_link(to=VICTIM)
    assert alices.get(link).status_code == 200
    assert is_in(alices)


@pytest.mark.parametrize("way", ["link", "reset"])
def test_used_account_keeps_its_factor(client: Client, victims: Client, settings: Settings, way: str) -> None:
    """From the time when the site sent no mail: a mailbox alone opens no diary that asks for a second step."""
    account = User.objects.create_user(VICTIM, MALLORYS)
    EmailAddress.objects.create(user=account, email=VICTIM, primary=True)
    client.force_login(account)
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    log_in(MALLORYS)
    if way == "link":
        link = last_link(to=VICTIM)
        assert "Log in to confirm" in victims.get(link).content.decode()
        victims.post(link, NEW)
    else:
        victims.post("/accounts/password/reset/", {"email": VICTIM})
        victims.post(victims.get(last_link(to=VICTIM)).headers["Location"], NEW)
    assert not is_in(victims)
    assert Authenticator.objects.exists()
    assert not EmailAddress.objects.get().verified


# After a reset


@pytest.fixture
def taken(alice: User) -> User:
    """An account of alice's to which somebody added an address and a passkey."""
    EmailAddress.objects.create(user=alice, email="mallory@example.org", verified=True)
    Authenticator.objects.create(user=alice, type=Authenticator.Type.WEBAUTHN, data={"name": "Mallory's phone"})
    return alice


def reset(browser: Client, address: str) -> str:
    browser.post("/accounts/password/reset/", {"email": address})
    answer = browser.post(browser.get(last_link(to=address)).headers["Location"], NEW)
    return answer.headers["Location"]


def test_reset_shows_other_addresses(alice: User, victims: Client) -> None:
    EmailAddress.objects.create(user=alice, email="mallory@example.org", verified=True)
    assert reset(victims, alice.email) == "/account/review/"
    assert "mallory@example.org" in victims.get("/account/review/").content.decode()


def test_reset_without_others_opens_today(alice: User, victims: Client) -> None:
    assert reset(victims, alice.email) == "/"


def test_review_removes_what_is_ticked(taken: User) -> None:
    browser = sign_in(Client(), taken)
    assert "Mallory&#x27;s phone" in browser.get("/account/review/").content.decode()
    data = {
        "addresses": EmailAddress.objects.get(email="mallory@example.org").pk,
        "factors": Authenticator.objects.get().pk,
    }
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert (
        browser.post("/account/review/", data).headers["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/")
    )
    assert Authenticator.objects.exists()
    session = browser.session
    record_authentication(SimpleNamespace(session=session), taken, "mfa", reauthenticated=True)
    session.save()
    browser.post("/account/review/", data)
    assert [address.email for address in EmailAddress.objects.all()] == [taken.email]
    assert not Authenticator.objects.exists()


def test_review_asks_again_before_it_removes(alice: User, victims: Client) -> None:
    EmailAddress.objects.create(user=alice, email="mallory@example.org", verified=True)
    reset(victims, alice.email)
    data = {"addresses": EmailAddress.objects.get(email="mallory@example.org").pk}
    asked = victims.post("/account/review/", data).headers["Location"]
    assert asked.startswith("/accounts/reauthenticate/")
    victims.post(asked, {"password": OWN})
    assert [address.email for address in EmailAddress.objects.all()] == [alice.email]
    assert "An e-mail address was removed" in [message.subject for message in mail.outbox]


def test_review_removes_no_strangers_rows(taken: User, bobs: Client) -> None:
    bobs.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for data in (
        {"addresses": EmailAddress.objects.get(email="mallory@example.org").pk},
        {"factors": Authenticator.objects.get().pk},
    ):
        bobs.post("/account/review/", data)
    assert EmailAddress.objects.filter(user=taken).count() == 2
    assert Authenticator.objects.filter(user=taken).exists()
