"""The cast of the walks. Alice and bob have diaries of one shape; the ghost's is nowhere."""

from functools import cached_property

import pytest

from tests.factories import UserFactory
from tests.isolation.asking import Asker
from tests.isolation.diary import ALICE, BOB
from tests.isolation.table import EVERYBODY, PEOPLE, STAFF, Who


class Cast:
    """A browser for each. Only alice's account asks for a second step: bob has to be able to add an address."""

    def __init__(self) -> None:
        self.nobody = Asker.anonymous()
        self.alice = Asker.signed_in(ALICE.write())
        ALICE.take_two_steps()
        self.bob = Asker.signed_in(BOB.write())

    @cached_property
    def clerk(self) -> Asker:
        """Staff without a permission."""
        return Asker.signed_in(UserFactory.create(email="clerk@example.org", is_staff=True))

    @cached_property
    def operator(self) -> Asker:
        return Asker.signed_in(UserFactory.create(email="operator@example.org", is_staff=True, is_superuser=True))

    def whom(self, who: Who) -> Asker:
        """Somebody who may open what these may, and the owner of what is asked for."""
        if who is EVERYBODY:
            return self.nobody
        if who is PEOPLE:
            return self.alice
        return self.clerk if who is STAFF else self.operator


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()
