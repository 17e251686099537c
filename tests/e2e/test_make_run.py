"""The README's first command, as a newcomer runs it."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from config.env import BASE_DIR
from tests.config.test_gunicorn import free_port

pytestmark = pytest.mark.e2e


@pytest.fixture
def printed(tmp_path: Path) -> Iterator[str]:
    """What `make run` prints until the site is up; it runs on for the test."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    environment |= {"DATABASE_URL": f"sqlite:///{tmp_path}/foodmood.sqlite3", "PYTHONUNBUFFERED": "1"}
    # What is installed stays: installing anew would take these very tests' ground away.
    with subprocess.Popen(  # noqa: S603 -- our own command
        ["make", "--assume-old=requirements/dev.txt", "run", f"PORT={free_port()}"],  # noqa: S607 -- a newcomer's make
        cwd=BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Quit the server" in line:
                break
        try:
            yield "".join(lines)
        finally:
            os.killpg(process.pid, 15)


def test_the_printed_login_opens_a_diary_with_an_insight(printed: str, chromium: Browser) -> None:
    address, email, password = (
        re.search(pattern, printed)[1]  # type: ignore[index] # no match fails the test as well
        for pattern in (r"runs at +(\S+)", r"log in as +(\S+)", r"with password +(\S+)")
    )
    page = chromium.new_page()
    page.goto(address)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    page.get_by_role("link", name="Insights").click()
    expect(page.get_by_text("Worth a trial", exact=True).first).to_be_visible()
    page.close()
