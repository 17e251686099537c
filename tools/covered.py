"""`make coverage`: how much of what we serve the tests ran, of the lines and of the branches, each for itself."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from coverage import Coverage

LEAST = 95.0  # per cent


def shares(totals: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    """Per cent of the lines and of the branches, of what coverage's report in JSON says of all files together."""
    for what, ran, there in (
        ("lines", "covered_lines", "num_statements"),
        ("branches", "covered_branches", "num_branches"),
    ):
        yield what, 100 * totals[ran] / totals[there]


def judge(totals: Mapping[str, int]) -> int:
    """Prints both shares. Returns the exit status."""
    failed = False
    for what, share in shares(totals):
        too_few = share < LEAST
        failed |= too_few
        print(f"{share:.2f} % of the {what} ran: {'too few' if too_few else 'ok'}, {LEAST:.0f} % have to")
    return int(failed)


def main() -> int:
    measured = Coverage()
    measured.load()
    measured.report()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        measured.json_report(outfile=str(report))
        return judge(json.loads(report.read_text(encoding="utf-8"))["totals"])


if __name__ == "__main__":
    sys.exit(main())
