"""The worker as a whole: starts its processes, watches over them, and replaces who dies.

It asks neither database nor Redis itself, so that what it starts inherits no connection, and no outage ends it.
"""

import logging
import multiprocessing
import signal
import time
from collections.abc import Callable
from functools import partial

from django import db
from django_q.conf import Conf

from foodmood.tasks.worker import Hand, keep_time, work

logger = logging.getLogger(__name__)

LOOK = 0.5  # seconds between looks at the processes


class Place:
    """One process after another. `hand` is what the one that works here has in hand."""

    def __init__(self, name: str, target: Callable[[tuple[str, int] | None], None], hand: Hand) -> None:
        self.name, self.target, self.hand = name, target, hand
        self.fill(None)

    def fill(self, interrupted: tuple[str, int] | None) -> None:
        self.hand.empty()
        self.process = multiprocessing.get_context("fork").Process(
            target=self.target, args=(interrupted,), name=self.name, daemon=True
        )
        self.process.start()

    def tend(self) -> None:
        if not self.process.is_alive():
            if self.process.exitcode:
                logger.error("The %s died (%d); a new one takes its place.", self.name, self.process.exitcode)
            self.fill((self.hand.id, self.hand.attempt) if self.hand.id else None)
        self.end_what_is_stuck()

    def end_what_is_stuck(self) -> None:
        """A task that ran out of time is told so where it is; who does not hear is killed."""
        if self.hand.overdue:
            self.process.kill()
            self.process.join()


class Cluster:
    def __init__(self) -> None:
        self._told_to_stop = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT. Tasks in hand are finished."""
        db.connections.close_all()
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        hands = [Hand() for _ in range(Conf.WORKERS)]
        places = [Place(f"worker {number}", partial(work, hand), hand) for number, hand in enumerate(hands, 1)]
        places.append(Place("clock", lambda _: keep_time(hands), Hand()))
        logger.info("The worker is running: %d processes and a clock.", len(hands))
        while not self._told_to_stop:
            for place in places:
                place.tend()
            time.sleep(LOOK)
        while any(place.process.is_alive() for place in places):
            for place in places:
                place.process.terminate()  # again and again: one that was only just started may not have heard
                place.end_what_is_stuck()
            time.sleep(LOOK / 5)
        logger.info("The worker has stopped.")

    def _stop(self, *_: object) -> None:
        self._told_to_stop = True
