"""The nginx of docker-compose.prod.yml while strangers begin uploads and never finish them."""

import shutil
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from django.urls import reverse

from tests.certificates import self_made
from tests.delivery.container import Container, Running
from tests.deploy.compose import HOST
from tests.services import program

MB = 2**20
SECONDS = 30


class Application(BaseHTTPRequestHandler):
    """Stands for gunicorn, which never hears of an unfinished upload."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 -- http.server's names

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 -- http.server's name
        """Say nothing."""


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Container, Running]]:
    program("nginx", "nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    with ThreadingHTTPServer(("127.0.0.1", 0), Application) as application:
        threading.Thread(target=application.serve_forever, daemon=True).start()
        front = Container(folder, application.server_port)
        front.prepare()
        for name in ("10-foodmood.conf", "20-foodmood-tls.conf"):
            front.install(name)
        live = folder / "letsencrypt" / "live" / HOST
        live.mkdir(parents=True)
        self_made(live / "privkey.pem", x509.DNSName(HOST))
        shutil.copy(live / "privkey.pem", live / "fullchain.pem")
        with front.contained() as running:
            yield front, running
        application.shutdown()


class Client:
    """One connection of somebody at `address`."""

    def __init__(self, front: Container, address: str, stack: ExitStack) -> None:
        context = ssl.create_default_context(cafile=str(front.folder / "letsencrypt" / "live" / HOST / "fullchain.pem"))
        plain = stack.enter_context(socket.create_connection(("127.0.0.1", front.https), timeout=SECONDS))
        self.connection = stack.enter_context(context.wrap_socket(plain, server_hostname=HOST))
        self.address = address

    def post(self, path: str, announced: int, sent: int) -> None:
        """`sent` bytes of a body of which `announced` were promised."""
        headers = f"Host: {HOST}\r\nX-Test-Client: {self.address}\r\nContent-Length: {announced}"
        head = f"POST {path} HTTP/1.1\r\n{headers}\r\n\r\n"
        try:
            self.connection.sendall(head.encode())
            for _ in range(0, sent, MB):
                self.connection.sendall(b"x" * min(sent, MB))
        except OSError:
            """It was refused before it was sent."""

    def status(self) -> int:
        """Of the answer; 0 while there is none."""
        self.connection.settimeout(0.2)
        try:
            return int(self.connection.recv(64).split()[1])
        except TimeoutError:
            return 0


def is_served(front: Container) -> bool:
    with ExitStack() as stack:
        client = Client(front, "203.0.113.200", stack)
        client.post("/accounts/login/", 1, 1)
        client.connection.settimeout(SECONDS)
        return client.connection.recv(64).startswith(b"HTTP/1.1 200 ")


def test_unfinished_uploads_fill_no_memory(front: tuple[Container, Running]) -> None:
    container, nginx = front
    with ExitStack() as stack:
        large = [Client(container, f"198.51.100.{n // 4}", stack) for n in range(16)]
        for client in large:
            client.post(reverse("portability:import"), 50 * MB, 12 * MB)
        for n in range(600):
            Client(container, f"203.0.113.{n // 60}", stack).post("/accounts/login/", MB, 100_000)
        time.sleep(1)
        assert [client.status() for client in large] == [0] * len(large)  # they wait, and are read to their end
        assert is_served(container)
        held = nginx.memory()
        print(f"nginx holds {held / MB:.0f} MB")
        assert held < 0.75 * container.memory


@pytest.mark.parametrize("other", ["203.0.113.9", "2001:db8:1:2:a:b:c:%x"])
def test_fifth_upload_of_a_client_is_refused(front: tuple[Container, Running], other: str) -> None:
    container, _nginx = front
    with ExitStack() as stack:
        clients = [Client(container, other % n if "%" in other else other, stack) for n in range(1, 6)]
        for client in clients:
            client.post(reverse("portability:import"), 50 * MB, MB)
        time.sleep(0.5)
        assert sorted(client.status() for client in clients) == [0, 0, 0, 0, 429]
        somebody_else = Client(container, "203.0.113.10", stack)
        somebody_else.post(reverse("portability:import"), MB, MB)
        time.sleep(0.5)
        assert somebody_else.status() == 200


def test_uploads_of_many_clients_are_bounded(front: tuple[Container, Running]) -> None:
    container, _nginx = front
    with ExitStack() as stack:
        clients = [Client(container, f"203.0.113.{n}", stack) for n in range(21)]
        for client in clients:
            client.post(reverse("portability:import"), 50 * MB, MB)
        time.sleep(0.5)
        assert sorted(client.status() for client in clients) == [0] * 20 + [429]


@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/data/", "/edibles/", "/data/import/more/"])
def test_large_body_elsewhere_is_refused(front: tuple[Container, Running], path: str) -> None:
    container, _nginx = front
    with ExitStack() as stack:
        client = Client(container, "203.0.113.9", stack)
        client.post(path, MB + 1, 1)
        time.sleep(0.2)
        assert client.status() == 413
