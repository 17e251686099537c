"""Text that takes quadratic time to normalise (CPython gh-149079), and a watch over what is normalised."""

import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

MEGABYTE = 1024 * 1024
MOST = 10_000  # characters: as many as notes may have, 0.2 s
SECOND = 1.0


def marks(size: int = MEGABYTE) -> str:
    """Text of this many bytes in UTF-8, its combining characters in the order that takes longest to sort."""
    each = size // 4
    return "a" + "\u0301" * each + "\u0316" * each


@contextmanager
def quick(monkeypatch: pytest.MonkeyPatch, what: object) -> Iterator[None]:
    """Within a second of this thread's time; and an attempt to normalise a long text fails at once."""
    normalize = unicodedata.normalize

    def watched(form: str, text: str) -> str:
        assert len(text) <= MOST or text.isascii(), f"{what}: {len(text)} characters are normalised"
        return normalize(form, text)  # type: ignore[arg-type] # one of the four that callers name

    with monkeypatch.context() as patch:
        patch.setattr(unicodedata, "normalize", watched)
        begun = time.thread_time()
        yield
        assert (taken := time.thread_time() - begun) < SECOND, f"{what}: {taken:.1f} s"
