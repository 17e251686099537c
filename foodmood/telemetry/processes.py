"""Counters of several web processes, added up. Used by gunicorn's master, which loads no Django.

Each process counts in files of its own, in memory, so that counting never waits. prometheus_client leaves the files of
a process that is gone, and every process goes after some requests: without more, they would fill the memory. So the
master adds what a dead one counted to what all the dead before it did.
"""

import fcntl
import logging
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from time import time

logger = logging.getLogger(__name__)

KINDS = ("counter", "histogram")
MEMORY = "/dev/shm"  # noqa: S108 -- mkdtemp makes a folder in it that nobody else can open
PLACE = Path(MEMORY if os.access(MEMORY, os.W_OK) else tempfile.gettempdir())
PREFIX = "foodmood-metrics-"
NEW = 60  # seconds: whoever just made a folder may not have locked it yet

shared: Path | None = None  # the folder of this gunicorn's processes; None where a process is alone


def share() -> Path:
    """Called by the master before there is any other. On SIGHUP once more, and then the counters go on."""
    global shared  # noqa: PLW0603 -- the processes inherit it
    if shared is None:
        _sweep()
        shared = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PLACE))
        # Never closed: the lock ends with the last of the processes, which inherit it.
        fcntl.flock(os.open(shared, os.O_RDONLY), fcntl.LOCK_SH)
    return shared


def _sweep() -> None:
    """Remove what a master that was killed left behind: nobody holds its lock."""
    for folder in PLACE.glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's
            if time() - folder.stat().st_mtime < NEW:
                continue
            left = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(left)


def files(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry in entries if entry.name.endswith(".db")]


def forget() -> None:
    shutil.rmtree(share(), ignore_errors=True)


def gather(pid: int) -> None:
    """Add what the dead process counted to what all before it did; forget how it was.

    What can't be read or written is lost: gunicorn would end, and all its processes with it.
    """
    try:
        _gather(pid)
    except Exception as error:  # noqa: BLE001 -- whatever it is, pages are worth more than counts
        why = getattr(error, "strerror", None) or type(error).__name__
        logger.error("What the process %d counted is lost: %s.", pid, why)  # noqa: TRY400 -- in one line
        for kind in KINDS:
            with suppress(OSError):
                (share() / f"{kind}_{pid}.db").unlink()


def _gather(pid: int) -> None:
    from prometheus_client.mmap_dict import MmapedDict  # noqa: PLC0415 -- no need of it before a process goes
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 -- as above

    folder = share()
    mark_process_dead(pid, str(folder))
    for kind in KINDS:
        dead, before = folder / f"{kind}_{pid}.db", folder / f"{kind}_gathered.db"
        if not dead.exists():
            continue
        counted: dict[str, float] = {}
        for file in filter(Path.exists, (before, dead)):
            for key, value, _timestamp, _position in MmapedDict.read_all_values_from_file(str(file)):
                counted[key] = counted.get(key, 0.0) + value
        together = folder / f"{kind}_gathered.new"
        together.unlink(missing_ok=True)
        written = MmapedDict(str(together))
        for key, value in counted.items():
            written.write_value(key, value, 0.0)
        written.close()
        together.replace(before)
        dead.unlink()
