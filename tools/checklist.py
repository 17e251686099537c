"""`make checklist`: every box of docs/production-checklist.md, and whether its proofs hold.

A proof is a test, a file of tests, or a `make` target. Tests run in one pytest, targets one by one; a test that is
skipped shows nothing. What has just been run need not run again: --reports names a folder with the JUnit files of
that run and `passed`, a line for each target that ended well. It counts only for the code that `begun` there names:
`{ git rev-parse HEAD; git diff --binary HEAD; } | sha256sum`.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
PAGE = Path("docs") / "production-checklist.md"
DONE = ""  # no reason why it is not
NOT_RUN = "did not run"
NO_TESTS_FAILED, SOME_TESTS_FAILED = 0, 1


@dataclass(frozen=True)
class Box:
    """One row of the page: what was asked for, and what shows that it is done."""

    section: str
    asked: str
    proofs: tuple[str, ...]

    @property
    def tests(self) -> list[str]:
        return [proof for proof in self.proofs if proof.startswith("tests/")]

    @property
    def commands(self) -> list[str]:
        return [proof for proof in self.proofs if not proof.startswith("tests/")]


def boxes(page: str) -> list[Box]:
    """Of each table the rows, which have three cells; proofs are the third one's code."""
    found, section = [], ""
    for line in page.splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("| ") and not line.startswith("| Asked for "):
            asked, _where, shown = (cell.strip() for cell in line.strip("| ").split(" | "))
            found.append(Box(section, asked, tuple(re.findall(r"`([^`]+)`", shown))))
    return found


class Outcomes:
    """What became of tests and commands, in several runs: failed in one is failed, passed in one is enough else."""

    def __init__(self) -> None:
        self.cases: dict[tuple[str, str], str] = {}
        self.commands: dict[str, str] = {}

    def read(self, report: Path) -> None:
        for case in ET.parse(report).iter("testcase"):  # noqa: S314 -- as above
            key = case.get("classname", ""), case.get("name", "")
            said = _reason(case)
            before = self.cases.get(key, said)
            self.cases[key] = _failed(before, said) or min(before, said)

    def of(self, proof: str) -> str:
        """Why a proof does not hold; DONE if it does."""
        if not proof.startswith("tests/"):
            return self.commands.get(proof, NOT_RUN)
        path, _, test = proof.partition("::")
        module = path.removesuffix(".py").replace("/", ".")
        reasons = [
            reason
            for (where, name), reason in self.cases.items()
            if where == module and (not test or name.partition("[")[0] == test)
        ]
        return _failed(*reasons) or max(reasons, default=NOT_RUN)


def _failed(*reasons: str) -> str:
    return next((reason for reason in reasons if reason.startswith("failed")), "")


def _reason(case: ET.Element) -> str:
    for kind, word in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        element = case.find(kind)
        if element is not None:
            return f"{word}: {element.get('message', '').partition(chr(10))[0]}"
    return DONE


def of_a_run_before(folder: Path, root: Path, outcomes: Outcomes) -> str:
    """Takes what a run before has shown; if it may not, why."""
    begun = folder / "begun"
    if not begun.exists():
        return f"There is no {begun}: nobody knows what those reports are of."
    if begun.read_text().split()[0] != _code(root):
        return f"The reports in {folder} are of other code than is here."
    for report in sorted(folder.glob("*.xml")):
        outcomes.read(report)
    passed = folder / "passed"
    outcomes.commands |= dict.fromkeys(passed.read_text().splitlines() if passed.exists() else [], DONE)
    return ""


def _code(root: Path) -> str:
    """Which code is here: the commit, and what was changed since."""
    told = b"".join(
        subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True).stdout  # noqa: S603, S607 -- whichever git is here
        for arguments in (["rev-parse", "HEAD"], ["diff", "--binary", "HEAD"])
    )
    return hashlib.sha256(told).hexdigest()


def run(proofs: Iterable[str], root: Path, outcomes: Outcomes) -> None:
    """Those that no run before has shown."""
    missing = [proof for proof in dict.fromkeys(proofs) if outcomes.of(proof) == NOT_RUN]
    tests = [proof for proof in missing if proof.startswith("tests/") and _is_there(proof, root)]
    if tests:
        _run_tests(tests, root, outcomes)
    for command in missing:
        if not command.startswith("tests/"):
            print(f"{command} …", flush=True)
            done = subprocess.run(command.split(), cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 -- boxes() lets `make` through only
            outcomes.commands[command] = DONE if done.returncode == 0 else f"failed: exit status {done.returncode}"
            if done.returncode:
                print(done.stdout + done.stderr)


def _is_there(test: str, root: Path) -> bool:
    """Of many tests none is run if one is not there."""
    path, _, name = test.partition("::")
    return (root / path).is_file() and (not name or f"def {name}(" in (root / path).read_text(encoding="utf-8"))


def _run_tests(tests: list[str], root: Path, outcomes: Outcomes) -> None:
    print(f"{len(tests)} tests and files of tests …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        # No marker is left out: those of `make faults` and `make delivery` are proofs, too.
        command = [sys.executable, "-m", "pytest", "-q", "-m", "", "--numprocesses=2", f"--junitxml={report}", *tests]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 -- our own tests
        if done.returncode != NO_TESTS_FAILED:
            print(done.stdout + done.stderr)
        if done.returncode in {NO_TESTS_FAILED, SOME_TESTS_FAILED}:
            outcomes.read(report)


def unknown(found: list[Box]) -> Iterator[str]:
    """Boxes that nothing could show, and proofs that are none."""
    for box in found:
        if not box.proofs:
            yield f"{box.section}: {box.asked}: has no proof"
        for proof in box.commands:
            if not re.fullmatch(r"make [a-z-]+", proof):
                yield f"{box.section}: {box.asked}: `{proof}` is neither a test nor a make target"


def tell(found: list[Box], outcomes: Outcomes) -> int:
    """How many are missing."""
    section, missing = "", 0
    for box in found:
        if box.section != section:
            section = box.section
            print(f"\n{section}")
        problems = [f"{proof}: {why}" for proof in box.proofs if (why := outcomes.of(proof))]
        missing += bool(problems)
        print(f"  {'MISSING' if problems else 'done   '}  {box.asked}")
        for problem in problems:
            print(f"           {problem}")
    print(f"\n{len(found)} boxes: {len(found) - missing} done, {missing} missing.")
    return missing


def main(arguments: list[str], root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(description="What production asked for, box by box: done or missing.")
    parser.add_argument("--reports", type=Path, help="what has just been run: see tools/checklist.py")
    reports = parser.parse_args(arguments).reports
    found = boxes((root / PAGE).read_text(encoding="utf-8"))
    wrong = list(unknown(found))
    if wrong:
        print("\n".join(wrong))
        return 1
    outcomes = Outcomes()
    refused = of_a_run_before(root / reports, root, outcomes) if reports else ""
    if refused:
        print(f"{refused} All is run again.", flush=True)
    run((proof for box in found for proof in box.proofs), root, outcomes)
    return 1 if tell(found, outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
