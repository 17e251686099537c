"""Room for the frames of a whole request, taken once."""

from collections.abc import Iterable
from typing import Any

from foodmood.requests import Application

# CPython keeps frames in chunks of 16 KB, doubled until the frame fits that did not fit before. A frame that wants more
# than half of 256 KB (in words of 8 bytes) gets a chunk of that size, and leaves the other half to all that it calls.
WORDS = 128 * 1024 // 8


def with_room(application: Application) -> Application:
    """WSGI: calls it with room for about a thousand frames.

    A chunk is mapped when a call crosses its end and unmapped when that call returns. Middleware and templates are
    deep, so that some loop is always just there: it cost Today 360 pairs of system calls, a fifth of its time.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return application(environ, start_response)

    answer.__code__ = answer.__code__.replace(co_stacksize=WORDS)
    return answer
