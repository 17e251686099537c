import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from tests.conftest import confirm

pytestmark = pytest.mark.django_db


def test_a_page_that_is_not_there_says_so_and_shows_the_way(alices: Client) -> None:
    answer = alices.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_a_form_with_too_many_fields_is_told_so(alices: Client, alice: User) -> None:
    confirm(alices, alice)
    answer = alices.post("/data/import/", {f"field{n}": "x" for n in range(1001)})
    assert answer.status_code == 413
    assert "up to 1000 fields" in answer.content.decode()


def test_a_form_without_its_token_is_asked_for_again(settings: Settings) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert answer.status_code == 403
    assert "reload the page and send it again" in answer.content.decode()


def test_a_fault_of_ours_says_so_without_a_traceback(
    alices: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(alices, alice)

    def broken(*args: object) -> None:
        raise RuntimeError("note: ate a secret cake")

    monkeypatch.setattr("apps.portability.views.exported", broken)
    alices.raise_request_exception = False
    answer = alices.get("/data/export/")
    assert answer.status_code == 500
    assert "our fault, not yours" in answer.content.decode()
    assert "secret" not in answer.content.decode()
