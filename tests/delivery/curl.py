"""What a browser sees of a site that has a name, a certificate of an authority of ours, and ports of its own."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.services import program


@dataclass(frozen=True)
class Answer:
    version: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for each, value in self.headers if each.lower() == name.lower()]

    def __getitem__(self, name: str) -> str:
        """The value of a header that is there exactly once."""
        (value,) = self.all(name)
        return value

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Curl:
    """Of the site at `host`; it keeps its cookies in `folder`, and believes `root` alone."""

    folder: Path
    host: str
    http: int
    https: int
    root: Path

    @property
    def command(self) -> list[str]:
        led = [
            each
            for given, here in ((80, self.http), (443, self.https))
            for each in ("--connect-to", f"{self.host}:{given}:127.0.0.1:{here}")
        ]
        jar = str(self.folder / "cookies")
        return [program("curl"), "-sS", "-m", "60", "--cacert", str(self.root), "-b", jar, "-c", jar, *led]

    def run(self, *arguments: str) -> str:
        done = subprocess.run([*self.command, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 -- our own
        assert done.returncode == 0, done.stderr
        return done.stdout

    def get(self, path: str, *options: str, scheme: str = "https") -> Answer:
        head, body = self.folder / "head", self.folder / "body"
        body.unlink(missing_ok=True)
        self.run(*options, "-D", str(head), "-o", str(body), f"{scheme}://{self.host}{path}")
        last = re.split(r"\r?\n\r?\n", head.read_text("utf-8").strip())[-1].splitlines()  # before it came 100 Continue
        protocol, status = last[0].split()[:2]
        headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in last[1:])]
        return Answer(protocol, int(status), headers, body.read_bytes() if body.exists() else b"")

    def post(self, path: str, form: dict[str, str], *options: str) -> Answer:
        """As a form of ours is sent, after the page with it was got."""
        token = re.search(r'name="csrfmiddlewaretoken"\s+value="([^"]+)"', self.get(path).text)
        assert token is not None
        fields = [
            each
            for name, value in ({"csrfmiddlewaretoken": token[1]} | form).items()
            for each in ("--data-urlencode", f"{name}={value}")
        ]
        return self.get(path, "-e", f"https://{self.host}{path}", *fields, *options)

    def many(self, path: str, number: int) -> list[int]:
        """The statuses when so many are asked for, fifty at once."""
        parallel = ("--parallel", "--parallel-max", "50", "-o", "/dev/null", "-w", "%{http_code}\n")
        return [int(each) for each in self.run(*parallel, f"https://{self.host}{path}?[1-{number}]").split()]
