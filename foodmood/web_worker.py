"""A worker of gunicorn that takes no connection while all of its threads have one to answer."""

from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn is published without types
    """gunicorn's own takes as many as come, and keeps them: of thirty-two at once, one process may have all, while the
    next is idle. Here they wait with the kernel, from which whoever has a thread takes them.

    All of this runs in the worker's main thread.
    """

    in_hand = 0  # requests that a thread has or is about to get

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled and self.in_hand < self.cfg.threads)

    def enqueue_req(self, conn: Any) -> None:
        self.in_hand += 1
        if self.in_hand >= self.cfg.threads:
            self.set_accept_enabled(False)
        super().enqueue_req(conn)

    def finish_request(self, conn: Any, fs: "Future[Any]") -> None:
        self.in_hand -= 1  # the loop, which called this, looks next whether it may accept again
        super().finish_request(conn, fs)
