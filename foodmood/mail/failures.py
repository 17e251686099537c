"""Why a mail was not sent, and what follows from it."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus

from anymail.exceptions import AnymailAPIError, AnymailInvalidAddress, AnymailRecipientsRefused

REFUSED = 500  # from here on an SMTP code is a no for good
ABOUT_THIS_MAIL = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}


class Consequence(Enum):
    SET_ASIDE = auto()  # this mail will never be taken
    LATER = auto()  # this mail may be taken later; others now
    STOP = auto()  # no mail gets through at the moment


@dataclass(frozen=True)
class Failure:
    """`summary` names the error and its code: no address, no text of the mail, so that it may be kept and logged."""

    summary: str
    consequence: Consequence


def judge(error: Exception) -> Failure:
    code: int | None = None
    match error:
        case smtplib.SMTPRecipientsRefused():
            code = min(code for code, _answer in error.recipients.values())
            consequence = _of_code(code)
        case smtplib.SMTPDataError():
            code = error.smtp_code
            consequence = _of_code(code)
        case smtplib.SMTPResponseException():  # of greeting, log-in or sender: the same for every mail
            code = error.smtp_code
            consequence = Consequence.STOP
        case AnymailRecipientsRefused() | AnymailInvalidAddress():
            consequence = Consequence.SET_ASIDE
        case AnymailAPIError():
            code = error.status_code
            consequence = Consequence.LATER if code in ABOUT_THIS_MAIL else Consequence.STOP
        case OSError():  # and with it every other error of SMTP and of the network
            consequence = Consequence.STOP
        case _:
            consequence = Consequence.LATER
    return Failure(f"{type(error).__name__} {code or ''}".strip(), consequence)


def _of_code(code: int) -> Consequence:
    return Consequence.SET_ASIDE if code >= REFUSED else Consequence.LATER


# The first that fits says what an operator can do.
MENDS: Sequence[tuple[type[Exception], str]] = (
    (
        smtplib.SMTPAuthenticationError,
        "The server refuses the log-in: check user and password in EMAIL_URL (special characters as %xx).",
    ),
    (
        smtplib.SMTPSenderRefused,
        "The server refuses the sender: set DEFAULT_FROM_EMAIL to an address that this account may send from.",
    ),
    (
        smtplib.SMTPRecipientsRefused,
        "The server refuses this recipient: check the address, and that this account may send to others.",
    ),
    (
        smtplib.SMTPNotSupportedError,
        "The server can't do what EMAIL_URL asks for: smtp+tls:// is STARTTLS (587), smtp+ssl:// TLS (465).",
    ),
    (
        smtplib.SMTPServerDisconnected,
        "The server hung up: check port and scheme in EMAIL_URL, smtp+tls:// for 587 and smtp+ssl:// for 465.",
    ),
    (smtplib.SMTPResponseException, "The server refuses the mail; its answer says why."),
    (
        AnymailRecipientsRefused,
        "The provider refuses this recipient: check the address, and the provider's own list of bounces.",
    ),
    (ssl.SSLError, "TLS failed: check host and port in EMAIL_URL, and that the server's certificate is of that name."),
    (socket.gaierror, "There is no such host: check EMAIL_URL, and this machine's DNS."),
    (OSError, "Nobody answers: check host and port in EMAIL_URL, and that no firewall stands in between."),
)
API_MENDS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "The provider refuses the key: check it.",
    HTTPStatus.FORBIDDEN: "The provider refuses: may this key send, and is DEFAULT_FROM_EMAIL verified there?",
    HTTPStatus.NOT_FOUND: "The provider does not know the sender's domain: check it, and the region of the account.",
}


def mend(error: Exception) -> str:
    """What an operator can do about it."""
    if isinstance(error, AnymailAPIError):
        if error.status_code is None:
            return "The provider can't be reached or gives no status: check network, region and key."
        if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return "The provider has a problem of its own: try again later, and look at its status page."
        refused = (
            "The provider refuses the mail: is the sender in DEFAULT_FROM_EMAIL verified there? Its answer says more."
        )
        return API_MENDS.get(error.status_code, refused)
    unknown = "This mail can't be sent as it is: check DEFAULT_FROM_EMAIL and the address."
    return next((text for kind, text in MENDS if isinstance(error, kind)), unknown)
