import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodmood.backups import BackupError, sealing
from foodmood.backups.sealing import MAGIC, SALT, TAG, pieces, seal, unseal

SMALL = 16


@pytest.fixture(autouse=True, scope="module")
def _small_pieces() -> Iterator[None]:
    """Many pieces of few bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "PIECE", SMALL)
        yield


def sealed(plain: bytes, key: str = "key") -> bytes:
    return b"".join(seal(pieces(io.BytesIO(plain), SMALL), key))


def opened(data: bytes, key: str = "key") -> bytes:
    return b"".join(unseal(io.BytesIO(data), key))


@given(st.binary(max_size=5 * SMALL))
def test_what_is_sealed_opens(plain: bytes) -> None:
    assert opened(sealed(plain)) == plain


@given(st.binary(min_size=1, max_size=3 * SMALL), st.data())
def test_any_bit_otherwise_does_not_open(plain: bytes, data: st.DataObject) -> None:
    whole = bytearray(sealed(plain))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BackupError):
        opened(bytes(whole))


def test_no_piece_may_be_cut_off_left_out_moved_or_doubled() -> None:
    whole = sealed(bytes(range(4 * SMALL)))
    start, body = whole[: len(MAGIC) + SALT], whole[len(MAGIC) + SALT :]
    a, b, c, d = (body[place : place + SMALL + TAG] for place in range(0, len(body), SMALL + TAG))
    assert opened(start + a + b + c + d) == bytes(range(4 * SMALL))
    for changed in (a + b + c, a + c + d, b + a + c + d, a + b + c + d + d, a, b""):
        with pytest.raises(BackupError):
            opened(start + changed)


def test_another_key_does_not_open() -> None:
    with pytest.raises(BackupError, match="BACKUP_KEY is not the one"):
        opened(sealed(b"plain"), "another")


def test_the_same_twice_does_not_look_the_same() -> None:
    assert sealed(b"plain") != sealed(b"plain")
