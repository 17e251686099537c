import resource
import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from foodmood.frames import with_room

DEPTHS = 200  # of calls
CALLS = 100  # of one function, again and again, as a loop does it

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts page faults of one thread")


def faults_of(application: Callable[..., Iterable[bytes]]) -> int:
    """Pages that the kernel had to find while it ran."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    application({}, None)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def loops_at_each_depth(environ: dict[str, Any], start_response: Any, depth: int = DEPTHS) -> Iterable[bytes]:
    """Somewhere on its way down a chunk of frames is full, just when the loop is about to call."""
    for _ in range(CALLS):
        a_leaf()
    if depth:
        loops_at_each_depth(environ, start_response, depth - 1)
    return []


def a_leaf() -> None: ...


# Larger than a frame of the above, so that at some depth it does not fit where that one did.
a_leaf.__code__ = a_leaf.__code__.replace(co_stacksize=100)


def test_a_loop_at_any_depth_maps_no_memory() -> None:
    assert faults_of(loops_at_each_depth) >= CALLS  # else there is nothing to mend any more

    assert faults_of(with_room(loops_at_each_depth)) < CALLS


def test_it_answers_what_the_application_answers() -> None:
    given: list[Any] = []

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        given.extend([environ, start_response])
        return [b"as ever"]

    environ, start_response = {"PATH_INFO": "/"}, object()
    assert with_room(application)(environ, start_response) == [b"as ever"]
    assert given == [environ, start_response]
