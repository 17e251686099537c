"""Somebody's browser at the public end of a site: TLS, cookies, and the forms of the diary."""

import re
import socket
import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.faults.writers import Answer

PASSWORD = "a long and quiet evening"


@dataclass
class Browser:
    """Asks `host`, which is at this port of this machine; over https if it trusts a certificate. The site is `below` a
    path.

    `headers` go with each request, as those of a proxy do.
    """

    host: str
    port: int
    trusted: Path | None = None
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    headers: dict[str, str] = field(default_factory=dict)
    below: str = ""

    @property
    def scheme(self) -> str:
        return self.headers.get("X-Forwarded-Proto") or ("https" if self.trusted else "http")

    def ask(self, path: str, form: dict[str, str] | None = None, /, **headers: str) -> Answer:
        """A GET, or a POST if there is a form. Redirects are answers."""
        headers = self.headers | headers
        connection = HTTPConnection(self.host)
        connection.sock = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        if self.trusted:
            trust = ssl.create_default_context(cafile=self.trusted)
            connection.sock = trust.wrap_socket(connection.sock, server_hostname=self.host)
        headers["Cookie"] = "; ".join(
            f"{name}={morsel.value}" for name, morsel in self.cookies.items() if path.startswith(morsel["path"])
        )
        headers["Referer"] = f"{self.scheme}://{self.host}{self.below}/"
        if form is not None:
            headers["Origin"] = f"{self.scheme}://{self.host}"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            body = None if form is None else urlencode(form)
            connection.request("GET" if form is None else "POST", path, body, headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                self.cookies.load(cookie)
            return Answer(answer.status, dict(answer.headers), answer.read().decode(errors="replace"))
        finally:
            connection.close()

    def send(self, page: str, form: dict[str, str], to: str = "", **headers: str) -> Answer:
        """Opens a page and sends a form of it, with what is hidden in it."""
        opened = self.ask(page, **headers)
        assert opened.status == 200, opened
        hidden = {name: _hidden(name, opened.body) for name in ("csrfmiddlewaretoken", "submission")}
        sent = self.ask(to or page, {name: value for name, value in hidden.items() if value} | form, **headers)
        assert sent.status == 302, sent
        return sent

    def sign_up(self, email: str, **headers: str) -> None:
        form = {"email": email, "password1": PASSWORD, "consent": "on", "time_zone": "Europe/Berlin"}
        self.send(f"{self.below}/accounts/signup/", form, **headers)

    def log_in(self, email: str) -> None:
        self.send(f"{self.below}/accounts/login/", {"login": email, "password": PASSWORD})

    def log_meal(self, day: str, title: str) -> None:
        meal = {"title": title, "edible": "Oats", "category": "BREAKFAST", "eaten_at": f"{day}T08:05"}
        self.send(f"{self.below}/day/{day}/", meal, to=f"{self.below}/day/{day}/meal/")

    def stylesheet(self) -> Answer:
        """The one that the log-in page asks for."""
        page = self.ask(f"{self.below}/accounts/login/")
        link = re.search(r'<link rel="stylesheet" href="([^"]+)"', page.body)
        assert link, page
        return self.ask(urlsplit(link[1]).path)


def _hidden(name: str, page: str) -> str:
    """Of the form that logs a meal if the page has one, else of its first."""
    form = page[max(page.find('id="log-meal"'), 0) :]
    found = re.search(rf'name="{name}"\s+value="([^"]+)"', form)
    return found[1] if found else ""
