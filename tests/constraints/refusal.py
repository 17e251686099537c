from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction


@contextmanager
def refused_by_the_database() -> Iterator[None]:
    """What is written inside breaks a constraint, at once or (a deferred one) when the transaction would end."""
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012 -- either line may raise
        yield
        connection.check_constraints()
