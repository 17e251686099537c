"""The port without a token is open to this machine, unless the operator says otherwise."""

import re
import subprocess

import pytest

from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT, GUNICORN


@pytest.mark.parametrize(
    ("host", "bound"),
    [("", "127.0.0.1:9100"), ("0.0.0.0", "0.0.0.0:9100"), ("::1", "[::1]:9100")],  # noqa: S104 -- an operator's choice
)
def test_metrics_port_listens_on_loopback_by_default(host: str, bound: str) -> None:
    done = subprocess.run(  # noqa: S603 -- our own server
        [GUNICORN, "--print-config", "config.wsgi"],
        cwd=BASE_DIR,
        env=ENVIRONMENT | {"DATABASE_URL": "postgres://h/unused", "METRICS_PORT": "9100", "METRICS_HOST": host},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert bound in re.findall(r"'([^']+)'", re.findall(r"^bind .*$", done.stdout, re.MULTILINE)[0])
