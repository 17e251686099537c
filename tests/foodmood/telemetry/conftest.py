from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.foodmood.telemetry.telling import Log, Sentry, logged, told_to_sentry


@pytest.fixture
def log() -> Iterator[Log]:
    with logged() as log:
        yield log


@pytest.fixture
def sentry(settings: Settings) -> Iterator[Sentry]:
    settings.MIDDLEWARE = [settings.MIDDLEWARE[0], "foodmood.telemetry.sentry.named", *settings.MIDDLEWARE[1:]]
    with told_to_sentry() as sentry:
        yield sentry
