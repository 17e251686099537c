"""The cast of the walks. Alice and bob have diaries of one shape; the ghost's is nowhere."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from apps.accounts.models import User
from tests.conftest import confirm
from tests.factories import UserFactory
from tests.isolation.asking import Asker
from tests.isolation.diary import ALICE, BOB
from tests.isolation.table import EVERYBODY, PEOPLE, STAFF, Who


class Cast:
    """A browser for each. Only alice's account asks for a second step: bob has to be able to add an address."""

    def __init__(self) -> None:
        self.nobody = Asker.anonymous()
        alice = ALICE.write()
        ALICE.take_two_steps()
        alice.refresh_from_db()
        self.alice = Asker.signed_in(alice)
        self.bob = Asker.signed_in(BOB.write())
        # Staff without a permission, and with all of them.
        self.clerk = Asker.signed_in(UserFactory.create(email="clerk@example.org", is_staff=True))
        self.operator = Asker.signed_in(
            UserFactory.create(email="operator@example.org", is_staff=True, is_superuser=True)
        )

    def whom(self, who: Who) -> Asker:
        """Somebody who may open what these may, and the owner of what is asked for."""
        if who is EVERYBODY:
            return self.nobody
        if who is PEOPLE:
            return self.alice
        return self.clerk if who is STAFF else self.operator


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """To write the diaries takes longer than to ask about them: the tests of a module share them, each within a
    transaction of its own inside of this one.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield Cast()
        transaction.set_rollback(True)


@pytest.fixture
def cast(written: Cast, db: None) -> Cast:
    return written


@pytest.fixture
def alices(alices: Client, alice: User) -> Client:
    """She has just shown once more who she is: every page is open to her."""
    return confirm(alices, alice)
