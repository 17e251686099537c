"""What comes at once is shared by all web processes."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.config.test_gunicorn import get, gunicorn
from tests.foodmood.processes import until
from tests.foodmood.waiting_room import DOOR, FOLDER

WORKERS, THREADS = 3, 2
ALL = WORKERS * THREADS


@contextmanager
def waiting_room(folder: Path, *, workers: int, threads: int) -> Iterator[tuple[str, Path]]:
    """Its address, and its folder."""
    room = folder / "room"
    room.mkdir()
    served = gunicorn(
        folder / "gunicorn.log",
        "tests.foodmood.waiting_room",
        DATABASE_URL=f"sqlite:///{folder}/unused.sqlite3",
        WEB_CONCURRENCY=str(workers),
        WEB_THREADS=str(threads),
        **{FOLDER: str(room)},
    )
    with served as address:
        yield address, room


def test_nobody_waits_for_a_busy_process_while_another_has_a_thread(tmp_path: Path) -> None:
    with (
        waiting_room(tmp_path, workers=WORKERS, threads=THREADS) as (address, room),
        ThreadPoolExecutor(ALL + 1) as clients,
    ):
        answers = [clients.submit(get, address) for _ in range(ALL + 1)]
        try:
            until(lambda: len(list(room.iterdir())) == ALL, "each thread to have a request", seconds=20)
            by_process = Counter(file.name.partition("-")[0] for file in room.iterdir())
        finally:
            (room / DOOR).touch()
        assert [answer.result()[0] for answer in answers] == [200] * (ALL + 1)  # who waited has an answer, too
    assert list(by_process.values()) == [THREADS] * WORKERS


def test_who_comes_anew_is_not_kept_out_by_those_who_never_leave(tmp_path: Path) -> None:
    asked, over = Counter[int](), threading.Event()

    def ask_again_and_again(number: int, host: str) -> None:
        with closing(HTTPConnection(host, timeout=20)) as connection:
            while not over.is_set():
                connection.request("GET", "/")
                connection.getresponse().read()
                asked[number] += 1

    with waiting_room(tmp_path, workers=1, threads=1) as (address, room), ThreadPoolExecutor(4) as clients:
        (room / DOOR).touch()
        regulars = [clients.submit(ask_again_and_again, number, address.removeprefix("http://")) for number in range(4)]
        try:
            until(lambda: len(asked) == 4, "each of them to be served", seconds=20)
            assert get(address)[0] == 200
        finally:
            over.set()
        for regular in regulars:
            regular.result()
