"""Several writers at one moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection


def at_once(writers: Sequence[Callable[[], object]]) -> list[BaseException | None]:
    """What each raised, or None. All start when the last is ready."""
    barrier = threading.Barrier(len(writers))
    raised: list[BaseException | None] = [None] * len(writers)

    def run(place: int, writer: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=20)
            writer()
        except BaseException as error:  # noqa: BLE001 -- the test looks at it
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised
