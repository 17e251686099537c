"""What an operator sees of mail: how it goes, never what it says; and superusers only."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.mail import send_mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from foodmood.mail.models import QueuedMail, Suppression
from tests.conftest import sign_in

pytestmark = pytest.mark.usefixtures("_queued")

LISTS = ["/admin/mail/queuedmail/", "/admin/mail/suppression/"]


@pytest.fixture
def mail(db: None) -> QueuedMail:
    send_mail("Reset", "https://food.example.org/secret-link/", None, ["carol@example.org"])
    return QueuedMail.objects.get()


@pytest.fixture
def admins(client: Client, alice: User) -> Client:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    return sign_in(client, alice)


def test_a_mail_shows_where_it_stands_and_not_what_it_says(admins: Client, mail: QueuedMail) -> None:
    page = admins.get(f"/admin/mail/queuedmail/{mail.pk}/change/").content.decode()
    assert "carol@example.org" in page
    assert "secret-link" not in page


@pytest.mark.parametrize("state", ["waiting", "aside", "nonsense"])
def test_the_list_names_nobody(admins: Client, mail: QueuedMail, state: str) -> None:
    answer = admins.get("/admin/mail/queuedmail/", {"state": state})
    assert answer.status_code == 200
    assert "carol@example.org" not in answer.content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_staff_with_every_permission_but_no_superuser_is_refused(client: Client, bob: User, path: str) -> None:
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    bob.user_permissions.set(Permission.objects.all())
    client.force_login(bob)
    assert client.get(path).status_code == 403
    assert "/admin/mail/" not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("path", LISTS)
def test_the_stranger_is_refused(bobs: Client, path: str) -> None:
    assert bobs.get(path).status_code == 302


def test_nobody_writes_a_mail_or_changes_one(admins: Client, mail: QueuedMail) -> None:
    assert admins.get("/admin/mail/queuedmail/add/").status_code == 403
    assert admins.post(f"/admin/mail/queuedmail/{mail.pk}/change/", {"attempts": 7}).status_code == 403


def test_what_was_set_aside_may_be_tried_again(admins: Client, mail: QueuedMail) -> None:
    mail.set_aside("SMTPRecipientsRefused 550")
    admins.post("/admin/mail/queuedmail/", {"action": "try_again", "_selected_action": [mail.pk]})
    assert QueuedMail.objects.due().count() == 1


def test_a_lifted_suppression_lets_mail_go_again_and_leaves_no_address_in_the_log(admins: Client) -> None:
    row = Suppression.objects.create(address="carol@example.org", reason=Suppression.Reason.BOUNCED)
    assert "carol@example.org" in admins.get("/admin/mail/suppression/").content.decode()
    admins.post(f"/admin/mail/suppression/{row.pk}/delete/", {"post": "yes"})
    assert not Suppression.objects.exists()
    assert "carol" not in LogEntry.objects.get().object_repr


def test_a_list_takes_the_same_queries_however_long(
    admins: Client, mail: QueuedMail, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    send_mail("Reset", "Text", None, ["dave@example.org"])
    with django_assert_num_queries(4):
        admins.get("/admin/mail/queuedmail/")
