"""What of a page is read, or read aloud."""

import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser

READ = {"alt", "aria-label", "data-added", "data-empty", "data-failed", "data-removed", "placeholder", "title"}
SAME_IN_BOTH = {"Code", "Deutsch", "English", "FoodMood", "Name", "Passkey 1", "Passkeys", "Snack"}
# Names in the tests hold a sign that no language has. Addresses, secret keys and codes belong to none either.
NO_LANGUAGE = re.compile(r"q1x|^\S+@\S+$|^[A-Z2-7]{32}$|^[0-9a-f]{8}$")


class Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.ignored = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ignored += tag in {"script", "style", "optgroup"}  # time zones have their own names
        self.found |= {value for name, value in attrs if name in READ and value}

    def handle_endtag(self, tag: str) -> None:
        self.ignored -= tag in {"script", "style", "optgroup"}

    def handle_data(self, data: str) -> None:
        if not self.ignored:
            self.found.add(" ".join(data.replace("· FoodMood", "").split()))


def texts(html: str) -> set[str]:
    parser = Texts()
    parser.feed(html)
    words = {text for text in parser.found - SAME_IN_BOTH if re.search(r"[^\W\d_]{2}", text)}
    return {text for text in words if not NO_LANGUAGE.search(text)}


def same_in_both(pages: Iterable[str], show: Callable[[str, str], str]) -> dict[str, set[str]]:
    """What each page says alike in English and German; `show` answers a page's HTML, given its name and a language."""
    both = {}
    for page in pages:
        german, english = (texts(show(page, language)) for language in ("de", "en"))
        assert german, page
        if german & english:
            both[page] = german & english
    return both
