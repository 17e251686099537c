"""What may be lost, in a real Redis: whatever becomes of it, nobody notices but the log."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from django.core.cache.backends.base import BaseCache
from pytest_django import Settings

from foodmood import losable
from foodmood.losable import LosableCache
from tests.foodmood.redis_server import RedisServer, redis_server

FAILURE = "Redis fails"
RECOVERY = "Redis answers again."


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


@pytest.fixture
def cache(server: RedisServer) -> BaseCache:
    return LosableCache(server.url, {})


@pytest.fixture
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the pause were over whenever Redis is asked."""
    monkeypatch.setattr(losable, "PAUSE", 0.0)


def said(caplog: pytest.LogCaptureFixture, text: str) -> int:
    return sum(text in record.getMessage() for record in caplog.records)


def test_what_is_kept_comes_back(cache: BaseCache) -> None:
    cache.set("a", {"b": (1, None)})
    assert cache.get("a") == {"b": (1, None)}
    assert cache.get("c", "nothing") == "nothing"


def test_what_is_deleted_or_cleared_is_gone(cache: BaseCache) -> None:
    cache.set_many({"a": 1, "b": 2})
    cache.delete("a")
    assert cache.get_many(["a", "b"]) == {"b": 2}
    cache.clear()
    assert cache.get("b") is None


def test_clearing_leaves_what_is_not_its_own(cache: BaseCache, server: RedisServer) -> None:
    server.ask("SET", "tasks", "1")
    cache.clear()
    assert server.ask("GET", "tasks") == b"1"


def test_only_the_first_is_added(cache: BaseCache) -> None:
    assert cache.add("a", 1)
    assert not cache.add("a", 2)
    assert cache.get("a") == 1


def test_what_is_kept_expires(cache: BaseCache, server: RedisServer) -> None:
    cache.set("a", 1, timeout=60)
    (name,) = server.everything().split(b" ")[:1]
    assert 0 < int(str(server.ask("PTTL", name.decode()))) <= 60_000
    cache.set("a", 1, timeout=0)
    assert cache.get("a") is None


def test_redis_learns_neither_names_nor_values(cache: BaseCache, server: RedisServer) -> None:
    cache.set("insights of alice", ["Milk", "Bloating"])
    assert not any(word in server.everything() for word in (b"alice", b"Milk", b"Bloating"))


def test_nobody_reads_it_with_another_secret_key(cache: BaseCache, settings: Settings) -> None:
    cache.set("a", 1)
    settings.SECRET_KEY = "another"
    assert cache.get("a") is None


@pytest.mark.parametrize("forged", ["", "short", "gAAAA" * 20])
def test_what_somebody_else_wrote_is_a_miss(cache: LosableCache, server: RedisServer, forged: str) -> None:
    server.ask("SET", cache.make_key("a", 1), forged)
    assert cache.get("a") is None


def test_a_value_under_the_name_of_another_is_a_miss(cache: LosableCache, server: RedisServer) -> None:
    cache.set("alice", "her diary")
    server.ask("COPY", cache.make_key("alice", 1), cache.make_key("bob", 1))
    assert cache.get("bob") is None


def test_a_stopped_redis_is_a_miss_and_one_line_in_the_log(
    cache: BaseCache, server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    cache.set("a", 1)
    server.stop()
    for _ in range(5):
        assert cache.get("a") is None
        cache.set("a", 2)
        assert not cache.add("a", 3)
    assert said(caplog, FAILURE) == 1


def test_while_redis_is_held_it_is_asked_once(
    cache: BaseCache, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.held():
        assert cache.get("a") is None
    asked: list[object] = []
    monkeypatch.setattr("redis.Redis.execute_command", lambda *command, **_options: asked.append(command))
    cache.get("a")
    cache.set("a", 1)
    assert not asked
    monkeypatch.setattr(losable, "monotonic", lambda: float("inf"))  # the pause is over
    cache.get("a")
    assert len(asked) == 1


def test_what_redis_refused_is_tried_again_although_it_is_asked_for_other_things_first(
    cache: BaseCache, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.ask("CONFIG", "SET", "maxmemory", "1")
    cache.set("a", 1)
    server.ask("CONFIG", "SET", "maxmemory", "0")
    later = losable.monotonic() + losable.PAUSE
    monkeypatch.setattr(losable, "monotonic", lambda: later)
    assert cache.get("a") is None
    cache.set("a", 1)
    assert cache.get("a") == 1


@pytest.mark.usefixtures("_no_pause")
def test_a_redis_that_is_back_is_used_again(
    cache: BaseCache, server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server.stop()
    assert cache.get("a") is None
    server.start()
    cache.set("a", 1)
    assert cache.get("a") == 1
    assert (said(caplog, FAILURE), said(caplog, RECOVERY)) == (1, 1)


def test_a_restart_between_two_questions_is_not_even_a_miss(
    cache: BaseCache, server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    cache.set("a", 1)
    server.stop()
    server.start()
    cache.set("a", 2)
    assert cache.get("a") == 2
    assert said(caplog, FAILURE) == 0


@pytest.mark.usefixtures("_no_pause")
def test_a_full_redis_takes_nothing_and_is_one_line_in_the_log(
    cache: BaseCache, server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    cache.set("a", 1)
    server.ask("CONFIG", "SET", "maxmemory", "1")
    for _ in range(3):
        cache.set("b", 2)
        assert cache.get("a") == 1
        assert cache.get("b") is None
    assert (said(caplog, FAILURE), said(caplog, RECOVERY)) == (1, 0)
    server.ask("CONFIG", "SET", "maxmemory", "0")
    cache.set("b", 2)
    assert cache.get("b") == 2
    assert said(caplog, RECOVERY) == 1


@pytest.mark.usefixtures("_no_pause")
@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$abc\r\n", b"\x00" * 100, b":1\r\n" * 9, b""]
)
def test_a_server_that_is_no_redis_is_a_miss(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(2):
                connection, _address = listener.accept()
                with connection:
                    connection.recv(1000)
                    connection.sendall(answer)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        cache = LosableCache(f"redis://127.0.0.1:{listener.getsockname()[1]}/0", {})
        assert cache.get("a") is None
        cache.set("a", 1)
        assert cache.get("a") is None
