"""A stand-in for a platform's router: it ends TLS, says in X-Forwarded-* whom it saw, and passes all else on."""

import ssl
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# Of one connection only, or the router's own to say.
NOT_PASSED_ON = {"connection", "keep-alive", "transfer-encoding", "content-length", "x-forwarded-proto"}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Router"

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        # It adds to what a stranger may have written, as real ones do.
        hops = [*self.headers.get_all("X-Forwarded-For", []), self.client_address[0]]
        del self.headers["X-Forwarded-For"]
        headers = {
            **{name: value for name, value in self.headers.items() if name.lower() not in NOT_PASSED_ON},
            "X-Forwarded-For": ", ".join(hops),
            "X-Forwarded-Proto": self.server.scheme,
            "X-Forwarded-Port": "443" if self.server.scheme == "https" else "80",
            "X-Request-ID": str(uuid.uuid4()),
            "Via": "1.1 router",
        }
        inside = HTTPConnection("127.0.0.1", self.server.leads_to, timeout=60)
        try:
            inside.request(self.command, self.path, body, headers)
            answer = inside.getresponse()
            content = answer.read()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in NOT_PASSED_ON:
                    self.send_header(name, value)
        except (OSError, HTTPException):  # no process listens, or it went
            content = b""
            self.send_response_only(HTTPStatus.SERVICE_UNAVAILABLE)
        finally:
            inside.close()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _pass_on  # noqa: N815 -- http.server's names

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 -- http.server's name
        """What passes is the test's to tell."""


class Router(ThreadingHTTPServer):
    """https with a certificate, http without."""

    def __init__(self, leads_to: int, certificate: Path | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.leads_to = leads_to
        self.scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)


@contextmanager
def router(leads_to: int, certificate: Path | None = None) -> Iterator[int]:
    """The port on which it listens; `leads_to` is the port to which it passes on."""
    with Router(leads_to, certificate) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
