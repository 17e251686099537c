"""gunicorn's processes die, or make room for the next version's, while twenty people write."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.config.test_gunicorn import free_port
from tests.faults.conftest import Trial
from tests.foodmood.processes import children, until
from tests.services import program

KILLS = 3
DEPLOYMENTS = 2

# Twice the same site, of which one runs; between two versions both do. Sending a form again is safe: it acts once.
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log; {user}
events {{ worker_connections 512; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    upstream site {{
        server 127.0.0.1:{first} max_fails=0; server 127.0.0.1:{second} max_fails=0; keepalive 16;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://site; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_next_upstream error timeout non_idempotent;
        }}
    }}
}}
"""


def test_a_worker_that_is_killed_costs_no_write(trial: Trial) -> None:
    port = free_port()
    with trial.site.server(port) as master, trial.writing(f"http://127.0.0.1:{port}") as writers:
        for _ in range(KILLS):
            until(lambda: len(children(master)) == 2, "two workers")
            os.kill(children(master)[0], signal.SIGKILL)
            killed = time.monotonic()
            writers.one_after(killed)
        writers.go_on()
    trial.whole(f"A web worker is killed, {KILLS} times", writers, killed)
    assert writers.seen["503"] == 0


def test_a_deployment_behind_a_proxy_that_tries_again_fails_no_request(trial: Trial) -> None:
    ports = [free_port(), free_port()]
    with ExitStack() as running:
        address = running.enter_context(proxy(trial, *ports))
        old = running.enter_context(trial.site.server(ports[0]))
        writers = running.enter_context(trial.writing(address))
        for number in range(1, DEPLOYMENTS + 1):
            new = running.enter_context(trial.site.server(ports[number % 2]))
            old.send_signal(signal.SIGTERM)
            told = time.monotonic()
            assert old.wait(timeout=60) == 0
            old = new
            writers.go_on()
        writers.stop()
    trial.whole(f"SIGTERM to gunicorn while the next takes over, {DEPLOYMENTS} times", writers, told)
    assert not writers.seen, writers.last_error


@contextmanager
def proxy(trial: Trial, first: int, second: int) -> Iterator[str]:
    port, folder = free_port(), trial.site.folder
    configuration = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""  # its folder is this user's
    configuration.write_text(NGINX.format(folder=folder, port=port, first=first, second=second, user=user))
    with subprocess.Popen([program("nginx"), "-c", str(configuration)]) as process:  # noqa: S603 -- our own command
        try:
            until((folder / "nginx.pid").exists, "nginx to start")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
