"""As little of a browser as our own forms need."""

import http.client
import re
from contextlib import closing
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

SITE = "food.example.org"
LOGIN = "/accounts/login/"


class Browser:
    """Cookies and the forms' token. Comes through the proxy, from `address`."""

    def __init__(self, server: str, address: str) -> None:
        self.server = urlsplit(server).netloc
        self.address = address
        self.cookies: dict[str, str] = {}
        self.token = ""

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Host": SITE,
            "Origin": f"https://{SITE}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }

    def get(self, path: str) -> str:
        """Follows redirects; the path at which they end."""
        _status, where, _body = self.ask("GET", path)
        return self.get(where) if where else path

    def post(self, path: str, **form: str) -> tuple[int, str]:
        """Status and body, or where it leads."""
        status, where, body = self.ask("POST", path, urlencode(form | {"csrfmiddlewaretoken": self.token}))
        return status, where or body

    def log_in(self, email: str, password: str) -> tuple[int, str]:
        if not self.token:
            self.get(LOGIN)
        return self.post(LOGIN, login=email, password=password)

    def is_signed_in(self) -> bool:
        status, where, _body = self.ask("GET", "/")
        return status == http.client.OK and not where

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, str]:
        """Status, where it leads, and body."""
        headers = self.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        with closing(http.client.HTTPConnection(self.server, timeout=120)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        if found := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text):
            self.token = found[1]
        return answer.status, answer.headers.get("Location", ""), text
