"""Which thing is in which cache: docs/adr/0019."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from apps.accounts.models import User
from config.env import BASE_DIR
from tests.config.test_environment import GOOD
from tests.inherited import inherited
from tests.insights.diaries import demo, keep


def in_production(**environment: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", "import json; from config.settings import CACHES; print(json.dumps(CACHES))"],
        cwd=BASE_DIR,
        env=inherited() | GOOD | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_without_redis_each_process_keeps_a_few_things_that_may_be_lost() -> None:
    losable = in_production()["losable"]
    assert losable["BACKEND"].endswith("LocMemCache")
    assert losable["OPTIONS"]["MAX_ENTRIES"] <= 50


def test_with_redis_it_keeps_what_may_be_lost_and_nothing_else() -> None:
    redis = in_production(REDIS_URL="redis://cache.example.org:6379/0")
    assert redis["losable"]["BACKEND"] == "foodmood.losable.LosableCache"
    assert redis["default"]["BACKEND"] == "foodmood.telemetry.caches.CountedDatabaseCache"
    assert set(redis) == {"default", "losable", "template_fragments"}  # the last: in memory, nobody's


def kept() -> tuple[set[str], set[str]]:
    """The names in either cache; in tests both are in memory."""
    return set(caches["default"]._cache), set(caches["losable"]._cache)  # type: ignore[attr-defined] # noqa: SLF001 -- as above


@pytest.mark.django_db
def test_rate_limits_and_guesses_are_in_the_database(client: Client) -> None:
    client.post("/accounts/login/", {"login": "alice@example.org", "password": "a wrong guess"})
    client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    counted, losable = kept()
    assert counted
    assert not losable


@pytest.mark.django_db
def test_results_of_insights_may_be_lost(alices: Client, alice: User) -> None:
    keep(alice, demo(days=3))
    before, _ = kept()
    alices.get("/insights/")
    after, losable = kept()
    assert (after - before, len(losable)) == (set(), 1)
