"""A diary of five years among those of others: enough of them that PostgreSQL's planner has a choice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.test import Client

from apps.accounts.addresses import set_address
from apps.accounts.models import User
from apps.portability.actions import import_archive
from apps.portability.demo import demo_archive

UNTIL = datetime(2026, 3, 1, 20, tzinfo=ZoneInfo("Europe/Berlin"))
DAYS = 5 * 365
PEOPLE, DIARIES = 1000, 30  # of others; most of them have written little yet
SESSIONS = 3
APART = 1_000_000  # between the ids of one person's rows and of the next one's


@dataclass(frozen=True)
class Copied:
    """A table, how many others have a copy of its rows, and which of its columns must differ in each."""

    table: str
    others: int
    ids: tuple[str, ...] = ("id", "owner_id")
    text: str = ""


TABLES = (  # what is referred to comes first
    Copied("accounts_user", PEOPLE, ("id",), "email"),
    Copied("account_emailaddress", PEOPLE, ("id", "user_id"), "email"),
    Copied("edibles_edible", PEOPLE),
    Copied("edibles_ingredient", PEOPLE, ("id", "owner_id", "container_id", "edible_id")),
    Copied("meals_meal", DIARIES),
    Copied("meals_portion", DIARIES, ("id", "owner_id", "meal_id", "edible_id")),
    Copied("wellbeing_category", PEOPLE),
    Copied("wellbeing_option", PEOPLE, ("id", "category_id")),
    Copied("wellbeing_entry", DIARIES, ("id", "owner_id", "category_id", "option_id")),
    Copied("django_session", PEOPLE, (), "session_key"),
    Copied("usersessions_usersession", PEOPLE, ("id", "user_id"), "session_key"),
    Copied("audit_securityevent", PEOPLE, ("id", "person")),
)


@contextmanager
def five_years() -> Iterator[User]:
    """Whose diary it is. It lies in a transaction, and goes with it: to look up all its foreign keys takes too long."""
    with transaction.atomic():
        owner = User.objects.create_user("five-years@foodmood.example", consent_version="2026-12-01")
        set_address(user=owner, verified=True)
        import_archive(owner=owner, archive=demo_archive(until=UNTIL, days=DAYS), restore=True)
        for _number in range(SESSIONS):
            browser = Client()
            browser.force_login(owner)
            browser.get("/account/")  # a session is listed from its first page on
        with connection.cursor() as cursor:
            for copied in TABLES:
                cursor.execute(_copies(copied))
            # Of all rows, not of some that chance picked: the same diary always has the same plans.
            cursor.execute("SET LOCAL default_statistics_target = 2000")
            cursor.execute("ANALYZE")
        yield owner
        transaction.set_rollback(True)


def _copies(copied: Copied) -> str:
    columns, values = [], []
    with connection.cursor() as cursor:
        for column in connection.introspection.get_table_description(cursor, copied.table):
            name = connection.ops.quote_name(column.name)
            columns.append(name)
            if column.name in copied.ids:
                name += f" + other::bigint * {APART}"
            if column.name == copied.text:
                name = f"left(other || {name}, 40)"
            values.append(name)
    # Names of tables and columns, and numbers, all from here.
    return (
        f"INSERT INTO {copied.table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE"  # noqa: S608 -- as above
        f" SELECT {', '.join(values)} FROM {copied.table}, generate_series(1, {copied.others}) AS other"
        " ORDER BY other"
    )
