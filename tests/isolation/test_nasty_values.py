"""Nothing that somebody types makes a fault of ours, nor comes back as a script: every field gets each of these."""

from collections.abc import Iterator
from itertools import product
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.factories import PASSWORD
from tests.isolation.asking import Answer, Asker, Form, undone
from tests.isolation.conftest import Cast
from tests.isolation.diary import ALICE
from tests.isolation.pages import Page
from tests.isolation.table import Row, table

SCRIPT = "\"><script>alert(1)</script>'-alert(1)-'{{7*7}}"

HARD = {
    "NUL": "a\0b",
    "half a surrogate pair": "\ud800",
    "thousands of digits": "9" * 5000,
    "an endless exponent": "1e999999999999999999",
    "a script": SCRIPT,
}
ODD = {
    "more than a bigint": "9" * 20,
    "a long text": "x" * 100_000,
    "line ends": "a\r\nSet-Cookie: evil=1",
    "not a number": "NaN",
    "below zero": "-1",
    "digits of another script": "٣٤",
    "no such day": "2026-02-30T25:61",
    "the last moment": "9999-12-31T23:59:59.999999-23:59",
    "what is seen by nobody": "\u200b\u202e\u2028",
    "another folder": "../../../etc/passwd",
    "a pattern": "%_'; DROP TABLE accounts_user; --",
    "a list": "[]",
}

COOKIES = [
    '"\\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
    '"\\355\\240\\200"',
    '"a\\015\\012b"',
    "x" * 4000,
    f"{ALICE.user}:aaaa:bbbb.{ALICE.user}::.:",
    "{}",
    "[[]]",
]

ROWS = [row for row in table() if row.methods]  # all but the admin's


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_nothing_typed_makes_a_fault_of_ours_or_comes_back_as_a_script(cast: Cast, row: Row) -> None:
    asker, path = cast.whom(row.who), row.path(ALICE)
    if "POST" in row.answered:
        form = row.form_of(ALICE)
        fields = form.keys() | fields_sent_to(path, cast)
        for nasty in nasty_forms(form, sorted(fields)):
            judge(send(asker, path, nasty), nasty)
    if "GET" in row.answered:
        query = row.query_of(ALICE)
        for nasty in [*nasty_forms(query, sorted(query)), dict.fromkeys(("next", "page", "q"), SCRIPT)]:
            with undone():
                judge(asker.ask("GET", f"{path}?{urlencode(nasty, errors='surrogatepass')}"), nasty)


@pytest.mark.parametrize("field", ["code", "credential"])
def test_nothing_typed_at_the_second_step_of_a_log_in_makes_a_fault_of_ours(cast: Cast, field: str) -> None:
    with undone():
        client = Client()
        client.post("/accounts/login/", {"login": ALICE.email, "password": PASSWORD})
        asker = Asker(client, {name: cookie.value for name, cookie in client.cookies.items()})
        for nasty in nasty_forms({}, [field]):
            judge(answer := send(asker, "/accounts/2fa/authenticate/", nasty), nasty)
            assert answer.status == 200, "the step is over"


@pytest.mark.parametrize("header", ["User-Agent", "Accept-Language", "Referer", "HX-Current-URL", "X-Request-ID"])
def test_no_header_makes_a_fault_of_ours(cast: Cast, header: str) -> None:
    for value, path in product([*HARD.values(), *ODD.values()], ["/", "/accounts/login/", "/no/such/page/"]):
        sent = value.encode(errors="surrogatepass").decode("latin-1")  # as a server hands bytes on
        with undone():
            judge(cast.alice.ask("GET", path, **{header: sent, "HX-Request": "true"}), value)


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "device", "django_language"])
def test_no_cookie_makes_a_fault_of_ours(cast: Cast, cookie: str) -> None:
    for value, path in product(COOKIES, ["/", "/accounts/login/"]):
        with undone():
            response = cast.nobody.client.get(path, headers={"Cookie": f"{cookie}={value}"})
            assert response.status_code < 500, value
            response = cast.nobody.client.post(path, headers={"Cookie": f"{cookie}={value}"})
            assert response.status_code < 500, value


@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data; boundary=b; charset=utf-7",
        "multipart/form-data",
        "multipart/form-data; boundary=é",
        "application/json",
        "text/xml",
        ";;;",
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        b"login=%61&password=%ff",
        b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\na\r\n--b--\r\n',
    ],
    ids=["encoded", "parts"],
)
def test_no_kind_of_body_makes_a_fault_of_ours(cast: Cast, content_type: str, body: bytes) -> None:
    for path in ("/accounts/login/?next=%61", f"/meals/{ALICE.meal}/?q=%61", "/data/import/", "/csp-report/"):
        with undone():
            response = cast.alice.client.generic("POST", path, body, content_type=content_type)
            assert response.status_code < 500


def nasty_forms(form: Form, fields: list[str]) -> Iterator[Form]:
    """Each of the hard values alone in each field, then all of the values in all fields."""
    for field in fields if len(fields) > 1 else ():
        for value in HARD.values():
            yield {**form, field: value}
    for value in [*HARD.values(), *ODD.values()] if fields else ():
        yield dict.fromkeys(fields, value)


def fields_sent_to(path: str, cast: Cast) -> set[str]:
    """What the site's own forms send there, by the pages that hold them."""
    pages = {path, "/", "/data/", f"/edibles/{ALICE.edible}/"}
    fields = (found[path] for page in pages for found in _forms_on(page, cast) if path in found)
    return set[str]().union(*fields) - {"csrfmiddlewaretoken"}


_forms: dict[str, list[dict[str, set[str]]]] = {}  # of a page; it is the same in every test


def _forms_on(page: str, cast: Cast) -> list[dict[str, set[str]]]:
    if page not in _forms:
        with undone():
            answers = [asker.ask("GET", page) for asker in (cast.alice, cast.nobody)]
        _forms[page] = [Page(answer.body, page).fields for answer in answers]
    return _forms[page]


def send(asker: Asker, path: str, form: Form) -> Answer:
    with undone():
        if any(isinstance(value, bytes) for value in form.values()):
            return asker.ask("POST", path, {name: _plain(value) for name, value in form.items()})
        return asker.ask("POST", path, urlencode(form, errors="surrogatepass"))


def _plain(value: object) -> object:
    """Multipart forms hold no half surrogates."""
    return value.replace("\ud800", "?") if isinstance(value, str) else value


def judge(answer: Answer, sent: object) -> None:
    assert answer.status < 500, f"{str(sent)[:200]!r} is answered {answer.status}"
    assert '"><script>alert' not in answer.body, f"{str(sent)[:200]!r} comes back as a script"
    assert "\nset-cookie: evil" not in answer.head.lower()
    assert not Page(answer.body, "").runs
