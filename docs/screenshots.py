"""Takes the README's screenshots of a running FoodMood with the demo diary. `make screenshots` runs it."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "img"
PHONE, DESK = (390, 1240), (1180, 820)
EMAIL, PASSWORD = "demo@foodmood.example", "oats-and-honesty"

# Today has what the demo has eaten by this hour: at breakfast, nothing.
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
# name, path, size
SHOTS = (
    ("day-phone", f"/day/{YESTERDAY}/", PHONE),
    ("insights", "/insights/", DESK),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/screenshots.sqlite3"}
        for command in ("release", "demo"):
            run([sys.executable, "manage.py", command], environment)
        port = free_port()
        server = subprocess.Popen(  # noqa: S603 -- our own server
            [sys.executable, "manage.py", "runserver", "--noreload", str(port)],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            take(f"http://127.0.0.1:{port}")
        finally:
            server.terminate()
            server.wait()


def take(site: str) -> None:
    wait_for(site)
    FOLDER.mkdir(exist_ok=True)
    chromium = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
    if chromium is None:
        sys.exit("Screenshots need Chromium: install it (Debian: apt install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context()
        page = context.new_page()
        log_in(page, site)
        for name, path, (width, height) in SHOTS:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(site + path)
            page.screenshot(path=FOLDER / f"{name}.png")
            print(f"docs/img/{name}.png")
        browser.close()


def log_in(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{site}/")


def run(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 -- our own


def wait_for(site: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{site}/health/", timeout=1)  # noqa: S310 -- our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("The site did not start.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
