from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from apps.accounts.consent import TEXT, VERSION
from apps.accounts.models import User
from tests.conftest import confirm
from tests.factories import PASSWORD, EdibleFactory

pytestmark = pytest.mark.django_db

CONSENT = "/account/consent/"
SIGN_UP = {"email": "carol@example.org", "password1": PASSWORD}


@pytest.fixture
def undecided(alices: Client, alice: User) -> Client:
    """Alice, as if her account were from before she was asked."""
    User.objects.update(consented_at=None, consent_version="")
    return alices


def test_a_new_text_has_a_new_version() -> None:
    """If TEXT changes, so does VERSION, and then these two."""
    digest = sha256(str(TEXT).encode()).hexdigest()
    assert (VERSION, digest[:12]) == ("2026-12-01", "db235d85d473")


def test_signing_up_records_when_and_to_what(client: Client) -> None:
    client.post("/accounts/signup/", SIGN_UP | {"consent": "on"})
    carol = User.objects.get()
    assert carol.consent_version == VERSION
    assert carol.consented_at
    assert timezone.now() - carol.consented_at < timedelta(minutes=5)


@pytest.mark.parametrize("consent", [{}, {"consent": ""}])
def test_nobody_signs_up_without_consent(client: Client, consent: dict[str, str]) -> None:
    page = client.post("/accounts/signup/", SIGN_UP | consent).content.decode()
    assert "Tick this box" in page
    assert "carol@example.org" in page
    assert not User.objects.exists()


@pytest.mark.parametrize("page", ["/", "/meals/?q=oats&page=2", "/wellbeing/", "/insights/"])
def test_an_account_from_before_is_asked_once(undecided: Client, alice: User, page: str) -> None:
    question = undecided.get(page).headers["Location"]
    assert question.startswith(f"{CONSENT}?next=")
    assert str(TEXT) in undecided.get(question).content.decode()
    assert undecided.post(question, {"consent": "on"}).headers["Location"] == page
    assert undecided.get(page).status_code == 200
    alice.refresh_from_db()
    assert alice.consent_version == VERSION


def test_a_former_version_is_asked_again(undecided: Client) -> None:
    User.objects.update(consented_at=timezone.now(), consent_version="2020-01-01")
    assert undecided.get("/").headers["Location"].startswith(CONSENT)


def test_without_the_tick_it_asks_again(undecided: Client, alice: User) -> None:
    assert undecided.post(CONSENT, {}).status_code == 422
    alice.refresh_from_db()
    assert alice.consented_at is None


def test_a_fragment_leads_to_the_question(undecided: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/meals/"}
    assert undecided.get("/log/suggest/", headers=headers).headers["HX-Redirect"] == f"{CONSENT}?next=/meals/"


def test_a_form_that_was_open_is_still_saved(undecided: Client, alice: User) -> None:
    EdibleFactory.create(owner=alice, name="Oats")
    form = {"edible": "Oats", "category": "LUNCH", "eaten_at": "2026-03-01T12:30"}
    undecided.post("/day/2026-03-01/meal/", form)
    assert alice.meals.exists()


def test_nothing_is_imported_without_consent(undecided: Client, alice: User) -> None:
    confirm(undecided, alice)
    form = {"kind": "foodmood", "file": SimpleUploadedFile("file", b"{}"), "import": "1"}
    assert undecided.post("/data/import/", form).headers["Location"] == f"{CONSENT}?next=/data/"


@pytest.mark.parametrize("page", ["/privacy/", "/account/", "/data/", "/accounts/logout/", "/accounts/email/"])
def test_leaving_needs_no_consent(undecided: Client, page: str) -> None:
    assert undecided.get(page).status_code == 200


def test_the_diary_goes_out_without_consent(undecided: Client, alice: User) -> None:
    answer = confirm(undecided, alice).get("/data/export/")
    assert answer.status_code == 200
    answer.close()


def test_privacy_shows_the_consent_and_its_withdrawal(alices: Client) -> None:
    page = alices.get("/privacy/").content.decode()
    assert str(TEXT) in page
    assert f"to the text of {VERSION}" in page
    assert 'href="/account/delete/"' in page
