import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import ngettext

from apps.archive.problems import ArchiveError
from apps.archive.reader import read_archive
from apps.insights.engine.analysis import analyse
from apps.insights.reports import json_line, text_page
from apps.insights.sources import diary_from

PRINTED = {"json": json_line, "text": text_page}
STDIN = "-"


class Command(BaseCommand):
    help = "Which foods go with which feelings in FoodMood archives. Needs no database."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="ARCHIVE.json", help="an archive, or - for the standard input")
        parser.add_argument(
            "--format",
            choices=PRINTED,
            default="text",
            help="json: one line for each file, for programs; text: for people (default)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # JSON is UTF-8, whatever this machine's locale
        printed = PRINTED[options["format"]]
        unread = 0
        try:
            for file in options["files"]:
                try:
                    archive = read_archive(_bytes(file))
                except (OSError, ArchiveError) as error:
                    unread += 1
                    self.stderr.write(f"{_shown(file)} can't be read:\n{_reason(error)}")
                    continue
                self.stdout.write(printed(_shown(file), analyse(diary_from(archive))))
                self.stdout.flush()
        except BrokenPipeError:
            # The reader has seen enough. Python would still flush at exit, and complain: give it somewhere to.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        if unread:
            files = len(options["files"])
            raise CommandError(
                ngettext("%(n)d of %(files)d file can't be read.", "%(n)d of %(files)d files can't be read.", files)
                % {"n": unread, "files": files}
            )


def _bytes(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == STDIN else Path(file).read_bytes()


def _shown(file: str) -> str:
    """A name that is not UTF-8 must not stop the others."""
    return os.fsencode(file).decode("utf-8", "replace")


def _reason(error: OSError | ArchiveError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
