"""What a database holds, so that a copy can be held against it."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """`checksum` is the sum of a number for each row, so that their order does not matter."""

    rows: int
    checksum: str


@dataclass(frozen=True)
class Contents:
    """Table by name, and of each app the last migration."""

    tables: dict[str, Table]
    migrations: dict[str, str]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def differences(wanted: Contents, found: Contents) -> Iterator[str]:
    """What an operator has to know of a copy that is not like its original; nothing when it is."""
    for name in sorted(wanted.tables.keys() | found.tables.keys()):
        there, here = wanted.tables.get(name), found.tables.get(name)
        if there is None:
            yield f"{name}: a table that the backup does not have"
        elif here is None:
            yield f"{name}: the table is missing"
        elif there.rows != here.rows:
            yield f"{name}: {here.rows} row(s), {there.rows} in the backup"
        elif there.checksum != here.checksum:
            yield f"{name}: as many rows as in the backup ({here.rows}), but not the same"
    if wanted.migrations != found.migrations:
        yield "the applied migrations are not the same"
