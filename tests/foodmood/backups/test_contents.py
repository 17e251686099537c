"""What is told of a copy that is not like its original."""

import pytest

from foodmood.backups.contents import Contents, Table, differences

ORIGINAL = Contents({"meals": Table(2, "7"), "edibles": Table(3, "11")}, {"meals": "0002"})


def test_of_a_copy_that_is_like_its_original_nothing_is_told() -> None:
    assert list(differences(ORIGINAL, ORIGINAL)) == []


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"more": Table(0, "0")}, "more: a table that the backup does not have"),
        ({"meals": None}, "meals: the table is missing"),
        ({"meals": Table(1, "7")}, "meals: 1 row(s), 2 in the backup"),
        ({"meals": Table(2, "8")}, "meals: as many rows as in the backup (2), but not the same"),
    ],
)
def test_a_table_that_is_not_as_it_was_is_told_by_name(tables: dict[str, Table | None], told: str) -> None:
    copied = {name: table for name, table in (ORIGINAL.tables | tables).items() if table is not None}
    assert list(differences(ORIGINAL, Contents(copied, ORIGINAL.migrations))) == [told]


def test_a_copy_of_another_version_is_told() -> None:
    assert list(differences(ORIGINAL, Contents(ORIGINAL.tables, {"meals": "0001"}))) == [
        "the applied migrations are not the same"
    ]
