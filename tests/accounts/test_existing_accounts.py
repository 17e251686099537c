"""Accounts that are older than the demand for verified addresses."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.test import Client

from apps.accounts.models import User
from tests.accounts.mails import last_link
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def migrate() -> None:
    import_module("apps.accounts.migrations.0003_addresses").give_everybody_an_address(apps, None)


def on_record(user: User) -> list[tuple[str, bool, bool]]:
    return list(EmailAddress.objects.filter(user=user).values_list("email", "primary", "verified"))


def test_who_has_no_address_on_record_gets_it_and_proves_it_at_the_next_log_in(client: Client) -> None:
    old = User.objects.create_user("old@example.org", PASSWORD)
    migrate()
    assert on_record(old) == [("old@example.org", True, False)]
    client.post("/accounts/login/", {"login": old.email, "password": PASSWORD})
    client.post(last_link())
    assert client.get("/account/").status_code == 200


def test_an_operator_gets_in_as_before(client: Client) -> None:
    root = User.objects.create_user("root@example.org", PASSWORD, is_superuser=True, is_staff=True)
    migrate()
    assert on_record(root) == [("root@example.org", True, True)]
    client.post("/accounts/login/", {"login": root.email, "password": PASSWORD})
    assert client.get("/account/").status_code == 200


def test_what_is_on_record_stays(alice: User) -> None:
    EmailAddress.objects.create(user=alice, email="second@example.org")
    before = on_record(alice)
    migrate()
    assert on_record(alice) == before
