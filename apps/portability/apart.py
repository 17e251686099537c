"""A large file is read in a process of its own: beside the web processes, after them, and no two at once.

In a thread of a web process it would take the interpreter from everybody else there, and its memory would stay.
The process is `python -m apps.portability.apart`: it takes a Job on its standard input and gives back, on its standard
output, what came of it, or the exception. See docs/adr/0023.
"""

import fcntl
import os
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.db import connection
from django.shortcuts import get_object_or_404
from django.utils import translation

if TYPE_CHECKING:  # the models are there only after django.setup()
    from apps.accounts.models import User
    from apps.portability.choices import Choices
    from apps.portability.models import Format
    from apps.portability.taking import Taken

NICENESS = 10


class BusyError(Exception):
    """Another large file is being read on this machine."""


class TooMuchError(Exception):
    """The file holds more than can be read within the time or the memory that one file gets."""


@dataclass(frozen=True)
class Job:
    path: str
    kind: str
    owner: int
    mapping: Mapping[str, int]
    answers: Mapping[str, str]
    add: bool
    choices: "Choices"
    file_name: str
    language: str
    database: str  # tests have another than the settings name


def take_apart(  # noqa: PLR0913 -- as take_file()
    *,
    path: str,
    kind: "Format",
    owner: "User",
    mapping: Mapping[str, int],
    answers: Mapping[str, str],
    add: bool,
    choices: "Choices",
    file_name: str,
) -> "Taken":
    """As take_file(), of a file on the disk. Raises what that raises, BusyError and TooMuchError.

    Ended before it is done, it leaves nothing behind: an import is one transaction.
    """
    database = str(connection.settings_dict["NAME"])
    language = translation.get_language() or "en"
    job = Job(path, kind.value, owner.pk, mapping, answers, add, choices, file_name, language, database)
    with _alone() as lock:
        done = subprocess.run(  # noqa: S603 -- our own module
            [sys.executable, "-m", __name__],
            input=pickle.dumps(job),
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            check=False,
            pass_fds=[lock],  # so that it stays locked if this process is killed and that one goes on
        )
    if done.returncode in {-signal.SIGALRM, -signal.SIGKILL}:  # out of time; or of the machine's memory
        raise TooMuchError
    done.check_returncode()
    result = pickle.loads(done.stdout)  # noqa: S301 -- from our own process
    if isinstance(result, Exception):
        raise result
    return result  # type: ignore[no-any-return] # pickle does not say


@contextmanager
def _alone() -> Iterator[int]:
    lock = os.open(settings.IMPORT_LOCK, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError from None
        yield lock
    finally:
        os.close(lock)


def main() -> None:
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever else is printed belongs into the log
    job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from the web process that started this one
    signal.alarm(settings.IMPORT_SECONDS)  # whatever it is doing then, it ends
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_DATA, (settings.IMPORT_MEMORY, settings.IMPORT_MEMORY))
    django.setup()
    connection.settings_dict["NAME"] = job.database
    with answer:
        answer.write(pickle.dumps(_result(job)))


def _result(job: Job) -> "Taken | Exception":
    from apps.accounts.models import User  # noqa: PLC0415 -- after django.setup()
    from apps.portability.models import Format  # noqa: PLC0415 -- as above
    from apps.portability.taking import take_file  # noqa: PLC0415 -- as above

    try:
        owner = get_object_or_404(User, pk=job.owner)
        with translation.override(job.language):
            return take_file(
                data=Path(job.path).read_bytes(),
                kind=Format(job.kind),
                owner=owner,
                mapping=job.mapping,
                answers=job.answers,
                add=job.add,
                choices=job.choices,
                file_name=job.file_name,
            )
    except MemoryError:
        return TooMuchError()
    except Exception as error:  # noqa: BLE001 -- raised again by whoever asked for it
        return error


if __name__ == "__main__":
    # Under its own name: what is pickled here has to be found there.
    from apps.portability.apart import main as run

    run()
