import pytest
from django.core.management import call_command
from django.test import Client

from apps.accounts.models import User

pytestmark = pytest.mark.django_db


def test_an_address_is_all_that_a_superuser_needs() -> None:
    call_command("createsuperuser", interactive=False, email="Root@Example.org", verbosity=0)
    root = User.objects.get()
    assert (root.email, root.is_staff, root.is_superuser) == ("root@example.org", True, True)
    assert not root.has_usable_password()


def test_with_a_password_from_the_environment_they_can_log_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "from-the-environment")
    call_command("createsuperuser", interactive=False, email="root@example.org", verbosity=0)
    client.post("/accounts/login/", {"login": "root@example.org", "password": "from-the-environment"})
    assert client.get("/admin/").status_code == 200
