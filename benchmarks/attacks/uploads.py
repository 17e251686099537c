"""Uploads that never end, at the nginx of the container set-up, as tests/delivery/test_uploads.py sends them.

python -m benchmarks.attacks.uploads
"""

import subprocess
import sys

from config.env import BASE_DIR

TEST = "tests/delivery/test_uploads.py"


def main() -> None:
    command = [sys.executable, "-m", "pytest", "-m", "delivery", "-n", "0", "-q", "-rs", TEST]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)  # noqa: S603 -- our own
    is_held = done.returncode == 0 and "skipped" not in done.stdout
    print(f"{'pass' if is_held else 'FAIL'}  unfinished uploads: {done.stdout.strip().splitlines()[-1]}")
    sys.exit(0 if is_held else 1)


if __name__ == "__main__":
    main()
