"""`make checklist` calls done only what a test or a command has shown."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.checklist import PAGE, ROOT, Outcomes, boxes, main, unknown

ROW = "| A thing is done | somewhere | {} |"
GOOD = "tests/test_things.py::test_good"
THINGS = """
import pytest

def test_good(): pass
def test_bad(): assert False, "it is not done"
def test_left_out(): pytest.skip("no nginx here")

@pytest.mark.parametrize("number", [1, 2])
def test_each(number): assert number == 1
"""
BEGIN = """
git init --quiet && git add Makefile pyproject.toml tests
git -c user.name=alice -c user.email=alice@example.org -c commit.gpgsign=false commit --quiet --message begun
{ git rev-parse HEAD && git diff --binary HEAD; } | sha256sum >reports/begun
"""
Say = Callable[..., tuple[int, str]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with some tests, and a folder for reports of it."""
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")  # its tests know no Django
    (tmp_path / "docs").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_things.py").write_text(THINGS)
    (tmp_path / "Makefile").write_text("good:\n\t@true\nbad:\n\t@false\n")
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-m \"not slow\"'\n")
    (tmp_path / "reports").mkdir()
    subprocess.run(["bash", "-euc", BEGIN], cwd=tmp_path, check=True)  # noqa: S603, S607 -- our own lines, and whichever bash and git are here
    return tmp_path


@pytest.fixture
def say(root: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """The exit status and what is printed, of a page with one box that these are the proofs of."""

    def run(*proofs: str, reports: bool = False) -> tuple[int, str]:
        table = ["## 1. Things", "", "| Asked for | Where | Proof |", "|---|---|---|"]
        row = ROW.format(", ".join(f"`{proof}`" for proof in proofs) or "trust me")
        (root / PAGE).write_text("\n".join([*table, row]))
        status = main(["--reports", "reports"] if reports else [], root)
        return status, capsys.readouterr().out

    return run


def reported(root: Path, name: str, inside: str = "") -> None:
    case = f'<testcase classname="tests.test_things" name="{name}">{inside}</testcase>'
    (root / "reports" / "before.xml").write_text(f"<testsuites><testsuite>{case}</testsuite></testsuites>")


def test_a_box_is_done_when_its_test_and_its_command_pass(say: Say) -> None:
    status, text = say(GOOD, "make good")
    assert status == 0
    assert "done     A thing is done" in text
    assert "1 boxes: 1 done, 0 missing." in text


def test_one_proof_that_does_not_hold_is_enough_to_miss_it(say: Say) -> None:
    whys = {
        "tests/test_things.py::test_bad": "failed: AssertionError: it is not done",
        "tests/test_things.py::test_left_out": "skipped: no nginx here",
        "tests/test_things.py::test_each": "failed: assert 2 == 1",
        "tests/test_things.py": "failed: ",
        "make bad": "failed: exit status 2",
    }
    status, text = say(GOOD, *whys)
    assert status == 1
    assert "MISSING  A thing is done" in text
    assert "1 boxes: 0 done, 1 missing." in text
    for proof, why in whys.items():
        assert f"\n           {proof}: {why}" in text
    assert f"{GOOD}: " not in text


def test_a_test_that_is_nowhere_is_missing(say: Say) -> None:
    status, text = say("tests/test_things.py::test_nowhere", "tests/test_nothing.py")
    assert status == 1
    assert "test_nowhere: did not run" in text
    assert "test_nothing.py: did not run" in text


@pytest.mark.parametrize("proof", ["rm -rf var", "curl https://food.example.org/", "make good; true"])
def test_what_is_neither_a_test_nor_a_target_is_refused_unrun(proof: str, say: Say) -> None:
    assert say(proof) == (1, f"1. Things: A thing is done: `{proof}` is neither a test nor a make target\n")


def test_a_box_without_a_proof_is_refused(say: Say) -> None:
    assert say() == (1, "1. Things: A thing is done: has no proof\n")


def test_what_has_just_been_run_is_not_run_again(root: Path, say: Say) -> None:
    reported(root, "test_bad")
    (root / "reports" / "passed").write_text("make bad\n")
    assert say("tests/test_things.py::test_bad", "make bad", reports=True)[0] == 0


def test_what_has_just_failed_is_missing(root: Path, say: Say) -> None:
    reported(root, "test_good", '<failure message="it broke"/>')
    status, text = say(GOOD, reports=True)
    assert status == 1
    assert "failed: it broke" in text


def test_after_a_change_all_is_run_again(root: Path, say: Say) -> None:
    (root / "reports" / "passed").write_text("make bad\n")
    with (root / "Makefile").open("a") as changed:
        changed.write("other:\n\t@true\n")
    status, text = say("make bad", reports=True)
    assert status == 1
    assert "are of other code than is here. All is run again." in text


def test_reports_of_nobody_knows_what_are_not_believed(root: Path, say: Say) -> None:
    (root / "reports" / "passed").write_text("make bad\n")
    (root / "reports" / "begun").unlink()
    assert say("make bad", reports=True)[0] == 1


def test_what_one_run_skips_another_may_show(root: Path) -> None:
    outcomes = Outcomes()
    for inside in ('<skipped message="only on PostgreSQL"/>', "", '<skipped message="only on PostgreSQL"/>'):
        reported(root, "test_good", inside)
        outcomes.read(root / "reports" / "before.xml")
    assert outcomes.of(GOOD) == ""
    reported(root, "test_good", '<failure message="it broke"/>')
    outcomes.read(root / "reports" / "before.xml")
    assert outcomes.of(GOOD) == "failed: it broke"


def test_page_has_every_box_asked_for() -> None:
    section, asked = "", []
    for line in Path(__file__).with_name("asked_for_production.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("- "):
            asked.append((section, line.removeprefix("- ")))
    assert len(asked) == 72
    found = boxes((ROOT / PAGE).read_text(encoding="utf-8"))
    assert [(box.section, box.asked) for box in found] == asked
    assert list(unknown(found)) == []
