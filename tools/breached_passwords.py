"""Write apps/accounts/breached_passwords.bin: `python -m tools.breached_passwords LIST …`

A LIST is a file with a password on each line (.txt), the same compressed (.gz), or a JSON array (.json).
docs/accounts.md names the lists that the file in the repository was made of.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from apps.accounts.breached_passwords import FILE, SIZE, packed


def passwords_of(path: Path) -> Iterator[str]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if path.suffix == ".json":
        yield from json.loads(content)
    else:
        yield from content.decode(errors="replace").splitlines()


def main(lists: list[str], to: Path = FILE) -> None:
    content = packed(password for name in lists for password in passwords_of(Path(name)))
    to.write_bytes(content)
    print(f"{len(content) // SIZE} passwords, {len(content)} bytes: {to}")


if __name__ == "__main__":
    main(sys.argv[1:])
