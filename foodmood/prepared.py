"""Queries whose SQL is written once in each process: of a page that is opened all day, Django takes four times as long
to write a query as the database to answer it. See docs/adr/0028.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, DateTimeField, Expression, Field, QuerySet

AT_ONCE = 1000
Row = tuple[Any, ...]


class Given(Expression):
    """Stands in a query for a value that each call brings."""

    def __init__(self, name: str, kind: "Field[Any, Any]") -> None:
        super().__init__(output_field=kind)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


def given_key(name: str) -> Given:
    return Given(name, BigIntegerField())


def given_moment(name: str) -> Given:
    return Given(name, DateTimeField())


@dataclass(frozen=True, slots=True)
class _Written:
    sql: str
    params: tuple[Any, ...]
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]  # by the column's place, with the column

    def python(self, row: Row) -> Row:
        """What the driver does not read as Django does, such as a moment on SQLite."""
        values = list(row)
        for place, (convert, column) in self.converters.items():
            for function in convert:
                values[place] = function(values[place], column, connection)
        return tuple(values)


class Prepared:
    """A query that `make` makes: a values_list(), which may compare with what is Given. It is made when first asked."""

    def __init__(self, make: "Callable[[], QuerySet[Any, Row]]") -> None:
        self._make = make
        self._written: _Written | None = None

    def rows(self, **given: Any) -> list[Row]:
        """As the values_list() would have them."""
        return list(self.each(**given))

    def each(self, **given: Any) -> Iterator[Row]:
        """The same, of which few at a time are there. Not by a cursor of PostgreSQL's: it plans those for who wants the
        first rows soon, and took a hundred times as long for all of them.
        """
        written = self._written = self._written or self._write()
        params = [
            param.output_field.get_db_prep_value(given[param.name], connection) if isinstance(param, Given) else param
            for param in written.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, params)
            while some := cursor.fetchmany(AT_ONCE):
                yield from map(written.python, some) if written.converters else some

    def _write(self) -> _Written:
        compiler = self._make().query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return _Written(sql, tuple(params), converters)
