"""Secrets go in through every address, in every place of a request, in every way to fail; none comes out where an
operator looks. What is looked for is everything, so that a new leak needs no new test.
"""

import json
import smtplib
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import groupby, product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from foodmood.mail.models import QueuedMail
from foodmood.mail.sending import send_due
from tests.factories import PASSWORD as OLD_PASSWORD
from tests.foodmood.mail.test_bounces import COMPLAINT, HARD, SECRET, SOFT, route
from tests.foodmood.telemetry.scraped import TOKEN, scrape
from tests.foodmood.telemetry.telling import Log, Sentry
from tests.isolation.asking import undone
from tests.isolation.conftest import Cast
from tests.isolation.diary import ALICE
from tests.isolation.table import PASSWORD, Row, table

MARK = "Zqx7secret"  # every secret that is made up here begins with it
HEADERS = {
    "Referer": f"http://testserver/{MARK}Referer/?{MARK}=1",
    "User-Agent": f"{MARK}Browser",
    "Authorization": f"Basic {MARK}Authorization",
    "HX-Current-URL": f"http://testserver/{MARK}/",
}
SENDING = {"POST", "PUT", "PATCH"}


METHODS = ("GET", "POST", "PUT")


def bundle(row: Row) -> str:
    """Rows that one test walks: it takes longer to write the diaries than to ask."""
    return "/".join(row.route.split("/")[: 2 if row.route.startswith(("accounts/", "admin/")) else 1])


ROWS = [pytest.param(list(rows), id=name or "/") for name, rows in groupby(sorted(table(), key=bundle), key=bundle)]


@pytest.fixture
def cast(db: None, sentry: Sentry) -> Cast:
    """They come when Sentry watches already."""
    return Cast()


@pytest.fixture
def nothing_told(log: Log, sentry: Sentry, cast: Cast, settings: Settings) -> Callable[[], None]:
    settings.MONITORING_TOKEN = TOKEN
    keys = [asker.cookies["sessionid"] for asker in (cast.alice, cast.bob)]

    def check() -> None:
        metrics = scrape(Client()).text
        for secret in [MARK, MARK.lower(), PASSWORD, OLD_PASSWORD, TOKEN, *keys, *ALICE.texts()]:
            for place, text in (("log", log.text), ("Sentry", sentry.text), ("metrics", metrics)):
                at = text.find(secret)
                assert at < 0, f"{secret} in the {place}: …{text[max(0, at - 300) : at + 100]}"
        assert log.of("foodmood.telemetry.requests"), "nothing was looked at"
        assert "foodmood_requests_total" in metrics, "nothing was looked at"

    return check


@pytest.mark.parametrize("rows", ROWS)
def test_no_request_tells_its_secrets(rows: list[Row], cast: Cast, nothing_told: Callable[[], None]) -> None:
    for row in rows:
        query = urlencode(row.query_of(ALICE) | {"q": f"{MARK}Query", "next": f"/{MARK}Next/"})
        path = f"{row.path(ALICE)}?{query}".replace("no-", MARK)
        for asker in (cast.whom(row.who), cast.nobody):
            for method in METHODS:
                for form in forms(row) if method in SENDING else [{}]:
                    with undone():
                        asker.ask(method, path, form, **HEADERS)
    nothing_told()


@pytest.mark.parametrize("rows", ROWS)
def test_no_fault_of_ours_tells_its_secrets(
    rows: list[Row], cast: Cast, settings: Settings, nothing_told: Callable[[], None], sentry: Sentry
) -> None:
    asker = cast.operator if rows[0].route.startswith("admin/") else cast.alice
    asker.client.raise_request_exception = False
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.fails"]
    asker.client.handler.load_middleware()
    for row in rows:
        for method in ("GET", "POST"):
            with undone():
                answer = asker.ask(method, f"{row.path(ALICE)}?q={MARK}", row.form_of(ALICE), **HEADERS)
                assert answer.status == 500
    nothing_told()
    assert len(sentry.errors) >= len(rows)


def forms(row: Row) -> Iterator[dict[str, Any]]:
    """The right one, and one of secrets only."""
    form = row.form_of(ALICE)
    yield form
    yield {name: value if isinstance(value, bytes) else f"{MARK}{name}" for name, value in form.items()}


def fails(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: each view does what errors tell most of: a database refuses a value, and that is quoted."""

    def process_view(request: HttpRequest, *_view: Any) -> HttpResponse:
        local = f"{MARK}Local"
        try:
            User.objects.create(email=ALICE.email, password=local)
        except Exception as error:
            raise ValueError(f"{local}: {error}") from error
        raise AssertionError("the address was free")

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    middleware.process_view = process_view  # type: ignore[attr-defined] # Django's hook
    return middleware


@pytest.mark.parametrize(
    "path",
    [
        f"/{MARK}/",
        f"/accounts/confirm-email/{MARK}).",
        f"/accounts/password/reset/key/1-{MARK}/x",
        f"/account/invitations/accept/{MARK}/%0a",
        f"/meals/{MARK}/?{MARK}",
        f"/static/{MARK}.css",
    ],
)
def test_no_address_that_is_none_tells_its_secrets(path: str, cast: Cast, nothing_told: Callable[[], None]) -> None:
    for client in (cast.alice.client, Client(enforce_csrf_checks=True)):
        for method in METHODS:
            client.generic(method, path, headers=HEADERS)
    nothing_told()


@pytest.mark.parametrize("origin", [f"https://evil.example/{MARK}/", f"http://testserver/{MARK}?{MARK}", f"{MARK}"])
def test_no_refused_form_tells_its_secrets(origin: str, cast: Cast, nothing_told: Callable[[], None]) -> None:
    client = Client(enforce_csrf_checks=True)
    for headers in ({"Referer": origin}, {"Origin": origin}, {"Cookie": f"csrftoken={MARK}", "X-CSRFToken": MARK}):
        assert client.post("/accounts/login/", {"login": MARK}, secure=True, headers=headers).status_code == 403
    nothing_told()


def test_no_broken_upload_tells_its_secrets(cast: Cast, nothing_told: Callable[[], None]) -> None:
    for kind in ("foodmood", "daylio", "cronometer"):
        for content in (f'{{"{MARK}": '.encode(), f'{{"format": "foodmood", "{MARK}": 1}}'.encode(), b"\xff\0" * 20):
            file = SimpleUploadedFile(f"{MARK}.json", content)
            answer = cast.alice.client.post("/data/import/", {"kind": kind, "file": file, "import": "1"})
            assert answer.status_code < 500
    broken = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{MARK}"\r\n{MARK}'
    cast.alice.client.generic("POST", "/data/import/", broken, content_type=f"multipart/form-data; boundary={MARK}é")
    nothing_told()


def test_no_body_that_is_too_large_tells_its_secrets(
    cast: Cast, settings: Settings, nothing_told: Callable[[], None], log: Log
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    cast.alice.client.post("/edibles/new/", f"name={MARK}" * 9, content_type="application/x-www-form-urlencoded")
    nothing_told()
    assert "RequestDataTooBig" in log.text
    assert "Traceback" not in log.text


def test_no_mail_that_fails_tells_its_secrets(settings: Settings, cast: Cast, nothing_told: Callable[[], None]) -> None:
    settings.EMAIL_BACKEND = "foodmood.mail.backend.QueueBackend"
    settings.MAIL_TRANSPORT = f"{__name__}.Refuses"
    QueuedMail.objects.all().delete()
    QueuedMail.of(EmailMessage(f"{MARK} subject", f"{MARK} link", to=[f"{MARK}@example.org"])).save()
    send_due()
    assert QueuedMail.objects.get().last_error
    Client().get("/")
    nothing_told()


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
def test_no_report_of_a_mail_provider_tells_its_secrets(
    settings: Settings, cast: Cast, nothing_told: Callable[[], None], log: Log
) -> None:
    amazons = {"X-Amz-Sns-Message-Type": "Notification", "X-Amz-Sns-Message-Id": "1"}
    keys = (b64encode(SECRET.encode()).decode(), b64encode(f"{MARK}:{MARK}".encode()).decode(), MARK)
    for provider, kind in product(HARD, (HARD, SOFT, COMPLAINT)):
        route(settings, provider)
        right = json.dumps(kind[provider]).replace("Bob@Example.org", f"{MARK}@example.org")
        for report in (right, right[:-1], json.dumps(marked(kind[provider])), f'"{MARK}"', f'{{"{MARK}":', MARK):
            for key in keys:
                headers = HEADERS | amazons | {"Authorization": f"Basic {key}"}
                with undone():
                    Client().post(f"/mail/webhooks/?{MARK}", report, content_type="application/json", headers=headers)
    nothing_told()
    assert log.text.count("no more mail goes there") >= len(HARD)


def marked(report: Any) -> Any:
    """Of the same shape, and every text in it a secret."""
    if isinstance(report, dict):
        return {name: marked(value) for name, value in report.items()} | {MARK: MARK}
    if isinstance(report, list):
        return [marked(each) for each in report]
    return f"{MARK}{report}@example.org" if isinstance(report, str) else report


class Refuses(BaseEmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({f"{MARK}@example.org": (450, f"{MARK} is full".encode())})
