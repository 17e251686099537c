"""How `DJANGO_ENV=prod gunicorn config.wsgi` serves. Everything that varies comes from the environment."""

import os
from typing import Any

import gunicorn

from config.env import load, start
from foodmood.telemetry import processes

start("prod")
_env = load()  # a wrong environment stops here, once, before any worker starts

bind = _env["BIND"] or [f"0.0.0.0:{_env['PORT']}"]
if _env["METRICS_PORT"]:
    _host = _env["METRICS_HOST"]
    bind.append(f"[{_host}]:{_env['METRICS_PORT']}" if ":" in _host else f"{_host}:{_env['METRICS_PORT']}")
worker_class = "foodmood.web_worker.Worker"
workers = _env["WEB_CONCURRENCY"]
threads = _env["WEB_THREADS"]

timeout = _env["WEB_TIMEOUT"]
graceful_timeout = _env["WEB_GRACEFUL_TIMEOUT"]
keepalive = _env["WEB_KEEPALIVE"]
max_requests = _env["WEB_MAX_REQUESTS"]
max_requests_jitter = max_requests // 10  # so that workers do not leave together

# Whoever may set X-Forwarded-*: nobody, unless a proxy of ours is declared to stand in front.
forwarded_allow_ips = "*" if _env["TRUSTED_PROXY_COUNT"] else ""
# SCRIPT_NAME and PATH_INFO are no header: whoever sends them would write the links in our mails.
forwarder_headers = ""
control_socket_disable = True

if os.access("/dev/shm", os.W_OK):  # noqa: S108 -- memory, so that a heartbeat never waits for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108 -- as above

gunicorn.SERVER = "FoodMood"  # which server this is helps nobody but an attacker
logger_class = "foodmood.telemetry.gunicorn_log.Log"
loglevel = _env["LOG_LEVEL"].lower()
accesslog = None  # it would hold what people look for; the proxy in front has one of its own

# prometheus_client reads it when a worker first imports it: its processes count together.
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={processes.share()}"]


def child_exit(_server: object, worker: Any) -> None:
    processes.gather(worker.pid)


def on_exit(_server: object) -> None:
    processes.forget()
