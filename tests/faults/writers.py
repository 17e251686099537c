"""Twenty people who log meals over HTTP, as a browser does, and do not give up: what has no answer they send again."""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from tests.foodmood.processes import until

HOST = "food.example.org"
DAY = "2026-03-01"
LOST_SIGNAL = 4  # each so many-eth time somebody's connection breaks off before the answer, and they send it again


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


@dataclass
class Browser:
    """What the proxy passes on from one person's browser."""

    address: str
    cookies: dict[str, str]

    def ask(self, path: str, form: dict[str, str] | None = None, *, hang_up: bool = False) -> Answer | None:
        """None for who hangs up before the answer."""
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        try:
            connection.request(
                "GET" if form is None else "POST",
                path,
                None if form is None else urlencode(form),
                {
                    "Host": HOST,
                    "X-Forwarded-Proto": "https",
                    "X-Forwarded-For": "198.51.100.7",
                    "Referer": f"https://{HOST}/",
                    "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                    **(
                        {}
                        if form is None
                        else {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
                    ),
                },
            )
            if hang_up:
                return None
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name == "Set-Cookie":
                    key, _equals, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            return Answer(answer.status, dict(answer.getheaders()), answer.read().decode())
        finally:
            connection.close()


class Writer(threading.Thread):
    def __init__(self, name: str, browser: Browser, writers: "Writers") -> None:
        super().__init__(name=name, daemon=True)
        self.browser = browser
        self.writers = writers
        self.written = 0
        self.mark = self.token = ""

    def run(self) -> None:
        self._open()
        while not self.writers.enough.is_set():
            self.written += 1
            self._write(f"{self.name}-{self.written}")

    def _open(self) -> None:
        page = self._insist(f"/day/{DAY}/")
        if page:
            self._read(page)

    def _read(self, page: Answer) -> None:
        if token := re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body):
            self.token = token[1]
        form = page.body[page.body.find('id="log-meal"') :]
        mark = re.search(r'name="submission" value="([^"]+)"', form)
        self.mark = mark[1] if mark else ""

    def _write(self, title: str) -> None:
        form = {
            "csrfmiddlewaretoken": self.token,
            "submission": self.mark,
            "title": title,
            "edible": "Oats",
            "amount": "",
            "unit": "",
            "category": "BREAKFAST",
            "eaten_at": f"{DAY}T08:05",
        }
        answer = self._insist(f"/day/{DAY}/meal/", form, hang_up=self.written % LOST_SIGNAL == 0)
        if answer is None:
            return
        self.writers.acknowledge(title)
        if "HX-Refresh" in answer.headers:
            self._open()
        else:
            self._read(answer)

    def _insist(self, path: str, form: dict[str, str] | None = None, *, hang_up: bool = False) -> Answer | None:
        """The answer 200, sooner or later; None when it is enough before that, or when something else came."""
        while True:
            try:
                answer = self.browser.ask(path, form, hang_up=hang_up)
            except (OSError, HTTPException) as error:
                self.writers.note("no answer", repr(error))
                answer = None
            if answer and answer.status == 200:
                return answer
            if answer and not _is_orderly(answer):
                self.writers.strange.append(f"{path}: {answer.status} {answer.body[:500]}")
                return None
            if answer:
                self.writers.note("503")
            if self.writers.given_up.is_set():
                return None
            if not hang_up:
                time.sleep(0.1)  # between two tries of one person, whatever they wait for
            hang_up = False


def _is_orderly(answer: Answer) -> bool:
    """A 503 that says when to come again, in words and with our style, or as a notice in a page that has it."""
    styled = "css/foodmood.css" in answer.body or 'class="message' in answer.body
    return answer.status == 503 and answer.headers.get("Retry-After", "").isdigit() and styled


@dataclass
class Writers:
    threads: list[Writer] = field(default_factory=list)
    acknowledged: dict[str, float] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)  # “503” and “no answer”
    strange: list[str] = field(default_factory=list)
    last_error: str = ""
    enough: threading.Event = field(default_factory=threading.Event)
    given_up: threading.Event = field(default_factory=threading.Event)

    def acknowledge(self, title: str) -> None:
        self.acknowledged[title] = time.monotonic()

    def note(self, what: str, error: str = "") -> None:
        self.seen[what] += 1
        self.last_error = error or self.last_error

    def go_on(self) -> None:
        """Until each of them has had two further writes acknowledged: the second was begun after this was asked."""
        had = {writer.name: writer.written for writer in self.threads}
        until(
            lambda: bool(self.strange) or all(writer.written > had[writer.name] + 2 for writer in self.threads),
            f"everybody to write; {self.seen}, {self.last_error}",
        )

    def one_after(self, moment: float) -> None:
        """Until one of them has had a write acknowledged after that moment."""
        until(
            lambda: bool(self.strange) or max(list(self.acknowledged.values())) > moment,
            f"somebody to write; {self.seen}, {self.last_error}",
        )

    def recovered_after(self, moment: float) -> float:
        """Seconds from that moment to the first write that was acknowledged after it."""
        return min(at for at in self.acknowledged.values() if at > moment) - moment

    def stop(self) -> None:
        """Each finishes what is in hand."""
        self.enough.set()
        for thread in self.threads:
            thread.join(timeout=60)


@contextmanager
def writing(address: str, sessions: Sequence[str]) -> Iterator[Writers]:
    """They write within; afterwards each finishes what is in hand."""
    writers = Writers()
    writers.threads = [
        Writer(f"w{number}", Browser(address, {"__Host-sessionid": session}), writers)
        for number, session in enumerate(sessions)
    ]
    for thread in writers.threads:
        thread.start()
    try:
        writers.go_on()
        yield writers
        writers.stop()
    finally:
        writers.given_up.set()
        writers.stop()
