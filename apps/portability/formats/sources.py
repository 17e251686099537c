"""Keys of a file's rows, made of what the file says and not of what FoodMood makes of it."""

from collections import Counter
from datetime import date, timedelta
from hashlib import blake2b

KEY_BYTES = 16


class SourceKeys:
    """Gives each row of one file its key; rows whose values are equal are numbered in the file's order.

    Ask for the key of every row, also of one that is left out: a row that is corrected later keeps its number.
    The values are those that never change: a corrected amount or mood is not among them. A digest, so that a key has
    one length and holds no second copy of a diary. A day and a time count as they were read, so that a spreadsheet
    may write them in another way; the person's time zone has no part in them.
    """

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def next(self, *values: str | date | timedelta) -> str:
        # White space and case are what resaving a file changes. No normalisation: it is slow for some texts.
        written = "\x1f".join(" ".join(str(value).split()).casefold() for value in values)
        same = blake2b(written.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()
        number = self._seen[same]
        self._seen[same] += 1
        return blake2b(same + number.to_bytes(8), digest_size=KEY_BYTES).hexdigest()
