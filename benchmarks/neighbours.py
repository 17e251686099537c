"""Somebody brings in an archive of fifty megabytes: what do the others notice?

python -m benchmarks.neighbours [--megabytes 48] [--seconds 15]

Eight clients read Today at a real site, alone, then while the archive is looked at and added. On PostgreSQL.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.clock import table
from benchmarks.load import Seen, load
from benchmarks.served import PASSWORD, PEOPLE, Memory, Server, Site, signed_in, site

CLIENTS = 8
MEGABYTES_PER_YEAR = 0.95
MOVER = "mover@example.org"
BOUNDARY = "a-line-that-no-archive-holds"

MAKE_ARCHIVE = """
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from allauth.account.models import EmailAddress
from apps.accounts.models import User
from apps.archive.writer import write_archive
from apps.portability.demo import demo_archive
person = User.objects.create_user({email!r}, {password!r}, consent_version="2026-12-01")
EmailAddress.objects.create(user=person, email={email!r}, verified=True, primary=True)
archive = demo_archive(until=datetime(2026, 3, 1, 20, tzinfo=ZoneInfo("UTC")), days={days})
Path({path!r}).write_bytes(write_archive(archive))
"""


def run(*, megabytes: int, seconds: int) -> None:
    with site() as made, made.gunicorn("config.wsgi") as server, ThreadPoolExecutor() as pool:
        archive = _archive(made, megabytes)
        reader = signed_in(server, PEOPLE[0])

        def today() -> Seen:
            return load(f"{server.address}/", clients=CLIENTS, seconds=seconds, headers=reader.headers)

        today()  # until every worker is warm
        alone = today()
        rows = [("alone", *_figures(alone, alone), "")]
        for what, further in (("it is looked at", {}), ("it is added", {"import": "1"})):
            sent = pool.submit(_send, server, archive, **further)
            time.sleep(1)  # the upload itself is soon done
            seen = today()
            rows.append((what, *_figures(seen, alone), sent.result()))
        title = (
            f"Today for {CLIENTS} clients, {seconds} s each, beside {archive.stat().st_size / 1e6:.0f} MB of archive"
        )
        server.wait_until_idle()
        memory = ", ".join(f"{Memory.of(worker).rss:.0f} MB" for worker in server.workers())
    table(title, ("", "requests/s", "of alone", "p99, ms", "of alone", "the archive's answer"), rows)
    print(f"\nmemory of each web process after that: {memory}")


def _archive(made: Site, megabytes: int) -> Path:
    path = made.folder / "archive.json"
    days = int(megabytes / MEGABYTES_PER_YEAR * 365)
    made.manage("shell", "--command", MAKE_ARCHIVE.format(email=MOVER, password=PASSWORD, days=days, path=str(path)))
    return path


def _figures(seen: Seen, alone: Seen) -> tuple[str, str, str, str]:
    return (
        f"{seen.per_second:,.0f}",
        f"{seen.per_second / alone.per_second:.2f}",
        f"{seen.p99:,.0f}",
        f"{seen.p99 / alone.p99:.1f}",
    )


def _send(server: Server, archive: Path, **further: str) -> str:
    """As the form at /data/ does without JavaScript."""
    browser = signed_in(server, MOVER)
    browser.get("/data/")
    fields = {"csrfmiddlewaretoken": browser.token, "kind": "foodmood", **further}
    parts = [
        *(f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()),
        b'Content-Disposition: form-data; name="file"; filename="archive.json"\r\n\r\n' + archive.read_bytes(),
    ]
    body = b"".join(b"--" + BOUNDARY.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    headers = browser.headers | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    started = time.monotonic()
    connection = HTTPConnection(urlsplit(server.address).netloc, timeout=120)
    connection.request("POST", "/data/import/", body + f"--{BOUNDARY}--\r\n".encode(), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return f"{answer.status} after {time.monotonic() - started:.0f} s"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="What others notice of a large import.")
    parser.add_argument("--megabytes", type=int, default=48)
    parser.add_argument("--seconds", type=int, default=15, help="of each measurement")
    options = parser.parse_args()
    run(megabytes=options.megabytes, seconds=options.seconds)
