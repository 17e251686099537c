"""An authority of our own: pebble, which asks at port 80 before it signs, as Let's Encrypt does; and certbot."""

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from ssl import create_default_context

from tests.config.test_gunicorn import free_port
from tests.foodmood.processes import until
from tests.services import program


@dataclass(frozen=True)
class Authority:
    folder: Path
    port: int
    management: int

    @property
    def own_certificate(self) -> Path:
        """Of its own address, for certbot."""
        return self.folder / "pebble.crt"

    @property
    def root(self) -> Path:
        """What issues are verified with."""
        return self.folder / "root.pem"

    def certbot(self, *arguments: str) -> str:
        """What the guide tells to type, with folders of its own."""
        folders = {"config": "letsencrypt", "work": "certbot-work", "logs": "certbot-logs"}
        done = subprocess.run(  # noqa: S603 -- our own command
            [
                program("certbot"),
                *arguments,
                "--non-interactive",
                f"--server=https://127.0.0.1:{self.port}/dir",
                *(f"--{kind}-dir={self.folder / name}" for kind, name in folders.items()),
            ],
            env=os.environ | {"REQUESTS_CA_BUNDLE": str(self.own_certificate)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


@contextmanager
def authority(folder: Path, asks_at: int) -> Iterator[Authority]:
    """Runs within. Every name is this machine, and port 80 is `asks_at`."""
    made = Authority(folder, free_port(), free_port())
    dns, dns_management = free_port(), free_port()
    key = folder / "pebble.key"
    subprocess.run(  # noqa: S603 -- our own command
        [
            *(program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=pebble"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made.own_certificate)),
        ],
        capture_output=True,
        check=True,
    )
    settings = {
        "listenAddress": f"127.0.0.1:{made.port}",
        "managementListenAddress": f"127.0.0.1:{made.management}",
        "certificate": str(made.own_certificate),
        "privateKey": str(key),
        "httpPort": asks_at,
        "tlsPort": free_port(),  # nothing is there
    }
    (folder / "pebble.json").write_text(json.dumps({"pebble": settings}))
    nowhere = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""]
    names = [f"-dns01=127.0.0.1:{dns}", f"-management=127.0.0.1:{dns_management}", *nowhere]
    # It waits at random, and refuses good requests at random: clients should stand that. Ours is Debian's to mend.
    calm = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"}
    with (folder / "pebble.log").open("w") as log, ExitStack() as running:
        for command in (
            [program("pebble-challtestsrv", "pebble"), *names],
            [program("pebble"), "-config", str(folder / "pebble.json"), "-dnsserver", f"127.0.0.1:{dns}"],
        ):
            process = running.enter_context(
                subprocess.Popen(  # noqa: S603 -- our own command
                    command, stdout=log, stderr=log, env=os.environ | calm
                )
            )
            running.callback(process.terminate)
        until(lambda: _root(made), "pebble to start")
        yield made


def _root(made: Authority) -> bool:
    context = create_default_context(cafile=str(made.own_certificate))
    try:
        with urllib.request.urlopen(f"https://127.0.0.1:{made.management}/roots/0", context=context) as answer:
            made.root.write_bytes(answer.read())
    except OSError:
        return False
    return True
