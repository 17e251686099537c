"""What shows others that a worker lives."""

import logging
import socket
from datetime import timedelta
from time import monotonic
from uuid import UUID

from django.db import DatabaseError, close_old_connections

from foodmood.explanations import explain
from foodmood.telemetry.models import Heartbeat

logger = logging.getLogger(__name__)

PAUSE = timedelta(seconds=12)


class Heart:
    """Of one worker. It may be told to beat as often as one likes."""

    def __init__(self, worker: UUID) -> None:
        self.worker = worker
        self._next = monotonic()

    def beat(self) -> None:
        """Without a database there is no beat, and no harm: it is tried again soon."""
        if monotonic() < self._next:
            return
        self._next = monotonic() + PAUSE.total_seconds()
        close_old_connections()
        try:
            Heartbeat.objects.beat(self.worker, socket.gethostname())
        except DatabaseError as error:
            # `worker_ready` and /ready/ take it for dead.
            logger.error("The worker can't show that it is running: %s.", explain(error))  # noqa: TRY400 -- in one line

    def stop(self) -> None:
        """The worker goes in good order, and is not missed."""
        try:
            Heartbeat.objects.filter(worker=self.worker).delete()
        except DatabaseError:
            logger.debug("The worker's last word was lost.")
