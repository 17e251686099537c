"""What is exported is of one moment, though somebody goes on writing; and they do not wait for it."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from apps.accounts.models import User
from apps.portability.exports import exported
from apps.portability.tables import tables_of
from tests.at_once import at_once
from tests.factories import EntryFactory, OptionFactory, PortionFactory

pytestmark = pytest.mark.django_db(transaction=True)


def in_archive(content: bytes) -> set[int]:
    """How many edibles, meals and entries there are."""
    diary = json.loads(content)
    return {len(part) for part in (diary["edibles"], diary["meals"], diary["wellbeing"]["entries"])}


def in_tables(content: bytes) -> set[int]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {archive.read(name).count(b"\r\n") - 1 for name in archive.namelist() if name.endswith(".csv")}


@pytest.mark.parametrize(("export", "numbers"), [(exported, in_archive), (tables_of, in_tables)])
def test_all_parts_are_of_one_moment_while_another_connection_writes(
    export: Callable[[User], Iterator[bytes]], numbers: Callable[[bytes], set[int]], alice: User
) -> None:
    option = OptionFactory.create(category__owner=alice)

    @transaction.atomic
    def log_one_of_each() -> None:
        PortionFactory.create(meal__owner=alice)
        EntryFactory.create(option=option)

    log_one_of_each()
    content = b""
    for piece in export(alice):
        content += piece
        assert at_once([log_one_of_each]) == [None]
    assert len(numbers(content)) == 1
    assert alice.meals.count() not in numbers(content), "nothing was written meanwhile"
