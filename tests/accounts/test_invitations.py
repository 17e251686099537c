"""Who may sign up, and invitations by e-mail."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Invitation, User
from tests.accounts.mails import last_link
from tests.conftest import sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

URL = "/account/invitations/"
CAROL = {"email": "carol@example.org", "password1": PASSWORD, "consent": "on", "time_zone": "UTC"}


@pytest.fixture
def hosts() -> Client:
    """A browser in which a member of staff is signed in."""
    return sign_in(Client(), UserFactory.create(email="host@example.org", is_staff=True))


@pytest.fixture
def invite_only(settings: Settings) -> None:
    settings.SIGNUP = "invite"


def invite_carol(hosts: Client) -> str:
    """The path of the link that carol gets."""
    hosts.post(URL, {"email": "Carol@example.org"})
    return last_link()


@pytest.mark.parametrize(("how", "says"), [("invite", "By invitation only"), ("closed", "No new accounts")])
def test_a_site_that_is_not_open_says_so_and_makes_no_account(
    client: Client, settings: Settings, how: str, says: str
) -> None:
    settings.SIGNUP = how
    assert says in client.get("/accounts/signup/").content.decode()
    assert says in client.post("/accounts/signup/", CAROL).content.decode()
    assert not User.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize(("how", "offered"), [("open", True), ("invite", False), ("closed", False)])
def test_signing_up_is_offered_where_everybody_may(client: Client, settings: Settings, how: str, offered: bool) -> None:
    settings.SIGNUP = how
    assert ('href="/accounts/signup/"' in client.get("/accounts/login/").content.decode()) is offered


def test_who_is_invited_signs_up_and_is_in_at_once(client: Client, hosts: Client, invite_only: None) -> None:
    link = invite_carol(hosts)
    assert mail.outbox[0].to == ["carol@example.org"]
    form = client.get(link, follow=True).content.decode()
    assert 'value="carol@example.org"' in form
    assert client.post("/accounts/signup/", CAROL).headers["Location"] == "/"
    carol = User.objects.get(email="carol@example.org")
    assert EmailAddress.objects.get(user=carol).verified
    assert carol.categories.exists()
    assert len(mail.outbox) == 1
    assert carol.invitation.invited_by is not None


def test_an_invitation_is_for_its_address_and_no_other(client: Client, hosts: Client, invite_only: None) -> None:
    client.get(invite_carol(hosts))
    client.post("/accounts/signup/?email=mallory@example.org", CAROL | {"email": "mallory@example.org"})
    assert not User.objects.filter(email="mallory@example.org").exists()
    assert User.objects.filter(email="carol@example.org").exists()


def test_an_invitation_works_once(client: Client, hosts: Client, invite_only: None) -> None:
    link = invite_carol(hosts)
    client.get(link)
    client.post("/accounts/signup/", CAROL)
    again = Client()
    assert "does not work" in again.get(link).content.decode()
    assert "By invitation only" in again.get("/accounts/signup/").content.decode()


def test_opening_the_link_does_not_use_it_up(client: Client, hosts: Client, invite_only: None) -> None:
    link = invite_carol(hosts)
    Client().get(link)
    assert client.get(link).headers["Location"] == "/accounts/signup/"


@pytest.mark.parametrize("opened", [True, False])
def test_an_invitation_works_for_a_week(client: Client, hosts: Client, invite_only: None, opened: bool) -> None:
    link = invite_carol(hosts)
    if opened:
        client.get(link)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == 404
    client.post("/accounts/signup/", CAROL)
    assert not User.objects.filter(email="carol@example.org").exists()


@pytest.mark.parametrize("opened", [True, False])
def test_a_withdrawn_invitation_does_not_work(client: Client, hosts: Client, invite_only: None, opened: bool) -> None:
    link = invite_carol(hosts)
    if opened:
        client.get(link)
    hosts.post(f"{URL}{Invitation.objects.get().pk}/withdraw/")
    assert client.get(link).status_code == 404
    client.post("/accounts/signup/", CAROL)
    assert not User.objects.filter(email="carol@example.org").exists()


def test_sending_it_again_makes_a_new_link_and_stops_the_old_one(client: Client, hosts: Client) -> None:
    old = invite_carol(hosts)
    hosts.post(f"{URL}{Invitation.objects.get().pk}/resend/")
    assert client.get(old).status_code == 404
    assert client.get(last_link()).headers["Location"] == "/accounts/signup/"
    assert Invitation.objects.count() == 1


def test_where_sign_up_is_closed_not_even_a_link_helps(client: Client, hosts: Client, settings: Settings) -> None:
    link = invite_carol(hosts)
    settings.SIGNUP = "closed"
    assert "No new accounts" in client.get(link).content.decode()
    client.post("/accounts/signup/", CAROL)
    assert not User.objects.filter(email="carol@example.org").exists()


def test_the_token_is_not_kept(hosts: Client) -> None:
    token = invite_carol(hosts).rstrip("/").rpartition("/")[2]
    assert token not in str(Invitation.objects.values().get())


def test_an_invited_person_with_an_account_is_led_to_log_in(client: Client, hosts: Client, alice: User) -> None:
    hosts.post(URL, {"email": alice.email})
    assert client.get(last_link()).headers["Location"] == "/accounts/login/"


def test_the_inviter_does_not_learn_whether_there_is_an_account(hosts: Client, alice: User) -> None:
    def answer(email: str) -> list[Any]:
        response = hosts.post(URL, {"email": email}, follow=True)
        Invitation.objects.all().delete()
        body = re.sub(r"\w{64}|/invitations/\d+/|\d\d?:\d\d", "", response.content.decode())
        return [response.redirect_chain, response.status_code, body.replace(email, ""), len(mail.outbox)]

    *known, mails = answer("alice@example.org")
    *unknown, mails_then = answer("carol@example.org")
    assert known == unknown
    assert (mails, mails_then) == (1, 2)


def test_who_does_not_accept_is_listed(hosts: Client) -> None:
    invite_carol(hosts)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    page = hosts.get(URL).content.decode()
    assert "carol@example.org" in page
    assert "too old" in page


@pytest.mark.parametrize("email", ["", "carol", "x" * 300 + "@example.org", "a\0@example.org", "a@b.org\nBcc: c@d.org"])
def test_what_is_no_address_is_not_invited(hosts: Client, email: str) -> None:
    assert hosts.post(URL, {"email": email}).status_code == 422
    assert not mail.outbox


@pytest.mark.parametrize("path", ["", "{pk}/resend/", "{pk}/withdraw/"])
def test_only_staff_invites(alices: Client, hosts: Client, path: str) -> None:
    invite_carol(hosts)
    url = URL + path.format(pk=Invitation.objects.get().pk)
    assert alices.get(url).status_code in {404, 405}
    assert alices.post(url, {"email": "dave@example.org"}).status_code == 404
    assert Client().post(url).headers["Location"].startswith("/accounts/login/")
    assert Invitation.objects.count() == len(mail.outbox) == 1


def test_an_accepted_invitation_is_not_sent_again(client: Client, hosts: Client) -> None:
    client.get(invite_carol(hosts))
    client.post("/accounts/signup/", CAROL)
    pk = Invitation.objects.get().pk
    assert hosts.post(f"{URL}{pk}/resend/").status_code == 404
    assert "carol@example.org" not in hosts.get(URL).content.decode()


def test_where_no_mail_is_sent_the_link_is_shown_to_be_handed_over(
    hosts: Client, client: Client, no_mail: None
) -> None:
    page = hosts.post(URL, {"email": "carol@example.org"}, follow=True).content.decode()
    (link,) = re.findall(r"http://testserver(/account/invitations/accept/[\w-]+/)", page)
    client.get(link)
    client.post("/accounts/signup/", CAROL)
    assert not EmailAddress.objects.get(email="carol@example.org").verified


def test_the_command_invites(client: Client, invite_only: None, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [".food.example.org"]
    call_command("invite", "carol@example.org")
    assert "https://food.example.org/account/invitations/accept/" in str(mail.outbox[0].body)
    assert client.get(last_link(), headers={"host": "food.example.org"}).headers["Location"] == "/accounts/signup/"


def test_the_command_prints_the_link_where_no_mail_is_sent(no_mail: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("invite", "carol@example.org", host="localhost")
    assert "https://localhost/account/invitations/accept/" in capsys.readouterr().out


def test_the_command_refuses_what_can_not_work(settings: Settings) -> None:
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("invite", "carol")
    with pytest.raises(CommandError, match="DJANGO_ALLOWED_HOSTS"):
        call_command("invite", "carol@example.org", host="elsewhere.example.org")
    settings.SIGNUP = "closed"
    with pytest.raises(CommandError, match="closed"):
        call_command("invite", "carol@example.org")
