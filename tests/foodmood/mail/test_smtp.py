"""SMTP with STARTTLS and log-in, as real providers want it; and what an operator reads when it fails."""

import gc
import ssl
import warnings
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.certificates import self_made
from tests.foodmood.mail.smtp import Inbox, new_inbox, only, serving

pytestmark = pytest.mark.usefixtures("_queued")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificate and key of 127.0.0.1, in one file."""
    name = x509.IPAddress(ip_address("127.0.0.1"))
    return self_made(tmp_path_factory.mktemp("tls") / "server.pem", name)


@pytest.fixture
def secure(certificate: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A server with STARTTLS and log-in, to which the settings lead; this machine trusts its certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    inbox = new_inbox()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", inbox.port, True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "foodmood", "secret"
    settings.DEFAULT_FROM_EMAIL = "FoodMood <diary@food.test>"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(inbox, **only("foodmood", "secret", context)):
        yield inbox
        collect()  # the client's end after a failure: since Python 3.12 the server waits half a minute for it
    collect()  # aiosmtpd leaves the socket of a failed handshake behind


def collect() -> None:
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()


def failure() -> str:
    """What the command says of a failure. Its exit status is that of every CommandError: 1."""
    with pytest.raises(CommandError) as refused:
        call_command("send_test_email", "alice@example.org")
    return str(refused.value)


def test_a_test_mail_goes_by_starttls_and_log_in(secure: Inbox, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("send_test_email", "alice@example.org")
    assert secure.messages[0]["To"] == "alice@example.org"
    said = capsys.readouterr().out
    assert f"Sent by smtp at 127.0.0.1:{secure.port}, from FoodMood <diary@food.test>." in said


def test_a_wrong_password_is_told(secure: Inbox, settings: Settings) -> None:
    settings.EMAIL_HOST_PASSWORD = "wrong"
    assert "refuses the log-in: check user and password" in failure()


def test_a_server_without_tls_is_told(inbox: Inbox, settings: Settings) -> None:
    settings.EMAIL_USE_TLS = True
    assert "can't do what EMAIL_URL asks for" in failure()


def test_a_certificate_of_somebody_else_is_told(
    secure: Inbox, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "TLS failed" in failure()


def test_a_server_that_is_down_is_told(inbox_off: Inbox) -> None:
    assert "Nobody answers: check host and port" in failure()


def test_a_host_that_is_not_there_is_told(settings: Settings) -> None:
    settings.EMAIL_HOST = "no-such-host.invalid"
    assert "There is no such host" in failure()


def test_tls_spoken_to_a_server_that_speaks_plainly_is_told(inbox: Inbox, settings: Settings) -> None:
    settings.EMAIL_USE_SSL = True
    assert "TLS failed" in failure()


@pytest.mark.parametrize(
    ("stage", "mend"),
    [
        ("MAIL", "refuses the sender: set DEFAULT_FROM_EMAIL"),
        ("alice@example.org", "refuses this recipient"),
        ("DATA", "refuses the mail; its answer says why"),
    ],
)
def test_a_refusal_is_told_with_the_servers_own_words(inbox: Inbox, stage: str, mend: str) -> None:
    inbox.refusals[stage] = "550 5.7.1 Not today"
    said = failure()
    assert mend in said
    assert "Not today" in said
