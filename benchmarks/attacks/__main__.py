"""Every attack, one after the other, each on a site of its own: a line for each bar, with its figure.

python -m benchmarks.attacks [NAME …]

Exits with 1 if any bar is missed.
"""

import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules

from config.env import BASE_DIR

HELPERS = {"__main__", "guessing_settings", "limited"}
ATTACKS = [module.name for module in iter_modules([str(Path(__file__).parent)]) if module.name not in HELPERS]


def main() -> None:
    missed = []
    for name in sys.argv[1:] or ATTACKS:
        print(f"\n{name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.attacks.{name}"]
        if subprocess.run(command, cwd=BASE_DIR, check=False).returncode:  # noqa: S603 -- our own
            missed.append(name)
    print(f"\nMissed: {', '.join(missed)}" if missed else "\nEvery bar is held.")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
