"""Whose an address is: mallory has added one to her list that she can't prove, and its owner comes along."""

import re
from importlib import import_module
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Invitation, User
from tests.accounts.mails import last_link
from tests.conftest import sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

VICTIM = "victim@example.net"
SIGNED_UP = {"email": VICTIM, "password1": PASSWORD, "consent": "on", "time_zone": "UTC"}
HOPELESS = [
    pytest.param(f"a@{'ü' * 60}.de", id="too long in ASCII"),
    pytest.param("a@\u0640\u0640x.de", id="two directions"),
    pytest.param("a@\u00ad.de", id="nothing to see"),
]


@pytest.fixture
def mallory() -> User:
    return UserFactory.create(email="mallory@example.org")


@pytest.fixture
def mallorys(mallory: User) -> Client:
    """A browser in which mallory has just added the victim's address to hers."""
    browser = sign_in(Client(), mallory)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post("/accounts/email/", {"email": VICTIM, "action_add": ""})
    assert EmailAddress.objects.filter(user=mallory, email=VICTIM, verified=False).exists()
    mail.outbox.clear()
    return browser


def mails_to(address: str) -> list[str]:
    return [str(message.subject) for message in mail.outbox if address in message.to]


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", page)


def test_the_owner_signs_up_all_the_same(client: Client, mallorys: Client) -> None:
    client.post("/accounts/signup/", SIGNED_UP)
    client.post(last_link(to=VICTIM))
    assert client.get("/").status_code == 200
    assert EmailAddress.objects.get(user__email=VICTIM).verified


def test_the_squatter_does_not_see_that_the_owner_signed_up(client: Client, mallorys: Client) -> None:
    def seen() -> str:
        return without_tokens(mallorys.get("/accounts/email/").content.decode())

    mallorys.get("/accounts/email/")  # where the link went is said once
    before = seen()
    client.post("/accounts/signup/", SIGNED_UP)
    client.post(last_link(to=VICTIM))
    assert seen() == before


@pytest.mark.parametrize("confirmed", [True, False])
def test_the_squatters_link_is_refused_once_there_is_an_owner(
    client: Client, mallory: User, mallorys: Client, confirmed: bool
) -> None:
    client.post("/accounts/signup/", SIGNED_UP)
    if confirmed:
        client.post(last_link(to=VICTIM))
    squatted = EmailAddress.objects.get(user=mallory, email=VICTIM)
    link = f"/accounts/confirm-email/{EmailConfirmationHMAC(squatted).key}/"
    reader = Client()  # somebody with the owner's mailbox who presses every button
    assert "can’t be used for this one" in reader.get(link).content.decode()
    reader.post(link)
    squatted.refresh_from_db()
    assert not squatted.verified


def test_the_owner_can_confirm_though_the_squatter_added_it_after_the_sign_up(client: Client, mallory: User) -> None:
    client.post("/accounts/signup/", SIGNED_UP)
    EmailAddress.objects.create(user=mallory, email=VICTIM)
    client.post(last_link(to=VICTIM))
    assert client.get("/").status_code == 200


def test_a_reset_does_not_open_the_squatters_account(client: Client, mallorys: Client) -> None:
    client.post("/accounts/password/reset/", {"email": VICTIM})
    client.post("/accounts/password/reset/", {"email": "nobody@example.net"})
    known, unknown = (str(message.body) for message in mail.outbox)
    assert "/reset/key/" not in known
    assert known == unknown.replace("nobody@example.net", VICTIM)


def test_a_verified_further_address_resets_the_password(client: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email="second@example.org", verified=True)
    client.post("/accounts/password/reset/", {"email": "second@example.org"})
    assert "/reset/key/" in str(mail.outbox[0].body)


def test_who_may_not_log_in_gets_no_reset_link(client: Client) -> None:
    gone = UserFactory.create(is_active=False)
    client.post("/accounts/password/reset/", {"email": gone.email})
    assert "/reset/key/" not in str(mail.outbox[0].body)


def test_an_invitation_to_the_owner_is_accepted(client: Client, mallorys: Client, settings: Settings) -> None:
    settings.SIGNUP = "invite"
    call_command("invite", VICTIM, host="testserver")
    assert client.get(last_link(to=VICTIM)).headers["Location"] == "/accounts/signup/"
    assert client.post("/accounts/signup/", SIGNED_UP).headers["Location"] == "/"
    assert EmailAddress.objects.get(user__email=VICTIM).verified


def test_the_squatter_does_not_log_in_with_it(mallorys: Client) -> None:
    def answer(address: str, password: str) -> tuple[int, str]:
        response = Client().post("/accounts/login/", {"login": address, "password": password})
        return response.status_code, without_tokens(response.content.decode().replace(address, ""))

    assert answer(VICTIM, PASSWORD) == answer(VICTIM, "wrong") == answer("nobody@example.net", "wrong")
    assert not mail.outbox


def test_a_verified_further_address_logs_in(client: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email="second@example.org", verified=True)
    client.post("/accounts/login/", {"login": "second@example.org", "password": PASSWORD})
    assert client.get("/").status_code == 200


def test_an_operator_gives_the_address_to_its_owner(mallorys: Client) -> None:
    admins = Client()
    admins.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    data = {"email": VICTIM, "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert admins.post("/admin/accounts/user/add/", data).status_code == 302


def test_where_no_mail_is_sent_the_owner_signs_up(client: Client, mallorys: Client, no_mail: None) -> None:
    assert client.post("/accounts/signup/", SIGNED_UP).headers["Location"] == "/"


def test_where_no_mail_is_sent_an_address_with_an_account_is_refused(
    client: Client, alice: User, no_mail: None
) -> None:
    answer = client.post("/accounts/signup/", SIGNED_UP | {"email": alice.email})
    assert "There is an account with this address already" in answer.content.decode()


def test_where_no_mail_is_sent_nobody_adds_an_address(alices: Client, alice: User, bob: User, no_mail: None) -> None:
    EmailAddress.objects.update(verified=False)
    alices.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert alices.post("/accounts/email/", {"email": bob.email, "action_add": ""}).status_code == 503
    alices.post("/accounts/email/", {"email": bob.email, "action_primary": ""})
    assert [address.email for address in EmailAddress.objects.filter(user=alice)] == [alice.email]


def test_who_deletes_their_account_takes_nothing_of_the_owners(mallory: User, mallorys: Client) -> None:
    call_command("invite", VICTIM, host="testserver")
    call_command("delete_account", mallory.email, "--yes")
    assert Invitation.objects.filter(email=VICTIM).exists()


def test_the_owners_mail_is_sent_though_a_stranger_has_just_caused_one(client: Client, mallorys: Client) -> None:
    mallorys.post("/accounts/email/", {"email": VICTIM, "action_remove": ""})
    mail.outbox.clear()
    client.post("/accounts/signup/", SIGNED_UP)
    assert mails_to(VICTIM) == ["Confirm your e-mail address"]


def test_an_account_mails_one_address_once_in_three_minutes(mallorys: Client) -> None:
    answer = mallorys.post("/accounts/email/", {"email": VICTIM, "action_send": ""})
    assert answer.status_code == 429
    assert 170 <= int(answer.headers["Retry-After"]) <= 180
    mallorys.post("/accounts/email/", {"email": VICTIM, "action_remove": ""})
    assert mallorys.post("/accounts/email/", {"email": VICTIM, "action_add": ""}).status_code == 429
    assert not EmailAddress.objects.filter(email=VICTIM).exists()  # it left nothing half-written
    assert not mails_to(VICTIM)


def test_that_there_is_an_account_is_mailed_once_in_three_minutes(client: Client, alice: User) -> None:
    for _time in range(3):
        client.post("/accounts/signup/", SIGNED_UP | {"email": alice.email})
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("address", HOPELESS)
@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("/accounts/signup/", {"password1": PASSWORD, "consent": "on"}),
        ("/accounts/password/reset/", {}),
        ("/accounts/email/", {"action_add": ""}),
        ("/account/invitations/", {}),
        (
            "/admin/accounts/user/add/",
            {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
        ),
    ],
)
def test_an_address_that_no_mail_can_go_to_is_refused_by_its_field(
    client: Client, url: str, data: dict[str, Any], address: str
) -> None:
    if url not in {"/accounts/signup/", "/accounts/password/reset/"}:
        sign_in(client, UserFactory.create(is_staff=True, is_superuser=True))
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    people = User.objects.count()
    mail.outbox.clear()
    answer = client.post(url, data | {"email": address})
    assert answer.status_code in {200, 422}
    form = answer.context.get("adminform") or answer.context["form"]
    assert form.errors["email"] == ["No mail can be sent to this address. Check how it is spelled."]
    assert (User.objects.count(), mail.outbox) == (people, [])


@pytest.mark.parametrize("address", HOPELESS)
def test_the_commands_refuse_it_too(address: str) -> None:
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("invite", address, host="testserver")
    with pytest.raises(CommandError, match="No mail can be sent"):
        call_command("createsuperuser", email=address, interactive=False)


@pytest.mark.parametrize("address", HOPELESS)
def test_to_log_in_with_it_is_wrong(client: Client, address: str) -> None:
    page = client.post("/accounts/login/", {"login": address, "password": PASSWORD}).content.decode()
    assert "is not right" in page


SPELLINGS = ["alice@ex\uff41mple.org", "alice@\u24d4xample.org", "alice@exam\u00adple.org", "ALICE@example.org"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_logs_in_in_every_spelling(client: Client, alice: User, spelling: str) -> None:
    client.post("/accounts/login/", {"login": spelling, "password": PASSWORD})
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_makes_a_second_account(client: Client, alice: User, spelling: str) -> None:
    client.post("/accounts/signup/", SIGNED_UP | {"email": spelling})
    assert User.objects.count() == 1


def test_all_spellings_share_one_count(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    answers = [
        client.post(
            "/accounts/password/reset/",
            {"email": SPELLINGS[n % len(SPELLINGS)]},
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
        ).status_code
        for n in range(7)
    ]
    assert answers == [302] * 5 + [429] * 2


def test_an_address_in_another_script_is_kept_as_mail_servers_see_it(client: Client) -> None:
    client.post("/accounts/signup/", SIGNED_UP | {"email": "ann@müller.de"})
    assert EmailAddress.objects.get().email == User.objects.get().email == "ann@xn--mller-kva.de"
    client.post(last_link())
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/account/delete/", {"email": "Ann@Müller.de"})
    assert not User.objects.exists()


def test_addresses_on_record_get_the_one_spelling(alice: User, bob: User) -> None:
    keep_one_spelling = import_module("apps.accounts.migrations.0004_one_spelling").keep_one_spelling
    for user, email in ((alice, "ann@müller.de"), (bob, "alice@ex\uff41mple.net")):
        User.objects.filter(pk=user.pk).update(email=email)
        EmailAddress.objects.filter(user=user).update(email=email)
    UserFactory.create(email="alice@example.net")  # that spelling is taken
    Invitation.objects.create(email="carl@Müller.de", token_hash="x", expires_at=timezone.now())
    keep_one_spelling(apps, connection.schema_editor())
    alice.refresh_from_db()
    bob.refresh_from_db()
    assert alice.email == EmailAddress.objects.get(user=alice).email == "ann@xn--mller-kva.de"
    assert bob.email == "alice@ex\uff41mple.net"
    assert Invitation.objects.get().email == "carl@xn--mller-kva.de"
