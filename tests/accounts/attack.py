"""Log-ins from chosen addresses, behind a proxy that is declared."""

from typing import Any

from django.test import Client

from tests.factories import PASSWORD

LOGIN = "/accounts/login/"


def log_in(client: Client, email: str, password: str = PASSWORD, address: str = "203.0.113.9") -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, headers={"X-Forwarded-For": address})


def guess(email: str, *, times: int, addresses: int = 50) -> list[int]:
    """Statuses of wrong log-ins without cookies, from one address after the other."""
    return [
        log_in(Client(), email, f"wrong {n}", address=f"198.51.100.{n % addresses}").status_code for n in range(times)
    ]


def signed_in(client: Client) -> bool:
    return client.get("/", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 200
