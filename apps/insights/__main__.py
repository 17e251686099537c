"""python -m apps.insights LOCK SECONDS BYTES: a packed diary on the standard input, results on the standard output.

What apart.py starts. No Django and no database: this process reads one diary and nothing else. It has the web
process's environment, without which some platforms' Python does not start.
"""

import fcntl
import os
import pickle
import resource
import signal
import sys
from pathlib import Path

from apps.insights.rows import diary_in, unpack


def main(lock: str, seconds: str, most: str) -> None:
    signal.alarm(int(seconds))  # whatever it is waiting for then, it ends
    diary = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from the web process that started this one
    with Path(lock).open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # given back at the end, whichever it is
        signal.alarm(int(seconds))  # now for the work: kept, it is there for the next look of who gave up meanwhile
        os.putenv("OPENBLAS_NUM_THREADS", "1")  # each thread sets memory aside: on a large machine more than `most`
        resource.setrlimit(resource.RLIMIT_DATA, (int(most), int(most)))
        from apps.insights.engine.analysis import analyse  # noqa: PLC0415 -- numpy takes 30 MB: only when it is our turn

        try:
            answer: object = analyse(diary_in(unpack(diary)))
        except Exception as error:  # noqa: BLE001 -- raised again by whoever asked; here it would print what was eaten
            answer = error
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
