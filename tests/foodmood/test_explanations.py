"""What failed and what to do about it, said of errors that really happen."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from botocore.exceptions import (  # type: ignore[import-untyped] # published without types
    ClientError,
    EndpointConnectionError,
)
from cryptography import x509
from django.db import DatabaseError, connection, transaction
from redis import RedisError

from foodmood.explanations import explain
from foodmood.redis import connect
from foodmood.tasks.models import SetAside
from tests.certificates import self_made
from tests.config.test_gunicorn import free_port
from tests.foodmood.processes import new_site, until
from tests.foodmood.redis_server import RedisServer, redis_server

CERTIFICATE = "server.pem"


def told_by(url: str) -> str:
    with pytest.raises(RedisError) as failure, connect(url) as redis:
        redis.set("name", "x" * 2_000_000)
    return explain(failure.value)


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


@contextmanager
def with_tls(folder: Path) -> Iterator[int]:
    """The port of a Redis whose certificate it made itself, as Heroku's does."""
    pem = self_made(folder / CERTIFICATE, x509.DNSName("localhost"))
    port = free_port()
    tls = ("--tls-port", str(port), "--tls-cert-file", str(pem), "--tls-key-file", str(pem))
    with redis_server(folder, *tls, "--tls-ca-cert-file", str(pem), "--tls-auth-clients", "no"):
        yield port


def test_untrusted_certificate_names_the_setting(tmp_path: Path) -> None:
    with with_tls(tmp_path) as port:
        told = told_by(f"rediss://localhost:{port}")
        assert "its certificate is not trusted (self-signed certificate)" in told
        assert "add ?ssl_cert_reqs=none to REDIS_URL" in told
        for option in ("ssl_cert_reqs=none", f"ssl_ca_certs={tmp_path}/{CERTIFICATE}"):
            with connect(f"rediss://localhost:{port}?socket_timeout=5&{option}") as redis:
                assert redis.ping()


def test_plain_url_of_a_tls_port_names_the_scheme(tmp_path: Path) -> None:
    with with_tls(tmp_path) as port:
        assert "REDIS_URL has to begin with rediss://" in told_by(f"redis://localhost:{port}")


def test_tls_url_of_a_plain_port_names_the_scheme(plain: RedisServer) -> None:
    told = told_by(f"rediss://localhost:{plain.port}")
    assert "it doesn't speak TLS and REDIS_URL begins with rediss://" in told


def test_redis_that_is_away_names_what_to_check() -> None:
    assert "it refuses connections: check host and port in REDIS_URL" in told_by(f"redis://localhost:{free_port()}")
    assert "there is no such host: check REDIS_URL" in told_by("redis://nobody.invalid:6379")


def test_wrong_password_names_the_login(plain: RedisServer) -> None:
    plain.ask("CONFIG", "SET", "requirepass", "right")
    for login in ("", ":wrong@"):
        told = told_by(f"redis://{login}localhost:{plain.port}")
        assert "it refuses the log-in: check user and password in REDIS_URL" in told
    assert "wrong" not in told


def test_full_redis_names_its_memory(plain: RedisServer) -> None:
    plain.ask("CONFIG", "SET", "maxmemory", "1mb")
    assert "its memory is full: raise maxmemory" in told_by(f"{plain.url}?socket_timeout=5")


def test_silent_redis_names_the_time(plain: RedisServer) -> None:
    with plain.held():
        assert "it does not answer in time" in told_by(plain.url)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["SELECT * FROM no_such_table", "SELECT no_such_column FROM meals_meal"])
def test_missing_table_or_column_asks_for_a_release(sql: str) -> None:
    with pytest.raises(DatabaseError) as failure, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert "no_such_" in explain(failure.value)
    assert explain(failure.value).endswith(": run `python manage.py release`")


@pytest.mark.django_db
def test_values_of_rows_are_not_told() -> None:
    with pytest.raises(DatabaseError) as failure, transaction.atomic():
        SetAside.objects.bulk_create([SetAside(func="secret", digest="secret")] * 2)
    assert "secret" not in explain(failure.value)


def test_buckets_answer_is_told() -> None:
    refused = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "PutObject")
    assert explain(refused).startswith("the bucket refuses (AccessDenied): check BACKUP_S3_BUCKET")
    away = EndpointConnectionError(endpoint_url="https://s3.invalid")
    assert explain(away).startswith("EndpointConnectionError: check BACKUP_S3_ENDPOINT")


@pytest.mark.django_db
def test_worker_on_an_old_database_asks_for_a_release(tmp_path: Path) -> None:
    with new_site(tmp_path) as site:
        site.manage("migrate", "django_q", "zero", "--verbosity=0")
        with site.worker():
            [log] = site.folder.glob("worker.*.log")
            until(
                lambda: "The worker can't get at its tasks and goes on trying:" in log.read_text(),
                "the worker to notice",
            )
            until(lambda: "run `python manage.py release`" in log.read_text(), "the worker to say what to do", 10)
