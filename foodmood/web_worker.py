"""A worker of gunicorn that leaves connections to others while all of its threads are at work."""

from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):  # type: ignore[misc] # gunicorn is published without types
    """gunicorn's own takes as many as come, and keeps them: of thirty-two at once, one process may have all, while the
    next is idle. Here, once each thread has a request, one more connection is taken for each request that is done: who
    comes anew is not kept out by those whose connections are kept alive.

    All of this runs in the worker's main thread.
    """

    in_hand = 0  # requests that a thread has or is about to get
    may_accept = True

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled and self.may_accept)

    def enqueue_req(self, conn: Any) -> None:
        self.in_hand += 1
        if self.in_hand >= self.cfg.threads:
            self.may_accept = False
            self.set_accept_enabled(False)
        super().enqueue_req(conn)

    def finish_request(self, conn: Any, fs: "Future[Any]") -> None:
        self.in_hand -= 1
        super().finish_request(conn, fs)  # which may go on with the connection's next request at once
        self.may_accept = True  # as the loop, which called this, does next
