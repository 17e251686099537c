"""`make audit`: what we depend on, and what we wrote, looked over for what makes a site unsafe.

Every finding is mended or has an exception in tools/audit.toml, with a reason and the day it ends; from that day on it
fails again. What could not be looked at fails, too, unless AUDIT_OFFLINE=1 says that there is no network: then the
last line says what was left out. A build that must not fail for want of a network sets it, and nobody is told a lie.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
OURS = ("apps", "config", "foodmood", "benchmarks", "docs", "tools", "manage.py", "gunicorn.conf.py")


@dataclass(frozen=True)
class Finding:
    """What a step found: its name for that kind of thing, where, and one line for people."""

    step: str
    name: str
    where: str
    says: str


@dataclass(frozen=True)
class Excuse:
    """One [[exception]]: `name` and `where` may hold a shell's wild cards; `expires` is the first day without it."""

    step: str
    name: str
    where: str
    reason: str
    expires: date

    def covers(self, finding: Finding) -> bool:
        return (
            self.step == finding.step
            and fnmatchcase(finding.name, self.name)
            and fnmatchcase(finding.where, self.where)
        )


class UncheckedError(Exception):
    """A step could not look, and why. Not the same as having found nothing."""


def run(command: Sequence[str | Path], **options: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # noqa: S603 -- our own commands


LOCKED = [ROOT / "requirements" / f"{name}.txt" for name in ("prod", "dev")]


def advisories(locked: Sequence[Path] = LOCKED, service: Sequence[str] = ()) -> list[Finding]:
    """Return known vulnerabilities of pinned packages. pip-audit asks PyPI, or the `service` that its options name."""
    options = ["--require-hashes", "--disable-pip", "--format=json", "--progress-spinner=off", *service]
    findings: dict[str, Finding] = {}
    for path in locked:
        done = run([BIN / "pip-audit", *options, "--requirement", path])
        try:
            report = json.loads(done.stdout)
        except ValueError as error:
            last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
            raise UncheckedError(f"pip-audit got no advisories: {last[:200]}") from error
        findings |= {f"{found.name} {found.where}": found for found in known_holes(report)}
    return list(findings.values())


def known_holes(report: dict[str, Any]) -> Iterator[Finding]:
    """What pip-audit's report names. Raises UncheckedError for a package that it skipped: that is no good news."""
    skipped = [package["name"] for package in report["dependencies"] if "skip_reason" in package]
    if skipped:
        raise UncheckedError(
            f"pip-audit got no advisories for {len(skipped)} of {len(report['dependencies'])} packages"
            f" ({', '.join(skipped[:3])} …): is PyPI's API within reach?"
        )
    for package in report["dependencies"]:
        for hole in package["vulns"]:
            mend = ", ".join(hole["fix_versions"]) or "no version yet"
            yield Finding("advisories", hole["id"], package["name"], f"{package['version']}; mended in {mend}")


def insecure_code(root: Path = ROOT, paths: Sequence[str] = OURS) -> list[Finding]:
    """What bandit finds from medium severity up; the rest is among ruff's rules, in `make check`."""
    options = ["--quiet", "--recursive", "--severity-level=medium", "--format=json"]
    done = run([BIN / "bandit", *options, *paths], cwd=root)
    try:
        results = json.loads(done.stdout)["results"]
    except ValueError as error:
        raise UncheckedError(f"bandit did not run: {done.stderr.strip()[-200:]}") from error
    return [
        Finding(
            "insecure code",
            result["test_id"],
            result["filename"].removeprefix("./"),
            f"line {result['line_number']}: {result['issue_text']}",
        )
        for result in results
    ]


def deploy_checks() -> list[Finding]:
    """Django's own checks on production's settings, in the smallest environment that production needs."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_ENV": "prod",
            "DJANGO_SECRET_KEY": "".join(chr(code) for code in range(65, 123) if chr(code).isalnum()),
            "DJANGO_ALLOWED_HOSTS": "food.example.org",
            "DATABASE_URL": f"sqlite:///{folder}/foodmood.sqlite3",
        }
        done = run(
            [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"], cwd=ROOT, env=environment
        )
    found = re.findall(r"^(\S+): \((\w+\.\w+)\) (.*)", done.stderr, re.MULTILINE)
    if done.returncode and not found:
        raise UncheckedError(f"`check --deploy` did not run: {done.stderr.strip()[-200:]}")
    return [Finding("deploy checks", name, where, says) for where, name, says in found]


def secrets(root: Path = ROOT) -> list[Finding]:
    """Whatever looks like a secret in a line that was ever committed here, or is about to be."""
    with tempfile.TemporaryDirectory() as folder, default_settings():
        found = SecretsCollection(folder)
        for path, lines in ever_added(root).items():
            copy = Path(folder, path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text("\n".join(lines), encoding="utf-8")
            found.scan_file(path)
        return [
            Finding("secrets", secret.type, path, _place(root / path, Path(folder, path), secret.line_number))
            for path, secret in found
        ]


def ever_added(root: Path) -> dict[str, list[str]]:
    """Each line that any commit up to here, or the work since, added to a file, by the file's path."""
    lines: dict[str, dict[str, None]] = {}  # a dict keeps their order, once each
    for command in (["log", "--patch", "--diff-merges=first-parent", "HEAD"], ["diff", "HEAD"]):
        options = ["--unified=0", "--no-color", "--no-ext-diff", "--no-renames", "--dst-prefix=b/"]
        done = run(["git", "-C", root, *command, *options], errors="replace")
        if done.returncode:
            raise UncheckedError(f"git: {done.stderr.strip()}")
        path = ""
        for line in done.stdout.splitlines():
            if line.startswith("+++ "):
                path = line.removeprefix("+++ b/") if line.startswith("+++ b/") else ""
            elif line.startswith("+") and path:
                lines.setdefault(path, {})[line[1:]] = None
    return {path: list(added) for path, added in lines.items()}


def _place(path: Path, copy: Path, number: int) -> str:
    line = copy.read_text(encoding="utf-8").splitlines()[number - 1]
    now = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    return f"line {now.index(line) + 1}" if line in now else "no longer there, but in the history"


def licences(allowed: Iterable[str]) -> list[Finding]:
    """What serves comes under licences that we may pass on. Tools that never leave this machine don't count."""
    pinned = re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / "prod.txt").read_text(encoding="utf-8"), re.MULTILINE)
    done = run([BIN / "pip-licenses", "--from=mixed", "--format=json", "--packages", *pinned])
    try:
        packages = json.loads(done.stdout)
    except ValueError as error:
        raise UncheckedError(f"pip-licenses did not run: {done.stderr.strip()[-200:]}") from error
    return [
        Finding("licences", package["License"], package["Name"], "is not among those that tools/audit.toml allows")
        for package in packages
        if package["License"] not in set(allowed)
    ]


def judge(findings: Iterable[Finding], excuses: Sequence[Excuse], today: date) -> Iterator[tuple[bool, str]]:
    """A line for each finding, and whether it fails: not without an exception that has not expired."""
    for found in findings:
        line = f"{found.name} in {found.where}: {found.says}"
        excuse = next((each for each in excuses if each.covers(found)), None)
        if excuse is None:
            yield True, line
        elif excuse.expires <= today:
            yield True, f"{line} (the exception expired on {excuse.expires}: {excuse.reason})"
        else:
            yield False, f"{line} (until {excuse.expires}: {excuse.reason})"


def audit(steps: dict[str, Callable[[], list[Finding]]], excuses: Sequence[Excuse], *, offline: bool) -> int:
    """Runs every step and prints what it found. Returns the exit status."""
    today = datetime.now(UTC).date()
    failed, unchecked = 0, []
    for name, step in steps.items():
        try:
            judged = list(judge(step(), excuses, today))
        except UncheckedError as problem:
            unchecked.append(name)
            print(f"NOT CHECKED  {name}: {problem}")
            continue
        failed += (bad := sum(fails for fails, _line in judged))
        print(
            f"{'FOUND' if bad else 'ok':12} {name}" + (f", {len(judged) - bad} excepted" if len(judged) > bad else "")
        )
        for fails, line in judged:
            print(f"  {'FAILS' if fails else 'excepted'}: {line}")
    if unchecked:
        print(f"Not checked here: {', '.join(unchecked)}. Run this where the network reaches them.")
    return int(bool(failed or (unchecked and not offline)))


def main() -> int:
    rules = tomllib.loads((ROOT / "tools" / "audit.toml").read_text(encoding="utf-8"))
    steps: dict[str, Callable[[], list[Finding]]] = {
        "advisories": advisories,
        "insecure code": insecure_code,
        "deploy checks": deploy_checks,
        "secrets": secrets,
        "licences": lambda: licences(rules["licences"]),
    }
    excuses = [Excuse(**each) for each in rules["exception"]]
    return audit(steps, excuses, offline=os.environ.get("AUDIT_OFFLINE") == "1")


if __name__ == "__main__":
    sys.exit(main())
