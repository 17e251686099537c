"""What a platform does with what is pushed to it: builds it in a clean folder, releases it, and runs its processes.

As Heroku's buildpack for Python does, and those who follow it; without its containers.
"""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.env import BASE_DIR
from tests.foodmood.processes import signal_all, until

HONCHO = Path(sys.executable).parent / "honcho"
SECONDS_TO_STOP = 30  # then platforms kill


@dataclass
class App:
    """`config` are its variables: those that app.json asks for, and those that add-ons bring."""

    folder: Path
    config: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What each process of the platform has, whatever this machine's processes have."""
        return {
            "HOME": str(self.folder),
            "LANG": "en_US.UTF-8",
            "PATH": f"{self.folder}/.heroku/python/bin:/usr/local/bin:/usr/bin:/bin",
            "PYTHONUNBUFFERED": "true",
            "WEB_CONCURRENCY": "2",
        }

    def receive(self) -> None:
        """What `git push` brings: nothing but what is committed."""
        pushed = subprocess.run(["git", "archive", "HEAD"], cwd=BASE_DIR, capture_output=True, check=True)  # noqa: S607 -- git is on every PATH
        self.folder.mkdir()
        subprocess.run(["tar", "-x"], cwd=self.folder, input=pushed.stdout, check=True)  # noqa: S607 -- as above

    def build(self) -> None:
        """A Python of its own, what requirements.txt asks for, and static files: neither variables nor a database."""
        python = self.folder / ".heroku/python"
        subprocess.run([sys.executable, "-m", "venv", python], check=True)  # noqa: S603 -- our own
        # With this machine's way to packages: its index, its cache.
        requirements = ["-m", "pip", "install", "--quiet", "--no-input", "-r", "requirements.txt"]
        subprocess.run([python / "bin/python", *requirements], cwd=self.folder, check=True)  # noqa: S603 -- our own
        assert self.run("python", "manage.py", "collectstatic", "--noinput", "--traceback")

    def create(self, **given: str) -> None:
        """Sets the variables of app.json; `given` is what somebody types, and what add-ons bring."""
        for name, wanted in json.loads((self.folder / "app.json").read_text())["env"].items():
            if wanted.get("generator") == "secret":
                self.config[name] = secrets.token_hex(32)
            elif "value" in wanted:
                self.config[name] = wanted["value"]
            else:
                self.config[name] = given[name]
        self.config |= given

    def run(self, *command: str) -> bool:
        """A command in a container of its own; whether it ended well."""
        environment = self.environment | self.config
        return subprocess.run(command, cwd=self.folder, env=environment, check=False).returncode == 0  # noqa: S603 -- our own

    def release(self) -> None:
        assert self.run(str(HONCHO), "start", "release")

    @contextmanager
    def process(self, name: str, port: int) -> Iterator[None]:
        """One of the Procfile's. Afterwards it is told to stop, and has to, with all that it started."""
        log = self.folder / f"{name}.log"
        environment = self.environment | self.config | {"PORT": str(port)}
        with log.open("w") as output:
            honcho = subprocess.Popen(  # noqa: S603 -- our own
                [HONCHO, "start", "--no-colour", name],
                cwd=self.folder,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            until(lambda: bool(_started(log)), f"{name} to start")
            yield
            for pid in _started(log):  # it alone, not its children: a container has one process that is told
                os.kill(pid, signal.SIGTERM)
            honcho.wait(timeout=SECONDS_TO_STOP)  # for as long as anything holds its output
            assert f"{name}.1 stopped (rc=0)" in log.read_text()
        finally:
            print(log.read_text())
            signal_all(honcho, signal.SIGKILL)
            honcho.wait()
            for pid in _started(log):
                with suppress(ProcessLookupError):  # all are gone already
                    os.killpg(pid, signal.SIGKILL)


def _started(log: Path) -> list[int]:
    """The ids of the processes that honcho started, each with a group of its own."""
    return [int(pid) for pid in re.findall(r"started \(pid=(\d+)\)", log.read_text())]
