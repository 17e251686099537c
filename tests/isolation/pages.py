"""What a page holds, as a browser would read it."""

from collections import defaultdict
from html.parser import HTMLParser


class Page(HTMLParser):
    """The forms' fields by where they are sent to, and everything that a browser would run."""

    def __init__(self, html: str, path: str) -> None:
        super().__init__()
        self.fields: dict[str, set[str]] = defaultdict(set)
        self.runs: list[str] = []
        self._path = self._action = path
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._action = (given.get("action") or self._path).partition("?")[0]
        if given.get("name") and tag in {"input", "select", "textarea", "button"}:
            self.fields[self._action].add(str(given["name"]))
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.runs.append(f"<script> {attrs}")
        self.runs += [f"<{tag} {name}={value}>" for name, value in attrs if _runs(name, value or "")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._action = self._path


def _runs(name: str, value: str) -> bool:
    return name.startswith(("on", "hx-on")) or value.strip().lower().startswith(("javascript:", "data:text"))
