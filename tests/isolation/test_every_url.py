"""Every address with every method, as nobody, as a stranger and as the owner: see table.py."""

from collections.abc import Iterator
from http import HTTPStatus
from itertools import groupby
from urllib.parse import urlencode

import pytest

from tests.isolation.asking import METHODS, Answer, Asker, Form, undone
from tests.isolation.conftest import Cast
from tests.isolation.diary import ALICE, BOB, GHOST, Diary, rows_of
from tests.isolation.table import (
    ADMIN_MODELS,
    EVERYBODY,
    FORM,
    OPERATORS,
    PEOPLE,
    STAFF,
    FormOf,
    Row,
    table,
)
from tests.isolation.urlconf import registered, routes

TABLE = table()
ROUTES = {row.route for row in TABLE}
SENDING = {"POST", "PUT", "PATCH"}

# What a stranger adds to a form of his own, so that it might become alice's, or he an operator.
MASS_ASSIGNMENT = {
    "owner": ALICE.user,
    "owner_id": ALICE.user,
    "user": ALICE.user,
    "user_id": ALICE.user,
    "pk": ALICE.meal,
    "id": ALICE.meal,
    "is_staff": "on",
    "is_superuser": "on",
    "email": ALICE.email,
}


def bundle(row: Row) -> str:
    """Rows that one test walks: the admin's pages of one model share the diaries' being written."""
    return "/".join(row.route.split("/")[:3]) if row.who is OPERATORS else row.route


def test_every_address_has_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    there = set(routes())
    missing = sorted(there - ROUTES)
    share = 100 * (len(there) - len(missing)) / len(there)
    counted = f"{len(there) - len(missing)} of {len(there)} addresses ({share:.0f} %) have their row"
    with capsys.disabled():
        print(f"\nIsolation: {counted}.")
    rows = "\n".join(f"    Row({route!r}, at=…, who=…, methods=…, form=…)," for route in missing)
    assert not missing, f"{counted} in tests/isolation/table.py, whose docstring says what to fill in here:\n{rows}"


def test_every_row_has_its_address() -> None:
    assert sorted(ROUTES - set(routes())) == [], "these rows of tests/isolation/table.py lead nowhere any more"


def test_every_model_of_the_admin_is_counted() -> None:
    assert registered() == ADMIN_MODELS.keys(), "ADMIN_MODELS in tests/isolation/table.py says whose rows they are"


@pytest.mark.parametrize(
    "rows", [pytest.param(list(rows), id=name or "/") for name, rows in groupby(TABLE, key=bundle)]
)
def test_nobody_but_the_owner_reads_changes_or_finds_anything(cast: Cast, rows: list[Row]) -> None:
    before = rows_of(ALICE)
    for row in rows:
        nobody_gets_in(cast, row, before)
        a_stranger_finds_nothing(cast, row, before)
        a_stranger_smuggles_nothing(cast, row, before)
        who_may_gets_in(cast, row)


def nobody_gets_in(cast: Cast, row: Row, before: object) -> None:
    for method in METHODS:
        answer = told_alike(cast.nobody, row, method, row.form_of, before)
        if row.who is not EVERYBODY:
            assert "/login/" in answer.where, f"{method} {row}: nobody is let in ({answer.status})"


def a_stranger_finds_nothing(cast: Cast, row: Row, before: object) -> None:
    """With alice's ids in the path. In the admin a clerk without a permission is a stranger too; the ids in other
    paths for staff are of what staff have in common.
    """
    is_clerks = row.who is STAFF and row.takes_ids
    for asker in [cast.bob, cast.clerk] if row.who in {STAFF, OPERATORS} and not is_clerks else [cast.bob]:
        for method in METHODS:
            answer = told_alike(asker, row, method, lambda _diary: row.form_of(BOB), before)
            where = f"{method} {row}: a stranger is answered {answer.status}"
            if (method, answer.body) == ("OPTIONS", ""):  # the names of methods, and nothing else
                continue
            if row.takes_ids and row.who is PEOPLE:
                assert answer.status in {404, 405}, where
            if row.who is OPERATORS or (row.who is STAFF and asker is cast.bob):
                assert answer.status in {302, 403, 404, 405}, where


def a_stranger_smuggles_nothing(cast: Cast, row: Row, before: object) -> None:
    """With alice's ids and names in what is otherwise a good request of bob's, or of a clerk's where bob comes to
    nothing.
    """
    asker = cast.clerk if row.who is STAFF else cast.bob
    path, rights_before = row.path(BOB), rights(BOB)
    for method in sorted(row.answered & SENDING):
        for alices, ghosts in smuggled(row.form_of):
            with undone():
                answer = asked(asker, method, path, alices, before)
            with undone():
                other = asker.ask(method, path, ghosts)
            assert answer.without(ALICE) == other.without(GHOST), f"{method} {path} with {alices}"
        with undone():
            asked(asker, method, path, MASS_ASSIGNMENT | row.form_of(BOB), before)
            assert rights(BOB) in ([], rights_before), f"{method} {path} gave bob what is not his"
    for alices, ghosts in smuggled(row.query_of):
        with undone():
            answer = asked(asker, "GET", f"{path}?{urlencode(alices)}", {}, before)
            other = asker.ask("GET", f"{path}?{urlencode(ghosts)}")
        assert answer.without(ALICE) == other.without(GHOST), f"GET {path} with {alices}"


def who_may_gets_in(cast: Cast, row: Row) -> None:
    """Else a stranger's 404 would mean nothing."""
    asker, path, answered = cast.whom(row.who), row.path(ALICE), []
    for method in METHODS if row.methods else FORM.split():
        with undone():
            answer = asker.ask(method, path, row.form_of(ALICE))
        if answer.status == HTTPStatus.METHOD_NOT_ALLOWED:
            continue
        answered.append(method)
        where = f"{method} {path}: {answer.status} {answer.where}"
        if row.methods or (method == "GET" and row.route.endswith("/change/")):  # else it may be the admin's “not here”
            assert answer.status in {200, 204, 302} or row.who is EVERYBODY, where
        assert row.who is EVERYBODY or row.logs_out or "/accounts/login/" not in answer.where, where
        if method == "GET" and row.shows_diary:
            shown = any(text in answer.told for text in ALICE.texts())
            assert shown, f"{path} shows nothing of the diary; if that is right: shows=False"
    if row.methods:
        assert answered == sorted(row.answered, key=METHODS.index), f"{row} answers these methods: see its row"


def told_alike(asker: Asker, row: Row, method: str, form: FormOf, before: object) -> Answer:
    """The answer about alice's, once it is known to tell nothing that one about a ghost's does not."""
    with undone():
        answer = asked(asker, method, row.path(ALICE), form(ALICE), before)
    if (row.path(ALICE), form(ALICE)) != (row.path(GHOST), form(GHOST)):
        with undone():
            other = asker.ask(method, row.path(GHOST), form(GHOST))
        assert answer.without(ALICE) == other.without(GHOST), f"{method} {row}: the answer tells whose ids exist"
    return answer


def asked(asker: Asker, method: str, path: str, form: Form, before: object) -> Answer:
    """The answer, once it is known to hold nothing of alice's and to have changed nothing of hers."""
    answer = asker.ask(method, path, form)
    named = f"{path} {form}"
    leaks = [text for text in ALICE.texts() if text in answer.told and text not in named]
    assert not leaks, f"{method} {path} shows {leaks}"
    assert not answer.wrote or rows_of(ALICE) == before, f"{method} {path} changed something of alice's"
    return answer


def smuggled(form: FormOf) -> Iterator[tuple[Form, Form]]:
    """Bob's form with alice's values in the place of his own, and with a ghost's: each alone, then all together."""
    fields = list(zip(form(BOB).items(), form(ALICE).items(), form(GHOST).items(), strict=True))
    differing = [field for field in fields if field[0] != field[1]]
    for field in differing:
        yield tuple(dict(each[place if each is field else 0] for each in fields) for place in (1, 2))  # type: ignore[misc] # two of them
    if len(differing) > 1:
        yield form(ALICE), form(GHOST)


def rights(diary: Diary) -> list[dict[str, object]]:
    """What no form may change, as long as there is an account: who somebody is and what they may do."""
    fields = ("id", "email", "is_staff", "is_superuser", "is_active")
    return [{name: user[name] for name in fields} for user in rows_of(diary)["accounts.User"]]
