"""The environment: the only place that reads os.environ.

Every variable is declared once in VARIABLES. `load()` parses them all and, if anything is wrong, stops the
process with one message that lists every problem and its mend. `.env.example` follows from here.
"""

import io
import os
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import environ

from config.database import DATABASE_VARIABLES
from config.mail import MAIL_VARIABLES
from config.variables import BadValueError, Variable, count, existing_file, positive, text

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # what a running FoodMood keeps on this disk; not in git
ENVIRONMENTS = ("dev", "prod", "test")


def flag(value: str) -> bool:
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise BadValueError(f"is {value!r}: write 1 or 0")


def port(value: str) -> int:
    highest = 65_535
    number = count(value)
    if not 1 <= number <= highest:
        raise BadValueError(f"is {value}: write a port from 1 to {highest}")
    return number


def positive_days(value: str) -> int:
    number = count(value)
    if number == 0:
        raise BadValueError("is 0, which would keep nothing: write 1 or more")
    return number


def words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def hosts(value: str) -> list[str]:
    names = words(value)
    for name in names:
        if not re.fullmatch(r"\*|\.?[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]", name):
            raise BadValueError(
                f"holds {name!r}: write bare host names, without scheme, port, path or comment, with commas between"
                " them, e.g. food.example.org"
            )
    return names


def origin(value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+", value):
        raise BadValueError(f"holds {value!r}: write scheme and host, e.g. https://food.example.org")
    return value


def origins(value: str) -> list[str]:
    return [origin(name) for name in words(value)]


# By name, so that whoever declares a variable need not think of it.
SECRET = re.compile("KEY|SECRET|TOKEN|PASSWORD|URL|DSN")

# The first segments of every other address; a test holds them to config/urls.py.
TAKEN = {
    *("account", "accounts", "csp-report", "data", "day", "edibles", "health", "insights", "language", "log", "mail"),
    *("meals", "metrics", "privacy", "ready", "static", "wellbeing"),
}


def admin_path(value: str) -> str:
    path = value.strip("/") + "/"
    if not re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9_-]*/)+", path):
        raise BadValueError(f"is {value!r}: write letters, digits, - and _, e.g. back-office/")
    if path.partition("/")[0] in TAKEN:
        raise BadValueError(f"is {value!r}, which FoodMood uses itself: choose another, e.g. back-office/")
    return path


def environment(value: str) -> str:
    if value not in ENVIRONMENTS:
        raise BadValueError(f"is {value!r}: write one of {', '.join(ENVIRONMENTS)}")
    return value


def log_level(value: str) -> str:
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    if value.upper() not in levels:
        raise BadValueError(f"is {value!r}: write one of {', '.join(levels)}")
    return value.upper()


def log_format(value: str) -> str:
    if value not in {"json", "plain"}:
        raise BadValueError(f"is {value!r}: write json or plain")
    return value


def writable_folder(value: str) -> Path:
    path = Path(value).absolute()
    if not path.is_dir():
        raise BadValueError(f"names {path}, where there is no folder: create it, or mount it")
    if not os.access(path, os.W_OK | os.X_OK):
        raise BadValueError(f"names {path}, where this user may not write: give it the folder (chown), or name another")
    return path


def rate(value: str) -> float:
    if not re.fullmatch(r"0|1|[01]?\.[0-9]{1,9}", value) or float(value) > 1:
        raise BadValueError(f"is {value!r}: write a share from 0 (none) to 1 (all), e.g. 0.05")
    return float(value)


def dsn(value: str) -> str:
    if not re.fullmatch(r"https?://[^@\s/:]+(:[^@\s/]+)?@[^@\s/]+(/[^\s]*)?/[0-9]+", value):
        raise BadValueError("is none: copy it from the project's settings at Sentry, https://KEY@HOST/NUMBER")
    return value


def signup(value: str) -> str:
    ways = ("open", "invite", "closed")
    if value not in ways:
        raise BadValueError(f"is {value!r}: write one of {', '.join(ways)}")
    return value


def folder(value: str) -> Path:
    path = Path(value)
    if not path.is_absolute() or not path.is_dir():
        raise BadValueError(f"is {value}, which is no folder: make it, or mount it, and write its whole path")
    return path


def backup_key(value: str) -> str:
    shortest = 43  # 32 random bytes
    if len(value) < shortest or len(set(value)) < shortest // 3:
        raise BadValueError(
            "is too easy to guess: make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return value


def database(value: str) -> dict[str, Any]:
    """The DATABASES entry for a URL. A relative SQLite path starts at the project's folder."""
    mend = "write postgres://USER:PASSWORD@HOST:5432/NAME or sqlite:////absolute/path/foodmood.sqlite3"
    if not re.match(r"(sqlite|postgres|postgresql)://", value):
        raise BadValueError(f"has an unknown scheme: {mend}")
    try:
        config: dict[str, Any] = dict(environ.Env.db_url_config(value))
    except ValueError as error:  # such as a port that is no number
        raise BadValueError(f"can't be read: {mend}") from error
    if config["ENGINE"] == "django.db.backends.sqlite3":
        if config["NAME"] != ":memory:":
            path = BASE_DIR / config["NAME"]
            if path.parent == VAR_DIR:
                VAR_DIR.mkdir(exist_ok=True)
            if not path.parent.is_dir():
                raise BadValueError(
                    f"names a file in {path.parent}, which is not there: create that folder, or mount it"
                )
            if path.is_dir():
                raise BadValueError(f"names {path}, which is a folder: name a file in it")
            config["NAME"] = str(path)
    elif not config["NAME"]:
        raise BadValueError(f"names no database: {mend}")
    return config


def redis_url(value: str) -> str:
    host = r"([^\s/@:]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?"
    if not re.fullmatch(rf"rediss?://([^\s/@]*@)?{host}(/[0-9]*)?(\?\S*)?|unix://([^\s/@]*@)?/\S+", value):
        raise BadValueError("can't be read: write redis://USER:PASSWORD@HOST:6379/0, or rediss:// for TLS")
    return value


def task_broker(value: str) -> str:
    kinds = ("database", "redis")
    if value not in kinds:
        raise BadValueError(f"is {value!r}: write one of {', '.join(kinds)}")
    return value


def strong_secret(value: str) -> None:
    length, distinct = 50, 5
    mend = "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    if re.search(r"change.?me|insecure|example|placeholder|your.?secret", value, re.IGNORECASE):
        raise BadValueError(f"is a placeholder: {mend}")
    if len(value) < length or len(set(value)) < distinct:
        raise BadValueError(f"is too easy to guess ({len(value)} characters, at least {length} wanted): {mend}")


def named_hosts(value: list[str]) -> None:
    if "*" in value:
        raise BadValueError("holds *, which lets anybody pose as this site: name your hosts, e.g. food.example.org")
    if not value:
        raise BadValueError("is empty: name your hosts, e.g. food.example.org")


def on_postgresql(value: str) -> dict[str, Any]:
    if value.startswith("sqlite:"):
        raise BadValueError("names a SQLite file, which has no way around a pool: leave it blank")
    return database(value)


def kept(value: dict[str, Any]) -> None:
    if value["NAME"] == ":memory:":
        raise BadValueError("names a database in memory, gone with its process: name a file, or use PostgreSQL")


VARIABLES: Mapping[str, tuple[Variable, ...]] = {
    "What production needs": (
        Variable(
            "DJANGO_ENV",
            environment,
            "Which settings: dev, prod or test. manage.py takes dev when it is not set; gunicorn takes prod.",
            default="prod",
        ),
        Variable(
            "DJANGO_SECRET_KEY",
            text,
            "Signs sessions and links. At least 50 random characters. dev keeps one of its own in var/.",
            required=True,
            example="change-me",
            check_in_prod=strong_secret,
        ),
        Variable(
            "DJANGO_SECRET_KEY_FALLBACKS",
            words,
            "Former secret keys, the latest first, separated by commas: what they signed or encrypted stays readable.",
        ),
        Variable(
            "DJANGO_ALLOWED_HOSTS",
            hosts,
            "The host names that this site answers to, separated by commas.",
            required=True,
            example="food.example.org",
            check_in_prod=named_hosts,
        ),
        Variable(
            "DATABASE_URL",
            database,
            "postgres://USER:PASSWORD@HOST:5432/NAME, or sqlite:////absolute/path on one machine.",
            default="sqlite:///var/foodmood.sqlite3",
            required=True,
            check_in_prod=kept,
            example="postgres://foodmood:password@localhost:5432/foodmood",
        ),
    ),
    "The database": (
        *DATABASE_VARIABLES,
        Variable(
            "DATABASE_DIRECT_URL",
            on_postgresql,
            "The way around PgBouncer, for all but the web: migrations, backups, the worker.",
            needed_for=("DATABASE_POOL=pgbouncer",),
            example="postgres://foodmood:password@localhost:5432/foodmood",
        ),
    ),
    "The web": (
        Variable(
            "TRUSTED_PROXY_COUNT",
            count,
            "How many proxies of yours stand in front. Their X-Forwarded-* headers are believed, no others.",
            default="0",
        ),
        Variable(
            "DJANGO_CSRF_TRUSTED_ORIGINS",
            origins,
            "Further origins that forms may be sent from, e.g. https://www.example.org, or its own with a port.",
        ),
        Variable(
            "DJANGO_SITE_URL",
            origin,
            "Where this site is, for the links of mails that the worker writes. https:// and the first allowed host"
            " if not set.",
            example="https://food.example.org",
        ),
        Variable("DJANGO_ADMIN_PATH", admin_path, "Where the administration is.", default="admin/"),
        Variable("DJANGO_SSL_REDIRECT", flag, "prod: send http:// to https://.", default="1"),
        Variable(
            "DJANGO_HSTS_SECONDS",
            count,
            "prod: for how long browsers remember to use https only.",
            default="31536000",
        ),
    ),
    "gunicorn": (
        Variable("PORT", port, "The port to listen on.", default="8000"),
        Variable("WEB_CONCURRENCY", positive, "Web processes. Each takes about 100 MB.", default="2"),
        Variable("WEB_THREADS", positive, "Threads in each web process.", default="4"),
        Variable(
            "WEB_TIMEOUT",
            positive,
            "Seconds that a web process may hang before it is replaced.",
            default="30",
        ),
        Variable(
            "WEB_GRACEFUL_TIMEOUT",
            positive,
            "Seconds that requests may take to end when FoodMood is stopped. Platforms kill after 30.",
            default="25",
        ),
        Variable("WEB_KEEPALIVE", positive, "Seconds that a connection is kept for its next request.", default="5"),
        Variable(
            "WEB_MAX_REQUESTS",
            count,
            "Requests after which a web process is replaced, so that a slow leak never gets far; 0: never.",
            default="2000",
        ),
    ),
    "Redis and the worker": (
        Variable(
            "TASK_BROKER",
            task_broker,
            "Where tasks wait for the worker: database, or redis. See docs/background-work.md.",
            default="database",
        ),
        Variable(
            "REDIS_URL",
            redis_url,
            "Keeps what may be lost for all processes together. Without it, each keeps its own; nothing else needs it.",
            needed_for=("TASK_BROKER=redis",),
            example="redis://USER:PASSWORD@localhost:6379/0",
        ),
    ),
    "Mail": MAIL_VARIABLES,
    "Accounts": (
        Variable(
            "DJANGO_SIGNUP",
            signup,
            "Who may sign up: open (everybody), invite (whom a member of staff invited) or closed (nobody).",
            default="open",
        ),
        Variable(
            "GEOIP_PATH",
            existing_file,
            "A .mmdb file of your own with the places of IP addresses, for the list of sessions. None is asked online.",
            example="/srv/geoip/GeoLite2-City.mmdb",
        ),
    ),
    "Backups": (
        Variable(
            "BACKUP_DIR",
            folder,
            "A folder for backups, on another disk. With a bucket, the one where they are worked on.",
            example="/srv/backups/foodmood",
        ),
        Variable("BACKUP_S3_BUCKET", text, "A bucket for backups, at Amazon's S3 or anything that speaks like it."),
        Variable("BACKUP_S3_PREFIX", text, "What the names in the bucket begin with.", default="foodmood"),
        Variable(
            "BACKUP_S3_ENDPOINT",
            origin,
            "Where that bucket is, if it is not Amazon's.",
            example="https://s3.example.org",
        ),
        Variable("BACKUP_S3_REGION", text, "Its region.", example="eu-central-1"),
        Variable("BACKUP_S3_ACCESS_KEY_ID", text, "A key that may list, read, write and delete there."),
        Variable("BACKUP_S3_SECRET_ACCESS_KEY", text, "That key's secret.", needed_for=("BACKUP_S3_ACCESS_KEY_ID",)),
        Variable(
            "BACKUP_KEY",
            backup_key,
            "Encrypts backups. Keep a copy elsewhere: without it nobody, you included, can ever read them.",
        ),
        Variable("BACKUP_KEEP_DAILY", count, "Of how many days the last backup is kept.", default="7"),
        Variable("BACKUP_KEEP_WEEKLY", count, "Of how many weeks the last backup is kept.", default="4"),
        Variable("BACKUP_KEEP_MONTHLY", count, "Of how many months the last backup is kept.", default="0"),
        Variable(
            "BACKUP_RETENTION_DAYS",
            count,
            "No backup is kept for longer, whatever else is said. Pages and mails tell it to who deletes an account.",
            default="30",
        ),
        Variable(
            "BACKUP_DRILL_URL",
            database,
            "A server on which drills may create a database. Not set: the one of DATABASE_URL.",
            example="postgres://drill:password@localhost:5432/foodmood",
        ),
    ),
    "Monitoring": (
        Variable(
            "MONITORING_TOKEN",
            text,
            "Who sends it as a bearer token may read /metrics, and which part of /ready/ is not well. Random, like the"
            " secret key. Without it neither tells anything.",
            example="change-me",
            check_in_prod=strong_secret,
        ),
        Variable(
            "METRICS_PORT",
            port,
            "A further port with /metrics alone, without a token: for a private network, never published.",
            example="9100",
        ),
    ),
    "Logs": (
        Variable("LOG_LEVEL", log_level, "DEBUG, INFO, WARNING or ERROR.", default="INFO"),
        Variable(
            "LOG_FORMAT",
            log_format,
            "json (a line is an object; prod's default) or plain (for people; the default elsewhere).",
            example="json",
        ),
        Variable(
            "LOG_DIR",
            writable_folder,
            "A folder for log files, one for each day. Without it all goes to the standard output.",
            example="/var/log/foodmood",
        ),
        Variable("LOG_KEEP_DAYS", positive_days, "For how many days the files in LOG_DIR are kept.", default="30"),
    ),
    "Errors and performance": (
        Variable(
            "SENTRY_DSN",
            dsn,
            "Where errors are reported: a Sentry project. Without it nothing is told to anybody.",
            example="https://KEY@sentry.example.org/1",
        ),
        Variable("SENTRY_ENVIRONMENT", text, "What this site is called there.", default="production"),
        Variable(
            "SENTRY_RELEASE",
            text,
            "What this version is called there. Without it: what the platform or git calls it.",
            example="1.4.0",
        ),
        Variable("SENTRY_TRACES_SAMPLE_RATE", rate, "The share of requests that are timed in detail.", default="0"),
        Variable(
            "SENTRY_PROFILES_SAMPLE_RATE",
            rate,
            "The share of processes that profile those, too. Leave it at 0 on Python 3.11: profiling may crash it.",
            default="0",
        ),
    ),
}


def start(default: str) -> None:
    """What every entry point does first: read `.env`, choose the environment, name the settings.

    What is really in the environment wins over `.env`, and `.env` over the entry point's default. A blank
    DJANGO_ENV is none: `DJANGO_ENV=` must not open a server's doors.
    """
    file = BASE_DIR / ".env"
    if file.exists():
        try:
            environ.Env.read_env(io.StringIO(file.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            sys.exit(f"FoodMood can't start: {file} can't be read ({error}). Save it as UTF-8, readable by this user.")
    if not os.environ.get("DJANGO_ENV", "").strip() and not os.environ.get("DJANGO_ENV_FILE"):
        os.environ["DJANGO_ENV"] = default
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def load(source: Mapping[str, str] | None = None, *, building: bool | None = None) -> dict[str, Any]:
    """Every declared variable by name, parsed. Each may also be given as NAME_FILE, a file that holds it.

    Exits with one message if anything is wrong. `building` (found from the command line: collectstatic) fills
    in what prod requires, because a platform builds static files before it knows secrets or a database.
    """
    source = os.environ if source is None else source
    building = sys.argv[1:2] == ["collectstatic"] if building is None else building
    values: dict[str, Any] = {}
    problems: list[str] = []
    # Until it is known to be another, the environment is production: nothing opens by a slip.
    kind = "prod"
    for variable in (variable for group in VARIABLES.values() for variable in group):
        try:
            values[variable.name] = _value(variable, source, values, kind=kind, building=building)
            kind = values.get("DJANGO_ENV", kind)  # it is the first
        except BadValueError as problem:
            problems.append(f"  {variable.name} {problem}".rstrip(".") + ".")
    if problems:
        heading = f"FoodMood can't start: {len(problems)} problem(s) in its environment (DJANGO_ENV: {kind})."
        sys.exit("\n".join([heading, *problems, ".env.example describes every variable."]))
    return values


def _value(
    variable: Variable, source: Mapping[str, str], others: Mapping[str, Any], *, kind: str, building: bool
) -> Any:
    raw = _raw(variable.name, source)
    if raw is None:
        if variable.required and kind == "prod" and not building:
            raise BadValueError(f"is not set: {variable.help}")
        reason = next((each for each in variable.needed_for if _holds(each, others)), None)
        if reason and not building and (kind == "prod" or not variable.default):
            raise BadValueError(f"is not set, and {reason} needs it: {variable.help}")
        return variable.parse(variable.default) if variable.default else _empty(variable, building=building)
    value = variable.parse(raw)
    if kind == "prod" and variable.check_in_prod:
        variable.check_in_prod(value)
    return value


def _holds(condition: str, values: Mapping[str, Any]) -> bool:
    name, _, wanted = condition.partition("=")
    return bool(values.get(name)) and (not wanted or values[name] == wanted)


def _raw(name: str, source: Mapping[str, str]) -> str | None:
    file = source.get(f"{name}_FILE")
    if not file:
        return source.get(name, "").strip() or None
    if source.get(name):
        raise BadValueError(f"is set twice: keep either {name} or {name}_FILE")
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise BadValueError(
            f"can't be read from {file}, which {name}_FILE names: check path and permissions"
        ) from error


def _empty(variable: Variable, *, building: bool) -> Any:
    if variable.name == "DJANGO_SECRET_KEY":
        return secrets.token_urlsafe(50) if building else _development_key()
    return [] if variable.parse in {words, hosts, origins} else None


def _development_key() -> str:
    """A key that outlives restarts, so that developers stay signed in. Never reached in prod: see _value."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        VAR_DIR.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def given() -> list[tuple[str, str | None, bool]]:
    """Of each variable its name, what the environment says, or None, and whether nobody may see that."""
    names = [variable.name for group in VARIABLES.values() for variable in group]
    return [(name, _raw(name, os.environ), SECRET.search(name) is not None) for name in names]


def example() -> str:
    """What `.env.example` holds."""
    lines = [
        "# Every variable that FoodMood reads. Copy to .env and keep what you need: development needs none.",
        "# Any of them may also be given as NAME_FILE=/path, for secrets kept in files.",
    ]
    for group, variables in VARIABLES.items():
        lines += ["", f"# --- {group}"]
        for variable in variables:
            needed = f" Needed for {' or '.join(variable.needed_for)}." if variable.needed_for else ""
            lines += ["", f"# {variable.help}" + (" Required in prod." if variable.required else "") + needed]
            lines.append(f"#{variable.name}={variable.example or variable.default}")
    return "\n".join(lines) + "\n"
