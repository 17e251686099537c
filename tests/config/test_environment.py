"""The environment as an operator meets it: one message, every problem, its mend, and no traceback."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from redis import SSLConnection

from config.env import BASE_DIR, VARIABLES, load
from config.redis import ALLOWED_WITH_TLS
from config.reference import example, page
from foodmood.redis import connect
from tests.inherited import inherited

GOOD = {
    "DJANGO_ENV": "prod",
    "DJANGO_SECRET_KEY": "k9Vb2nQx7LmZ4pRt8WsY1cFd6GhJ3kAe5UiOo0PzXyCvBnMq",
    "DJANGO_ALLOWED_HOSTS": "food.example.org",
    "DATABASE_URL": "postgres://food:mood@db:5432/foodmood",
}
GOOD["DJANGO_SECRET_KEY"] += "x1Y2z3"


def complaint(**changed: str) -> str:
    """What load() says of a good production environment with these changes; blank removes a variable."""
    with pytest.raises(SystemExit) as stop:
        load(GOOD | changed, building=False)
    return str(stop.value)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """manage.py in a process of its own, with nothing in its environment but this."""
    return subprocess.run(  # noqa: S603 -- our own command
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=inherited() | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_smallest_production_environment_is_enough() -> None:
    values = load(GOOD, building=False)
    assert values["DJANGO_ALLOWED_HOSTS"] == ["food.example.org"]
    assert values["DATABASE_URL"]["HOST"] == "db"


@pytest.mark.parametrize("blank", ["", " "])
def test_a_blank_environment_is_production(blank: str) -> None:
    with pytest.raises(SystemExit, match="DJANGO_SECRET_KEY is not set"):
        load({"DJANGO_ENV": blank}, building=False)


@pytest.mark.parametrize("module", ["config.wsgi", "config.asgi"])
def test_a_server_started_with_a_blank_environment_is_in_production(module: str) -> None:
    done = subprocess.run(  # noqa: S603 -- our own module
        [sys.executable, "-c", f"import {module}"],
        cwd=BASE_DIR,
        env=inherited() | {"DJANGO_ENV": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "DJANGO_SECRET_KEY is not set" in done.stderr


def test_development_needs_no_variable() -> None:
    values = load({"DJANGO_ENV": "dev"}, building=False)
    assert values["DATABASE_URL"]["ENGINE"] == "django.db.backends.sqlite3"
    assert len(values["DJANGO_SECRET_KEY"]) >= 50


def test_an_empty_production_environment_names_all_three_variables_at_once() -> None:
    done = manage("check", DJANGO_ENV="prod")
    assert done.returncode != 0
    for name in ("DJANGO_SECRET_KEY", "DJANGO_ALLOWED_HOSTS", "DATABASE_URL"):
        assert f"{name} is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_deploy_checks_pass_with_the_smallest_production_environment(tmp_path: Path) -> None:
    done = manage(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        **GOOD | {"DATABASE_URL": f"sqlite:///{tmp_path}/foodmood.sqlite3"},
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_static_files_can_be_collected_before_the_secrets_are_known() -> None:
    done = manage("collectstatic", "--noinput", "--dry-run", "--verbosity=0", DJANGO_ENV="prod")
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_environment_is_refused_naming_the_three() -> None:
    assert "DJANGO_ENV is 'staging': write one of dev, prod, test." in complaint(DJANGO_ENV="staging")


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("DJANGO_SECRET_KEY", "change-me", "is a placeholder"),
        ("DJANGO_SECRET_KEY", "django-insecure-" + "abcdefgh" * 8, "is a placeholder"),
        ("DJANGO_SECRET_KEY", "short", "too easy to guess (5 characters"),
        ("DJANGO_SECRET_KEY", "a" * 60, "too easy to guess"),
        ("DJANGO_ALLOWED_HOSTS", "*", "lets anybody pose as this site"),
        ("DJANGO_ALLOWED_HOSTS", "food.example.org,*", "lets anybody pose as this site"),
        ("DJANGO_ALLOWED_HOSTS", ",", "is empty"),
        ("DJANGO_ALLOWED_HOSTS", "https://food.example.org", "bare host names"),
        ("DATABASE_URL", "mysql://db/foodmood", "unknown scheme"),
        ("DATABASE_URL", "postgres://db:port/foodmood", "can't be read"),
        ("DATABASE_URL", "postgres://db:5432", "names no database"),
        ("DJANGO_ALLOWED_HOSTS", "food.example.org # mine", "without scheme, port, path or comment"),
        ("DJANGO_ALLOWED_HOSTS", "food.example.org:8000", "without scheme, port, path or comment"),
        ("DJANGO_ALLOWED_HOSTS", "food.example.org.", "write it without the dot at its end"),
        ("DJANGO_ALLOWED_HOSTS", "a.example.org,*.example.org", "write .example.org, which matches all its subdomains"),
        ("DJANGO_ALLOWED_HOSTS", "food_mood.example.org", "no request may have _ in its host"),
        ("DJANGO_ALLOWED_HOSTS", "food..example.org", "never matches"),
        ("DJANGO_ALLOWED_HOSTS", "..example.org", "never matches"),
        ("DJANGO_ALLOWED_HOSTS", ".", "never matches"),
        ("DJANGO_ALLOWED_HOSTS", "food" * 16 + ".example.org", "1 to 63 letters"),
        ("DJANGO_ALLOWED_HOSTS", "küche.example.org", "write it as browsers send it, xn--kche-0ra.example.org"),
        ("DJANGO_ALLOWED_HOSTS", "127.1", "write an address in full"),
        ("DJANGO_ALLOWED_HOSTS", "10.0.0.256", "write an address in full"),
        ("DJANGO_ALLOWED_HOSTS", "::1", "write it as browsers send it, [::1]"),
        ("DJANGO_ALLOWED_HOSTS", "[2001:DB8:0::7]", "write it as browsers send it, [2001:db8::7]"),
        ("DJANGO_ALLOWED_HOSTS", "[fe80::1%eth0]", "without port or zone"),
        ("DJANGO_ALLOWED_HOSTS", "[::1]:8000", "without port or zone"),
        ("DJANGO_CSRF_TRUSTED_ORIGINS", "https://Food.example.org", "browsers send it, https://food.example.org"),
        ("DJANGO_CSRF_TRUSTED_ORIGINS", "https://food.example.org:443", "browsers send it, https://food.example.org"),
        ("DJANGO_CSRF_TRUSTED_ORIGINS", "https://food.example.org.", "without the dot at its end"),
        ("DJANGO_CSRF_TRUSTED_ORIGINS", "https://me@food.example.org", "bare host names"),
        ("DATABASE_URL", "sqlite://", "in memory"),
        ("DATABASE_URL", "sqlite:////tmp", "is a folder"),
        ("BACKUP_DIR", "backups", "write its whole path"),
        ("BACKUP_DIR", "/no/such/folder", "create it, or mount it"),
        ("BACKUP_KEY", "short", "too easy to guess"),
        ("PORT", "0", "from 1 to 65535"),
        ("BIND", "8000", "write an address and a port"),
        ("BIND", "127.0.0.1", "write an address and a port"),
        ("BIND", "[::zz]:8000", "write an address and a port"),
        ("BIND", "unix:web.sock", "such as unix:/run/foodmood/web.sock"),
        ("BIND", "127.0.0.1:8000,[::1]:99999", "from 1 to 65535"),
        ("SCRIPT_NAME", "food", "write a path that begins with /"),
        ("SCRIPT_NAME", "/food?x", "write a path that begins with /"),
        ("DJANGO_HTTPS", "no thanks", "write 1 or 0"),
        ("PORT", "99999", "from 1 to 65535"),
        ("WEB_THREADS", "0", "serve nobody"),
        ("WEB_CONCURRENCY", "0", "serve nobody"),
        ("DATABASE_URL", "sqlite:////no/such/folder/food.sqlite3", "create that folder"),
        ("TRUSTED_PROXY_COUNT", "-1", "whole number"),
        ("PORT", "http", "whole number"),
        ("DJANGO_SSL_REDIRECT", "maybe", "write 1 or 0"),
        ("DJANGO_CSRF_TRUSTED_ORIGINS", "food.example.org", "scheme and host"),
        ("EMAIL_URL", "imap://mail", "unknown scheme"),
        ("LOG_LEVEL", "chatty", "write one of DEBUG"),
        ("LOG_FORMAT", "xml", "write json or plain"),
        ("LOG_DIR", "/no/such/folder", "there is no folder: create it"),
        ("LOG_KEEP_DAYS", "0", "would keep nothing"),
        ("SENTRY_DSN", "sentry.example.org", "copy it from the project's settings"),
        ("SENTRY_TRACES_SAMPLE_RATE", "5%", "a share from 0 (none) to 1"),
        ("DJANGO_SIGNUP", "family", "write one of open, invite, closed"),
        ("GEOIP_PATH", "/no/such/file.mmdb", "there is no file"),
        ("TASK_BROKER", "rabbit", "write one of database, redis"),
        ("REDIS_URL", "localhost:6379", "write redis://"),
        ("REDIS_URL", "redis://localhost:port/0", "write redis://"),
        ("REDIS_URL", "redis://localhost/first", "write redis://"),
        ("REDIS_URL", "http://localhost:6379/0", "unknown scheme: write redis://"),
        ("REDIS_URL", "redis://localhost:99999/0", "write redis://"),
        ("REDIS_URL", "redis://user:what?so@localhost/0", "? as %3F"),
        ("REDIS_URL", "redis://user:what#so@localhost/0", "# as %23"),
        ("DATABASE_URL", "postgres://food:mo/od@db/foodmood", "has a /, ? or # in its user or password"),
        ("DATABASE_URL", "postgres://food:1?d@db/foodmood", "? as %3F"),
        ("DATABASE_URL", "postgres://db/foodmood?sslmod=require", "has the option 'sslmod'"),
        ("DATABASE_URL", "postgres://db/foodmood?sslmode=on", "has the option sslmode, which is 'on': write one of"),
        ("DATABASE_URL", '"postgres://db/foodmood"', "is in quotes"),
        ("EMAIL_URL", "smtps://me:1/d@mail.example.org", "/ as %2F"),
        ("EMAIL_URL", "smtp+tls://me:1#d@mail.example.org", "# as %23"),
        ("WEB_CONCURRENCY", "-1", "is '-1': write a whole number, 1 or more"),
        ("WEB_THREADS", "-1", "1 or more"),
        ("WEB_TIMEOUT", "1.5", "1 or more"),
        ("DATABASE_POOL_SIZE", "0", "1 or more"),
        ("PORT", "-1", "a whole number, from 1 to 65535"),
        ("METRICS_PORT", "no", "a whole number, from 1 to 65535"),
        ("LOG_KEEP_DAYS", "-1", "a whole number, from 1 to"),
        ("BACKUP_RETENTION_DAYS", "999999999", "a whole number, from 0 to 36500"),
        ("DATABASE_STATEMENT_TIMEOUT", "2147484", "a whole number, from 0 to 2147483"),
        ("SLOW_QUERY_MS", "-1", "0 or more"),
        ("REDIS_URL", "redis://localhost?socket_timeuot=1", "has the option 'socket_timeuot', which is none here"),
        ("REDIS_URL", "redis://localhost?decode_responses=1", "has the option 'decode_responses'"),
        ("REDIS_URL", "redis://localhost?socket_timeout=soon", "socket_timeout, which is 'soon': write seconds"),
        ("REDIS_URL", "redis://localhost?socket_timeout=0", "more than 0"),
        ("REDIS_URL", "redis://localhost?db=first", "db, which is 'first': write a whole number"),
        ("REDIS_URL", "redis://localhost?ssl_cert_reqs=none", "with rediss:// only"),
        ("REDIS_URL", "rediss://localhost?ssl_cert_reqs=maybe", "write one of none, optional, required"),
        ("REDIS_URL", "rediss://localhost?ssl_ca_certs=/no/such.pem", "there is no file"),
    ],
)
def test_a_wrong_value_is_named_with_its_mend(name: str, value: str, mend: str) -> None:
    message = complaint(**{name: value})
    assert f"{name} " in message
    assert mend in message


@pytest.mark.parametrize(
    "url",
    [
        "redis://localhost",
        "redis://:p%40ss@[::1]:6379/1",
        "rediss://user:pass@cache.example.org:6380?ssl_cert_reqs=none",
        "unix:///run/redis/redis.sock?db=1",
    ],
)
def test_redis_is_named_as_its_own_tools_name_it(url: str) -> None:
    assert load(GOOD | {"REDIS_URL": url}, building=False)["REDIS_URL"] == url


def test_every_option_that_redis_may_have_its_client_understands(tmp_path: Path) -> None:
    options = {
        "db": "2",
        "username": "food",
        "password": "m@@d",
        "client_name": "foodmood",
        "max_connections": "5",
        "health_check_interval": "30",
        "socket_timeout": "0.5",
        "socket_connect_timeout": "1",
        "socket_keepalive": "1",
        "ssl_cert_reqs": "required",
        "ssl_check_hostname": "0",
        **dict.fromkeys(("ssl_ca_certs", "ssl_certfile", "ssl_keyfile"), str(tmp_path / "file.pem")),
    }
    assert options.keys() == ALLOWED_WITH_TLS.keys()
    (tmp_path / "file.pem").touch()
    url = load(GOOD | {"REDIS_URL": f"rediss://localhost?{urlencode(options)}"}, building=False)["REDIS_URL"]
    assert isinstance(connect(url).connection_pool.make_connection(), SSLConnection)


@pytest.mark.parametrize(
    "name",
    ["food.example.org", "Food.Example.org", ".example.org", "localhost", "127.0.0.1", "[::1]", "xn--kche-0ra.de"],
)
def test_hosts_that_requests_can_have_are_taken(name: str) -> None:
    assert load(GOOD | {"DJANGO_ALLOWED_HOSTS": name}, building=False)["DJANGO_ALLOWED_HOSTS"] == [name]


@pytest.mark.parametrize(
    "origin",
    ["https://food.example.org", "https://food.example.org:8443", "http://[::1]:8000", "https://*.example.org"],
)
def test_origins_that_browsers_send_are_taken(origin: str) -> None:
    values = load(GOOD | {"DJANGO_CSRF_TRUSTED_ORIGINS": origin}, building=False)
    assert values["DJANGO_CSRF_TRUSTED_ORIGINS"] == [origin]


def test_tasks_wait_in_redis_only_where_there_is_one() -> None:
    assert "REDIS_URL is not set, and TASK_BROKER=redis needs it" in complaint(TASK_BROKER="redis")


def test_every_problem_is_in_one_message() -> None:
    message = complaint(DJANGO_SECRET_KEY="", DJANGO_ALLOWED_HOSTS="*", PORT="x")
    assert message.startswith("FoodMood can't start: 3 problem(s)")


def test_a_secret_never_shows_in_the_message() -> None:
    assert "hunter2" not in complaint(DJANGO_SECRET_KEY="hunter2")
    assert "hunter2" not in complaint(DATABASE_URL="postgres://food:hunter2@db:port/foodmood")
    assert "hunter2" not in complaint(DATABASE_URL="postgres://food:hunter2/mood@db/foodmood")
    assert "hunter2" not in complaint(EMAIL_URL="smtps://food:hunter2/mood@mail")
    assert "hunter2" not in complaint(REDIS_URL="redis://food:mood?hunter2@localhost/0")
    assert "hunter2" not in complaint(REDIS_URL="redis://food:123?hunter2@localhost/0")


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(GOOD["DJANGO_SECRET_KEY"] + "\n")
    values = load(GOOD | {"DJANGO_SECRET_KEY": "", "DJANGO_SECRET_KEY_FILE": str(file)}, building=False)
    assert values["DJANGO_SECRET_KEY"] == GOOD["DJANGO_SECRET_KEY"]


def test_a_file_that_is_not_there_is_named() -> None:
    message = complaint(DJANGO_SECRET_KEY="", DJANGO_SECRET_KEY_FILE="/no/such/key")
    assert "DJANGO_SECRET_KEY can't be read from /no/such/key" in message


def test_a_variable_set_twice_is_refused(tmp_path: Path) -> None:
    assert "is set twice" in complaint(DJANGO_SECRET_KEY_FILE=str(tmp_path / "key"))


def test_the_example_file_holds_every_declared_variable() -> None:
    assert (BASE_DIR / ".env.example").read_text(encoding="utf-8") == example()


def test_the_reference_holds_every_declared_variable() -> None:
    assert (BASE_DIR / "docs" / "configuration.md").read_text(encoding="utf-8") == page()


def test_no_variable_is_declared_twice() -> None:
    names = [variable.name for group in VARIABLES.values() for variable in group]
    assert len(names) == len(set(names))


def test_only_env_py_reads_the_environment() -> None:
    readers = {
        str(path.relative_to(BASE_DIR))
        for folder in ("apps", "config", "foodmood")
        for path in (BASE_DIR / folder).rglob("*.py")
        if "os.environ" in path.read_text(encoding="utf-8") or "os.getenv" in path.read_text(encoding="utf-8")
    }
    assert readers == {"config/env.py"}
