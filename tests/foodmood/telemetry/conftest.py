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
    inside = settings.MIDDLEWARE.index("foodmood.telemetry.requests.observed") + 1
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:inside],
        "foodmood.telemetry.sentry.named",
        *settings.MIDDLEWARE[inside:],
    ]
    with told_to_sentry() as sentry:
        yield sentry
