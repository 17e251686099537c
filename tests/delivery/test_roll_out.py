"""`deploy/roll-out`: a tag becomes the running site; one that does not come up well gives way to the version before.

Git, curl, the files of each version and the FoodMood that answers are real; in place of Docker stands a program that
starts processes (docker_stand_in.py).
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.env import BASE_DIR
from tests.config.test_gunicorn import ENVIRONMENT, free_port
from tests.services import program

HOST = ENVIRONMENT["DJANGO_ALLOWED_HOSTS"]
STAND_IN = Path(__file__).with_name("docker_stand_in.py")


def run(
    *command: str | Path, cwd: Path, env: dict[str, str] | None = None, check: bool = True
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=env, check=check, capture_output=True, text=True, timeout=300)  # noqa: S603 -- our own commands


@dataclass(frozen=True)
class Project:
    """Where versions are made."""

    folder: Path

    def git(self, *arguments: str) -> None:
        name = ["-c", "user.name=Alice", "-c", "user.email=alice@example.org", "-c", "core.hooksPath=/dev/null"]
        run(program("git"), *name, *arguments, cwd=self.folder)

    def release(self, version: str, changed: str = "CHANGELOG.md", line: str = "Changed.") -> None:
        """A version in which this line is added to one file."""
        with (self.folder / changed).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", version)
        self.git("tag", version)

    def back_to(self, version: str) -> None:
        self.git("checkout", "--quiet", version)


@dataclass(frozen=True)
class Server:
    folder: Path
    environment: dict[str, str]

    def roll_out(self, version: str, **environment: str) -> subprocess.CompletedProcess[str]:
        script = self.folder / "deploy" / "roll-out"
        return run(
            script,
            *([version] if version else []),
            cwd=self.folder.parent,
            env=self.environment | environment,
            check=False,
        )

    def serves(self) -> str:
        """The version whose process answers. It is asked over TLS, as people ask."""
        run(program("curl"), "--silent", "--fail", f"https://{HOST}/ready/", cwd=self.folder, env=self.environment)
        return (self.folder / "web.version").read_text().strip()

    def process(self) -> int:
        return int((self.folder / "web.pid").read_text())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    folder = tmp_path / "project"
    listed = run(program("git"), "ls-files", "--cached", "--others", "--exclude-standard", cwd=BASE_DIR)
    for name in filter(str.strip, listed.stdout.splitlines()):
        if not name.startswith("tests/") and (BASE_DIR / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(BASE_DIR / name, folder / name)
    made = Project(folder)
    made.git("init", "--quiet")
    made.release("v1.0.0")
    return made


@pytest.fixture
def server(project: Project, tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "server"
    run(program("git"), "clone", "--quiet", str(project.folder), str(folder), cwd=tmp_path)
    key = {name: ENVIRONMENT[name] for name in ("DJANGO_SECRET_KEY", "DJANGO_ALLOWED_HOSTS")}
    settings = {"FOODMOOD_HOST": HOST, "DATABASE_URL": f"sqlite:///{tmp_path}/diary.sqlite3", "DJANGO_ENV": "prod"}
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in (key | settings).items()))
    made = Server(folder, _environment(tmp_path))
    yield made
    for name in ("web.pid", "worker.pid"):
        if (folder / name).exists():
            os.kill(int((folder / name).read_text()), signal.SIGTERM)


def _environment(folder: Path) -> dict[str, str]:
    """In which `docker` is the stand-in, and the site's name leads to this machine."""
    programs = folder / "bin"
    programs.mkdir()
    (programs / "docker").write_text(f'#!/bin/sh\nexec {sys.executable} {STAND_IN} "$@"\n')
    (programs / "docker").chmod(0o755)
    certificate, port = folder / "site.pem", free_port()
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    names = ["-addext", f"subjectAltName=DNS:{HOST}"]
    run(program("openssl"), "req", *options, *names, "-keyout", certificate, "-out", folder / "crt", cwd=folder)
    certificate.write_text(certificate.read_text() + (folder / "crt").read_text())
    (folder / ".curlrc").write_text(f'connect-to = "::127.0.0.1:{port}"\ncacert = {certificate}\n')
    return {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "CURL_HOME": str(folder),
        "STAND_IN_PORT": str(port),
        "STAND_IN_TLS": str(certificate),
        "WEB_CONCURRENCY": "1",
    }


def test_a_tag_becomes_the_running_site_and_a_bad_one_gives_way_to_the_version_before(
    project: Project, server: Server
) -> None:
    first = server.roll_out("v1.0.0")
    assert first.returncode == 0, first.stdout + first.stderr
    assert server.serves() == "v1.0.0"

    # An SSH key that may do nothing else names the version in its own way.
    project.release("v1.1.0")
    second = server.roll_out("", SSH_ORIGINAL_COMMAND="v1.1.0")
    assert second.returncode == 0, second.stdout + second.stderr
    assert server.serves() == "v1.1.0"
    before = server.process()

    project.release("v1.2.0", "config/urls.py", "raise RuntimeError")
    unready = server.roll_out("v1.2.0")
    assert unready.returncode == 1
    assert "v1.2.0 did not come up well: v1.1.0 is up again." in unready.stderr
    assert server.serves() == "v1.1.0"

    project.back_to("v1.1.0")
    project.release("v1.3.0", "templates/account/login.html", "{% nonsense %}")
    broken = server.roll_out("v1.3.0")
    assert broken.returncode == 1
    assert "The requested URL returned error: 500" in broken.stderr
    assert server.serves() == "v1.1.0"
    assert server.process() != before
    assert "FOODMOOD_VERSION=v1.1.0\n" in (server.folder / ".env").read_text()


def test_a_version_whose_worker_is_not_well_gives_way_though_its_pages_are(project: Project, server: Server) -> None:
    assert server.roll_out("v1.0.0").returncode == 0
    project.release("v1.1.0", "foodmood/management/commands/worker_ready.py", "raise RuntimeError")
    unwell = server.roll_out("v1.1.0")
    assert unwell.returncode == 1
    assert "v1.1.0 did not come up well: v1.0.0 is up again." in unwell.stderr
    assert server.serves() == "v1.0.0"


def test_nginx_and_pgbouncer_start_anew_only_if_a_version_configures_them_otherwise(
    project: Project, server: Server
) -> None:
    server.roll_out("v1.0.0")
    (server.folder / "docker.log").unlink()
    project.release("v1.1.0")
    server.roll_out("v1.1.0")
    assert "restart" not in (server.folder / "docker.log").read_text()
    project.release("v1.2.0", "deploy/nginx/templates/10-foodmood.conf.template", "# Changed.")
    server.roll_out("v1.2.0")
    assert "restart nginx pgbouncer\n" in (server.folder / "docker.log").read_text()


@pytest.mark.parametrize("version", ["", "main", "v1.0.0; rm -rf /", "--help"])
def test_what_is_no_version_is_refused(version: str, tmp_path: Path) -> None:
    alone = tmp_path / "deploy" / "roll-out"  # no clone is about it that it could change
    alone.parent.mkdir()
    shutil.copy(BASE_DIR / "deploy" / "roll-out", alone)
    done = run(alone, version, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert "Which version?" in done.stderr
