"""Run docker-compose.prod.yml: our services from our images, as the file says; in place of others' images Debian's
PostgreSQL and Redis, with the file's own commands. All in a network of its own, so that every port is as it is there.
"""

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.env import BASE_DIR
from tests.delivery.docker.images import Image, Images
from tests.delivery.network import own_network
from tests.deploy.compose import HOST, composed
from tests.faults.postgres import programs
from tests.foodmood.processes import children, until
from tests.services import needed, program

SERVICES = ("web", "worker", "pgbouncer", "postgres", "redis")


@dataclass
class Site:
    """`folder` is what the server has of the project: secrets, volumes, `.env`."""

    folder: Path
    images: Images
    services: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.services = composed("docker-compose.prod.yml", FOODMOOD_HOST=HOST)["services"]
        (self.folder / "hosts").write_text(f"127.0.0.1 localhost {' '.join(SERVICES)}\n")
        (self.folder / "volumes").mkdir()
        script = self.folder / "deploy" / "docker" / "new-secrets"
        script.parent.mkdir(parents=True)
        shutil.copy(BASE_DIR / "deploy" / "docker" / "new-secrets", script)
        subprocess.run([script], check=True)  # noqa: S603 -- our own

    # --- what is ours

    def image(self, service: str) -> Image:
        return self.images.pgbouncer if service == "pgbouncer" else self.images.foodmood

    def command(self, service: str, *command: str) -> list[str]:
        said = self.services[service]
        mounts = {f"/run/secrets/{name}": self.folder / "secrets" / name for name in said["secrets"]}
        for volume in said.get("volumes", []):
            outside, inside, *_how = volume.split(":")
            mounts[inside] = BASE_DIR / outside if outside.startswith(".") else self._volume(outside, inside)
        return self.image(service).command(
            command or said.get("command", ()),
            environment=said.get("environment", {}),
            mounts=mounts | {"/etc/hosts": self.folder / "hosts"},
            writable=not said["read_only"],
        )

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 -- our own image
            self.command(service, *command), capture_output=True, text=True, check=False
        )

    def health_check(self, service: str) -> list[str]:
        kind, *command = map(str, self.services[service]["healthcheck"]["test"])
        assert kind == "CMD"
        return command

    def is_well(self, service: str) -> bool:
        return self.run(service, *self.health_check(service)).returncode == 0

    @contextmanager
    def started(self, service: str) -> Iterator["subprocess.Popen[bytes]"]:
        with self._process(service, self.command(service)) as process:
            yield process

    @contextmanager
    def up(self, service: str) -> Iterator["subprocess.Popen[bytes]"]:
        with self.started(service) as process:
            until(lambda: self.is_well(service) or process.poll() is not None, f"{service} to be well")
            assert process.poll() is None, self.log(service)
            yield process

    def log(self, service: str) -> str:
        return (self.folder / f"{service}.log").read_text()

    def _volume(self, name: str, inside: str) -> Path:
        """A new one belongs to whom the image's folder belongs."""
        volume = self.folder / "volumes" / name
        if not volume.exists():
            model = (self.images.foodmood.root / inside.lstrip("/")).stat()
            volume.mkdir(mode=model.st_mode & 0o777)
            os.chown(volume, model.st_uid, model.st_gid)
        return volume

    # --- what others publish

    @contextmanager
    def postgres(self) -> Iterator[None]:
        """With the roles that the file lets PostgreSQL's image make."""
        where = programs()
        needed(where, "No PostgreSQL server is installed.")
        assert where
        data = Path(tempfile.mkdtemp(prefix="foodmood-postgres-"))
        shutil.chown(data, "postgres")
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        initdb = [str(where / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        try:
            subprocess.run(  # noqa: S603 -- Debian's own
                [*as_postgres, *initdb, "--locale=C.UTF-8", "--auth-host=scram-sha-256"],
                check=True,
                capture_output=True,
                cwd="/",
            )
            _postgres, *options = self.services["postgres"]["command"]
            command = [*as_postgres, str(where / "postgres"), "-D", str(data), *options, "-k", str(data)]
            mounts = {"/etc/postgresql": BASE_DIR / "deploy" / "postgres"}
            with self._process("postgres", _mounted(mounts, command)) as server:
                until(lambda: self.is_well_on_this_machine("postgres"), "PostgreSQL to start")
                mounts["/run/secrets"] = self.folder / "secrets"
                script = [f"PGHOST={data}", str(BASE_DIR / "deploy" / "docker" / "postgres-roles.sh")]
                subprocess.run(_mounted(mounts, ["env", *script]), check=True)  # noqa: S603 -- our own
                yield
                server.send_signal(signal.SIGINT)
                server.wait(60)
        finally:
            shutil.rmtree(data)

    @contextmanager
    def redis(self) -> Iterator[None]:
        server, *options = self.services["redis"]["command"]
        command = [program(server), *options, "--dir", str(self.folder)]
        with self._process("redis", command):
            until(lambda: self.is_well_on_this_machine("redis"), "Redis to start")
            yield

    def is_well_on_this_machine(self, service: str) -> bool:
        _cmd, *test = self.services[service]["healthcheck"]["test"]
        return subprocess.run(test, capture_output=True, check=False).returncode == 0  # noqa: S603 -- of our own file

    @contextmanager
    def _process(self, service: str, command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
        with (
            (self.folder / f"{service}.log").open("ab") as log,
            subprocess.Popen(command, stdout=log, stderr=log, cwd="/") as process,  # noqa: S603 -- our own
        ):
            try:
                yield process
            finally:
                if process.poll() is None:
                    # With the first process of a container go all that are in it.
                    for number in children(process):
                        os.kill(number, signal.SIGKILL)
                    process.kill()


def stop(process: "subprocess.Popen[bytes]") -> int:
    """As an engine does; the exit status."""
    os.kill(children(process)[0], signal.SIGTERM)
    return process.wait(60)


def _mounted(mounts: dict[str, Path], command: list[str]) -> list[str]:
    """The command, which finds `mounts` where a container would, and so does nobody else."""
    lines = ["set -e", "mount -t tmpfs tmpfs /run", "mkdir /run/secrets"] if "/run/secrets" in mounts else ["set -e"]
    lines += [f"mount --bind {outside} {inside}" for inside, outside in mounts.items()]
    return ["unshare", "--mount", "sh", "-c", "\n".join([*lines, f"exec {shlex.join(command)}"])]


@contextmanager
def site(folder: Path, images: Images) -> Iterator[Site]:
    """A new server on which everything but web and worker is up."""
    with own_network(), ExitStack() as stack:
        new = Site(folder, images)
        stack.enter_context(new.postgres())
        stack.enter_context(new.redis())
        stack.enter_context(new.up("pgbouncer"))
        released = new.run("release")
        assert released.returncode == 0, released.stderr
        yield new
