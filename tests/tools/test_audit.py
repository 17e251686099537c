"""`make audit` finds what is planted, and lets pass only what is excused and for how long."""

import json
import subprocess
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tools.audit import (
    Excuse,
    Finding,
    UncheckedError,
    advisories,
    audit,
    deploy_checks,
    insecure_code,
    judge,
    known_holes,
    licences,
    secrets,
)

TODAY = date(2026, 11, 23)
FOUND = Finding("secrets", "AWS Access Key", "apps/keys.py", "line 3")
KEY = "AKIA" + "IOSFODNN7" + "ABCDEFG"  # in pieces, or this file would be a finding itself


def excuse(**changes: str | date) -> Excuse:
    fields = {"step": "secrets", "name": "AWS*", "where": "apps/*", "reason": "a test", "expires": date(2026, 11, 24)}
    return Excuse(**fields | changes)  # type: ignore[arg-type] # a date among strings


def fails(*excuses: Excuse) -> bool:
    [(failed, _line)] = judge([FOUND], excuses, TODAY)
    return failed


def test_what_is_found_fails() -> None:
    assert fails()


def test_an_exception_lets_it_pass() -> None:
    assert not fails(excuse())


def test_an_expired_exception_fails_again_and_says_so() -> None:
    [(failed, line)] = judge([FOUND], [excuse(expires=TODAY)], TODAY)
    assert failed
    assert "expired on 2026-11-23: a test" in line


@pytest.mark.parametrize("other", [{"step": "licences"}, {"name": "Private Key"}, {"where": "docs/*"}])
def test_an_exception_for_something_else_does_not_help(other: dict[str, str]) -> None:
    assert fails(excuse(**other))


def test_a_planted_weakness_is_found(tmp_path: Path) -> None:
    (tmp_path / "careless.py").write_text('import subprocess\nsubprocess.call("ls " + input(), shell=True)\n')
    [found] = insecure_code(tmp_path, ["careless.py"])
    assert (found.name, found.where) == ("B602", "careless.py")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Alice", "-c", "user.email=alice@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True)  # noqa: S603, S607 -- our own commands


def commit(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "A change")


def test_a_planted_secret_is_found_where_it_stands(repository: Path) -> None:
    commit(repository, settings=f"debug = True\naws = '{KEY}'\n")
    assert [(found.name, found.where, found.says) for found in secrets(repository)] == [
        ("AWS Access Key", "settings", "line 2")
    ]


def test_a_secret_that_was_taken_out_again_is_found_in_the_history(repository: Path) -> None:
    commit(repository, settings=f"aws = '{KEY}'\n")
    commit(repository, settings="aws = None\n")
    [found] = secrets(repository)
    assert found.says == "no longer there, but in the history"


def test_a_secret_is_found_before_it_is_committed(repository: Path) -> None:
    commit(repository, settings="aws = None\n")
    (repository / "settings").write_text(f"aws = '{KEY}'\n")
    assert [found.name for found in secrets(repository)] == ["AWS Access Key"]


def test_where_there_is_no_history_secrets_are_not_called_absent(tmp_path: Path) -> None:
    with pytest.raises(UncheckedError, match="not a git repository"):
        secrets(tmp_path)


def test_a_known_hole_is_named_with_the_version_that_mends_it() -> None:
    hole = {"id": "PYSEC-1", "fix_versions": ["5.2.20"]}
    report = {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": [hole]}], "fixes": []}
    assert list(known_holes(report)) == [Finding("advisories", "PYSEC-1", "django", "5.2.19; mended in 5.2.20")]


@pytest.fixture
def osv() -> Iterator[str]:
    """The address of a server that answers as OSV does, with the advisory stored beside this file."""
    stored = json.loads(Path(__file__).with_name("advisory.json").read_text(encoding="utf-8"))

    class Server(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            [affected] = stored["affected"]
            is_affected = (
                asked["package"]["name"] == affected["package"]["name"] and asked["version"] in affected["versions"]
            )
            answer = json.dumps({"vulns": [stored]} if is_affected else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 -- http.server's name
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("version", "found"), [("44.0.0", 1), ("44.0.1", 0)])
def test_pin_with_a_stored_advisory_is_caught(version: str, found: int, osv: str, tmp_path: Path) -> None:
    pins = tmp_path / "prod.txt"
    pins.write_text(f"cryptography=={version} --hash=sha256:{'0' * 64}\n")
    findings = advisories([pins], ["--vulnerability-service=osv", f"--osv-url={osv}", f"--cache-dir={tmp_path}"])
    says = f"{version}; mended in 44.0.1"
    assert findings == [Finding("advisories", "CVE-2024-12797", "cryptography", says)] * found


def test_a_package_that_nobody_answered_for_is_not_called_safe() -> None:
    safe, skipped = {"name": "django", "version": "5.2.19", "vulns": []}, {"name": "numpy", "skip_reason": "no answer"}
    with pytest.raises(UncheckedError, match="no advisories for 1 of 2 packages"):
        list(known_holes({"dependencies": [safe, skipped], "fixes": []}))


def test_a_licence_that_is_not_allowed_is_found() -> None:
    assert "Django" in {found.where for found in licences(allowed=["MIT"])}


def test_production_passes_djangos_own_checks() -> None:
    assert deploy_checks() == []


def unreachable() -> list[Finding]:
    raise UncheckedError("no network")


@pytest.mark.parametrize(("offline", "status"), [(False, 1), (True, 0)])
def test_what_was_not_checked_fails_unless_there_is_said_to_be_no_network(
    offline: bool, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit({"advisories": unreachable}, [], offline=offline) == status
    assert "NOT CHECKED  advisories: no network" in capsys.readouterr().out


def test_no_network_excuses_nothing_that_was_found() -> None:
    assert audit({"advisories": unreachable, "secrets": lambda: [FOUND]}, [], offline=True) == 1


def test_nothing_found_is_a_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit({"secrets": list}, [], offline=False) == 0
    assert capsys.readouterr().out == "ok           secrets\n"
