"""A slow query is in the log, and what people wrote is not."""

import pytest
from django.test import Client
from pytest_django import Settings

LOGGER = "foodmood.telemetry.queries"


def test_a_slow_query_is_logged_with_placeholders_for_its_values(
    alices: Client, settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SLOW_QUERY_MS = 500
    clock = iter(range(10_000))
    monkeypatch.setattr(f"{LOGGER}.perf_counter", lambda: next(clock))  # a second passes at each look
    alices.get("/meals/", {"q": "secret soup"})
    said = [record.getMessage() for record in caplog.records if record.name == LOGGER]
    assert any("1000 ms: SELECT" in each and "%s" in each and "meals_meal" in each for each in said)
    assert "secret soup" not in "".join(said)
    assert max(map(len, said)) < 1100


def test_a_quick_one_is_not(alices: Client, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.SLOW_QUERY_MS = 3_600_000
    alices.get("/meals/")
    assert not [record for record in caplog.records if record.name == LOGGER]
