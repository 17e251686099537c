"""What the administration can't do, whoever asks."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.test import Client
from django.utils.timezone import now
from django_q.models import Failure, Schedule, Task

from apps.accounts.models import User
from tests.factories import UserFactory
from tests.isolation.urlconf import ADMIN

pytestmark = pytest.mark.django_db


@pytest.fixture
def operators(client: Client) -> Client:
    client.force_login(UserFactory.create(email="operator@example.org", is_staff=True, is_superuser=True))
    return client


def test_no_page_stands_there_that_a_library_brought_along() -> None:
    pages = admin.site._registry.values()  # noqa: SLF001 -- there is no public way to ask
    assert {type(page).__module__.partition(".")[0] for page in pages} == {"apps", "foodmood"}


def test_who_lost_phone_and_codes_is_helped_without_anybody_seeing_them(operators: Client, alice: User) -> None:
    secret = generate_totp_secret()
    factor = TOTP.activate(alice, secret).instance
    codes = RecoveryCodes.activate(alice)
    path = f"{ADMIN}mfa/authenticator/"
    assert alice.email in operators.get(path, {"q": alice.email}).content.decode()
    for number in (codes.instance.pk, factor.pk):  # the last factor takes the codes along
        page = operators.get(f"{path}{number}/change/").content.decode()
        data = Authenticator.objects.get(pk=number).data
        kept = [text for text in data.values() if isinstance(text, str)]
        assert not [text for text in (secret, *codes.get_unused_codes(), *kept) if text in page]
        assert operators.post(f"{path}{number}/change/", {"data": "{}"}).status_code == 403
        assert operators.post(f"{path}{number}/delete/", {"post": "yes"}).status_code == 302
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("path", ["django_q/schedule/add/", "django_q/ormq/", "django_q/success/"])
def test_nobody_tells_the_worker_what_to_run(operators: Client, path: str) -> None:
    form = {"func": "os.system", "args": "'true'", "schedule_type": "O", "repeats": "-1"}
    assert operators.post(f"{ADMIN}{path}", form).status_code == 404
    assert not Schedule.objects.filter(func="os.system").exists()


def test_a_failed_task_can_be_looked_at_and_no_more(operators: Client) -> None:
    Task.objects.create(
        id="1", name="purge", func="purge", started=now(), stopped=now(), success=False, result="Traceback: no room"
    )
    assert "purge" in operators.get(f"{ADMIN}django_q/failure/").content.decode()
    assert "no room" in operators.get(f"{ADMIN}django_q/failure/1/change/").content.decode()
    assert operators.post(f"{ADMIN}django_q/failure/1/change/", {"func": "os.system"}).status_code == 403
    assert operators.post(f"{ADMIN}django_q/failure/1/delete/", {"post": "yes"}).status_code == 403
    assert Failure.objects.get().func == "purge"
