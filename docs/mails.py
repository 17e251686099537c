"""Takes a picture of every mail, as a phone and as a desk show it, light and dark.

python -m docs.mails FOLDER [LANGUAGE]
"""

import shutil
import sys
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

from config.env import start

WIDTHS = (375, 640)


def main(folder: Path, language: str) -> None:
    start("dev")
    django.setup()
    folder.mkdir(parents=True, exist_ok=True)
    chromium = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
    if chromium is None:
        sys.exit("Pictures need Chromium: install it (Debian: apt install chromium).")
    mails = written(language)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
            for name, html in mails.items():
                page.set_content(html)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 600})
                    page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
        browser.close()
    print(f"{len(mails)} mails, {len(WIDTHS)} widths, light and dark: {folder}")


def written(language: str) -> dict[str, str]:
    """The HTML of every mail by its name, in one language."""
    from allauth.core.context import request_context  # noqa: PLC0415 -- Django has to be set up first
    from django.test import RequestFactory  # noqa: PLC0415 -- as above
    from django.utils import translation  # noqa: PLC0415 -- as above

    from apps.accounts.letters import LETTERS  # noqa: PLC0415 -- as above
    from tests.accounts.letters import CONTEXTS  # noqa: PLC0415 -- as above

    request = RequestFactory(headers={"host": "localhost"}).get("/", secure=True)
    with translation.override(language), request_context(request):
        return {
            prefix.rpartition("/")[2]: str(LETTERS[prefix](context).to("you@example.org", sender="").alternatives[0][0])
            for prefix, context in CONTEXTS.items()
        }


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "en")  # noqa: PLR2004 -- a second argument
