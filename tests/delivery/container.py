"""nginx as docker-compose.prod.yml runs it: its main file, its tmpfs, its volumes; on ports of its own."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from config.env import BASE_DIR
from tests.delivery.nginx import Front
from tests.deploy.compose import HOST, composed
from tests.foodmood.processes import until
from tests.services import needed

UNITS = {"k": 2**10, "m": 2**20, "g": 2**30}
# So that a test can be many clients.
CLIENTS = "set_real_ip_from 127.0.0.1; real_ip_header X-Test-Client;"


@cache
def service() -> dict[str, Any]:
    """What the compose file says of nginx."""
    found: dict[str, Any] = composed("docker-compose.prod.yml", FOODMOOD_HOST=HOST)["services"]["nginx"]
    return found


@dataclass(frozen=True)
class Container(Front):
    """`folder` stands for the container's root. Every tmpfs is one, so what is in it can be measured."""

    @property
    def memory(self) -> int:
        """Its limit, in bytes."""
        limit = str(service()["mem_limit"])
        return int(limit[:-1]) * UNITS[limit[-1]]

    def prepare(self) -> None:
        needed(os.geteuid() == 0, "Only root may mount a tmpfs here.")
        super().prepare()
        (self.folder / "conf.d" / "brotli.conf").unlink(missing_ok=True)  # the image has no such module
        main = self.here((BASE_DIR / "deploy" / "docker" / "nginx.conf").read_text())
        for inside in ("/var/cache/nginx", "/var/log/nginx", "/run/", "/etc/nginx/conf.d"):
            main = main.replace(inside, f"{self.folder}{inside}")
        main = main.replace("user nginx;", "user root; daemon off;")  # the folder is this user's
        main = main.replace("    access_log off;", f"    access_log off; {CLIENTS}")
        self.configuration.write_text(main.replace(f"{self.folder}/etc/nginx/conf.d", f"{self.folder}/conf.d"))

    def _listens(self) -> bool:
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", self.https)) == 0

    @contextmanager
    def contained(self) -> Iterator["Running"]:
        """In a mount namespace of its own, with each tmpfs that the file asks for."""
        tmpfs = [str(each).partition(":") for each in service()["tmpfs"]]
        lines = ["set -e"]
        for inside, _, options in tmpfs:
            place = f"{self.folder}{inside}"
            lines += [f"mkdir -p {place}", f"mount -t tmpfs {f'-o {options}' if options else ''} tmpfs {place}"]
        for volume in service()["volumes"]:
            outside, inside, *_how = str(volume).split(":")
            lines += [] if outside.startswith(".") else [f"mkdir -p {self.folder}{inside}"]
        lines.append(f"exec {' '.join(self.command)}")
        with (
            (self.folder / "said").open("w") as said,
            subprocess.Popen(["unshare", "--mount", "sh", "-c", "\n".join(lines)], stdout=said, stderr=said) as process,  # noqa: S603, S607 -- our own
        ):
            running = Running(process.pid, [f"{self.folder}{inside}" for inside, _, _ in tmpfs])
            try:
                until(lambda: len(running.processes()) > 1 or process.poll() is not None, "nginx to start")
                assert process.poll() is None, (self.folder / "said").read_text()
                until(self._listens, "nginx to listen")
                yield running
            finally:
                process.terminate()


@dataclass(frozen=True)
class Running:
    """`main` is nginx's first process."""

    main: int
    tmpfs: list[str]

    def processes(self) -> list[int]:
        children = Path(f"/proc/{self.main}/task/{self.main}/children")
        return [self.main, *map(int, children.read_text().split())]

    def memory(self) -> int:
        """What its processes and every tmpfs hold, in bytes: what the container's limit counts and can't reclaim."""
        held = 0
        for process in self.processes():
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            held += 1024 * int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1])  # type: ignore[index] # always there
        for place in self.tmpfs:
            status = os.statvfs(f"/proc/{self.main}/root{place}")
            held += (status.f_blocks - status.f_bfree) * status.f_frsize
        return held
