"""A Redis of a test's own, that may be stopped, held and filled."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from foodmood.redis import connect
from tests.config.test_gunicorn import free_port
from tests.foodmood.processes import until
from tests.services import program


class RedisServer:
    def __init__(self, folder: Path, *options: str) -> None:
        server = program("redis-server")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [server, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
        self._command += ["--enable-debug-command", "local", *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)  # noqa: S603 -- Debian's
        until(self.answers, "Redis to start")

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Takes connections, and answers nobody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def sleep(self, seconds: int) -> None:
        """From when this returns, nobody is answered for almost so long."""
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(f"DEBUG SLEEP {seconds}\r\n".encode())
            until(lambda: not self.answers(), "Redis to fall asleep", seconds)

    def ask(self, *command: str) -> object:
        with redis.Redis(port=self.port) as client:
            return client.execute_command(*command)

    def everything(self) -> bytes:
        """All names and values, as whoever got hold of this Redis would read them."""
        with redis.Redis(port=self.port) as client:
            return b"\n".join(name + b" " + (client.get(name) or b"") for name in client.scan_iter())

    def answers(self) -> bool:
        try:
            with connect(f"{self.url}?socket_timeout=1") as client:  # which asks once
                return bool(client.ping())
        except redis.RedisError:
            return False


@contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[RedisServer]:
    server = RedisServer(folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.stop()
