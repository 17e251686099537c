"""A person leaves: everything about them goes, on the page and by the operator's command."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from apps.accounts.actions import delete_account
from apps.accounts.diary import GoneError
from apps.accounts.models import User
from apps.portability.models import Import, ImportedRow
from tests.at_once import at_once
from tests.factories import (
    PASSWORD,
    CategoryFactory,
    EntryFactory,
    IngredientFactory,
    MealFactory,
    PortionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

URL = reverse("accounts:delete")
EVERYWHERE = {
    "account.EmailAddress",
    "accounts.User",
    "admin.LogEntry",
    "axes.AccessAttempt",
    "edibles.Alias",
    "edibles.Edible",
    "edibles.Ingredient",
    "meals.Meal",
    "meals.Portion",
    "mfa.Authenticator",
    "portability.Import",
    "portability.ImportedRow",
    "sessions.Session",
    "usersessions.UserSession",
    "wellbeing.Category",
    "wellbeing.CategoryAlias",
    "wellbeing.Entry",
}


@pytest.fixture
def sure(alices: Client) -> Client:
    """A browser in which alice has just typed her password again."""
    alices.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return alices


def live(user: User) -> None:
    """Leave a row in every table that holds something of people."""
    category = EntryFactory.create(option__category__owner=user, notes="Much better").category
    edible = IngredientFactory.create(container__owner=user).edible
    for renamed in (category, edible):
        renamed.name += " today"
        renamed.save()
    PortionFactory.create(meal__owner=user)
    imported = Import.objects.create(owner=user, format="daylio", file_name=f"{user.email}.csv")
    ImportedRow.objects.create(owner=user, origin=imported, kind="entry", row=1, added=True)
    EmailAddress.objects.create(user=user, email=f"other-{user.email}")
    for name in (user.email, f"{user.email} 0123456789abcdef"):
        AccessAttempt.objects.create(username=name, ip_address="203.0.113.7", failures_since_start=1)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    for _device in range(2):
        browser = Client()
        browser.force_login(user)
        UserSession.objects.create(
            user=user, ip="203.0.113.7", user_agent="Firefox", session_key=browser.session.session_key
        )
    operator = UserFactory.create(is_staff=True)
    LogEntry.objects.create(
        user=operator,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=user.email,
        action_flag=CHANGE,
    )


def rows_of(person: int, email: str) -> set[tuple[str, object]]:
    """What names the person: by a foreign key, by their number, or by their address anywhere in a text."""
    found = set()
    for model in apps.get_models():
        meta, rows = model._meta, model._base_manager  # noqa: SLF001 -- Django's documented API
        pointing = [field.attname for field in meta.fields if field.related_model is User]
        for row in rows.all():
            values: dict[str, Any] = {field.attname: getattr(row, field.attname) for field in meta.fields}
            is_session = isinstance(row, Session) and row.get_decoded().get(SESSION_KEY) == str(person)
            is_logged = isinstance(row, LogEntry) and row.object_id == str(person)
            is_self = model is User and row.pk == person
            refers = any(values[name] == person for name in pointing)
            if is_self or refers or is_logged or is_session or email in json.dumps(values, default=str):
                found.add((meta.label, row.pk))
    return found


def tables_of(user: User) -> set[str]:
    return {table for table, _row in rows_of(user.pk, user.email)}


def test_nothing_in_any_table_refers_to_the_person_afterwards(alice: User) -> None:
    live(alice)
    person = alice.pk
    assert tables_of(alice) == EVERYWHERE
    delete_account(alice)
    assert rows_of(person, "alice@example.org") == set()


def test_nobody_else_loses_anything(alice: User, bob: User) -> None:
    live(alice)
    live(bob)
    before = rows_of(bob.pk, bob.email)
    delete_account(alice)
    assert rows_of(bob.pk, bob.email) == before


def test_the_page_asks_for_the_password_first(alices: Client, alice: User) -> None:
    for answer in (alices.get(URL), alices.post(URL, {"email": alice.email})):
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.filter(pk=alice.pk).exists()


def test_it_offers_the_diary_and_names_the_backups(sure: Client, settings: Settings) -> None:
    page = sure.get(URL).content.decode()
    assert reverse("portability:export") in page
    assert f"gone after {settings.RETENTION['backups'].days} days" in " ".join(page.split())
    assert "You are the only one who runs" not in page


def test_the_address_typed_deletes_everything_and_says_so(sure: Client, alice: User) -> None:
    MealFactory.create(owner=alice)
    page = sure.post(URL, {"email": " Alice@Example.org "}, follow=True)
    assert page.redirect_chain == [("/accounts/login/", 302)]
    assert "Your account is deleted" in page.content.decode()
    assert not User.objects.exists()
    assert sure.get("/").headers["Location"].startswith("/accounts/login/")


def test_typed_before_the_password_it_happens_after_it(alices: Client, alice: User) -> None:
    alices.post(URL, {"email": alice.email})
    page = alices.post(f"/accounts/reauthenticate/?next={URL}", {"password": PASSWORD}, follow=True)
    assert "Your account is deleted" in page.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["", "bob@example.org", "alice", "x" * 10_000, "\0"])
def test_anything_else_deletes_nothing(sure: Client, alice: User, bob: User, email: str) -> None:
    assert sure.post(URL, {"email": email}).status_code == 422
    assert User.objects.count() == 2


def test_who_is_not_signed_in_is_sent_to_log_in(client: Client) -> None:
    assert client.get(URL).headers["Location"] == f"/accounts/login/?next={URL}"


def test_all_other_devices_are_logged_out(sure: Client, alice: User) -> None:
    phone = Client()
    phone.force_login(alice)
    phone.get("/")  # the first page notes the device
    sure.post(URL, {"email": alice.email})
    assert not Session.objects.filter(pk=phone.session.session_key).exists()
    assert phone.get("/").status_code == 302


def test_a_mail_says_so(sure: Client, alice: User) -> None:
    sure.post(URL, {"email": alice.email})
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["alice@example.org"], "Your account is deleted")


def test_where_no_mail_is_sent_it_goes_without(sure: Client, alice: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert sure.post(URL, {"email": alice.email}).status_code == 302
    assert not User.objects.exists()


def test_the_last_operator_is_warned_and_may_go(client: Client) -> None:
    operator = UserFactory.create(is_staff=True, is_superuser=True)
    client.force_login(operator)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert b"You are the only one who runs" in client.get(URL).content
    assert client.post(URL, {"email": operator.email}).status_code == 302


def test_a_long_diary_takes_few_queries(alice: User, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    entry = EntryFactory.create(option__category__owner=alice)
    EntryFactory.create_batch(50, owner=alice, category=entry.category, option=entry.option)
    PortionFactory.create_batch(20, meal__owner=alice)
    with django_assert_max_num_queries(70):
        delete_account(alice)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_delete_it_once(alice: User) -> None:
    CategoryFactory.create(owner=alice)
    writers: list[Callable[[], object]] = [lambda: delete_account(User.objects.get(pk=alice.pk))] * 2
    raised = at_once(writers)
    assert {type(error) for error in raised if error} <= {GoneError, User.DoesNotExist}
    assert not User.objects.exists()


def test_a_failure_in_the_middle_leaves_everything(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    live(alice)
    before = rows_of(alice.pk, alice.email)

    def fails(*args: object) -> None:
        raise ConnectionError("the mail could not be written")

    monkeypatch.setattr("apps.accounts.adapter.AccountAdapter.send_mail", fails)
    with pytest.raises(ConnectionError):
        delete_account(alice)
    assert rows_of(User.objects.get(email="alice@example.org").pk, "alice@example.org") == before


def test_an_operator_deletes_by_command(alice: User, bob: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("delete_account", "ALICE@example.org", "--yes")
    assert [user.email for user in User.objects.all()] == [bob.email]
    assert "Deleted" in capsys.readouterr().out


def test_the_command_asks_first(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _prompt: "yes")
    with pytest.raises(CommandError, match="Nothing was deleted"):
        call_command("delete_account", alice.email)
    assert User.objects.exists()


def test_the_command_says_when_nobody_has_the_address(db: None) -> None:
    with pytest.raises(CommandError, match="Nobody has"):
        call_command("delete_account", "nobody@example.org", "--yes")


def test_the_admin_deletes_as_thoroughly(client: Client, alice: User) -> None:
    live(alice)
    person = alice.pk
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    client.post(f"/admin/accounts/user/{person}/delete/", {"post": "yes"})
    assert rows_of(person, "alice@example.org") == set()
