"""The cast: alice owns what a test makes, bob is the stranger."""

from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from apps.accounts.models import User
from tests.factories import UserFactory

# Tests judge what is computed; how fast this machine is at the moment is not their business.
hypothesis.settings.register_profile("foodmood", deadline=None)
hypothesis.settings.load_profile("foodmood")


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Rate limits count from zero in every test."""
    cache.clear()


@pytest.fixture(autouse=True)
def _no_language_stays() -> Iterator[None]:
    """A request activates its language for its thread, which is the test's."""
    with translation.override("en"):
        yield


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory.create(email="alice@example.org")


@pytest.fixture
def bob(db: None) -> User:
    return UserFactory.create(email="bob@example.org")


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    """A browser in which alice is signed in."""
    client.force_login(alice)
    return client


@pytest.fixture
def bobs(bob: User) -> Client:
    """A browser in which bob is signed in."""
    client = Client()
    client.force_login(bob)
    return client
