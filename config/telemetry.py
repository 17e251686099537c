"""What the environment may say of logs, metrics and errors (docs/operations.md, docs/monitoring.md)."""

import ipaddress
import os
import re
from pathlib import Path

from config.parsers import folder, one_of, port, strong_secret, text, whole_number
from config.variables import BadValueError, Variable


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
    path = folder(value)
    if not os.access(path, os.W_OK | os.X_OK):
        raise BadValueError(f"names {path}, where this user may not write: give it the folder (chown), or name another")
    return path


def rate(value: str) -> float:
    if not re.fullmatch(r"0|1|[01]?\.[0-9]{1,9}", value) or float(value) > 1:
        raise BadValueError(f"is {value!r}: write a share from 0 (none) to 1 (all), e.g. 0.05")
    return float(value)


def ip_address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError as error:
        raise BadValueError(f"is {value!r}: write an IP address, e.g. 127.0.0.1 or 0.0.0.0") from error


def dsn(value: str) -> str:
    if not re.fullmatch(r"https?://[^@\s/:]+(:[^@\s/]+)?@[^@\s/]+(/[^\s]*)?/[0-9]+", value):
        raise BadValueError("is none: copy it from the project's settings at Sentry, https://KEY@HOST/NUMBER")
    return value


MONITORING_VARIABLES = (
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
    Variable(
        "METRICS_HOST",
        ip_address,
        "The IP address on which METRICS_PORT listens. 0.0.0.0 lets other machines or containers read it.",
        default="127.0.0.1",
    ),
)

LOG_VARIABLES = (
    Variable("LOG_LEVEL", log_level, "DEBUG, INFO, WARNING or ERROR.", default="INFO"),
    Variable(
        "LOG_FORMAT",
        log_format,
        "json (a line is an object; prod's default) or plain (for people; the default elsewhere).",
        example="json",
    ),
    Variable(
        "LOG_CLIENT_IP",
        one_of("hash", "full", "none"),
        "The client's address in each request's line: hash (a number that changes daily and says nothing without the"
        " secret key), full, or none.",
        default="hash",
    ),
    Variable(
        "LOG_DIR",
        writable_folder,
        "A folder for log files, one for each day. Without it all goes to the standard output.",
        example="/var/log/foodmood",
    ),
    Variable(
        "LOG_KEEP_DAYS",
        whole_number(1, 36_500, otherwise="keep nothing"),
        "For how many days the files in LOG_DIR are kept.",
        default="30",
    ),
)

SENTRY_VARIABLES = (
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
)
