"""Where lines go. A line that can't be written fails no request, and does not fill what is left of the disk."""

import logging
import os
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TextIO

NAME = "foodmood-{day}.log"


class Steadfast(logging.Handler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- logging's name
        """Python's own prints the line's values. Of a line that can't be put together its place is said."""
        error = sys.exc_info()[1]
        if isinstance(error, OSError):
            self._say_once(error)
            return
        text = f"A line of {record.name} can't be written: {Path(record.pathname).name}:{record.lineno}"
        with suppress(Exception):  # nothing is left to say it with
            self.emit(logging.LogRecord(__name__, logging.ERROR, __file__, 0, text, (), None))

    def _say_once(self, error: OSError) -> None:
        """Nothing: what writes to a console has no other place."""


class Console(Steadfast, logging.StreamHandler[TextIO]):
    pass


class DailyFile(Steadfast):
    """`foodmood-2026-03-01.log` in a folder, a new one each day (UTC); who begins one deletes those that are too old.

    Any number of processes may write at once: each line is one write to the end of the file, and nothing is ever
    renamed. So it needs neither lock nor order between them.
    """

    def __init__(self, folder: Path, keep_days: int) -> None:
        super().__init__()
        self._folder, self._keep_days = folder, keep_days
        self._day: date | None = None
        self._file = -1
        self._broken = False

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record).encode(errors="backslashreplace") + b"\n"
            os.write(self._today(), line)
            self._broken = False
        except Exception:  # noqa: BLE001 -- whatever it is, it is not the caller's
            self.handleError(record)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file, self._day = -1, None
        super().close()

    def _today(self) -> int:
        today = datetime.now(UTC).date()
        if self._day != today:
            opened = os.open(self._path(today), os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
            if self._file >= 0:
                os.close(self._file)
            self._file, self._day = opened, today
            self._forget(today)
        return self._file

    def _forget(self, today: date) -> None:
        oldest = self._path(today - timedelta(days=self._keep_days))
        for file in self._folder.glob(NAME.format(day="*")):
            if file.name < oldest.name:
                file.unlink(missing_ok=True)  # another process may have been first

    def _path(self, day: date) -> Path:
        return self._folder / NAME.format(day=day.isoformat())

    def _say_once(self, error: OSError) -> None:
        if not self._broken:
            self._broken = True
            with suppress(OSError):
                sys.stderr.write(
                    f"The log in {self._folder} can't be written: {os.strerror(error.errno or 0)}."
                    " Lines are lost until it can; pages are served all the same. See LOG_DIR.\n"
                )
