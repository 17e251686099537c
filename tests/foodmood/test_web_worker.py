"""What comes at once is shared by all web processes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.config.test_gunicorn import get, gunicorn
from tests.foodmood.processes import until
from tests.foodmood.waiting_room import DOOR, FOLDER

WORKERS, THREADS = 3, 2
ALL = WORKERS * THREADS


def test_nobody_waits_for_a_busy_process_while_another_has_a_thread(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    served = gunicorn(
        tmp_path / "gunicorn.log",
        "tests.foodmood.waiting_room",
        DATABASE_URL=f"sqlite:///{tmp_path}/unused.sqlite3",
        WEB_CONCURRENCY=str(WORKERS),
        WEB_THREADS=str(THREADS),
        **{FOLDER: str(room)},
    )
    with served as address, ThreadPoolExecutor(ALL + 1) as clients:
        answers = [clients.submit(get, address) for _ in range(ALL + 1)]
        try:
            until(lambda: len(list(room.iterdir())) == ALL, "each thread to have a request", seconds=20)
            by_process = Counter(file.name.partition("-")[0] for file in room.iterdir())
        finally:
            (room / DOOR).touch()
        assert [answer.result()[0] for answer in answers] == [200] * (ALL + 1)  # who waited has an answer, too
    assert list(by_process.values()) == [THREADS] * WORKERS
