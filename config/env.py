"""The environment: the only place that reads os.environ.

Every variable is declared once in VARIABLES. `load()` parses them all and, if anything is wrong, stops the
process with one message that lists every problem and its mend. config/reference.py writes what people read of them.
"""

import os
import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config import dotenv
from config.backups import BACKUP_VARIABLES
from config.database import DATABASE_VARIABLES, database, kept
from config.folders import BASE_DIR as BASE_DIR
from config.folders import VAR_DIR as VAR_DIR
from config.mail import MAIL_VARIABLES
from config.parsers import existing_file, hosts, named_hosts, one_of, origins, some_days, strong_secret, text, words
from config.redis import redis_url
from config.spelling import misspelt, mistaken
from config.telemetry import LOG_VARIABLES, MONITORING_VARIABLES, SENTRY_VARIABLES
from config.variables import BadValueError, Variable
from config.web import GUNICORN_VARIABLES, WEB_VARIABLES

VARIABLES: Mapping[str, tuple[Variable, ...]] = {
    "What production needs": (
        Variable(
            "DJANGO_ENV",
            one_of("dev", "prod", "test"),
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
    "The database": DATABASE_VARIABLES,
    "The web": WEB_VARIABLES,
    "gunicorn": GUNICORN_VARIABLES,
    "Redis and the worker": (
        Variable(
            "TASK_BROKER",
            one_of("database", "redis"),
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
            one_of("open", "invite", "closed"),
            "Who may sign up: open (everybody), invite (whom a member of staff invited) or closed (nobody).",
            default="open",
        ),
        Variable(
            "SESSION_IDLE_DAYS",
            some_days,
            "Days without use after which a person is logged out.",
            default="14",
        ),
        Variable(
            "SESSION_MAX_DAYS",
            some_days,
            "Days after a log-in when the person has to log in again, even if they use FoodMood every day.",
            default="90",
        ),
        Variable(
            "GEOIP_PATH",
            existing_file,
            "A .mmdb file of your own with the places of IP addresses, for the list of sessions. None is asked online.",
            example="/srv/geoip/GeoLite2-City.mmdb",
        ),
    ),
    "Backups": BACKUP_VARIABLES,
    "Monitoring": MONITORING_VARIABLES,
    "Logs": LOG_VARIABLES,
    "Errors and performance": SENTRY_VARIABLES,
}

# By name, so that whoever declares a variable need not think of it.
SECRET = re.compile("KEY|SECRET|TOKEN|PASSWORD|URL|DSN")


def start(default: str) -> None:
    """What every entry point does first: read `.env`, choose the environment, name the settings.

    What is really in the environment wins over `.env`, and `.env` over the entry point's default. A blank
    DJANGO_ENV is none: `DJANGO_ENV=` must not open a server's doors.
    """
    for name, value in _file().items():
        os.environ.setdefault(name, value)
    if not os.environ.get("DJANGO_ENV", "").strip() and not os.environ.get("DJANGO_ENV_FILE"):
        os.environ["DJANGO_ENV"] = default
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def hide_script_name() -> None:
    """Once it is read. gunicorn cuts SCRIPT_NAME off every path, and answers 500 to a path that lacks it; our own
    foodmood/sub_path.py lets the proxy choose.
    """
    os.environ.pop("SCRIPT_NAME", None)


def _file() -> dict[str, str]:
    """Return what `.env` says. A line that can't be understood is named by its number: it may hold a secret."""
    file = BASE_DIR / ".env"
    if not file.exists():
        return {}
    try:
        return dotenv.parse(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"FoodMood can't start: {file} can't be read ({error}). Save it as UTF-8, readable by this user.")
    except dotenv.UnreadableLinesError as error:
        sys.exit(
            "\n".join(
                [f"FoodMood can't start: {file} can't be understood.", *(f"  {each}." for each in error.problems)]
            )
        )


def declared() -> list[Variable]:
    return [variable for group in VARIABLES.values() for variable in group]


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
    for variable in declared():
        try:
            values[variable.name] = _value(variable, source, values, kind=kind, building=building)
            kind = values.get("DJANGO_ENV", kind)  # it is the first
        except BadValueError as problem:
            problems.append(f"  {variable.name} {problem}".rstrip(".") + ".")
    problems += [
        f"  {name} is set, but FoodMood doesn't read it. Is it {meant}, misspelt? Correct the name, or remove it."
        for name, meant in misspelt(_meant_for_us(source, kind), _known())
    ]
    if problems:
        problems += [f"  {each}" for each in notices(kind, source)]
        heading = f"FoodMood can't start: {len(problems)} problem(s) in its environment (DJANGO_ENV: {kind})."
        sys.exit("\n".join([heading, *problems, ".env.example describes every variable."]))
    return values


def notices(kind: str, source: Mapping[str, str] | None = None) -> list[str]:
    """Return what an operator may have overlooked in the environment, one sentence each."""
    source = os.environ if source is None else source
    names = _meant_for_us(source, kind)
    reported = {name for name, _ in misspelt(names, _known())}
    told = [
        f"{name} is set, but FoodMood doesn't read it{f': set {instead}' if instead else ''}."
        for name, instead in mistaken(names, _known())
        if name not in reported
    ]
    given = {name.removesuffix("_FILE") for name in _known() if source.get(name, "").strip()}
    if given & {"BACKUP_DIR", "BACKUP_S3_BUCKET"} and "BACKUP_KEY" not in given:
        told.append("Backups are not encrypted: set BACKUP_KEY.")
    return told


def _known() -> set[str]:
    return {name for variable in declared() for name in (variable.name, f"{variable.name}_FILE")}


def _meant_for_us(source: Mapping[str, str], kind: str) -> set[str]:
    """Return the names to check. A developer's shell holds those of other projects; production's and `.env` don't."""
    return set(source) if kind == "prod" else set(source) & set(_file())


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
    if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "\"'":
        raise BadValueError("is in quotes, which are part of the value here: remove them")
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
        content = Path(file).read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadValueError(
            f"can't be read from {file}, which {name}_FILE names: check path and permissions"
        ) from error
    if not content:
        raise BadValueError(f"is empty in {file}, which {name}_FILE names: write it there, or remove {name}_FILE")
    return content


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
    return [(each.name, _raw(each.name, os.environ), SECRET.search(each.name) is not None) for each in declared()]
