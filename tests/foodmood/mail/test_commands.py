from datetime import timedelta

import pytest
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from foodmood.mail.models import QueuedMail, Suppression
from tests.config.test_gunicorn import free_port
from tests.foodmood.mail.api import Api, standing_in
from tests.foodmood.mail.smtp import Inbox

pytestmark = pytest.mark.usefixtures("_queued")


def post(wait: timedelta = timedelta(0)) -> None:
    send_mail("Hello", "Text", None, ["alice@example.org"])
    QueuedMail.objects.filter(pk=QueuedMail.objects.latest("pk").pk).update(next_try_at=timezone.now() + wait)


def test_cron_may_send_in_place_of_the_worker(inbox: Inbox, capsys: pytest.CaptureFixture[str]) -> None:
    post()
    post(timedelta(minutes=30))
    call_command("send_queued_mail")
    assert capsys.readouterr().out == "1 sent, 1 waiting, 0 set aside.\n"


def test_after_a_mend_all_that_waits_may_be_sent_at_once(inbox: Inbox, capsys: pytest.CaptureFixture[str]) -> None:
    post()
    post(timedelta(minutes=30))
    call_command("send_queued_mail", "--all")
    assert capsys.readouterr().out == "2 sent, 0 waiting, 0 set aside.\n"


def test_what_a_worker_has_in_hand_is_not_sent_twice(inbox: Inbox) -> None:
    post()
    QueuedMail.objects.claim()
    call_command("send_queued_mail", "--all")
    assert inbox.messages == []


def test_a_test_mail_tells_of_mail_that_nobody_sends(inbox: Inbox, capsys: pytest.CaptureFixture[str]) -> None:
    post()
    QueuedMail.objects.update(queued_at=timezone.now() - timedelta(minutes=42))
    call_command("send_test_email", "bob@example.org")
    assert "1 other mail(s) wait, one for 42 minutes" in capsys.readouterr().out


def test_a_test_mail_tells_that_the_address_is_suppressed(inbox: Inbox, capsys: pytest.CaptureFixture[str]) -> None:
    Suppression.objects.create(address="alice@example.org", reason=Suppression.Reason.BOUNCED)
    call_command("send_test_email", "alice@example.org")
    assert "does not go to this address any more" in capsys.readouterr().err


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(CommandError, match="is no e-mail address"):
        call_command("send_test_email", "alice")


def test_a_site_without_mail_says_how_to_set_it_up(settings: Settings) -> None:
    settings.EMAIL_BACKEND = settings.MAIL_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
    with pytest.raises(CommandError, match=r"sends no mail\. Set EMAIL_URL, or EMAIL_PROVIDER"):
        call_command("send_test_email", "alice@example.org")


@pytest.mark.parametrize(
    ("status", "mend"),
    [
        (401, "refuses the key"),
        (403, "may this key send"),
        (404, "does not know the sender's domain"),
        (422, "refuses this recipient"),
        (429, "refuses the mail"),
        (503, "a problem of its own"),
    ],
)
def test_a_providers_refusal_is_told_with_its_mend(status: int, mend: str, settings: Settings) -> None:
    settings.MAIL_TRANSPORT = "anymail.backends.postmark.EmailBackend"
    with standing_in(
        Api(status=status, answer={"ErrorCode": 300, "Message": "Invalid 'To' address: 'alice@example.org'."})
    ) as api:
        settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "key", "POSTMARK_API_URL": api.url}
        with pytest.raises(CommandError, match=mend):
            call_command("send_test_email", "alice@example.org")


def test_a_provider_that_can_not_be_reached_is_told(settings: Settings) -> None:
    settings.MAIL_TRANSPORT = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "key", "POSTMARK_API_URL": f"http://127.0.0.1:{free_port()}"}
    with pytest.raises(CommandError, match="can't be reached"):
        call_command("send_test_email", "alice@example.org")
