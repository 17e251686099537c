"""The alerts and the dashboard speak of metrics that exist, and do what they say."""

import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from config.env import BASE_DIR
from foodmood.telemetry.metrics import cache_read
from tests.foodmood.telemetry.scraped import TOKEN, Scrape, scrape
from tests.services import program

FOLDER = BASE_DIR / "deploy" / "monitoring"
ALERTS = (FOLDER / "alerts.yml").read_text(encoding="utf-8")
OTHERS = {"up", "probe_ssl_earliest_cert_expiry"}  # of Prometheus and of its blackbox exporter
OTHER_LABELS = {"job", "instance"}  # Prometheus adds them
WORDS = {"and", "or", "by", "on", "unless", "bool", "vector"}


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = program("promtool", "prometheus")
    return subprocess.run([path, *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)  # noqa: S603 -- our own files


@pytest.mark.parametrize(
    "command",
    [
        ("check", "rules", "alerts.yml"),
        ("test", "rules", "alerts_test.yml"),
        ("check", "config", "--syntax-only", "prometheus.yml"),
    ],
    ids=" ".join,
)
def test_promtool_finds_no_fault(command: tuple[str, ...]) -> None:
    done = promtool(*command)
    assert done.returncode == 0, done.stdout + done.stderr


def alerts() -> list[str]:
    return re.findall(r"- alert: (\w+)", ALERTS)


@pytest.mark.parametrize("alert", alerts())
def test_every_alert_is_tried_both_ways_and_says_what_to_do(alert: str) -> None:
    tests = (FOLDER / "alerts_test.yml").read_text(encoding="utf-8")
    assert f"name: {alert} fires" in tests
    assert f"name: {alert} is quiet" in tests
    assert f"runbook: docs/monitoring.md#{alert.lower()}\n" in ALERTS
    assert f"\n### {alert}\n" in (BASE_DIR / "docs" / "monitoring.md").read_text(encoding="utf-8")


def test_every_instruction_is_for_an_alert_there_is() -> None:
    page = (BASE_DIR / "docs" / "monitoring.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### (FoodMood\w+)$", page, re.MULTILINE)) == set(alerts())


@pytest.fixture
def scraped(alices: Client, settings: Settings, transactional_db: None) -> Scrape:
    """After a page of each kind, so that all that is counted has been counted once."""
    settings.MONITORING_TOKEN = TOKEN
    alices.get("/")
    alices.get("/insights/")
    cache_read("default", "miss")
    return scrape(alices)


def dashboard() -> Iterator[str]:
    for panel in json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def expressions() -> list[str]:
    """Of the alerts and the dashboard."""
    of_alerts = re.findall(r"^        expr: (?:\|\n((?: {10}.*\n)+)|(.*))$", ALERTS, re.MULTILINE)
    return ["".join(parts) for parts in of_alerts] + list(dashboard())


def metrics_of(expression: str) -> dict[str, set[str]]:
    """Every metric that an expression reads, with the labels that it looks at."""
    found: dict[str, set[str]] = {}
    plain = re.sub(r"\b(by|on|without) \([^)]*\)", " ", expression)
    for name, _, selector in re.findall(r"\b([a-z_:][\w:]*)\b(?!\s*\()({([^}]*)})?", re.sub(r"\[\w+\]", "", plain)):
        if name not in WORDS:
            found.setdefault(name, set()).update(re.findall(r'(\w+)(?:=~|!~|!=|=)"', selector))
    return found


def without_values(expression: str) -> str:
    """Words in quotes are values of labels, not names."""
    return re.sub(r'"[^"]*"', '""', expression)


def test_expressions_are_found() -> None:
    assert len(expressions()) > len(alerts()) > 10


@pytest.mark.django_db
def test_every_expression_reads_metrics_and_labels_that_a_scrape_has(scraped: Scrape) -> None:
    labels: dict[str, set[str]] = {}
    for name, pairs in scraped.samples:
        labels.setdefault(name, set()).update(label for label, _value in pairs)
    read: dict[str, Any] = {}
    for expression in expressions():
        for name, asked in metrics_of(without_values(expression)).items():
            read.setdefault(name, set()).update(asked)
    assert set(read) - set(labels) - OTHERS == set(), "no scrape has these"
    assert {
        name: asked - labels[name] - OTHER_LABELS
        for name, asked in read.items()
        if name not in OTHERS and asked - labels[name] - OTHER_LABELS
    } == {}, "these labels are of no series"


def test_a_metric_that_does_not_exist_is_found() -> None:
    assert metrics_of('sum by (job) (rate(foodmood_nothing_total{made="up"}[5m])) > 2 * 3600') == {
        "foodmood_nothing_total": {"made"}
    }
