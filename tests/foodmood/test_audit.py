"""The audit trail: what happened, to whom, when, from where; written once, without an address or a diary's words."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from apps.accounts.models import User
from foodmood.audit.models import Event, SecurityEvent, record
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def trail(**of: Any) -> list[str]:
    """Events, oldest first."""
    return list(SecurityEvent.objects.filter(**of).order_by("pk").values_list("event", flat=True))


def the_last() -> SecurityEvent:
    return SecurityEvent.objects.latest("pk")


def log_in(client: Client, password: str, email: str = "alice@example.org") -> None:
    client.post("/accounts/login/", {"login": email, "password": password}, headers={"user-agent": "Firefox/99\x00"})


def test_a_log_in_is_written_down_with_its_address_and_browser(client: Client, alice: User) -> None:
    log_in(client, PASSWORD)
    event = SecurityEvent.objects.get()
    assert (event.event, event.person, event.by) == ("logged_in", alice.pk, None)
    assert (event.ip, event.device) == ("127.0.0.1", "Firefox/99")


def test_a_failed_log_in_names_the_account_by_number_alone(client: Client, alice: User) -> None:
    log_in(client, "wrong", email="Alice@Example.org")
    event = SecurityEvent.objects.get()
    assert (event.event, event.person) == ("login_failed", alice.pk)
    assert "alice" not in str(vars(event))


def test_a_failed_log_in_without_an_account_names_nobody(client: Client) -> None:
    log_in(client, "wrong", email="nobody@example.org")
    event = SecurityEvent.objects.get()
    assert (event.event, event.person) == ("login_failed", None)
    assert "nobody" not in str(vars(event))


def test_unknown_addresses_fill_the_trail_slowly(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foodmood.audit.signals.UNKNOWN_PER_HOUR", 3)
    for number in range(6):
        log_in(client, "wrong", email=f"nobody{number}@example.org")
    assert trail() == ["login_failed"] * 3


def test_accounts_are_recorded_in_a_full_hour(client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foodmood.audit.signals.UNKNOWN_PER_HOUR", 0)
    log_in(client, "wrong")
    assert trail(person=alice.pk) == ["login_failed"]


def test_the_address_is_the_one_that_our_proxies_saw(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    headers = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    client.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"}, headers=headers)
    assert the_last().ip == "203.0.113.9"


def test_a_log_out_is_written_down(alices: Client, alice: User) -> None:
    alices.post("/accounts/logout/")
    assert trail(person=alice.pk) == ["logged_in", "logged_out"]


def test_a_changed_password_is_written_down(alices: Client, alice: User) -> None:
    new = "barley-tea-at-night"
    alices.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert "password_changed" in trail(person=alice.pk)


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
def test_a_right_that_somebody_gains_anywhere_is_written_down(alice: User, flag: str) -> None:
    setattr(alice, flag, True)
    alice.save()
    event = SecurityEvent.objects.get()
    assert (event.event, event.person, event.detail) == ("rights_changed", alice.pk, f"{flag}=True")


def test_a_group_that_somebody_joins_is_written_down(alice: User) -> None:
    group = Group.objects.create(name="Helpers")
    alice.groups.add(group)
    assert (the_last().event, the_last().detail) == ("rights_changed", f"Group add [{group.pk}]")


def test_a_changed_address_is_written_down_without_either(alice: User) -> None:
    alice.email = "alice@example.com"
    alice.save()
    assert trail() == ["email_changed"]
    assert "alice" not in str(vars(the_last()))


def test_what_is_saved_otherwise_is_no_event(alice: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    alice.time_zone = "UTC"
    with django_assert_num_queries(1):
        alice.save(update_fields=["time_zone"])
    assert trail() == []


def test_the_trail_outlives_the_account(alice: User) -> None:
    number = alice.pk
    alice.delete()
    assert trail(person=number) == ["account_deleted"]


def test_an_event_is_written_once(alice: User) -> None:
    record(Event.SIGNED_UP, request=None, person=alice.pk)
    with pytest.raises(TypeError, match="written once"):
        the_last().save()


def test_a_detail_that_is_too_long_is_cut(alice: User) -> None:
    record(Event.RIGHTS_CHANGED, request=None, person=alice.pk, detail="x" * 500)
    assert len(the_last().detail) == 200


# The person's own page


def test_people_see_what_happened_to_their_own_account(alices: Client, alice: User) -> None:
    log_in(Client(), "wrong")
    page = alices.get("/account/events/").content.decode()
    assert "A log-in failed" in page
    assert "127.0.0.1" in page


def test_nobody_sees_what_happened_to_a_strangers_account(bobs: Client, alice: User) -> None:
    record(Event.PASSWORD_RESET, request=None, person=alice.pk)
    assert "Password reset by mail" not in bobs.get("/account/events/").content.decode()


def test_who_is_not_signed_in_sees_no_events(client: Client) -> None:
    assert client.get("/account/events/").status_code == 302


def test_a_long_trail_comes_in_pages(
    alices: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(60):
        record(Event.LOGIN_FAILED, request=None, person=alice.pk)
    with django_assert_num_queries(4):  # session, person, count, events
        page = alices.get("/account/events/?page=2").content.decode()
    assert page.count("A log-in failed") == 10


# The operators' pages

TRAILS: dict[str, type[Model]] = {"audit/securityevent": SecurityEvent, "admin/logentry": LogEntry}


@pytest.fixture
def operators(db: None) -> Client:
    client = Client()
    client.force_login(UserFactory.create(email="operator@example.org", is_staff=True, is_superuser=True))
    return client


@pytest.fixture(params=TRAILS)
def rows(request: pytest.FixtureRequest, operators: Client, alice: User) -> tuple[str, str]:
    """The address of a trail and that of a line in it, when an operator has deleted an account."""
    operators.post(f"/admin/accounts/user/{alice.pk}/delete/", {"post": "yes"})
    operators.get("/admin/")  # which says whom it deleted
    trail = f"/admin/{request.param}/"
    return trail, f"{trail}{TRAILS[request.param]._default_manager.latest('pk').pk}/"  # noqa: SLF001 -- Django's documented API


def test_superusers_read_the_trail(operators: Client, rows: tuple[str, str]) -> None:
    trail, line = rows
    assert operators.get(trail).status_code == 200
    page = operators.get(f"{line}change/")
    assert page.status_code == 200
    assert b"_save" not in page.content


def test_nobody_changes_the_trail(operators: Client, rows: tuple[str, str]) -> None:
    trail, line = rows
    for path in (f"{trail}add/", f"{line}change/", f"{line}delete/"):
        assert operators.post(path, {"post": "yes"}).status_code == 403


def test_staff_without_all_rights_do_not_read_the_trail(rows: tuple[str, str]) -> None:
    client = Client()
    client.force_login(UserFactory.create(is_staff=True))
    assert [client.get(path).status_code for path in (rows[0], f"{rows[1]}change/")] == [403, 403]


def test_the_trail_does_not_name_people(operators: Client, rows: tuple[str, str]) -> None:
    assert "alice" not in operators.get(rows[0]).content.decode()


def test_security_events_know_people_by_number(operators: Client, rows: tuple[str, str], alice: User) -> None:
    page = operators.get("/admin/audit/securityevent/").content.decode()
    assert f'<td class="field-person">{alice.pk}</td>' in page


def test_an_operator_who_opens_a_row_or_sends_a_form_is_written_down(operators: Client, alice: User) -> None:
    operator = User.objects.get(email="operator@example.org")
    path = f"/admin/accounts/user/{alice.pk}/change/"
    operators.get("/admin/accounts/user/")
    operators.get(path)
    data = {"email": alice.email, "time_zone": "UTC", "language": "en", "is_active": "on", "is_staff": "on"}
    operators.post(path, data)
    seen = SecurityEvent.objects.filter(by=operator.pk).order_by("pk").values_list("event", "person", "detail", "ip")
    assert list(seen) == [
        ("admin_opened", None, f"accounts_user_change {alice.pk}", "127.0.0.1"),
        ("admin_sent", None, f"accounts_user_change {alice.pk}", "127.0.0.1"),
        ("rights_changed", alice.pk, "is_staff=True", "127.0.0.1"),
    ]
