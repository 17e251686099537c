"""A real SMTP server on this machine, and what it received."""

import re
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Condition
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


class Inbox:
    """What arrived, in order. aiosmtpd calls `handle_DATA` in a thread of its own."""

    def __init__(self) -> None:
        self.messages: list[tuple[list[str], EmailMessage]] = []
        self._arrived = Condition()
        self._read = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd names it
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        with self._arrived:
            self.messages.append((envelope.rcpt_tos, message))
            self._arrived.notify_all()
        return "250 OK"

    def next_to(self, address: str) -> str:
        """The text of the next unread message, which has to be to that address. Waits for it."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.messages) > self._read, timeout=30), "no mail arrived"
            recipients, message = self.messages[self._read]
            self._read += 1
        assert recipients == [address]
        body = message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    def next_link_to(self, address: str) -> str:
        (link, *_others) = re.findall(r"https?://\S+", self.next_to(address))
        return str(link)


def smtp_server(inbox: Inbox) -> Controller:
    with socket.create_server(("127.0.0.1", 0)) as found:  # aiosmtpd does not look for a free port itself
        port = found.getsockname()[1]
    return Controller(inbox, hostname="127.0.0.1", port=port, ready_timeout=30)
