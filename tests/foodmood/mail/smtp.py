"""A real SMTP server on this machine, which keeps what it gets and refuses what it is told to."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.config.test_gunicorn import free_port


@dataclass
class Inbox:
    """`refusals` maps a recipient, or DATA or MAIL, to the server's answer."""

    port: int
    messages: list[EmailMessage] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    seconds_per_mail: float = 0

    @property
    def message_ids(self) -> list[str]:
        return [message["Message-ID"] for message in self.messages]

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.refusals.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 -- as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- as above
        if "DATA" in self.refusals:
            return self.refusals["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(message_from_bytes(content, policy=policy.default))
        await asyncio.sleep(self.seconds_per_mail)
        return "250 Message accepted for delivery"


@contextmanager
def serving(inbox: Inbox, **options: Any) -> Iterator[Inbox]:
    """The server is on within; before and after, connections to its port are refused."""
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port, **options)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


def new_inbox() -> Inbox:
    return Inbox(free_port())


def only(user: str, password: str, context: ssl.SSLContext) -> dict[str, Any]:
    """Options of a server that wants STARTTLS and this log-in."""

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given == LoginPassword(user.encode(), password.encode()), handled=False)

    return {"authenticator": authenticate, "auth_required": True, "tls_context": context, "require_starttls": True}
