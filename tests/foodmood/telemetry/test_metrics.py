import math
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import OperationalError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from apps.accounts.models import User
from config.env import BASE_DIR
from foodmood.audit.models import Event, record
from foodmood.backups.models import BackupRun
from foodmood.mail.models import QueuedMail
from foodmood.mail.sending import send_due
from foodmood.telemetry.models import Heartbeat
from tests.factories import PASSWORD
from tests.foodmood.telemetry.scraped import TOKEN, scrape


@pytest.fixture(autouse=True)
def _monitored(settings: Settings) -> None:
    settings.MONITORING_TOKEN = TOKEN


@pytest.fixture
def site(client: Client, transactional_db: None) -> Client:
    return client


def queue(address: str) -> None:
    QueuedMail.of(EmailMessage("Hello", "text", "diary@example.org", [address])).save()


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_a_stranger_is_refused_and_learns_nothing(client: Client, sent: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": sent})
    assert (answer.status_code, answer.content, answer.headers["WWW-Authenticate"]) == (401, b"", "Bearer")


def test_who_is_signed_in_is_a_stranger_too(alices: Client, alice: User) -> None:
    alice.is_staff = alice.is_superuser = True
    alice.save()
    assert alices.get("/metrics").status_code == 401


@pytest.mark.django_db
def test_without_a_token_there_is_no_such_page(client: Client, settings: Settings) -> None:
    settings.MONITORING_TOKEN = None
    assert client.get("/metrics", headers={"Authorization": "Bearer None"}).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_metrics_are_only_read(client: Client, method: str) -> None:
    assert getattr(client, method)("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405


def test_nobody_claims_the_private_port_by_a_header(client: Client, settings: Settings) -> None:
    settings.METRICS_PORT = 9100
    answer = client.get("/metrics", headers={"host": "localhost:9100", "X-Forwarded-Port": "9100"}, SERVER_PORT="9100")
    assert answer.status_code == 401


def test_prometheus_comes_with_any_host_name_over_http(site: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = site.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}", "host": "10.0.0.7"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_request_counts_by_method_route_and_status(site: Client, alice: User) -> None:
    before = scrape(site)
    site.post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    site.get("/meals/999/")
    after = scrape(site)

    def more(name: str, **labels: str) -> float:
        return after.value(name, **labels) - before.value(name, **labels)

    assert more("foodmood_requests_total", method="POST", route="account_login", status="200") == 1
    assert more("foodmood_requests_total", method="GET", route="meals:meal", status="302") == 1
    assert more("foodmood_request_seconds_count", method="POST", route="account_login") == 1
    assert more("foodmood_request_queries_count", route="account_login") == 1
    assert more("foodmood_query_seconds_total", route="account_login") > 0


def test_what_strangers_make_up_is_no_label(site: Client, alice: User) -> None:
    for path in ("/no/such-secret-page/", "/accounts/confirm-email/secret-key-of-alice/", "/meals/?q=secret-nuts"):
        site.generic("SECRETMETHOD", path)
        site.get(path)
    site.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    text = scrape(site).text.lower()
    assert "secret" not in text
    assert "alice" not in text


def test_computing_insights_is_timed(alices: Client) -> None:
    before = scrape(alices)
    alices.get("/insights/")
    assert (
        scrape(alices).total("foodmood_insights_seconds_count") - before.total("foodmood_insights_seconds_count") == 1
    )


@pytest.mark.django_db
def test_what_the_cache_is_asked_for_counts(site: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "foodmood.telemetry.caches.CountedDatabaseCache", "LOCATION": "no_such_table"}
    }
    before = scrape(site)
    with pytest.raises(Exception, match="no_such_table"):
        cache.get("anything")
    after = scrape(site)
    name = "foodmood_cache_reads_total"
    assert after.value(name, cache="default", result="error") > before.value(name, cache="default", result="error")


def test_what_became_of_mail_counts_over_all_processes(site: Client, settings: Settings) -> None:
    before = scrape(site)
    queue("alice@example.org")
    queue("bob@example.org")
    assert send_due() == 2
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    queue("carol@example.org")
    send_due()
    after = scrape(site)
    assert after.value("foodmood_mails_total", result="sent") - before.value("foodmood_mails_total", result="sent") == 2
    assert after.value("foodmood_mails_total", result="failed") == 1
    assert after.value("foodmood_mails_waiting") == 1


def test_it_tells_how_long_work_has_been_waiting(site: Client) -> None:
    now = timezone.now()
    OrmQ.objects.create(key="foodmood", payload="", lock=now - timedelta(minutes=10))
    QueuedMail.objects.create(message_id="1", message={}, queued_at=now - timedelta(hours=2))
    QueuedMail.objects.create(message_id="2", message={}, next_try_at=None)
    told = scrape(site)
    assert told.value("foodmood_tasks_waiting") == 1
    assert told.value("foodmood_tasks_late_seconds") >= 600
    assert told.value("foodmood_mail_oldest_seconds") >= 7200
    assert told.value("foodmood_mails_set_aside") == 1
    assert told.value("foodmood_part_well", part="tasks") == 0
    assert told.value("foodmood_ready") == 1


def test_it_tells_whether_a_worker_lives(site: Client) -> None:
    assert scrape(site).value("foodmood_worker_heartbeat_seconds") == math.inf
    Heartbeat.objects.beat(uuid4(), "here")
    told = scrape(site)
    assert told.value("foodmood_workers") == 1
    assert told.value("foodmood_worker_heartbeat_seconds") < math.inf


def test_lock_outs_of_the_last_hour_are_told(site: Client, alice: User) -> None:
    record(Event.LOCKED_OUT, request=None, person=alice.pk)
    assert scrape(site).value("foodmood_security_events_last_hour", event="locked_out") == 1


def test_a_backup_that_was_never_made_is_infinitely_old(site: Client) -> None:
    assert scrape(site).value("foodmood_backup_age_seconds") == math.inf
    BackupRun.objects.create(kind="backup", started_at=timezone.now(), ok=True)
    assert scrape(site).value("foodmood_backup_age_seconds") < math.inf


def test_the_last_drill_decides(site: Client) -> None:
    assert scrape(site).value("foodmood_backup_drill_failed") == 0
    BackupRun.objects.create(kind="drill", started_at=timezone.now(), ok=False)
    assert scrape(site).value("foodmood_backup_drill_failed") == 1
    BackupRun.objects.create(kind="drill", started_at=timezone.now(), ok=True)
    assert scrape(site).value("foodmood_backup_drill_failed") == 0


def test_without_its_database_it_tells_so_and_what_it_counted(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise OperationalError("Connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(BaseDatabaseWrapper, "cursor", refuse)
        told = scrape(site)
    assert told.value("foodmood_ready") == 0
    assert told.value("foodmood_part_well", part="database") == 0
    assert told.total("foodmood_requests_total") > 0
    assert "foodmood_tasks_waiting" not in told.names


def test_scrapes_one_after_the_other_ask_the_database_once(site: Client, settings: Settings) -> None:
    scrape(site)
    settings.PROBE_FRESH = 3600
    scrape(site)
    with CaptureQueriesContext(connection) as asked:
        scrape(site)
    assert len(asked) == 0


def test_whatever_waits_a_scrape_takes_a_fixed_number_of_queries(site: Client) -> None:
    with CaptureQueriesContext(connection) as before:
        scrape(site)
    for number in range(20):
        queue(f"person{number}@example.org")
        OrmQ.objects.create(key="foodmood", payload="", lock=timezone.now())
    with CaptureQueriesContext(connection) as after:
        scrape(site)
    assert len(after) == len(before)


def test_every_metric_has_its_line_in_the_docs(site: Client) -> None:
    page = (BASE_DIR / "docs" / "monitoring.md").read_text(encoding="utf-8")
    ours = {name for name in scrape(site).families if name.startswith("foodmood_") and not name.endswith("_created")}
    assert {name for name in ours if f"`{name}" not in page} == set()
