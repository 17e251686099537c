"""A production site on SQLite, its web and its worker, within a limit of memory where this machine can set one."""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.browser import SITE
from benchmarks.served import Memory, Server, Site
from tests.config.test_gunicorn import ENVIRONMENT

CGROUPS = Path("/sys/fs/cgroup")
MEGABYTE = 2**20


@dataclass
class Limit:
    """Of the memory of a group of processes: a cgroup, or none if this user can't make one."""

    group: Path | None
    kind: str

    def start(self) -> list[str]:
        """The command that starts another within the limit."""
        if self.group is None:
            return []
        return ["/bin/sh", "-c", 'echo $$ >"$0" && exec "$@"', str(self.group / "cgroup.procs")]

    def kills(self) -> int:
        """How many processes the kernel killed in it."""
        if self.group is None:
            return 0
        file = "memory.oom_control" if (self.group / "memory.oom_control").exists() else "memory.events"
        lines = dict(line.split() for line in (self.group / file).read_text().splitlines())
        return int(lines["oom_kill"])


@contextmanager
def limited(megabytes: int) -> Iterator[Limit]:
    limit = _group(megabytes) or Limit(None, "measured only: this user can't make a cgroup")
    try:
        yield limit
    finally:
        if limit.group:
            _remove(limit.group)


def _group(megabytes: int) -> Limit | None:
    for parent, name in ((CGROUPS / "memory", "memory.limit_in_bytes"), (CGROUPS, "memory.max")):
        group = parent / f"foodmood-attack-{time.time_ns()}"
        with suppress(OSError):
            group.mkdir()
            try:
                (group / name).write_text(str(megabytes * MEGABYTE))
            except OSError:
                group.rmdir()
            else:
                return Limit(group, f"enforced by a cgroup ({name})")
    return None


def _remove(group: Path) -> None:
    """Once the last of its processes is gone."""
    for _ in range(100):
        with suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.1)


@dataclass
class Running:
    server: Server
    limit: Limit
    folder: Path
    roots: list[int] = field(default_factory=list)

    def megabytes(self) -> float:
        """The proportional set size of web and worker together, with all that they started."""
        return sum(_pss(process) for root in self.roots for process in _tree(root))


@contextmanager
def site(*, megabytes: int, people: str) -> Iterator[Running]:
    """`people` is Python that makes them."""
    with tempfile.TemporaryDirectory(prefix="foodmood-attack-") as name, ExitStack() as stack:
        folder = Path(name)
        environment = {
            "DATABASE_URL": f"sqlite:///{folder / 'foodmood.sqlite3'}",
            "DJANGO_ALLOWED_HOSTS": SITE,
            "TRUSTED_PROXY_COUNT": "1",
            "WEB_CONCURRENCY": "2",
            "MALLOC_ARENA_MAX": "2",  # as the Procfile has it
        }
        made = Site(folder, ENVIRONMENT | environment)
        made.manage("release")
        made.manage("collectstatic", "--noinput")
        made.manage("shell", "--command", people)
        limit = stack.enter_context(limited(megabytes))
        worker = [*limit.start(), sys.executable, "manage.py", "qcluster"]
        background = stack.enter_context(made.process("worker", worker))
        server = stack.enter_context(made.gunicorn("config.wsgi", *limit.start()))
        yield Running(server, limit, folder, [server.master, background.pid])


def _tree(root: int) -> Iterator[int]:
    yield root
    with suppress(OSError):
        for children in Path(f"/proc/{root}/task").glob("*/children"):
            for child in children.read_text().split():
                yield from _tree(int(child))


def _pss(process: int) -> float:
    try:
        return Memory.of(process).pss
    except (OSError, KeyError):  # it is gone
        return 0
