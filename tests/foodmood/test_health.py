import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings


def test_a_probe_needs_no_known_host_no_https_and_no_database(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/health/", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_it_is_ready_when_the_database_is_up_to_date(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/ready/", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@pytest.mark.django_db
def test_it_is_not_ready_while_a_migration_is_not_applied(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("meals", "0001_initial")
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})


@pytest.mark.django_db
def test_it_is_not_ready_without_its_database_and_tells_strangers_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object) -> None:
        raise OperationalError('connection to server at "10.1.2.3" failed: Connection refused\nIs it running?')

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
    assert "Connection refused" in caplog.text


@pytest.mark.django_db
def test_a_probe_is_never_cached(client: Client) -> None:
    assert client.get("/ready/").headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_being_ready_costs_one_query(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        client.get("/ready/")
