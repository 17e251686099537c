"""No page reads a big table from end to end: what PostgreSQL plans for its queries, in a diary of five years."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.conftest import sign_in
from tests.database.five_years import TABLES, UNTIL, five_years

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="They are PostgreSQL's plans")

BIG = {copied.table for copied in TABLES}
STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
DAY = UNTIL.date()
Query = tuple[str, Any]


class Page(NamedTuple):
    method: str
    path: str
    data: dict[str, Any]


@pytest.mark.django_db(transaction=True)
def test_no_page_reads_a_big_table_from_end_to_end() -> None:
    with five_years() as owner:
        browser = sign_in(Client(), owner)
        for page in _pages(owner):
            read = [f"{table}: {sql}" for sql, params in _queries(browser, page) for table in _read_whole(sql, params)]
            assert read == [], page


def _pages(owner: User) -> list[Page]:
    """Each way to look at a diary, then each way to write into it."""
    milk, latte = owner.edibles.get(name="Milk"), owner.edibles.get(name="Latte")
    meal, entry = owner.meals.all()[100], owner.entries.all()[100]
    category = entry.category
    read: list[tuple[str, list[Any], dict[str, Any]]] = [
        ("today", [], {}),
        ("day", [DAY], {}),
        ("meals:list", [], {}),
        ("meals:list", [], {"q": "milk"}),
        ("meals:list", [], {"edible": milk.pk}),
        ("meals:list", [], {"page": 200}),
        ("meals:meal", [meal.pk], {}),
        ("edibles:list", [], {}),
        ("edibles:list", [], {"q": "mil"}),
        ("edibles:edible", [milk.pk], {}),
        ("edibles:edit", [latte.pk], {}),
        ("wellbeing:history", [], {}),
        ("wellbeing:history", [], {"category": category.pk}),
        ("wellbeing:entry", [entry.pk], {}),
        ("wellbeing:categories", [], {}),
        ("wellbeing:category", [category.pk], {}),
        ("insights:detail", [category.pk], {}),
        ("suggest", [], {}),
        ("suggest", [], {"q": "mil"}),
        ("portability:index", [], {}),
        ("portability:export", [], {}),
        ("portability:export_tables", [], {}),
        ("accounts:profile", [], {}),
        ("security_events", [], {}),
        ("usersessions_list", [], {}),
        ("account_email", [], {}),
    ]
    written: list[tuple[str, list[Any], dict[str, Any]]] = [
        ("log-meal", [DAY], {"edible": "Milk", "category": "LUNCH", "eaten_at": f"{DAY}T12:30"}),
        ("check-in", [DAY], {f"category-{category.pk}": entry.option_id, "recorded_at": f"{DAY}T13:00"}),
        ("meals:again", [meal.pk], {}),
        ("meals:delete", [meal.pk], {}),
        ("edibles:duplicate", [latte.pk], {"name": "Another"}),
        ("edibles:delete", [latte.pk], {}),
        ("wellbeing:delete_entry", [entry.pk], {}),
        ("wellbeing:delete_category", [category.pk], {}),
    ]
    return [
        Page(method, reverse(name, args=arguments), data)
        for method, rows in (("get", read), ("post", written))
        for name, arguments, data in rows
    ]


def _queries(browser: Client, page: Page) -> list[Query]:
    asked: list[Query] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = getattr(browser, page.method)(page.path, page.data)
        assert answer.status_code in {200, 302}, page
        if answer.streaming:
            b"".join(answer.streaming_content)
    return [query for query in asked if query[0].startswith(STATEMENTS)]


def _read_whole(sql: str, params: Any) -> list[str]:
    """The big tables that the query would read from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()
    steps = [(json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]]
    for step in steps:
        steps.extend(step.get("Plans", []))
    return [step["Relation Name"] for step in steps if step["Node Type"] == "Seq Scan" and step["Relation Name"] in BIG]
