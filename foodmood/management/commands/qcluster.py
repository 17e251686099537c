import signal
from multiprocessing.process import BaseProcess
from typing import Any

from django.core.management.base import CommandError
from django_q import cluster
from django_q.management.commands.qcluster import Command as QClusterCommand

from foodmood.database import wait_until_reachable


class Sentinel(cluster.Sentinel):  # type: ignore[misc] # django-q2 is published without types
    """django-q2's, which stops well also when every process of the worker is told to.

    Platforms and systemd send SIGTERM to all of them. With django-q2 alone the sentinel and the workers died of it
    in the middle of waiting for each other, and the command hung on what the dead had locked, until it was killed.
    Here only the command itself hears SIGTERM; what it started finishes the task in hand and goes.
    """

    def start(self) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # its children inherit that
        super().start()

    def reincarnate(self, process: BaseProcess) -> None:
        """Who is alive here ran out of time. It goes by itself; if it is stuck, terminate() would not end it now."""
        process.join(5)
        if process.is_alive():
            process.kill()
        super().reincarnate(process)


class Command(QClusterCommand):  # type: ignore[misc] # as above
    def handle(self, *args: Any, **options: Any) -> None:
        problem = wait_until_reachable()
        if problem:
            raise CommandError(problem)
        cluster.Sentinel = Sentinel  # there is no setting for it
        super().handle(*args, **options)
