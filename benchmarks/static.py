"""What a style sheet costs: from nginx's disk, as deploy/nginx has it, and from gunicorn, by way of whitenoise.

python -m benchmarks.static [--rounds 3] [--seconds 3]

Both compressed, both with two processes, in turn. nginx has TLS to do besides, as it has for browsers.
"""

import argparse
import json
import os
import subprocess
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.clock import table
from benchmarks.load import WRK, load
from tests.config.test_gunicorn import free_port
from tests.delivery.nginx import HOST, Front, site
from tests.foodmood.processes import Site
from tests.services import program

CLIENTS = 32
NGINX, WHITENOISE = "nginx, over TLS", "whitenoise, plain http"


def run(*, rounds: int, seconds: int) -> None:
    if WRK is None:
        print("Left out: wrk is not installed (Debian: apt install wrk).")
        return
    with tempfile.TemporaryDirectory(prefix="foodmood-bench-") as name:
        folder = Path(name)
        made = site(folder)
        made.environment["WEB_CONCURRENCY"] = "2"
        _run(made, Front(folder, free_port(), "localhost"), rounds=rounds, seconds=seconds)


def _run(made: Site, front: Front, *, rounds: int, seconds: int) -> None:
    front.prepare()
    _sign_for(front)
    for name in ("10-foodmood.conf", "20-foodmood-tls.conf"):
        front.install(name)
    sheet = json.loads((made.folder / "static" / "staticfiles.json").read_text())["paths"]["css/foodmood.css"]
    forwarded = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    gzip = {"Accept-Encoding": "gzip"}
    with front.running(), made.server(front.upstream):
        candidates = {
            NGINX: partial(load, f"https://localhost:{front.https}/static/{sheet}", headers=gzip),
            WHITENOISE: partial(load, f"http://127.0.0.1:{front.upstream}/static/{sheet}", headers=gzip | forwarded),
        }
        taken = [
            {name: ask(clients=CLIENTS, seconds=seconds) for name, ask in candidates.items()} for _ in range(rounds)
        ]
    rows = [
        (
            name,
            f"{median(each[name].per_second for each in taken):,.0f}",
            f"{median(each[name].p99 for each in taken):,.1f}",
            f"{median(each[name].per_second / each[WHITENOISE].per_second for each in taken):,.1f}",
        )
        for name in candidates
    ]
    title = f"{sheet} for {CLIENTS} clients, {rounds} rounds on {os.cpu_count()} processors"
    table(title, ("", "requests/s", "p99, ms", "of whitenoise"), rows)


def _sign_for(front: Front) -> None:
    """A certificate that nobody believes; its key is of the kind that certbot makes."""
    live = front.folder / "letsencrypt" / "live" / front.host
    live.mkdir(parents=True)
    subprocess.run(  # noqa: S603 -- our own command
        [
            *(
                program("openssl"),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-subj", f"/CN={front.host}", "-keyout", str(live / "privkey.pem"), "-out", str(live / "fullchain.pem")),
        ],
        capture_output=True,
        check=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What a style sheet costs.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    options = parser.parse_args()
    run(rounds=options.rounds, seconds=options.seconds)
