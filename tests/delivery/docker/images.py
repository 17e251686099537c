"""Our images, built from their Dockerfile and run as a container engine runs them, where there is none: by buildah, and
in namespaces of their own. What they stand on, Debian, is laid out by its own installer.
"""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.env import BASE_DIR
from tests.delivery.debian import FOLDER, pip_here
from tests.services import program

BASE = "localhost/debian:trixie-slim"  # where a short name is looked for first
LABELS = {"VERSION": "1.2.3", "REVISION": "0123456789abcdef", "CREATED": "2026-03-01T08:00:00Z"}


@dataclass(frozen=True)
class Image:
    """`root` holds its files; `config` is what it says of how it is run."""

    root: Path
    config: dict[str, Any]

    @property
    def environment(self) -> dict[str, str]:
        return dict(variable.split("=", 1) for variable in self.config["Env"])

    def command(
        self,
        command: Sequence[str] = (),
        *,
        environment: Mapping[str, str] | None = None,
        mounts: Mapping[str, Path] | None = None,
        writable: bool = False,
    ) -> list[str]:
        """Runs the image's command, or this one, as the image's user: on its files, which it can't change unless
        `writable`, with nothing of this machine but its network and `mounts`, as the first process it sees, and with
        no right to become anybody else.
        """
        root, config = str(self.root), self.config
        lines = [
            f"mount --bind {root} {root}",
            f"mount -t tmpfs tmpfs {root}/run",
            f"mount -t tmpfs -o mode=1777 tmpfs {root}/tmp",  # noqa: S108 -- the container's
            f"mount -t proc proc {root}/proc",
            f"mount --rbind /dev {root}/dev",
            f"mount -t tmpfs -o mode=1777 tmpfs {root}/dev/shm",  # noqa: S108 -- as above
        ]
        for inside, outside in (mounts or {}).items():
            place = f"{root}{inside}"
            make = f"mkdir -p {place}" if outside.is_dir() else f"mkdir -p {Path(place).parent}; touch {place}"
            lines += [make, f"mount --bind {outside} {place}"]
        if not writable:
            lines += [f"mount -o remount,bind,ro {root}"]
        variables = [f"{name}={value}" for name, value in (self.environment | dict(environment or {})).items()]
        user = config["User"]
        inner = [
            *("setpriv", "--no-new-privs", "--bounding-set=-all,+sys_chroot,+setuid,+setgid"),
            *("chroot", f"--userspec={user}", "--groups=", root),
            *("/usr/bin/env", "--ignore-environment", f"--chdir={config['WorkingDir'] or '/'}", *variables),
            *(command or config["Cmd"]),
        ]
        script = "\n".join(["set -e", *lines, f"exec {shlex.join(inner)}"])
        return ["unshare", "--mount", "--pid", "--fork", "sh", "-c", script]

    def run(self, *command: str, **how: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(command, **how), capture_output=True, text=True, check=False)  # noqa: S603 -- our own image

    def files(self, *folders: str) -> Iterator[Path]:
        for folder in folders:
            yield from (self.root / folder).rglob("*")


class Buildah:
    """Its own store of images, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # In namespaces of their own, with which every mount ends that it makes.
        self._command = ["unshare", "--mount", program("buildah"), "--root", str(folder / "store")]
        self._command += ["--runroot", str(folder / "run")]

    def __call__(self, *arguments: str) -> str:
        return self._done([*self._command, *arguments])

    def take_in(self, files: Path, name: str) -> None:
        container = self("from", "scratch")
        self("add", "--quiet", container, str(files), "/")
        self("commit", "--quiet", "--rm", container, name)

    def build(self, dockerfile: str, name: str) -> Image:
        self(
            *("build", "--quiet", "--pull-never", "--format=docker", f"--file=deploy/docker/{dockerfile}"),
            *(f"--build-arg={key}={value}" for key, value in LABELS.items()),
            *_as_pip_is_here(),
            *(f"--tag={name}", "."),
        )
        config = json.loads(self("inspect", "--type=image", name))["Docker"]["config"]
        return Image(self._laid_out(name), config)

    def _laid_out(self, name: str) -> Path:
        root = self._folder / name
        shutil.rmtree(root, ignore_errors=True)
        buildah = shlex.join(self._command[2:])
        copy = f'container=$({buildah} from --pull-never {name}); cp --archive "$({buildah} mount "$container")" {root}'
        self._done(["unshare", "--mount", "sh", "-e", "-c", copy])
        return root

    def _done(self, command: list[str]) -> str:
        done = subprocess.run(  # noqa: S603 -- our own command
            command,
            cwd=BASE_DIR,
            env=os.environ | {"BUILDAH_ISOLATION": "chroot"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{shlex.join(command)}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout.strip()


def _as_pip_is_here() -> list[str]:
    """For the build alone; the Dockerfile knows nothing of it."""
    text, files = pip_here()
    conf = FOLDER / "pip.conf"
    conf.write_text(text)
    return [f"--volume={outside}:{inside}:ro" for inside, outside in (files | {"/etc/pip.conf": conf}).items()]


@dataclass(frozen=True)
class Images:
    foodmood: Image
    pgbouncer: Image
