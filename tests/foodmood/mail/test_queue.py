"""Mail is written down with what causes it, and sent once, later, whatever happens in between."""

import logging
from datetime import timedelta

import pytest
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from pytest_django import Settings

from foodmood.mail.models import GIVE_UP_AFTER, LEASE, QueuedMail, Suppression
from foodmood.mail.sending import forget_set_aside, send_due
from foodmood.schedules import update_schedules
from tests.at_once import at_once
from tests.foodmood.mail.smtp import Inbox, serving

pytestmark = pytest.mark.usefixtures("_queued")


def post(to: str = "alice@example.org", subject: str = "Hello") -> QueuedMail:
    send_mail(subject, "A link: https://food.example.org/key/", "FoodMood <diary@example.org>", [to])
    return QueuedMail.objects.latest("pk")


def time_passes() -> None:
    QueuedMail.objects.waiting().update(next_try_at=timezone.now())


def test_a_mail_waits_and_nothing_is_sent_yet(inbox: Inbox) -> None:
    post()
    assert QueuedMail.objects.due().count() == 1
    assert inbox.messages == []


def test_a_mail_goes_with_the_transaction_that_causes_it() -> None:
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert not QueuedMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_once_the_mail_is_really_there() -> None:
    update_schedules()
    later = timezone.now() + timedelta(minutes=1)
    sending = Schedule.objects.filter(func="foodmood.mail.sending.send_due")
    sending.update(next_run=later)
    with transaction.atomic():
        post()
        assert sending.get().next_run == later
    assert sending.get().next_run < later


@pytest.mark.django_db(transaction=True)
def test_where_no_worker_runs_nothing_piles_up() -> None:
    update_schedules()
    for _ in range(3):
        post()
    assert not OrmQ.objects.exists()


def test_what_was_queued_arrives_as_it_was_written(inbox: Inbox) -> None:
    email = EmailMultiAlternatives(
        "Grüße 🍲",
        "Text",
        "Fōod <diary@example.org>",
        ["Alice <alice@example.org>"],
        reply_to=["help@example.org"],
        headers={"X-Kind": "reset"},
    )
    email.attach_alternative("<p>Text</p>", "text/html")
    email.send()
    assert send_due() == 1
    (message,) = inbox.messages
    assert (message["Subject"], message["From"], message["To"]) == (
        "Grüße 🍲",
        "Fōod <diary@example.org>",
        "Alice <alice@example.org>",
    )
    assert (message["Reply-To"], message["X-Kind"]) == ("help@example.org", "reset")
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")


def test_an_html_mail_stays_html(inbox: Inbox) -> None:
    email = EmailMessage("Hello", "<p>Text</p>", to=["alice@example.org"])
    email.content_subtype = "html"
    email.send()
    send_due()
    assert inbox.messages[0].get_content_type() == "text/html"


def test_a_sent_mail_leaves_nothing_behind(inbox: Inbox) -> None:
    post()
    assert send_due() == 1
    assert not QueuedMail.objects.exists()
    assert send_due() == 0
    assert len(inbox.messages) == 1


def test_the_message_id_is_fixed_when_the_mail_is_queued(inbox: Inbox) -> None:
    mail = post()
    assert mail.message_id.endswith("@example.org>")
    send_due()
    assert inbox.message_ids == [mail.message_id]


def test_a_header_that_would_smuggle_others_is_refused_at_once() -> None:
    with pytest.raises(BadHeaderError):
        post(subject="Hello\nBcc: bob@example.org")
    assert not QueuedMail.objects.exists()


def test_an_attachment_is_refused_at_once() -> None:
    email = EmailMessage("Hello", "Text", to=["alice@example.org"])
    email.attach("diary.json", "{}")
    with pytest.raises(ValueError, match="no attachments"):
        email.send()


def test_a_mail_to_nobody_is_not_queued() -> None:
    assert EmailMessage("Hello", "Text").send() == 0


def test_with_the_server_down_nothing_is_lost_and_all_goes_when_it_is_back(inbox_off: Inbox) -> None:
    ids = {post(f"person{number}@example.org").message_id for number in range(5)}
    for _ in range(3):
        assert send_due() == 0
    assert QueuedMail.objects.waiting().count() == 5
    time_passes()
    with serving(inbox_off):
        assert send_due() == 5
    assert sorted(inbox_off.message_ids) == sorted(ids)


def test_one_run_tries_a_server_that_is_down_only_once(inbox_off: Inbox) -> None:
    post("alice@example.org")
    post("bob@example.org")
    send_due()
    assert list(QueuedMail.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0]


def test_broken_mail_is_an_error_that_says_what_to_check(inbox_off: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    mail = post()
    for _ in range(2):
        send_due()
        time_passes()
    first, second = (record for record in caplog.records if record.name == "foodmood.mail.sending")
    assert (first.levelname, second.levelname) == ("ERROR", "WARNING")
    assert f"Mail {mail.pk} is tried again at" in first.getMessage()
    assert "ConnectionRefusedError. Nobody answers: check host and port in EMAIL_URL" in first.getMessage()


def test_each_failure_doubles_the_wait_up_to_an_hour(inbox_off: Inbox) -> None:
    mail = post()
    waits = []
    for _ in range(9):
        time_passes()
        before = timezone.now()
        send_due()
        mail.refresh_from_db()
        assert mail.next_try_at is not None
        waits.append(round((mail.next_try_at - before) / timedelta(minutes=1)))
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_after_three_days_a_mail_is_set_aside(inbox_off: Inbox) -> None:
    mail = post()
    QueuedMail.objects.update(queued_at=timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1))
    send_due()
    mail.refresh_from_db()
    assert (mail.next_try_at, mail.last_error) == (None, "ConnectionRefusedError")


@pytest.mark.parametrize(
    ("stage", "answer", "error"),
    [
        ("nobody@example.org", "550 5.1.1 No such user nobody@example.org", "SMTPRecipientsRefused 550"),
        ("DATA", "554 5.7.1 We take none of that", "SMTPDataError 554"),
    ],
)
def test_a_mail_refused_for_good_is_set_aside_and_others_go(inbox: Inbox, stage: str, answer: str, error: str) -> None:
    inbox.refusals[stage] = answer
    mail = post("nobody@example.org")
    send_due()
    inbox.refusals.clear()
    post("alice@example.org")
    assert send_due() == 1
    mail.refresh_from_db()
    assert (mail.next_try_at, mail.last_error) == (None, error)


@pytest.mark.parametrize("stage", ["busy@example.org", "DATA"])
def test_a_mail_refused_for_now_is_tried_again(inbox: Inbox, stage: str) -> None:
    inbox.refusals[stage] = "451 4.7.1 Greylisted, come back later"
    post("busy@example.org")
    assert send_due() == 0
    inbox.refusals.clear()
    time_passes()
    assert send_due() == 1


def test_one_refused_mail_does_not_hold_up_the_next(inbox: Inbox) -> None:
    inbox.refusals["busy@example.org"] = "451 4.7.1 Greylisted, come back later"
    post("busy@example.org")
    post("alice@example.org")
    assert send_due() == 1


def test_a_refused_sender_is_the_operators_to_mend_and_no_mail_is_set_aside(inbox: Inbox) -> None:
    inbox.refusals["MAIL"] = "553 5.7.1 Sender not yours"
    post()
    send_due()
    assert QueuedMail.objects.waiting().get().last_error == "SMTPSenderRefused 553"


def test_neither_log_nor_row_says_to_whom(inbox: Inbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    inbox.refusals["alice@example.org"] = "550 5.1.1 No such user alice@example.org"
    inbox.refusals["bob@example.org"] = "451 4.7.1 Later, bob@example.org"
    post("alice@example.org")
    post("bob@example.org")
    send_due()
    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("mail"))
    kept = " ".join(QueuedMail.objects.values_list("last_error", flat=True))
    assert "set aside" in said
    assert "tried again" in said
    assert "example.org" not in said + kept


def test_a_suppressed_address_gets_no_mail(inbox: Inbox) -> None:
    Suppression.objects.create(address="alice@example.org", reason=Suppression.Reason.BOUNCED)
    mail = post("Alice <Alice@Example.org>")
    assert send_due() == 0
    mail.refresh_from_db()
    assert (mail.next_try_at, mail.last_error) == (None, "suppressed")
    assert inbox.messages == []


def test_others_get_a_mail_of_which_one_address_is_suppressed(inbox: Inbox) -> None:
    Suppression.objects.create(address="alice@example.org", reason=Suppression.Reason.BOUNCED)
    send_mail("Hello", "Text", None, ["alice@example.org", "bob@example.org"])
    assert send_due() == 1
    assert inbox.messages[0]["To"] == "bob@example.org"


def test_what_a_dead_process_had_in_hand_is_due_again_after_the_lease() -> None:
    post()
    claimed = QueuedMail.objects.claim()
    assert claimed is not None
    assert claimed.next_try_at is not None
    assert QueuedMail.objects.claim() is None
    assert timedelta(0) < claimed.next_try_at - timezone.now() <= LEASE


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(inbox: Inbox) -> None:
    inbox.seconds_per_mail = 0.01
    ids = [post(f"person{number}@example.org").message_id for number in range(20)]
    assert at_once([send_due, send_due, send_due]) == [None, None, None]
    assert sorted(inbox.message_ids) == sorted(ids)
    assert not QueuedMail.objects.exists()


def test_mail_that_was_set_aside_is_forgotten_after_thirty_days(inbox: Inbox, settings: Settings) -> None:
    old, young, waiting = post(), post(), post()
    for mail in (old, young):
        mail.set_aside("suppressed")
    long_ago = timezone.now() - settings.RETENTION["mail"] - timedelta(days=1)
    QueuedMail.objects.filter(pk__in=[old.pk, waiting.pk]).update(queued_at=long_ago)
    assert forget_set_aside() == 1
    assert set(QueuedMail.objects.all()) == {young, waiting}


def test_what_waits_is_kept_when_the_provider_is_taken_away(settings: Settings) -> None:
    post()
    settings.EMAIL_BACKEND = settings.MAIL_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
    assert send_due() == 0
    assert QueuedMail.objects.due().count() == 1
