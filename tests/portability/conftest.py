import pytest
from django.test import Client

from apps.accounts.models import User
from tests.conftest import confirm


@pytest.fixture
def alices(alices: Client, alice: User) -> Client:
    """Imports and exports ask who it is first: she has just shown it."""
    return confirm(alices, alice)


@pytest.fixture
def bobs(bobs: Client, bob: User) -> Client:
    return confirm(bobs, bob)
