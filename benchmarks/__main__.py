"""What grows with a diary, and how fast: ratios within one run, because seconds depend on the machine.

python -m benchmarks
"""

import os
import sys
import tempfile
import warnings
from pathlib import Path

from benchmarks import serving
from config.env import start


def main() -> None:
    database = os.environ.pop("DATABASE_URL", None)
    _in_process()
    os.environ.pop("DATABASE_URL")
    if database:
        os.environ["DATABASE_URL"] = database
    sys.exit(0 if serving.run() else 1)


def _in_process() -> None:
    with tempfile.TemporaryDirectory(prefix="foodmood-bench-") as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder, 'bench.sqlite3')}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        start("test")
        import django  # noqa: PLC0415 -- only now is there an environment to set up in

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 -- as above
        from django.db import connection  # noqa: PLC0415 -- as above

        from benchmarks import diaries, pages  # noqa: PLC0415 -- as above

        call_command("migrate", verbosity=0)
        pages.run()
        diaries.run()
        connection.close()


if __name__ == "__main__":
    warnings.simplefilter("default")
    main()
