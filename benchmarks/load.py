"""wrk, and what it saw."""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.env import BASE_DIR

WRK = shutil.which("wrk")


@dataclass(frozen=True, slots=True)
class Seen:
    per_second: float
    p99: float  # milliseconds
    answers: int


def load(  # noqa: PLR0913 -- as wrk has them
    address: str,
    *,
    clients: int,
    seconds: int,
    headers: Mapping[str, str],
    script: str = "done",
    arguments: Sequence[str] = (),
) -> Seen:
    """So many clients ask one after the other, each over a connection that it keeps."""
    if WRK is None:
        raise RuntimeError("wrk is not installed")
    given = [each for name, value in headers.items() for each in ("--header", f"{name}: {value}")]
    command = [WRK, "--threads=1", f"--connections={clients}", f"--duration={seconds}s", "--timeout=60s", *given]
    command += [f"--script=benchmarks/wrk/{script}.lua", address, "--", *arguments]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=True)  # noqa: S603 -- as built above
    seen = {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", done.stdout.splitlines()[-1])}
    if seen["errors"]:
        raise RuntimeError(f"{address} answered {seen['answers']} times, {seen['errors']} of them with an error")
    return Seen(seen["answers"] / seen["duration"] * 1e6, seen["p99"] / 1000, seen["answers"])
