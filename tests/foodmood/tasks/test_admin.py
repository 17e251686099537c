"""What superusers see of tasks that were set aside, and what they can do."""

import pytest
from django.contrib.auth.models import Permission
from django.core.signing import BadSignature
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from apps.accounts.models import User
from foodmood.tasks.models import SetAside
from tests.config.test_gunicorn import free_port
from tests.conftest import sign_in

pytestmark = pytest.mark.django_db

LIST = "/admin/tasks/setaside/"


def aside(argument: str = "carol@example.org") -> SetAside:
    task = {"id": "1", "name": "a", "func": "foodmood.mail.sending.send_due", "args": (argument,), "kwargs": {}}
    payload = SignedPackage.dumps(task | {"attempt": 5})
    return SetAside.objects.note(task=task, payload=payload, attempts=5, error="OSError")


@pytest.fixture
def admins(client: Client, alice: User) -> Client:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    return sign_in(client, alice)


def test_a_task_is_shown_by_its_function_and_not_by_what_it_was_given(admins: Client) -> None:
    row = aside()
    for path in (LIST, f"{LIST}{row.pk}/change/"):
        page = admins.get(path).content.decode()
        assert "foodmood.mail.sending.send_due" in page
        assert "OSError" in page
        assert "carol" not in page


def test_what_is_tried_again_waits_for_the_worker_with_no_attempt_counted(admins: Client) -> None:
    row = aside()
    admins.post(LIST, {"action": "try_again", "_selected_action": [row.pk]})
    task = OrmQ.objects.get().task
    assert (task["func"], task["args"], task["attempt"]) == (row.func, ("carol@example.org",), 0)
    assert not SetAside.objects.exists()


def test_while_redis_does_not_answer_the_task_stays(admins: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Conf, "BROKER_CLASS", "foodmood.tasks.redis_broker.RedisBroker")
    monkeypatch.setattr(Conf, "REDIS", f"redis://127.0.0.1:{free_port()}/0")
    answer = admins.post(LIST, {"action": "try_again", "_selected_action": [aside().pk]}, follow=True)
    assert "Redis does not answer" in answer.content.decode()
    assert SetAside.objects.exists()


def test_what_a_former_key_signed_waits_as_it_is(admins: Client) -> None:
    row = SetAside.objects.note(task={"func": "?"}, payload="of:another:key", attempts=1, error=BadSignature.__name__)
    admins.post(LIST, {"action": "try_again", "_selected_action": [row.pk]})
    assert OrmQ.objects.get().payload == "of:another:key"


def test_a_task_is_given_up_by_deleting_it(admins: Client) -> None:
    row = aside()
    admins.post(f"{LIST}{row.pk}/delete/", {"post": "yes"})
    assert not SetAside.objects.exists()


def test_nobody_writes_one(admins: Client) -> None:
    assert admins.get(f"{LIST}add/").status_code == 403
    assert admins.post(f"{LIST}{aside().pk}/change/", {"func": "os.system"}).status_code == 403


def test_staff_with_every_permission_but_no_superuser_is_refused(client: Client, bob: User) -> None:
    User.objects.filter(pk=bob.pk).update(is_staff=True)
    bob.user_permissions.set(Permission.objects.all())
    client.force_login(bob)
    assert client.get(LIST).status_code == 403


def test_the_list_takes_the_same_queries_however_long(admins: Client) -> None:
    aside()
    with CaptureQueriesContext(connection) as few:
        admins.get(LIST)
    for number in range(10):
        aside(str(number))
    with CaptureQueriesContext(connection) as many:
        assert "11 tasks" in admins.get(LIST).content.decode()
    assert len(many) == len(few)
