"""What operators do to an account is told to its person."""

import getpass
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from foodmood.audit.models import SecurityEvent
from tests.conftest import sign_in
from tests.factories import PASSWORD, EdibleFactory, MealFactory, UserFactory

pytestmark = pytest.mark.django_db

NEW = "rye-bread-at-dawn"


@pytest.fixture
def admins() -> Client:
    return sign_in(Client(), UserFactory.create(email="operator@example.org", is_staff=True, is_superuser=True))


def told(address: str = "alice@example.org") -> list[str]:
    """What the mails to that address say first."""
    texts = [str(message.body) for message in mail.outbox if message.to == [address]]
    return [" ".join(text.split("\n\n")[0].split()) for text in texts]


def events(person: User) -> list[str]:
    return list(SecurityEvent.objects.filter(person=person.pk).order_by("pk").values_list("event", flat=True))


def change(admins: Client, person: User, **fields: str) -> None:
    data = {"email": person.email, "time_zone": "UTC", "language": "en", "is_active": "on"} | fields
    assert admins.post(f"/admin/accounts/user/{person.pk}/change/", data).status_code == 302


def by_admin(admins: Client, person: User) -> None:
    data = {"usable_password": "true", "password1": NEW, "password2": NEW}
    admins.post(f"/admin/accounts/user/{person.pk}/password/", data)


def by_command(_admins: Client, person: User) -> None:
    call_command("changepassword", person.email)


def by_shell(_admins: Client, person: User) -> None:
    person.set_password(NEW)
    person.save()


@pytest.mark.parametrize("way", [by_admin, by_command, by_shell])
def test_new_password_is_told(
    admins: Client, alice: User, way: Callable[[Client, User], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda **_kwargs: NEW)
    browser = sign_in(Client(), alice)
    way(admins, alice)
    alice.refresh_from_db()
    assert alice.check_password(NEW)
    assert told() == ["An operator changed the password of your FoodMood account."]
    assert "password_changed" in events(alice)
    assert browser.get("/").status_code == 302
    page = sign_in(browser, alice).get("/account/events/").content.decode()
    assert page.count("by an operator") == 1


def test_disabled_password_is_told(admins: Client, alice: User) -> None:
    data = {"usable_password": "false", "unset-password": ""}
    admins.post(f"/admin/accounts/user/{alice.pk}/password/", data)
    alice.refresh_from_db()
    assert not alice.has_usable_password()
    assert told() == ["An operator changed the password of your FoodMood account."]


def test_new_address_is_told_to_both(admins: Client, alice: User) -> None:
    browser = sign_in(Client(), alice)
    change(admins, alice, email="alice@example.com")
    assert told() == ["An operator changed the address of your FoodMood account to alice@example.com."]
    assert "this address" in told("alice@example.com")[0]
    assert "alice@example.org" not in "".join(str(message.body) for message in mail.outbox[1:])
    assert "email_changed" in events(alice)
    assert browser.get("/").status_code == 302


def test_closed_account_is_told(admins: Client, alice: User) -> None:
    change(admins, alice, is_active="")
    assert told() == ["An operator closed your FoodMood account: nobody can log in to it."]
    assert "rights_changed" in events(alice)


def test_own_changes_are_no_operators(alices: Client, alice: User) -> None:
    alices.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert [message.subject for message in mail.outbox] == ["Your password was changed"]
    assert events(alice).count("password_changed") == 1


def test_newer_hash_is_no_change(alice: User, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    browser = Client()
    browser.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    alice.refresh_from_db()
    assert alice.password.startswith("pbkdf2")
    assert browser.get("/").status_code == 200
    assert not told()
    assert events(alice) == ["logged_in"]


def test_opened_row_is_told(admins: Client, alice: User) -> None:
    first, second = (EdibleFactory.create(owner=alice).pk for _number in range(2))
    admins.get("/admin/edibles/edible/")
    assert events(alice) == []
    admins.get(f"/admin/edibles/edible/{first}/change/")
    admins.get(f"/admin/edibles/edible/{second}/delete/")
    assert events(alice) == ["diary_opened", "diary_opened"]
    assert [message.subject for message in mail.outbox] == ["An operator opened your diary"]
    page = sign_in(Client(), alice).get("/account/events/").content.decode()
    assert page.count("by an operator") == 2


def test_deleted_row_is_told(admins: Client, alice: User) -> None:
    meal = MealFactory.create(owner=alice)
    admins.post(f"/admin/meals/meal/{meal.pk}/delete/", {"post": "yes"})
    assert events(alice) == ["diary_opened", "diary_changed"]


def test_denied_row_is_not_told(alice: User) -> None:
    clerk = sign_in(Client(), UserFactory.create(is_staff=True))
    assert clerk.get(f"/admin/edibles/edible/{EdibleFactory.create(owner=alice).pk}/change/").status_code == 403
    assert events(alice) == []
    assert not mail.outbox


def test_deleting_a_person_shows_no_diary(admins: Client, alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Secret stew")
    page = admins.get(f"/admin/accounts/user/{alice.pk}/delete/").content.decode()
    assert "alice@example.org" in page
    assert "Secret" not in page


def test_removed_factor_is_told(admins: Client, alice: User) -> None:
    factor = Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={})
    Authenticator.objects.create(user=alice, type=Authenticator.Type.RECOVERY_CODES, data={})
    alice.refresh_from_db()
    browser = sign_in(Client(), alice)
    admins.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()
    assert told() == ["An operator removed a second factor from your FoodMood account."]
    assert "second_factor_removed" in events(alice)
    assert browser.get("/").status_code == 302


@pytest.mark.parametrize(
    ("action", "event"), [("mark_verified", "email_confirmed"), ("let_them_try_again", "unlocked")]
)
def test_actions_are_told(admins: Client, alice: User, action: str, event: str) -> None:
    admins.post("/admin/accounts/user/", {"action": action, "_selected_action": [alice.pk]})
    assert events(alice) == [event]
    assert len(told()) == 1


def test_unlocking_by_command_is_told(alice: User) -> None:
    call_command("axes_reset_username", alice.email, "nobody@example.org")
    assert events(alice) == ["unlocked"]
    assert len(mail.outbox) == 1


def test_farewell_names_the_operator(alice: User, bobs: Client, bob: User) -> None:
    call_command("delete_account", alice.email, "--yes")
    bobs.post("/accounts/reauthenticate/", {"password": PASSWORD})
    bobs.post("/account/delete/", {"email": bob.email})
    assert "An operator deleted" in told(alice.email)[0]
    assert "An operator" not in told(bob.email)[0]


def test_exported_diary_is_told(alice: User, tmp_path: Path) -> None:
    edible = EdibleFactory.create(owner=alice)
    call_command("export_diary", str(tmp_path / "diary.json"), user=alice.email)
    call_command("import_diary", str(tmp_path / "diary.json"), user=alice.email, format="foodmood", dry_run=True)
    assert events(alice) == ["diary_opened"]
    edible.delete()
    call_command("import_diary", str(tmp_path / "diary.json"), user=alice.email, format="foodmood")
    assert events(alice) == ["diary_opened", "diary_changed"]
    assert [message.subject for message in mail.outbox] == ["An operator opened your diary"]


def test_site_without_mail_records_all_the_same(admins: Client, alice: User, no_mail: None) -> None:
    by_admin(admins, alice)
    admins.get(f"/admin/edibles/edible/{EdibleFactory.create(owner=alice).pk}/change/")
    assert {"password_changed", "diary_opened"} <= set(events(alice))


def test_invalid_address_blocks_no_operator(admins: Client, alice: User) -> None:
    edible = EdibleFactory.create(owner=alice)
    User.objects.filter(pk=alice.pk).update(email="'α\">'@example.org")
    assert admins.get(f"/admin/edibles/edible/{edible.pk}/change/").status_code == 200
    assert events(alice) == ["diary_opened"]
