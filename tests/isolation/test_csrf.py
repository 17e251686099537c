"""A page of another site can make a browser send a form here, with its cookies: never with the token."""

import pytest
from django.test import Client

from tests.isolation.asking import METHODS, Asker, undone
from tests.isolation.conftest import Cast
from tests.isolation.diary import ALICE, rows_of
from tests.isolation.table import Row, table

UNSAFE = METHODS[2:6]  # all but GET, HEAD and OPTIONS

ROWS = list(table())


def strictly(asker: Asker) -> Asker:
    return Asker(Client(enforce_csrf_checks=True), asker.cookies)


def test_no_address_takes_a_write_without_the_token(cast: Cast) -> None:
    before = rows_of(ALICE)
    for row in ROWS:
        asker = strictly(cast.whom(row.who))
        for method in () if row.no_token else UNSAFE:
            with undone():
                answer = asker.ask(method, row.path(ALICE), row.form_of(ALICE))
                assert answer.status == 403, f"{method} {row} without a token is answered {answer.status}"
                assert not answer.wrote or rows_of(ALICE) == before


@pytest.mark.parametrize("row", [row for row in ROWS if row.no_token], ids=str)
def test_what_needs_no_token_does_not_look_at_the_cookies(cast: Cast, row: Row) -> None:
    asker = cast.alice
    for method in sorted(row.answered & set(UNSAFE)):
        with undone():
            signed_in = asker.ask(method, row.path(ALICE), row.form_of(ALICE))
            signed_out = cast.nobody.ask(method, row.path(ALICE), row.form_of(ALICE))
        assert signed_in.without(ALICE) == signed_out.without(ALICE), f"{method} {row} knows who is signed in"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"Origin": "http://testserver"}, 302),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_the_token_is_taken_from_our_own_pages_only(cast: Cast, headers: dict[str, str], status: int) -> None:
    strict = strictly(cast.alice)
    token = "a" * 32
    asker = Asker(strict.client, strict.cookies | {"csrftoken": token})
    with undone():
        form = {"csrfmiddlewaretoken": token}
        assert asker.ask("POST", "/log/starter-categories/", form, **headers).status == status
