"""Compiles each .po into the .mo beside it, and says what lacks its German.

Through polib, so that only extraction needs GNU gettext.
"""

from pathlib import Path

import polib

for path in sorted(Path(__file__).parent.rglob("*.po")):
    catalogue = polib.pofile(str(path))
    catalogue.metadata.pop("POT-Creation-Date", None)  # would make every branch conflict with every other
    catalogue.wrapwidth = 0
    catalogue.save()
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    for entry in catalogue:
        if not entry.translated():
            print(f"No translation yet: {entry.msgid!r} ({', '.join(file for file, _line in entry.occurrences)})")
